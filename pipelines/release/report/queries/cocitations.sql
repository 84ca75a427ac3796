-- One row per scope and pair of references that sentences cite together, among the 40 that most sentences cite; 200
-- pairs per scope. A scope is a review; review_id is NULL for the whole release, whose pairs are works that at least two
-- reviews cite. n_a and n_b are the sentences that cite each.

WITH cited AS (
  SELECT DISTINCT k.review_id, k.sentence_id, n.ref_no
  FROM citation_markers AS k JOIN citation_mentions AS n USING (review_id, marker_id)
  WHERE k.sentence_id IS NOT NULL
), listed AS (
  FROM cited QUALIFY count(*) OVER (PARTITION BY review_id, sentence_id) <= 200
), in_scope AS (
  SELECT c.review_id AS scope, c.review_id, c.sentence_id, c.ref_no::VARCHAR AS key,
    coalesce(r.reference, 'Reference') || ' [' || c.ref_no || ']' AS label
  FROM listed AS c JOIN v_references AS r USING (review_id, ref_no)
  UNION ALL
  SELECT DISTINCT NULL, c.review_id, c.sentence_id, w.work_id, coalesce(nullif(concat_ws(' ', w.first_author, w.year), ''), w.work_id)
  FROM listed AS c JOIN reference_works USING (review_id, ref_no) JOIN works AS w USING (work_id)
  WHERE w.n_reviews > 1
), counted AS (
  SELECT scope, key, any_value(label) AS label, count(*) AS n FROM in_scope GROUP BY scope, key
), chosen AS (
  FROM counted QUALIFY row_number() OVER (PARTITION BY scope ORDER BY n DESC, length(key), key) <= 40
), cited_chosen AS (
  SELECT s.* FROM in_scope AS s JOIN chosen AS c ON c.scope IS NOT DISTINCT FROM s.scope AND c.key = s.key
), counted_pairs AS (
  SELECT a.scope, a.key AS key_a, b.key AS key_b, count(*) AS n
  FROM cited_chosen AS a JOIN cited_chosen AS b
    ON a.scope IS NOT DISTINCT FROM b.scope AND a.review_id = b.review_id AND a.sentence_id = b.sentence_id
    AND (length(a.key), a.key) < (length(b.key), b.key)
  GROUP BY ALL
), pairs AS (
  FROM counted_pairs
  QUALIFY row_number() OVER (PARTITION BY scope ORDER BY n DESC, length(key_a), key_a, length(key_b), key_b) <= 200
)
SELECT p.scope AS review_id, p.key_a, a.label AS label_a, a.n AS n_a, p.key_b, b.label AS label_b, b.n AS n_b, p.n
FROM pairs AS p
JOIN chosen AS a ON a.scope IS NOT DISTINCT FROM p.scope AND a.key = p.key_a
JOIN chosen AS b ON b.scope IS NOT DISTINCT FROM p.scope AND b.key = p.key_b
ORDER BY p.scope NULLS FIRST, p.n DESC, length(p.key_a), p.key_a, length(p.key_b), p.key_b;
