-- One row per pair of references that are cited together, with their labels, most frequent pairs first.
--
-- Columns:
--   reference_a: Surname of the first author and year of the reference ref_no_a, as a label; not unique
--   reference_b: Surname of the first author and year of the reference ref_no_b, as a label; not unique
-- Other columns as in: cocitations

CREATE VIEW v_cocitations AS
SELECT c.review_id, c.ref_no_a, a.reference AS reference_a, c.ref_no_b, b.reference AS reference_b,
  c.n_sentences, c.n_sentences_either, c.jaccard, c.n_markers_prose, c.n_markers_table
FROM cocitations AS c
JOIN v_references AS a ON a.review_id = c.review_id AND a.ref_no = c.ref_no_a
JOIN v_references AS b ON b.review_id = c.review_id AND b.ref_no = c.ref_no_b
ORDER BY c.review_id, c.n_sentences DESC, c.n_markers_prose + c.n_markers_table DESC, c.ref_no_a, c.ref_no_b;
