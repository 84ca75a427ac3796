-- One row per work, aspect and review, for works that at least two reviews code differently as a study: with other
-- interventions, another design, or another direction for the same outcome. Codes are compared as the reviews state
-- them; a review that states none is left out. n_common = 0 finds the reviews that agree in nothing; a difference may
-- also be that one of them says more.
--
-- Columns:
--   work: Surname of the first author and year of the work, as a label; not unique
--   aspect: intervention, design or direction
--   outcome_id: The outcome whose direction is compared; NULL for the other aspects
--   codes: Codes that the review gives the work, joined by '; '
--   n_reviews: Reviews that give the work a code in this aspect
--   n_common: Codes that all of these reviews give
-- Other columns as in: works, reviews

CREATE VIEW v_coding_disagreements AS
WITH coded AS (
  SELECT s.review_id, s.ref_no, 'intervention' AS aspect, NULL AS outcome_id, c.concept_id AS code
  FROM study_references AS s JOIN study_concepts AS c USING (review_id, table_no, row_no)
  WHERE c.scheme = 'intervention' AND c.role = 'intervention'
  UNION ALL
  SELECT s.review_id, s.ref_no, 'direction', k.outcome_id, k.direction
  FROM study_references AS s JOIN claims AS k USING (review_id, table_no, row_no)
  WHERE k.point_no IS NULL AND k.outcome_id <> 'not_stated' AND k.direction <> 'not_directional'
  UNION ALL
  SELECT s.review_id, s.ref_no, 'design', NULL, d.design_id
  FROM study_references AS s JOIN reference_designs AS d USING (review_id, ref_no)
  WHERE d.basis = 'stated'
), of_works AS (
  SELECT DISTINCT w.work_id, c.review_id, c.aspect, c.outcome_id, c.code
  FROM coded AS c JOIN reference_works AS w USING (review_id, ref_no)
), per_review AS (
  SELECT work_id, aspect, outcome_id, review_id, list_sort(list(code)) AS codes FROM of_works GROUP BY ALL
), per_code AS (
  SELECT work_id, aspect, outcome_id, code, count(*) AS n_reviews FROM of_works GROUP BY ALL
), compared AS (
  SELECT work_id, aspect, outcome_id, count(*) AS n_reviews FROM per_review GROUP BY ALL
  HAVING count(DISTINCT codes) > 1
), common AS (
  SELECT k.work_id, k.aspect, k.outcome_id, any_value(k.n_reviews) AS n_reviews,
    count(*) FILTER (WHERE c.n_reviews = k.n_reviews) AS n_common
  FROM compared AS k JOIN per_code AS c
    ON c.work_id = k.work_id AND c.aspect = k.aspect AND c.outcome_id IS NOT DISTINCT FROM k.outcome_id
  GROUP BY ALL
)
SELECT k.work_id, nullif(concat_ws(' ', w.first_author, w.year), '') AS work, w.title, k.aspect, k.outcome_id,
  p.review_id, array_to_string(p.codes, '; ') AS codes, k.n_reviews, k.n_common
FROM common AS k
JOIN per_review AS p
  ON p.work_id = k.work_id AND p.aspect = k.aspect AND p.outcome_id IS NOT DISTINCT FROM k.outcome_id
JOIN works AS w ON w.work_id = k.work_id
ORDER BY k.n_common, k.n_reviews DESC, k.work_id, k.aspect, k.outcome_id, p.review_id;
