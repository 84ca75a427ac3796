-- One row per review, in the order of the keys. `label` is the surname of the first author and the year; it is not
-- unique.

WITH authors AS (
  SELECT review_id, string_agg(name, ', ' ORDER BY position) FILTER (WHERE position <= 6) AS authors,
    count(*) > 6 AS is_shortened, arg_min(coalesce(surname, name), position) AS first_author
  FROM review_authors GROUP BY review_id
)
SELECT r.review_id, coalesce(r.title, r.review_id) AS title, concat(a.authors, CASE WHEN a.is_shortened THEN ' et al.' END) AS authors,
  coalesce(nullif(concat_ws(' ', a.first_author, r.publication_year), ''), r.review_id) AS label, r.journal, r.publication_year, r.doi, r.licence, r.source_format,
  (SELECT count(*) FROM studies AS s WHERE s.review_id = r.review_id) AS n_studies
FROM reviews AS r LEFT JOIN authors AS a USING (review_id)
ORDER BY r.review_id;
