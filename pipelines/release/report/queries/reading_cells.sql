-- The printed cells of the tables of one review.

SELECT table_no, row_no, column_no, is_header, row_span, column_span, text_raw AS text FROM table_cells
WHERE review_id = $review ORDER BY table_no, row_no, column_no;
