-- The tables of one review.

SELECT t.table_no, t.label, t.caption, t.is_transposed, t.start_char
FROM source_tables AS t WHERE t.review_id = $review ORDER BY t.table_no;
