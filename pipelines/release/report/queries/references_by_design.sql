-- One row per scope, year and group of designs: references, each once, in the group of the strongest design stated for
-- it. A scope is a review; review_id is NULL for the whole release.

SELECT r.review_id, r.year, coalesce(d.design, 'Design not stated') AS design, count(*) AS n
FROM bib_references AS r LEFT JOIN reference_design_groups AS d USING (review_id, ref_no)
WHERE r.year IS NOT NULL
GROUP BY GROUPING SETS ((r.review_id, r.year, d.design), (r.year, d.design))
ORDER BY r.review_id NULLS FIRST, r.year, design;
