-- The places in the source of one review that the reader of the report highlights: citations, and the words that codes
-- rest on. `target` names the row that the place leads to.

SELECT 'citation' AS kind, marker_id::VARCHAR AS target, start_char, end_char
FROM citation_markers WHERE review_id = $review AND start_char IS NOT NULL
UNION ALL
SELECT 'claim', claim_id::VARCHAR, start_char, end_char FROM claims WHERE review_id = $review AND start_char IS NOT NULL
UNION ALL
SELECT DISTINCT 'intervention', concept_id, start_char, end_char
FROM study_modalities WHERE review_id = $review AND start_char IS NOT NULL
UNION ALL
SELECT DISTINCT 'intervention', concept_id, start_char, end_char FROM study_concepts
WHERE review_id = $review AND start_char IS NOT NULL AND role IN ('intervention', 'comparator')
UNION ALL
SELECT DISTINCT 'outcome', concept_id, start_char, end_char FROM study_concepts
WHERE review_id = $review AND start_char IS NOT NULL AND role = 'outcome'
UNION ALL
SELECT DISTINCT 'design', design_id, start_char, end_char
FROM reference_designs WHERE review_id = $review AND start_char IS NOT NULL
UNION ALL
SELECT 'issue', issue_id::VARCHAR, start_char, end_char
FROM source_issues WHERE review_id = $review AND start_char IS NOT NULL
ORDER BY start_char, end_char DESC, kind, target;
