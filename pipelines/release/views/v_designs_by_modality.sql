-- One row per review, level-1 modality and study design that occur together: the kinds of evidence that the review
-- cites for each treatment. A reference whose title names two modalities counts for both. References without a year
-- are left out.
--
-- Columns:
--   modality: Preferred label of the modality; Not stated if the title names none
--   design: Preferred label of the design
--   n: References of this modality and design
--   n_total: References of this modality; a reference with two designs counts twice
--   share: n / n_total
-- Other columns as in: publication_trends

CREATE VIEW v_designs_by_modality AS
SELECT t.review_id, t.modality_group_id, coalesce(m.pref_label, 'Not stated') AS modality, t.design_id,
  d.pref_label AS design, sum(t.n)::BIGINT AS n,
  sum(sum(t.n)) OVER (PARTITION BY t.review_id, t.modality_group_id)::BIGINT AS n_total,
  sum(t.n) / sum(sum(t.n)) OVER (PARTITION BY t.review_id, t.modality_group_id) AS share
FROM publication_trends AS t
LEFT JOIN concepts AS m ON m.scheme = 'modality' AND m.concept_id = t.modality_group_id
LEFT JOIN concepts AS d ON d.scheme = 'evidence' AND d.concept_id = t.design_id
GROUP BY t.review_id, t.modality_group_id, m.pref_label, t.design_id, d.pref_label
ORDER BY t.review_id, t.modality_group_id, n DESC, t.design_id;
