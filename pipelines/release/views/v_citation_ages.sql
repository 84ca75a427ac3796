-- One row per mention of a reference, with its age when the review was published. Mentions of references without a
-- year, and of reviews without one, are left out.
--
-- Columns:
--   year: Year of the reference
--   review_year: Year of the review
--   citation_age: review_year - year; negative if the reference is later than the review, as one in press may be
--   heading: Section in which the reference is mentioned; NULL in a table
-- Other columns as in: citation_mentions, citation_markers

CREATE VIEW v_citation_ages AS
SELECT n.review_id, n.marker_id, n.ref_no, k.context, s.heading, r.year, v.publication_year AS review_year,
  v.publication_year - r.year AS citation_age
FROM citation_mentions AS n
JOIN citation_markers AS k USING (review_id, marker_id)
JOIN bib_references AS r USING (review_id, ref_no)
JOIN reviews AS v USING (review_id)
LEFT JOIN sections AS s ON s.review_id = k.review_id AND s.section_id = k.section_id
WHERE r.year IS NOT NULL AND v.publication_year IS NOT NULL
ORDER BY n.review_id, n.marker_id, n.ref_no;
