-- Mentions of references in sentences, in the order of a hash of their place. A mention keeps its place in that order
-- when reviews are added or when other parts of its review are read differently. $review is NULL for all reviews.
--
-- marker_start and marker_end count within the sentence: a text that is not contiguous in the source has pieces.

WITH mentions AS (
  SELECT n.review_id, n.ref_no, k.marker_text, k.sentence_id, k.section_id, k.start_char, k.end_char,
    sha256(concat_ws('/', n.review_id, k.start_char, k.end_char, n.ref_no)) AS item_hash
  FROM citation_mentions AS n JOIN citation_markers AS k USING (review_id, marker_id)
  WHERE k.sentence_id IS NOT NULL AND k.start_char IS NOT NULL AND ($review IS NULL OR n.review_id = $review)
), drawn AS (
  FROM mentions ORDER BY item_hash LIMIT $n
), pieces AS (
  SELECT d.item_hash, d.start_char AS marker_start_char, d.end_char AS marker_end_char,
    coalesce(p.text_offset, 0) AS text_offset, coalesce(p.start_char, s.start_char) AS start_char,
    coalesce(p.end_char, s.end_char) AS end_char
  FROM drawn AS d
  JOIN sentences AS s USING (review_id, sentence_id)
  LEFT JOIN text_parts AS p ON p.review_id = d.review_id AND p.subject_table = 'sentences' AND p.field = 'text'
    AND p.subject_key = d.sentence_id::VARCHAR
), marked AS (
  SELECT item_hash,
    min(text_offset + marker_start_char - start_char)
      FILTER (WHERE marker_start_char >= start_char AND marker_start_char < end_char) AS marker_start,
    max(text_offset + marker_end_char - start_char)
      FILTER (WHERE marker_end_char > start_char AND marker_end_char <= end_char) AS marker_end
  FROM pieces GROUP BY item_hash
)
SELECT left(d.item_hash, 12) AS item_id, d.review_id, v.title AS review, c.heading AS section, s.text AS sentence,
  d.marker_text AS marker, m.marker_start, m.marker_end, d.ref_no, r.text AS reference,
  r.doi, r.pmid
FROM drawn AS d
JOIN marked AS m USING (item_hash)
JOIN reviews AS v USING (review_id)
JOIN sentences AS s USING (review_id, sentence_id)
JOIN bib_references AS r USING (review_id, ref_no)
LEFT JOIN sections AS c ON c.review_id = d.review_id AND c.section_id = d.section_id
ORDER BY d.item_hash;
