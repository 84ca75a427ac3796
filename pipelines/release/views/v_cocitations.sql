-- One row per pair of references that one marker or one sentence cites (co-citation, Small 1973), most frequent pairs
-- first. Markers and sentences with more than 200 references are left out: they list references rather than relate
-- them. The rows grow with the square of a list, so name a review: WHERE review_id = '…'.
--
-- Columns:
--   ref_no_a: The reference with the lower number
--   reference_a: Surname of the first author and year of the reference ref_no_a, as a label; not unique
--   ref_no_b: The reference with the higher number
--   reference_b: Surname of the first author and year of the reference ref_no_b, as a label; not unique
--   n_sentences: Sentences that cite both, by one marker or by several
--   n_sentences_either: Sentences that cite at least one of them: the base of jaccard
--   jaccard: n_sentences / n_sentences_either; NULL if no sentence cites either
--   n_markers_prose: Markers in prose that cite both
--   n_markers_table: Markers in tables that cite both
-- Other columns as in: citation_mentions

CREATE VIEW v_cocitations AS
WITH marker_references AS (
  SELECT n.review_id, n.marker_id, n.ref_no, k.context, k.sentence_id
  FROM citation_mentions AS n JOIN citation_markers AS k USING (review_id, marker_id)
), of_markers AS (
  FROM marker_references QUALIFY count(*) OVER (PARTITION BY review_id, marker_id) <= 200
), sentence_references AS (
  SELECT DISTINCT review_id, sentence_id, ref_no FROM marker_references WHERE sentence_id IS NOT NULL
), of_sentences AS (
  FROM sentence_references QUALIFY count(*) OVER (PARTITION BY review_id, sentence_id) <= 200
), pairs AS (
  SELECT a.review_id, a.ref_no AS ref_no_a, b.ref_no AS ref_no_b, 0 AS in_sentence,
    (a.context = 'prose')::INTEGER AS in_prose, (a.context <> 'prose')::INTEGER AS in_table
  FROM of_markers AS a JOIN of_markers AS b USING (review_id, marker_id) WHERE a.ref_no < b.ref_no
  UNION ALL
  SELECT a.review_id, a.ref_no, b.ref_no, 1, 0, 0
  FROM of_sentences AS a JOIN of_sentences AS b USING (review_id, sentence_id) WHERE a.ref_no < b.ref_no
), counted AS (
  SELECT review_id, ref_no_a, ref_no_b, sum(in_sentence)::BIGINT AS n_sentences, sum(in_prose)::BIGINT AS n_markers_prose,
    sum(in_table)::BIGINT AS n_markers_table
  FROM pairs GROUP BY ALL
), citing AS (
  SELECT review_id, ref_no, count(*) AS n FROM of_sentences GROUP BY ALL
), compared AS (
  SELECT c.*, coalesce(x.n, 0) + coalesce(y.n, 0) - c.n_sentences AS n_sentences_either
  FROM counted AS c
  LEFT JOIN citing AS x ON x.review_id = c.review_id AND x.ref_no = c.ref_no_a
  LEFT JOIN citing AS y ON y.review_id = c.review_id AND y.ref_no = c.ref_no_b
)
SELECT c.review_id, c.ref_no_a, a.reference AS reference_a, c.ref_no_b, b.reference AS reference_b,
  c.n_sentences, c.n_sentences_either, c.n_sentences / nullif(c.n_sentences_either, 0) AS jaccard,
  c.n_markers_prose, c.n_markers_table
FROM compared AS c
JOIN v_references AS a ON a.review_id = c.review_id AND a.ref_no = c.ref_no_a
JOIN v_references AS b ON b.review_id = c.review_id AND b.ref_no = c.ref_no_b
ORDER BY c.review_id, c.n_sentences DESC, c.n_markers_prose + c.n_markers_table DESC, c.ref_no_a, c.ref_no_b;
