-- The sentences of one review, in the order of the text.

SELECT sentence_id, section_id, paragraph_no, text, start_char FROM sentences
WHERE review_id = $review AND text IS NOT NULL AND start_char IS NOT NULL
ORDER BY sentence_id;
