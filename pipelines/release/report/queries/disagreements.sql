-- One row per work, aspect and review, for works that reviews code differently as a study; 200 rows.

SELECT coalesce(work, work_id) AS work, title, aspect, outcome_id, review_id, codes, n_reviews, n_common
FROM v_coding_disagreements LIMIT 200;
