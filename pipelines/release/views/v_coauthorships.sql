-- One row per review and pair of authors listed on one of its references, most frequent pairs first. A lower bound:
-- reference lists cut author lists short ('et al.'). Authors are distinguished by surname, initials and suffix as
-- printed: two people with the same name count as one, and one person in two spellings as two. A reference that lists
-- more than 200 authors is left out. The rows grow with the square of a list, so name a review: WHERE review_id = '…'.
--
-- Columns:
--   author_a: The author who comes first in alphabetical order
--   author_b: The other author
--   n_references: References that list both
--   n_truncated: References among them whose author list is cut short
--   ref_nos: Those references, in ascending order
--   first_year: Year of the oldest of them
--   last_year: Year of the newest of them
-- Other columns as in: reference_authors

CREATE VIEW v_coauthorships AS
WITH names AS (
  SELECT DISTINCT review_id, ref_no, concat_ws(' ', surname, initials, suffix) AS author FROM reference_authors
), listed AS (
  FROM names QUALIFY count(*) OVER (PARTITION BY review_id, ref_no) <= 200
)
SELECT a.review_id, a.author AS author_a, b.author AS author_b, count(*) AS n_references,
  count(*) FILTER (WHERE r.authors_truncated) AS n_truncated,
  array_to_string(list_sort(list(a.ref_no))::VARCHAR[], '; ') AS ref_nos,
  min(r.year) AS first_year, max(r.year) AS last_year
FROM listed AS a
JOIN listed AS b ON b.review_id = a.review_id AND b.ref_no = a.ref_no AND a.author < b.author
JOIN bib_references AS r ON r.review_id = a.review_id AND r.ref_no = a.ref_no
GROUP BY a.review_id, a.author, b.author
ORDER BY a.review_id, n_references DESC, author_a, author_b;
