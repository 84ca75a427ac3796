-- The printed lines of one review that was read from a PDF: where they begin in the source, and on which page.

SELECT start_char, page_no, round(x0)::INTEGER AS x, round(y0)::INTEGER AS y FROM page_boxes
WHERE review_id = $review
ORDER BY start_char;
