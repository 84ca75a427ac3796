-- The characters of a source from start_char to end_char, as in the tables; NULL in a release without verbatim text.
--
-- Example: FROM source_words('spine-metastases-review', 0, 49)

CREATE MACRO source_words(of_review, from_char, to_char) AS TABLE
SELECT substr(text, from_char + 1, to_char - from_char) AS words FROM source_texts WHERE review_id = of_review;
