-- One row per study: what a list of studies shows of it.

SELECT review_id, table_no, row_no, label, ref_no, year, design, level, sample_size
FROM study_facts ORDER BY review_id, table_no, row_no;
