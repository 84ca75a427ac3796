-- Temporary tables that several queries of the report share.

-- One row per map, study, intervention and outcome that the study was coded with. `modality` pairs the modality of a
-- claim with its outcome, as v_evidence_gap_map does; `general` pairs the kinds of intervention of a study with the
-- outcome domains of its row. A group is the level-1 concept above, or the concept itself.
CREATE TEMP TABLE study_pairs AS
WITH modality_pairs AS (
  SELECT DISTINCT 'modality' AS map, k.review_id, k.table_no, k.row_no, m.modality_group_id AS row_group,
    m.modality_id AS row_concept, k.outcome_id AS column_group, k.outcome_id AS column_concept
  FROM claim_modalities AS m JOIN claims AS k USING (review_id, claim_id)
  WHERE k.point_no IS NULL AND k.outcome_scheme = 'outcome'
), interventions AS (
  SELECT k.review_id, k.table_no, k.row_no, k.concept_id AS row_group, coalesce(i.concept_id, k.concept_id) AS row_concept
  FROM study_concepts AS k
  LEFT JOIN study_concepts AS i ON i.review_id = k.review_id AND i.table_no = k.table_no AND i.row_no = k.row_no
    AND i.scheme = 'intervention' AND i.role = 'intervention' AND i.start_char = k.start_char
  WHERE k.scheme = 'intervention_kind' AND k.role = 'intervention'
), outcomes AS (
  SELECT s.review_id, s.table_no, s.row_no, coalesce(c.parent_id, c.concept_id) AS column_group,
    c.concept_id AS column_concept
  FROM study_concepts AS s JOIN concepts AS c USING (scheme, concept_id)
  WHERE s.scheme = 'outcome_domain' AND s.role = 'outcome'
)
FROM modality_pairs
UNION ALL
SELECT DISTINCT 'general', review_id, table_no, row_no, row_group, row_concept, column_group, column_concept
FROM interventions JOIN outcomes USING (review_id, table_no, row_no);

-- One row per study: its label, its reference, the strongest design stated for its references with its OCEBM level, and
-- its sample size where one is printed in its row.
CREATE TEMP TABLE study_facts AS
WITH designs AS (
  SELECT s.review_id, s.table_no, s.row_no, min(d.ocebm_level) AS level,
    arg_min(c.pref_label, (coalesce(d.ocebm_level, 9), c.pref_label)) AS design
  FROM study_references AS s
  JOIN reference_designs AS d USING (review_id, ref_no)
  JOIN concepts AS c ON c.scheme = 'evidence' AND c.concept_id = d.design_id
  WHERE d.basis = 'stated' GROUP BY ALL
), sizes AS (
  SELECT q.review_id, q.table_no, q.row_no AS row_no, max(q.value)::BIGINT AS sample_size
  FROM quantities AS q JOIN column_roles AS r USING (review_id, table_no, column_no)
  WHERE q.kind = 'sample_size' AND r.role IN ('sample_size', 'population', 'design') AND q.value >= 1 AND q.value < 1e9
  GROUP BY ALL
)
SELECT s.review_id, s.table_no, s.row_no,
  coalesce(s.study_label, r.reference, 'Reference ' || s.ref_no, 'Row ' || s.row_no) AS label,
  s.ref_no, coalesce(s.year, r.year) AS year, d.design, d.level, z.sample_size
FROM studies AS s
LEFT JOIN v_references AS r USING (review_id, ref_no)
LEFT JOIN designs AS d USING (review_id, table_no, row_no)
LEFT JOIN sizes AS z USING (review_id, table_no, row_no);

-- One row per scope and journal, the largest first, with its Bradford zone: the journals that together hold the first,
-- the second and the last third of the references. A journal belongs to the zone in which its first reference falls.
-- A scope is a review; review_id is NULL for the whole release.
CREATE TEMP TABLE ranked_journals AS
WITH counted AS (
  SELECT review_id, journal, sum(n)::BIGINT AS n FROM journal_ranking
  GROUP BY GROUPING SETS ((review_id, journal), (journal))
), ranked AS (
  SELECT *, row_number() OVER by_size AS rank, sum(n) OVER by_size - n AS n_before,
    sum(n) OVER (PARTITION BY review_id) AS n_total
  FROM counted WINDOW by_size AS (PARTITION BY review_id ORDER BY n DESC, journal)
)
SELECT review_id, rank, journal, n, (1 + floor(3 * n_before / n_total))::INTEGER AS zone FROM ranked;

-- One row per study and intervention that it was coded with: level-1 modality, or kind of intervention where no modality
-- was coded.
CREATE TEMP TABLE study_interventions AS
WITH coded AS (
  SELECT DISTINCT 'modality' AS scheme, m.review_id, m.table_no, m.row_no, coalesce(c.parent_id, c.concept_id) AS concept_id
  FROM study_modalities AS m JOIN concepts AS c ON c.scheme = 'modality' AND c.concept_id = m.concept_id
  WHERE m.role <> 'comparator'
  UNION ALL
  SELECT DISTINCT scheme, review_id, table_no, row_no, concept_id
  FROM study_concepts ANTI JOIN study_modalities USING (review_id, table_no, row_no)
  WHERE scheme = 'intervention_kind' AND role = 'intervention'
)
SELECT review_id, table_no, row_no, c.pref_label AS intervention
FROM coded JOIN concepts AS c USING (scheme, concept_id);

-- One row per reference with a stated design: the level-1 group of the strongest one.
CREATE TEMP TABLE reference_design_groups AS
SELECT d.review_id, d.ref_no,
  arg_min(coalesce(g.pref_label, c.pref_label), (coalesce(d.ocebm_level, 9), d.design_id)) AS design
FROM reference_designs AS d
JOIN concepts AS c ON c.scheme = 'evidence' AND c.concept_id = d.design_id
LEFT JOIN concepts AS g ON g.scheme = 'evidence' AND g.concept_id = c.parent_id
WHERE d.basis = 'stated' GROUP BY ALL;
