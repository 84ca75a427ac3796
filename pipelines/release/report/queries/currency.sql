-- One row per scope: the share of references from the five years before the review (Price's index) and the median age.
-- A scope is a review; review_id is NULL for the whole release, where both are taken over all references.

WITH ages AS (
  SELECT r.review_id, v.publication_year - r.year AS age
  FROM bib_references AS r JOIN reviews AS v USING (review_id)
  WHERE r.year IS NOT NULL AND v.publication_year IS NOT NULL
)
SELECT review_id, n_dated, n_within_5_years, median_age FROM review_currency
UNION ALL
SELECT NULL, count(*), (SELECT sum(n_within_5_years)::BIGINT FROM review_currency), median(age) FROM ages
ORDER BY review_id NULLS FIRST;
