-- One row per concept that a map or a direction uses, groups included, with its label.

WITH used AS (
  SELECT 'modality' AS scheme, row_group AS concept_id FROM study_pairs WHERE map = 'modality'
  UNION SELECT 'modality', row_concept FROM study_pairs WHERE map = 'modality'
  UNION SELECT 'outcome', column_concept FROM study_pairs WHERE map = 'modality'
  UNION SELECT 'intervention_kind', row_group FROM study_pairs WHERE map = 'general'
  UNION SELECT 'intervention', row_concept FROM study_pairs WHERE map = 'general' AND row_concept <> row_group
  UNION SELECT 'outcome_domain', column_group FROM study_pairs WHERE map = 'general'
  UNION SELECT 'outcome_domain', column_concept FROM study_pairs WHERE map = 'general'
  UNION SELECT outcome_scheme, outcome_id FROM claims
)
SELECT u.scheme, u.concept_id, coalesce(c.pref_label, 'Not stated') AS label
FROM used AS u LEFT JOIN concepts AS c USING (scheme, concept_id)
ORDER BY u.scheme, u.concept_id;
