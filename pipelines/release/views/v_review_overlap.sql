-- One row per ordered pair of reviews that share a work, and scope, so that a review is compared with all others by
-- WHERE review_id = '…'. The highest overlap comes first.
--
-- Columns:
--   title: Title of the review
--   other_title: Title of the other review
--   share_of_works: Share of the works of the review that the other one includes too: n_shared / n_works
--   overlap: slight (cca to .05), moderate (to .10), high (to .15) or very_high, by the limits of Pieper et al. 2014
-- Other columns as in: review_overlap

CREATE VIEW v_review_overlap AS
WITH both_directions AS (
  SELECT review_id, other_review_id, scope, n_works, n_other_works, n_shared, cca FROM review_overlap
  UNION ALL
  SELECT other_review_id, review_id, scope, n_other_works, n_works, n_shared, cca FROM review_overlap
)
SELECT p.review_id, r.title, p.other_review_id, o.title AS other_title, p.scope, p.n_works, p.n_other_works, p.n_shared,
  p.n_shared / p.n_works AS share_of_works, p.cca,
  CASE WHEN p.cca <= .05 THEN 'slight' WHEN p.cca <= .10 THEN 'moderate' WHEN p.cca <= .15 THEN 'high'
    ELSE 'very_high' END AS overlap
FROM both_directions AS p
JOIN reviews AS r ON r.review_id = p.review_id
JOIN reviews AS o ON o.review_id = p.other_review_id
ORDER BY p.cca DESC, p.n_shared DESC, p.review_id, p.other_review_id, p.scope;
