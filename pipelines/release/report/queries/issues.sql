-- One row per scope and kind of finding about a source, the most severe and most frequent first. A scope is a review;
-- review_id is NULL for the whole release.

SELECT review_id, code, severity, count(*) AS n, arg_min(message, (s.review_id, issue_id)) AS example
FROM source_issues AS s
GROUP BY GROUPING SETS ((review_id, code, severity), (code, severity))
ORDER BY review_id NULLS FIRST, list_position(['error', 'warning', 'info'], severity), n DESC, code;
