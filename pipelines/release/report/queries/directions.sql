-- One row per study and outcome of its claims: how many claims have each direction, and the direction of them together
-- as Boon and Thomson 2021 (doi 10.1002/jrsm.1458) sum it up: the one of at least 70 % of the claims with a direction,
-- otherwise `mixed`. Without a claim with a direction it is safe_tolerable or not_directional. Claims without a stated
-- outcome are left out.

WITH counted AS (
  SELECT review_id, table_no, row_no, outcome_scheme AS scheme, outcome_id,
    count(*) FILTER (WHERE direction = 'improved') AS n_improved,
    count(*) FILTER (WHERE direction = 'worsened') AS n_worsened,
    count(*) FILTER (WHERE direction = 'no_difference') AS n_no_difference,
    count(*) FILTER (WHERE direction = 'safe_tolerable') AS n_safe_tolerable,
    count(*) FILTER (WHERE direction = 'not_directional') AS n_not_directional
  FROM claims WHERE point_no IS NULL AND outcome_id <> 'not_stated'
  GROUP BY ALL
)
SELECT *,
  CASE
    WHEN n_improved + n_worsened + n_no_difference = 0
      THEN CASE WHEN n_safe_tolerable > 0 THEN 'safe_tolerable' ELSE 'not_directional' END
    WHEN n_improved >= .7 * (n_improved + n_worsened + n_no_difference) THEN 'improved'
    WHEN n_worsened >= .7 * (n_improved + n_worsened + n_no_difference) THEN 'worsened'
    WHEN n_no_difference >= .7 * (n_improved + n_worsened + n_no_difference) THEN 'no_difference'
    ELSE 'mixed'
  END AS direction
FROM counted ORDER BY review_id, table_no, row_no, scheme, outcome_id;
