-- The references that a review cites together with a given reference, most frequent first.
--
-- Example: FROM cited_with('spine-metastases-review', 42)

CREATE MACRO cited_with(of_review, of_ref) AS TABLE
SELECT c.ref_no, r.reference, r.title, c.n_sentences, c.jaccard, c.n_markers_prose, c.n_markers_table
FROM (
  SELECT review_id, ref_no_b AS ref_no, n_sentences, jaccard, n_markers_prose, n_markers_table
  FROM v_cocitations WHERE review_id = of_review AND ref_no_a = of_ref
  UNION ALL
  SELECT review_id, ref_no_a, n_sentences, jaccard, n_markers_prose, n_markers_table
  FROM v_cocitations WHERE review_id = of_review AND ref_no_b = of_ref
) AS c JOIN v_references AS r USING (review_id, ref_no)
ORDER BY c.n_sentences DESC, c.n_markers_prose + c.n_markers_table DESC, c.ref_no;
