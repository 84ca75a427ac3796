-- One row per scope and Bradford zone: its journals and their references. A scope is a review; review_id is NULL for the
-- whole release.

SELECT review_id, zone, count(*) AS n_journals, sum(n)::BIGINT AS n_references
FROM ranked_journals GROUP BY review_id, zone ORDER BY review_id NULLS FIRST, zone;
