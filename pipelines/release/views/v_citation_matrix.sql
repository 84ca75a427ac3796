-- One row per work and review that cites it: the filled cells of the citation matrix, with how the review uses the
-- work. `reviewmart export --format citation-matrix` writes the matrix with a column per review.
--
-- Columns:
--   work: Surname of the first author and year of the work, as a label; not unique
--   title: Title of the work
--   year: Year of the work
--   ref_nos: References of the review to the work, in ascending order
--   is_in_scope_studies: Whether the work is a reference of a study in an evidence table (scope studies)
--   n_mentions: Citations of the work in the review
--   n_mentions_prose: Citations among them in prose
--   n_study_rows: Studies in evidence tables that have the work as a reference
-- Other columns as in: works, bib_references

CREATE VIEW v_citation_matrix AS
WITH studies_of AS (
  SELECT review_id, ref_no, count(*) AS n_study_rows FROM study_references GROUP BY ALL
)
SELECT w.work_id, nullif(concat_ws(' ', w.first_author, w.year), '') AS work, w.title, w.year, r.review_id,
  array_to_string(list_sort(list(r.ref_no))::VARCHAR[], '; ') AS ref_nos,
  count(s.ref_no) > 0 AS is_in_scope_studies,
  coalesce(sum(u.n_mentions), 0)::BIGINT AS n_mentions,
  coalesce(sum(u.n_mentions_prose), 0)::BIGINT AS n_mentions_prose,
  coalesce(sum(s.n_study_rows), 0)::BIGINT AS n_study_rows
FROM reference_works AS r
JOIN works AS w USING (work_id)
LEFT JOIN reference_usage AS u ON u.review_id = r.review_id AND u.ref_no = r.ref_no
LEFT JOIN studies_of AS s ON s.review_id = r.review_id AND s.ref_no = r.ref_no
GROUP BY w.work_id, w.first_author, w.year, w.title, r.review_id
ORDER BY w.work_id, r.review_id;
