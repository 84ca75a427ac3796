-- The claims of one review.

SELECT k.claim_id, k.table_no, k.row_no, k.printed_row_no, k.point_no, k.outcome_id, v.outcome, k.direction, v.comparator,
  k.is_hedged, k.cue_text, k.rule_id, k.confidence
FROM claims AS k JOIN v_claims AS v USING (review_id, claim_id)
WHERE k.review_id = $review ORDER BY k.claim_id;
