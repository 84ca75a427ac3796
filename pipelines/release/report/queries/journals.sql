-- The 30 journals with the most references per scope, with their Bradford zones. A scope is a review; review_id is NULL
-- for the whole release.

SELECT review_id, rank, journal, n, zone FROM ranked_journals WHERE rank <= 30 ORDER BY review_id NULLS FIRST, rank;
