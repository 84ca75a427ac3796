-- One row per scope, map and cell of an evidence gap map. row_concept and column_concept are NULL in the cell of a
-- group, which counts a study once whatever it holds. A scope is a review; review_id is NULL for the whole release.

SELECT p.map, p.review_id, p.row_group, p.row_concept, p.column_group, p.column_concept,
  count(DISTINCT (p.review_id, p.table_no, p.row_no)) AS n_studies, min(f.level) AS level
FROM study_pairs AS p JOIN study_facts AS f USING (review_id, table_no, row_no)
GROUP BY GROUPING SETS (
  (map, p.review_id, row_group, column_group), (map, row_group, column_group),
  (map, p.review_id, row_group, row_concept, column_group), (map, row_group, row_concept, column_group),
  (map, p.review_id, row_group, column_group, column_concept), (map, row_group, column_group, column_concept),
  (map, p.review_id, row_group, row_concept, column_group, column_concept),
  (map, row_group, row_concept, column_group, column_concept)
)
ORDER BY p.map, p.review_id NULLS FIRST, row_group, row_concept NULLS FIRST, column_group, column_concept NULLS FIRST;
