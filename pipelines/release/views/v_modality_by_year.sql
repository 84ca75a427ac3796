-- One row per review, year and level-1 modality, zeros included: the references whose title names the modality and the
-- study rows that report it. For narrower modalities use modality_trends.
--
-- Columns:
--   modality: Preferred label of the modality
-- Other columns as in: modality_trends

CREATE VIEW v_modality_by_year AS
SELECT t.review_id, t.year, t.modality_id, c.pref_label AS modality, t.n_references, t.n_references_total,
  t.share_references, t.n_studies, t.n_studies_total, t.share_studies
FROM modality_trends AS t JOIN concepts AS c ON c.scheme = 'modality' AND c.concept_id = t.modality_id
WHERE t.level = 1
ORDER BY t.review_id, t.year, t.modality_id;
