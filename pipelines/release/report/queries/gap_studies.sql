-- One row per map, study, intervention and outcome: the studies behind the cells of an evidence gap map.

SELECT map, review_id, table_no, row_no, row_group, row_concept, column_group, column_concept
FROM study_pairs
ORDER BY map, review_id, table_no, row_no, row_group, row_concept, column_group, column_concept;
