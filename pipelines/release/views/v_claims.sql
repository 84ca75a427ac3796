-- One row per claim, made by a study or by a point of an option: which modality the claim is about and what it states,
-- as codes and in the source's words.
--
-- Columns:
--   subject: Label of the study, or the option as printed
--   subject_kind: study or option
--   modalities: Modalities that the claim is about, joined by '; '; NULL if none is named
--   outcome: Preferred label of the outcome
--   comparator: Preferred label of the modality that the claim compares with
-- Other columns as in: claims

CREATE VIEW v_claims AS
WITH modalities_of_claims AS (
  SELECT review_id, claim_id, string_agg(c.pref_label, '; ' ORDER BY c.pref_label) AS modalities
  FROM claim_modalities AS m JOIN concepts AS c ON c.scheme = 'modality' AND c.concept_id = m.modality_id
  GROUP BY ALL
)
SELECT k.review_id, k.claim_id, coalesce(s.study_label, o.option) AS subject,
  CASE WHEN k.point_no IS NULL THEN 'study' ELSE 'option' END AS subject_kind,
  k.table_no, k.row_no, k.point_no, k.ref_no, m.modalities, k.outcome_id, oc.pref_label AS outcome, k.outcome_text,
  k.amount, k.is_significant, k.direction, k.polarity, k.comparator_concept_id, cc.pref_label AS comparator, k.is_hedged, k.text, k.cue_text,
  k.start_char, k.end_char, k.rule_id, k.confidence
FROM claims AS k
LEFT JOIN studies AS s USING (review_id, table_no, row_no)
LEFT JOIN options AS o USING (review_id, table_no, row_no)
LEFT JOIN modalities_of_claims AS m USING (review_id, claim_id)
LEFT JOIN concepts AS oc ON oc.scheme = k.outcome_scheme AND oc.concept_id = k.outcome_id
LEFT JOIN concepts AS cc ON cc.scheme = 'modality' AND cc.concept_id = k.comparator_concept_id
ORDER BY k.review_id, k.claim_id;
