-- One row per review and year, from the review's oldest to its newest reference, including years without references.
--
-- Columns:
--   n: References of this year
--   n_cumulative: References of this year and earlier
--   n_total: References with a year
--   share: n / n_total
-- Other columns as in: bib_references

CREATE VIEW v_references_by_year AS
WITH years AS (
  SELECT review_id, unnest(range(first_year, last_year + 1))::INTEGER AS year, n_total
  FROM (
    SELECT review_id, min(year) AS first_year, max(year) AS last_year, count(year) AS n_total
    FROM bib_references WHERE year IS NOT NULL GROUP BY review_id
  )
)
SELECT y.review_id, y.year, count(r.ref_no) AS n,
  sum(count(r.ref_no)) OVER (PARTITION BY y.review_id ORDER BY y.year)::BIGINT AS n_cumulative,
  y.n_total, count(r.ref_no) / y.n_total AS share
FROM years AS y LEFT JOIN bib_references AS r ON r.review_id = y.review_id AND r.year = y.year
GROUP BY y.review_id, y.year, y.n_total
ORDER BY y.review_id, y.year;
