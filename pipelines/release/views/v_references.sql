-- One row per reference: its label, title, journal and year, the study designs that are stated for it, the modalities
-- that its title names, and how the review uses it.
--
-- Columns:
--   reference: Surname of the first author and year, as a label; not unique; NULL if both are missing
--   journal: Title abbreviation of the journal; the name as printed if the vocabulary does not contain the journal
--   designs: Stated study designs, joined by '; '; NULL if none is stated
--   ocebm_level: Strongest OCEBM 2011 level of those designs; NULL if none has a level
--   modalities: Modalities that the title names, joined by '; '
-- Other columns as in: bib_references, reference_usage

CREATE VIEW v_references AS
WITH designs AS (
  SELECT review_id, ref_no,
    string_agg(c.pref_label, '; ' ORDER BY c.pref_label) AS designs,
    min(ocebm_level) AS ocebm_level
  FROM reference_designs AS d JOIN concepts AS c ON c.scheme = 'evidence' AND c.concept_id = d.design_id
  WHERE d.basis = 'stated'
  GROUP BY ALL
), modalities AS (
  SELECT review_id, ref_no, string_agg(c.pref_label, '; ' ORDER BY c.pref_label) AS modalities
  FROM reference_topics AS t JOIN concepts AS c USING (scheme, concept_id)
  WHERE scheme = 'modality'
  GROUP BY ALL
)
SELECT r.review_id, r.ref_no, nullif(concat_ws(' ', a.surname, r.year), '') AS reference, r.title,
  coalesce(j.abbreviation, r.journal_raw) AS journal, r.year, r.doi, r.pmid,
  d.designs, d.ocebm_level, m.modalities,
  u.n_mentions, u.n_sentences, u.first_section, u.only_in_groups_prose, u.has_study_row
FROM bib_references AS r
LEFT JOIN reference_authors AS a ON a.review_id = r.review_id AND a.ref_no = r.ref_no AND a.position = 1
LEFT JOIN journals AS j ON j.journal_id = r.journal_id
LEFT JOIN designs AS d ON d.review_id = r.review_id AND d.ref_no = r.ref_no
LEFT JOIN modalities AS m ON m.review_id = r.review_id AND m.ref_no = r.ref_no
LEFT JOIN reference_usage AS u ON u.review_id = r.review_id AND u.ref_no = r.ref_no
ORDER BY r.review_id, r.ref_no;
