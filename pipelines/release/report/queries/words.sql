-- The pieces of text that the reader of the report shows, of one review: sentences, headings, captions and cells of
-- tables, and entries of the reference list, each with the place of its characters in the source.
--
-- The text of a piece is not always contiguous in the source; text_parts then lists its parts.

SELECT 'sentences' AS subject_table, sentence_id::VARCHAR AS subject_key, 'text' AS field, text, start_char, end_char
FROM sentences WHERE review_id = $review
UNION ALL
SELECT 'table_cells', concat_ws('/', table_no, row_no, column_no), 'text_raw', text_raw, start_char, end_char
FROM table_cells WHERE review_id = $review AND text_raw IS NOT NULL
UNION ALL
SELECT 'bib_references', ref_no::VARCHAR, 'text', text, start_char, end_char
FROM bib_references WHERE review_id = $review;
