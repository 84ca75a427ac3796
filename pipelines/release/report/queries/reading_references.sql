-- The reference list of one review, with what is known of each entry.

SELECT r.ref_no, b.text, b.start_char, r.reference AS label, r.year, r.journal, r.doi, r.pmid, r.designs, r.ocebm_level AS level,
  r.n_mentions, r.only_in_groups_prose AS only_in_groups
FROM v_references AS r JOIN bib_references AS b USING (review_id, ref_no)
WHERE r.review_id = $review ORDER BY r.ref_no;
