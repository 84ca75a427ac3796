-- One row per option of a comparison table and reference that the option's row cites.
--
-- Other columns as in: options, v_references

CREATE VIEW v_option_references AS
SELECT DISTINCT o.review_id, o.table_no, o.row_no, o.option, n.ref_no, r.reference, r.title
FROM options AS o
JOIN citation_markers AS k USING (review_id, table_no, row_no)
JOIN citation_mentions AS n USING (review_id, marker_id)
JOIN v_references AS r USING (review_id, ref_no)
ORDER BY o.review_id, o.table_no, o.row_no, n.ref_no;
