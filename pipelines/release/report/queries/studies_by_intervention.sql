-- One row per scope, year and intervention: studies, once in each intervention that they were coded with (level-1
-- modality, or kind of intervention). A scope is a review; review_id is NULL for the whole release.

SELECT f.review_id, f.year, coalesce(i.intervention, 'Not coded') AS intervention, count(*) AS n
FROM study_facts AS f LEFT JOIN study_interventions AS i USING (review_id, table_no, row_no)
WHERE f.year IS NOT NULL
GROUP BY GROUPING SETS ((f.review_id, f.year, i.intervention), (f.year, i.intervention))
ORDER BY f.review_id NULLS FIRST, f.year, intervention;
