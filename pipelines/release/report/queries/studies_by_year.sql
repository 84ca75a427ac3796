-- One row per scope, year and intervention: studies, once in each intervention that they were coded with (level-1
-- modality, or kind of intervention). A scope is a review; review_id is NULL for the whole release.

WITH interventions AS (
  SELECT DISTINCT 'modality' AS scheme, m.review_id, m.table_no, m.row_no, coalesce(c.parent_id, c.concept_id) AS concept_id
  FROM study_modalities AS m JOIN concepts AS c ON c.scheme = 'modality' AND c.concept_id = m.concept_id
  WHERE m.role <> 'comparator'
  UNION ALL
  SELECT DISTINCT scheme, review_id, table_no, row_no, concept_id
  FROM study_concepts ANTI JOIN study_modalities USING (review_id, table_no, row_no)
  WHERE scheme = 'intervention_kind' AND role = 'intervention'
)
SELECT f.review_id, f.year, coalesce(c.pref_label, 'Not coded') AS intervention, count(*) AS n
FROM study_facts AS f
LEFT JOIN interventions AS i USING (review_id, table_no, row_no)
LEFT JOIN concepts AS c ON c.scheme = i.scheme AND c.concept_id = i.concept_id
WHERE f.year IS NOT NULL
GROUP BY GROUPING SETS ((f.review_id, f.year, c.pref_label), (f.year, c.pref_label))
ORDER BY f.review_id NULLS FIRST, f.year, intervention;
