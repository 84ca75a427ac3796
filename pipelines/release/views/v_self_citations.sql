-- One row per author of the review and reference that lists an author with the same surname and first initial, ignoring
-- accents and case. Rows are candidates, because different people may share a name, and a lower bound, because
-- reference lists truncate author lists.
--
-- Columns:
--   listed_as: The author's name as printed in the reference
-- Other columns as in: review_authors, v_references

CREATE VIEW v_self_citations AS
SELECT v.review_id, v.position, v.name, a.ref_no, r.reference, r.title, a.name_raw AS listed_as
FROM review_authors AS v
JOIN reference_authors AS a
  ON a.review_id = v.review_id
  AND lower(strip_accents(a.surname)) = lower(strip_accents(v.surname))
  AND lower(strip_accents(left(a.initials, 1))) = lower(strip_accents(left(v.given_names, 1)))
JOIN v_references AS r ON r.review_id = a.review_id AND r.ref_no = a.ref_no
ORDER BY v.review_id, v.position, a.ref_no;
