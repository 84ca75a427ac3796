-- The references that a review cites most, 15 per review; with review_id NULL, the works that most reviews cite.

(SELECT review_id, ref_no, coalesce(reference || ' [' || ref_no || ']', 'Reference ' || ref_no) AS label, title, n_mentions AS n,
  n_mentions_prose AS n_text
FROM v_reference_usage WHERE n_mentions > 0
QUALIFY row_number() OVER (PARTITION BY review_id ORDER BY n_mentions DESC, ref_no) <= 15)
UNION ALL
FROM (
  SELECT NULL, NULL, coalesce(work, work_id) AS label, title, n_reviews, n_mentions FROM v_works
  WHERE n_reviews > 1 ORDER BY n_reviews DESC, n_mentions DESC, work_id LIMIT 15
)
ORDER BY review_id NULLS FIRST, n DESC, ref_no, label;
