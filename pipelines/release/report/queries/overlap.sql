-- One row per scope and pair of reviews that share works.

SELECT scope, review_id, other_review_id, n_works, n_other_works, n_shared, cca
FROM review_overlap ORDER BY scope, cca DESC, review_id, other_review_id;
