-- One row per review and field of a reference: how often the review prints a value that most other reviews do not.
-- Compared are references to works that at least three reviews cite, in fields where most of them print the same, but
-- for case, accents and punctuation. A difference is a sign of an error, in the reference or in its reading.
--
-- Columns:
--   field: Name of the column of works
--   n_compared: References that print the field and can be compared
--   n_different: References among them with a value that the majority does not print
--   share_different: n_different / n_compared
-- Other columns as in: reference_works

CREATE VIEW v_bibliographic_errors AS
WITH printed AS (
  UNPIVOT (
    SELECT r.review_id, r.ref_no, r.title, a.surname AS first_author, r.year::VARCHAR AS year, r.journal_id, r.volume,
      r.first_page, rtrim(lower(r.doi), './') AS doi, r.pmid
    FROM bib_references AS r
    LEFT JOIN reference_authors AS a ON a.review_id = r.review_id AND a.ref_no = r.ref_no AND a.position = 1
  ) ON title, first_author, year, journal_id, volume, first_page, doi, pmid INTO NAME field VALUE value
), of_works AS (
  SELECT p.review_id, p.ref_no, p.field, p.value, w.work_id
  FROM printed AS p JOIN reference_works AS w USING (review_id, ref_no)
), compared AS (
  SELECT o.work_id, o.field, count(DISTINCT o.review_id) AS n_reviews,
    count(DISTINCT o.review_id) FILTER (WHERE v.is_majority IS NOT FALSE) AS n_majority
  FROM of_works AS o LEFT JOIN work_variants AS v USING (work_id, field, value)
  GROUP BY ALL
)
SELECT o.review_id, o.field, count(*) AS n_compared,
  count(*) FILTER (WHERE NOT v.is_majority) AS n_different,
  count(*) FILTER (WHERE NOT v.is_majority) / count(*) AS share_different
FROM of_works AS o
JOIN compared AS c USING (work_id, field)
LEFT JOIN work_variants AS v USING (work_id, field, value)
WHERE c.n_reviews >= 3 AND c.n_majority > c.n_reviews / 2
GROUP BY ALL
ORDER BY o.review_id, o.field;
