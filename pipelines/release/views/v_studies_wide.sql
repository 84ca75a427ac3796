-- One row per study of an evidence table: its reference, its modalities by role, its outcomes by direction, the designs
-- stated for its reference, and the cells as printed.
--
-- Columns:
--   reference_year: Year of the reference; may differ from the year in the study's label
--   primary_modalities: Modalities in the role primary, joined by '; '
--   adjuvant_modalities: Modalities in the role adjuvant, joined by '; '
--   concurrent_modalities: Modalities in the role concurrent, joined by '; '
--   component_modalities: Modalities in the role component, joined by '; '
--   comparator_modalities: Modalities in the role comparator, joined by '; '
--   improved: Outcomes claimed to improve, joined by '; '
--   no_difference: Outcomes claimed not to differ, joined by '; '
--   worsened: Outcomes claimed to worsen, joined by '; '
--   safe_tolerable: Outcomes claimed to be safe or tolerable, joined by '; '
--   not_directional: Outcomes mentioned without a direction, joined by '; '
--   designs: Study designs stated for the reference, joined by '; '; NULL if none is stated
-- Other columns as in: studies, v_references

CREATE VIEW v_studies_wide AS
WITH modality_labels AS (
  SELECT DISTINCT review_id, table_no, row_no, m.role, c.pref_label
  FROM study_modalities AS m JOIN concepts AS c ON c.scheme = 'modality' AND c.concept_id = m.concept_id
), modalities AS (
  SELECT review_id, table_no, row_no,
    string_agg(pref_label, '; ' ORDER BY pref_label) FILTER (WHERE role = 'primary') AS primary_modalities,
    string_agg(pref_label, '; ' ORDER BY pref_label) FILTER (WHERE role = 'adjuvant') AS adjuvant_modalities,
    string_agg(pref_label, '; ' ORDER BY pref_label) FILTER (WHERE role = 'concurrent') AS concurrent_modalities,
    string_agg(pref_label, '; ' ORDER BY pref_label) FILTER (WHERE role = 'component') AS component_modalities,
    string_agg(pref_label, '; ' ORDER BY pref_label) FILTER (WHERE role = 'comparator') AS comparator_modalities
  FROM modality_labels
  GROUP BY ALL
), outcome_labels AS (
  SELECT DISTINCT review_id, table_no, row_no, k.direction, c.pref_label
  FROM claims AS k JOIN concepts AS c ON c.scheme = k.outcome_scheme AND c.concept_id = k.outcome_id
), outcomes AS (
  SELECT review_id, table_no, row_no,
    string_agg(pref_label, '; ' ORDER BY pref_label) FILTER (WHERE direction = 'improved') AS improved,
    string_agg(pref_label, '; ' ORDER BY pref_label) FILTER (WHERE direction = 'no_difference') AS no_difference,
    string_agg(pref_label, '; ' ORDER BY pref_label) FILTER (WHERE direction = 'worsened') AS worsened,
    string_agg(pref_label, '; ' ORDER BY pref_label) FILTER (WHERE direction = 'safe_tolerable') AS safe_tolerable,
    string_agg(pref_label, '; ' ORDER BY pref_label) FILTER (WHERE direction = 'not_directional') AS not_directional
  FROM outcome_labels
  GROUP BY ALL
)
SELECT s.review_id, s.table_no, s.row_no, s.study_label, s.ref_no, r.reference, r.year AS reference_year,
  s.label_matches_reference, m.primary_modalities, m.adjuvant_modalities, m.concurrent_modalities,
  m.component_modalities, m.comparator_modalities, o.improved, o.no_difference, o.worsened, o.safe_tolerable,
  o.not_directional, r.designs, r.ocebm_level, r.n_mentions, s.method, s.outcome
FROM studies AS s
LEFT JOIN v_references AS r USING (review_id, ref_no)
LEFT JOIN modalities AS m USING (review_id, table_no, row_no)
LEFT JOIN outcomes AS o USING (review_id, table_no, row_no)
ORDER BY s.review_id, s.table_no, s.row_no;
