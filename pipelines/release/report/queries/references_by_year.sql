-- One row per scope, year and group of designs: references, each once, in the group of the strongest design stated for
-- it. A scope is a review; review_id is NULL for the whole release.

WITH designs AS (
  SELECT d.review_id, d.ref_no, arg_min(coalesce(g.pref_label, c.pref_label), (coalesce(d.ocebm_level, 9), d.design_id)) AS design
  FROM reference_designs AS d
  JOIN concepts AS c ON c.scheme = 'evidence' AND c.concept_id = d.design_id
  LEFT JOIN concepts AS g ON g.scheme = 'evidence' AND g.concept_id = c.parent_id
  WHERE d.basis = 'stated' GROUP BY ALL
)
SELECT r.review_id, r.year, coalesce(d.design, 'Design not stated') AS design, count(*) AS n
FROM bib_references AS r LEFT JOIN designs AS d USING (review_id, ref_no)
WHERE r.year IS NOT NULL
GROUP BY GROUPING SETS ((r.review_id, r.year, d.design), (r.year, d.design))
ORDER BY r.review_id NULLS FIRST, r.year, design;
