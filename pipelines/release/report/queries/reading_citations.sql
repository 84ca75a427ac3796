-- The references that each citation marker of one review cites.

SELECT marker_id, list(ref_no ORDER BY ref_no) AS ref_nos FROM citation_mentions
WHERE review_id = $review GROUP BY marker_id ORDER BY marker_id;
