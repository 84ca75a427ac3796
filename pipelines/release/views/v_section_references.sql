-- One row per section, with or without citations: how much of its prose is cited (subsections excluded), and which
-- references it cites.
--
-- Columns:
--   n_sentences: Sentences of the section
--   n_cited_sentences: Sentences among them that contain a citation marker
--   share_cited_sentences: n_cited_sentences / n_sentences; NULL in a section without sentences
--   n_markers: Citation markers in the section
--   n_mentions: Mentions of references, ranges expanded
--   n_references: References mentioned, each counted once
--   n_references_only_here: References among them that no other section mentions
--   ref_nos: The references mentioned, in ascending order
-- Other columns as in: sections

CREATE VIEW v_section_references AS
WITH sentence_counts AS (
  SELECT review_id, section_id, count(*) AS n_sentences, count(*) FILTER (WHERE is_cited) AS n_cited_sentences
  FROM sentences GROUP BY ALL
), marker_counts AS (
  SELECT review_id, section_id, count(*) AS n_markers FROM citation_markers WHERE context = 'prose' GROUP BY ALL
), section_references AS (
  SELECT k.review_id, k.section_id, n.ref_no, count(*) AS n_mentions,
    count(*) OVER (PARTITION BY k.review_id, n.ref_no) AS n_sections
  FROM citation_markers AS k JOIN citation_mentions AS n USING (review_id, marker_id)
  WHERE k.context = 'prose'
  GROUP BY k.review_id, k.section_id, n.ref_no
), reference_counts AS (
  SELECT review_id, section_id, sum(n_mentions)::BIGINT AS n_mentions, count(*) AS n_references,
    count(*) FILTER (WHERE n_sections = 1) AS n_references_only_here,
    string_agg(ref_no::VARCHAR, '; ' ORDER BY ref_no) AS ref_nos
  FROM section_references GROUP BY ALL
)
SELECT s.review_id, s.section_id, s.level, s.heading, s.kind,
  coalesce(p.n_sentences, 0) AS n_sentences, coalesce(p.n_cited_sentences, 0) AS n_cited_sentences,
  p.n_cited_sentences / p.n_sentences AS share_cited_sentences,
  coalesce(k.n_markers, 0) AS n_markers, coalesce(r.n_mentions, 0) AS n_mentions,
  coalesce(r.n_references, 0) AS n_references, coalesce(r.n_references_only_here, 0) AS n_references_only_here,
  r.ref_nos
FROM sections AS s
LEFT JOIN sentence_counts AS p USING (review_id, section_id)
LEFT JOIN marker_counts AS k USING (review_id, section_id)
LEFT JOIN reference_counts AS r USING (review_id, section_id)
ORDER BY s.review_id, s.section_id;
