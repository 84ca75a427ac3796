-- The claims of one review.

SELECT k.claim_id, k.table_no, k.row_no, k.printed_row_no, k.column_no, k.point_no, k.ref_no, k.outcome_scheme AS scheme,
  k.outcome_id, k.direction, k.amount, k.is_significant, k.is_hedged, k.cue_text, k.rule_id, k.confidence,
  v.outcome, v.modalities, v.comparator
FROM claims AS k JOIN v_claims AS v USING (review_id, claim_id)
WHERE k.review_id = $review ORDER BY k.claim_id;
