-- One row per scope, year and group of designs: studies, each once, in the group of the strongest design stated for the
-- study's reference. A scope is a review; review_id is NULL for the whole release.

SELECT f.review_id, f.year, coalesce(d.design, 'Design not stated') AS design, count(*) AS n
FROM study_facts AS f LEFT JOIN reference_design_groups AS d USING (review_id, ref_no)
WHERE f.year IS NOT NULL
GROUP BY GROUPING SETS ((f.review_id, f.year, d.design), (f.year, d.design))
ORDER BY f.review_id NULLS FIRST, f.year, design;
