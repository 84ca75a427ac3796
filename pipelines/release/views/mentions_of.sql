-- Every place where a review cites a reference, with the sentence or the first cell of the table row: prose first, then
-- tables, each in the order of the source.
--
-- Example: FROM mentions_of('spine-metastases-review', 42)

CREATE MACRO mentions_of(of_review, of_ref) AS TABLE
SELECT k.context, coalesce(s.heading, t.label) AS place, k.row_no, k.marker_text, k.n_refs,
  coalesce(p.text, c.text) AS text, k.start_char, k.end_char
FROM citation_mentions AS n
JOIN citation_markers AS k USING (review_id, marker_id)
LEFT JOIN sections AS s USING (review_id, section_id)
LEFT JOIN sentences AS p ON p.review_id = k.review_id AND p.sentence_id = k.sentence_id
LEFT JOIN source_tables AS t ON t.review_id = k.review_id AND t.table_no = k.table_no
LEFT JOIN table_cells AS c
  ON c.review_id = k.review_id AND c.table_no = k.table_no AND c.row_no = k.row_no AND c.column_no = 1
WHERE n.review_id = of_review AND n.ref_no = of_ref
ORDER BY k.marker_id;
