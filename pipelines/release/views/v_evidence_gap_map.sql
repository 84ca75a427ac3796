-- One row per review, level-1 modality and outcome of the vocabulary, empty cells included: the number of study claims
-- in each direction and the references behind them. A gap means that the evidence tables of this review make no claim;
-- it does not mean that no evidence exists.
--
-- Columns:
--   modality: Preferred label of the level-1 modality
--   outcome: Preferred label of the outcome
--   n_claims: Study claims about this modality and outcome
--   n_improved: Claims among them with direction improved
--   n_no_difference: Claims among them with direction no_difference
--   n_worsened: Claims among them with direction worsened
--   n_safe_tolerable: Claims among them with direction safe_tolerable
--   n_not_directional: Claims among them with direction not_directional
--   n_studies: Rows of evidence tables that make these claims
--   n_references: References of those rows
--   ref_nos: Those references, in ascending order
--   strongest_level: Strongest OCEBM 2011 level of the designs stated for those references
--   is_gap: Whether no study makes a claim about this modality and outcome
-- Other columns as in: claim_modalities, claims

CREATE VIEW v_evidence_gap_map AS
WITH study_claims AS (
  SELECT DISTINCT m.review_id, m.modality_group_id, k.outcome_id, k.direction, k.claim_id, k.table_no, k.row_no,
    k.ref_no
  FROM claim_modalities AS m JOIN claims AS k USING (review_id, claim_id)
  WHERE k.point_no IS NULL
), modalities AS (
  SELECT DISTINCT r.review_id, c.concept_id AS modality_group_id, c.pref_label AS modality
  FROM study_claims AS r, concepts AS c WHERE c.scheme = 'modality' AND c.level = 1
  UNION
  SELECT DISTINCT review_id, modality_group_id, 'Not stated' FROM study_claims WHERE modality_group_id = 'not_stated'
), levels AS (
  SELECT review_id, modality_group_id, outcome_id, min(strongest_level) AS strongest_level
  FROM evidence_map GROUP BY ALL
)
SELECT m.review_id, m.modality_group_id, m.modality, o.concept_id AS outcome_id, o.pref_label AS outcome,
  count(DISTINCT k.claim_id) AS n_claims,
  count(DISTINCT k.claim_id) FILTER (WHERE k.direction = 'improved') AS n_improved,
  count(DISTINCT k.claim_id) FILTER (WHERE k.direction = 'no_difference') AS n_no_difference,
  count(DISTINCT k.claim_id) FILTER (WHERE k.direction = 'worsened') AS n_worsened,
  count(DISTINCT k.claim_id) FILTER (WHERE k.direction = 'safe_tolerable') AS n_safe_tolerable,
  count(DISTINCT k.claim_id) FILTER (WHERE k.direction = 'not_directional') AS n_not_directional,
  count(DISTINCT (k.table_no, k.row_no)) FILTER (WHERE k.claim_id IS NOT NULL) AS n_studies,
  count(DISTINCT k.ref_no) AS n_references,
  array_to_string(list_sort(list(DISTINCT k.ref_no) FILTER (WHERE k.ref_no IS NOT NULL))::VARCHAR[], '; ') AS ref_nos,
  any_value(l.strongest_level) AS strongest_level,
  count(k.claim_id) = 0 AS is_gap
FROM modalities AS m
JOIN concepts AS o ON o.scheme = 'outcome'
LEFT JOIN study_claims AS k
  ON k.review_id = m.review_id AND k.modality_group_id = m.modality_group_id AND k.outcome_id = o.concept_id
LEFT JOIN levels AS l
  ON l.review_id = m.review_id AND l.modality_group_id = m.modality_group_id AND l.outcome_id = o.concept_id
GROUP BY m.review_id, m.modality_group_id, m.modality, o.concept_id, o.pref_label
HAVING o.concept_id <> 'not_stated' OR count(k.claim_id) > 0
ORDER BY m.review_id, m.modality_group_id, o.concept_id;
