-- The interventions and outcomes that the studies of one review are coded with, and the words for them.

SELECT m.table_no, m.row_no, 'modality' AS scheme, m.concept_id, c.pref_label AS label, m.role, m.cue_text, m.rule_id,
  m.confidence
FROM study_modalities AS m LEFT JOIN concepts AS c ON c.scheme = 'modality' AND c.concept_id = m.concept_id
WHERE m.review_id = $review
UNION ALL
SELECT s.table_no, s.row_no, s.scheme, s.concept_id, c.pref_label, s.role, s.cue_text, s.rule_id, s.confidence
FROM study_concepts AS s LEFT JOIN concepts AS c USING (scheme, concept_id)
WHERE s.review_id = $review
ORDER BY table_no, row_no, scheme, role, concept_id;
