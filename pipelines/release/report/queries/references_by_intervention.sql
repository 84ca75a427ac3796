-- One row per scope, year and intervention: references, once in each intervention that their title names (level-1
-- modality) or that a study was coded with for which they stand. A scope is a review; review_id is NULL for the whole
-- release.

WITH interventions AS (
  SELECT t.review_id, t.ref_no, coalesce(g.pref_label, c.pref_label) AS intervention
  FROM reference_topics AS t
  JOIN concepts AS c USING (scheme, concept_id)
  LEFT JOIN concepts AS g ON g.scheme = c.scheme AND g.concept_id = c.parent_id
  WHERE t.scheme = 'modality'
  UNION
  SELECT s.review_id, s.ref_no, i.intervention
  FROM study_references AS s JOIN study_interventions AS i USING (review_id, table_no, row_no)
)
SELECT r.review_id, r.year, coalesce(i.intervention, 'Not coded') AS intervention, count(*) AS n
FROM bib_references AS r LEFT JOIN interventions AS i USING (review_id, ref_no)
WHERE r.year IS NOT NULL
GROUP BY GROUPING SETS ((r.review_id, r.year, i.intervention), (r.year, i.intervention))
ORDER BY r.review_id NULLS FIRST, r.year, intervention;
