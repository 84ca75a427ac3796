-- One row per review and decade, from the review's oldest to its newest reference, including decades without
-- references.
--
-- Columns:
--   decade: First year of the decade: 1980 means 1980 to 1989
--   n: References of this decade
-- Other columns as in: v_references_by_year

CREATE VIEW v_references_by_decade AS
SELECT review_id, year // 10 * 10 AS decade, sum(n)::BIGINT AS n, n_total, sum(n) / n_total AS share
FROM v_references_by_year
GROUP BY review_id, decade, n_total
ORDER BY review_id, decade;
