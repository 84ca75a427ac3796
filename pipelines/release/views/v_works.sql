-- One row per work that a review cites, those of most reviews first: what it is, how many reviews cite it and how they
-- use it.
--
-- Columns:
--   work: Surname of the first author and year of the work, as a label; not unique
--   journal: Title abbreviation of the journal
--   n_reviews_studies: Reviews in whose evidence tables the work is a reference of a study
--   n_mentions: Citations of the work in all reviews
--   n_mentions_prose: Citations among them in prose
--   is_review_of_corpus: Whether the work is itself a review of this corpus
-- Other columns as in: works

CREATE VIEW v_works AS
WITH used AS (
  SELECT work_id, count(*) FILTER (WHERE is_in_scope_studies) AS n_reviews_studies,
    sum(n_mentions)::BIGINT AS n_mentions, sum(n_mentions_prose)::BIGINT AS n_mentions_prose
  FROM v_citation_matrix GROUP BY work_id
)
SELECT w.work_id, nullif(concat_ws(' ', w.first_author, w.year), '') AS work, w.title, j.abbreviation AS journal,
  w.year, w.doi, w.pmid, w.n_reviews, w.n_references, u.n_reviews_studies, u.n_mentions, u.n_mentions_prose,
  w.work_id IN (SELECT work_id FROM review_works) AS is_review_of_corpus
FROM works AS w
JOIN used AS u USING (work_id)
LEFT JOIN journals AS j USING (journal_id)
ORDER BY w.n_reviews DESC, u.n_mentions DESC, w.work_id;
