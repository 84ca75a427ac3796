-- What is odd in the source of one review.

SELECT issue_id, code, severity, message, subject_table, subject_key FROM source_issues WHERE review_id = $review ORDER BY issue_id;
