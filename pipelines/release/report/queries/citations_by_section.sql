-- One row per scope and section: citations in its prose and the references cited. Of a review, its sections in order; of
-- the whole release, the most cited headings of level 1, numbers before them removed. review_id is NULL there.

WITH tops AS (
  SELECT review_id, section_id, trim(regexp_replace(lower(heading), '^[0-9ivx]+[.)]? ', '')) AS heading
  FROM sections WHERE level = 1
), above AS (
  SELECT s.review_id, s.section_id, arg_max(t.heading, t.section_id) AS heading
  FROM sections AS s JOIN tops AS t ON t.review_id = s.review_id AND t.section_id <= s.section_id
  GROUP BY ALL
)
SELECT review_id, section_id, coalesce(heading, 'Section without a heading') AS heading, n_mentions AS n, n_references_only_here AS n_only_here
FROM v_section_references WHERE n_mentions > 0
UNION ALL
FROM (
  SELECT NULL, NULL, coalesce(upper(a.heading[1]) || a.heading[2:], 'Section without a heading') AS heading,
    sum(v.n_mentions)::BIGINT AS n, sum(v.n_references_only_here)::BIGINT
  FROM v_section_references AS v LEFT JOIN above AS a USING (review_id, section_id)
  WHERE v.n_mentions > 0 GROUP BY a.heading ORDER BY n DESC, heading LIMIT 15
)
ORDER BY review_id NULLS FIRST, section_id, n DESC, heading;
