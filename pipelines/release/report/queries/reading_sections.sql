-- The headings of one review.

SELECT section_id, level, heading, start_char FROM sections
WHERE review_id = $review AND heading IS NOT NULL AND start_char IS NOT NULL ORDER BY section_id;
