-- One row per year: reference publication year spectroscopy of all reviews. The years that hold the oldest half per cent of
-- the references are left out, and so are the ten years before the newest review, whose counts show when the reviews
-- appeared.

WITH counted AS (
  SELECT *, sum(n) OVER (ORDER BY year) / sum(n) OVER () AS share_so_far FROM v_reference_years
)
SELECT year, n, deviation, top_work, top_work_reviews FROM counted
WHERE share_so_far > .005 AND year <= (SELECT max(publication_year) FROM reviews) - 10
ORDER BY year;
