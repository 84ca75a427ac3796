-- One row per year from the oldest to the newest reference of the corpus: reference publication year spectroscopy
-- (Marx et al. 2014, doi 10.1002/asi.23089). Years with a high deviation have works to which many reviews go back. Read it
-- for corpora of a hundred reviews or more; the last years only show when the reviews were published.
--
-- Columns:
--   n: References of this year, of all reviews
--   median_5_years: Median of n over the two years before, this year and the two years after it
--   deviation: n - median_5_years
--   top_work: Title of the work of this year that most reviews cite
--   top_work_id: That work
--   top_work_reviews: Reviews that cite it
-- Other columns as in: bib_references

CREATE VIEW v_reference_years AS
WITH years AS (
  SELECT unnest(range(first_year, last_year + 1))::INTEGER AS year
  FROM (SELECT min(year) AS first_year, max(year) AS last_year FROM bib_references WHERE year IS NOT NULL)
), counted AS (
  SELECT y.year, count(r.ref_no) AS n
  FROM years AS y LEFT JOIN bib_references AS r ON r.year = y.year GROUP BY y.year
), top AS (
  SELECT year, work_id, title, n_reviews FROM works WHERE n_reviews > 0 AND year IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY year ORDER BY n_reviews DESC, n_references DESC, work_id) = 1
)
SELECT c.year, c.n, median(c.n) OVER around AS median_5_years, c.n - median(c.n) OVER around AS deviation,
  t.title AS top_work, t.work_id AS top_work_id, t.n_reviews AS top_work_reviews
FROM counted AS c LEFT JOIN top AS t ON t.year = c.year
WINDOW around AS (ORDER BY c.year ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING)
ORDER BY c.year;
