-- One row per reference, most mentioned first: its mentions in prose and tables, the sentences and sections that
-- mention it, and whether it is only ever cited in a group.
--
-- Other columns as in: reference_usage, v_references

CREATE VIEW v_reference_usage AS
SELECT u.review_id, u.ref_no, r.reference, r.title, u.n_mentions, u.n_mentions_total, u.share_mentions,
  u.n_mentions_prose, u.n_mentions_table, u.n_mentions_alone, u.n_mentions_alone_prose, u.n_sentences, u.n_sections,
  u.first_section, u.smallest_group, u.only_in_groups, u.only_in_groups_prose, u.n_table_rows, u.n_study_rows,
  u.has_table_row, u.has_study_row
FROM reference_usage AS u JOIN v_references AS r USING (review_id, ref_no)
ORDER BY u.review_id, u.n_mentions DESC, u.ref_no;
