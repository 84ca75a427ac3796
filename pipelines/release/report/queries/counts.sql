-- One row per scope and count. A scope is a review; review_id is NULL for the whole release.

WITH coded_interventions AS (
  SELECT DISTINCT review_id, table_no, row_no FROM study_modalities
  UNION
  SELECT DISTINCT review_id, table_no, row_no FROM study_concepts
  WHERE role = 'intervention' AND scheme IN ('intervention', 'intervention_kind')
), coded_outcomes AS (
  SELECT DISTINCT review_id, table_no, row_no FROM claims WHERE point_no IS NULL AND outcome_id <> 'not_stated'
  UNION
  SELECT DISTINCT review_id, table_no, row_no FROM study_concepts WHERE role = 'outcome' AND scheme = 'outcome_domain'
), result_cells AS (
  SELECT DISTINCT c.review_id, c.table_no, c.row_no, c.column_no
  FROM table_cells AS c JOIN source_tables AS t USING (review_id, table_no)
  WHERE t.kind = 'evidence' AND c.role IN ('result', 'adverse_events') AND NOT c.is_header AND c.row_no > 0
    AND (c.text IS NULL OR trim(c.text) <> '')
), claimed_cells AS (
  SELECT DISTINCT review_id, table_no, printed_row_no AS row_no, column_no FROM claims WHERE point_no IS NULL
), counted AS (
  SELECT review_id, 'characters' AS name, sum(source_chars) AS n FROM reviews GROUP BY review_id
  UNION ALL SELECT review_id, 'sections', count(*) FROM sections GROUP BY review_id
  UNION ALL SELECT review_id, 'sentences', count(*) FROM sentences GROUP BY review_id
  UNION ALL SELECT review_id, 'cited_sentences', count(*) FROM sentences WHERE is_cited GROUP BY review_id
  UNION ALL SELECT review_id, 'tables', count(*) FROM source_tables GROUP BY review_id
  UNION ALL SELECT review_id, concat(kind, '_tables'), count(*) FROM source_tables GROUP BY review_id, kind
  UNION ALL SELECT review_id, 'studies', count(*) FROM studies GROUP BY review_id
  UNION ALL SELECT review_id, 'studies_with_reference', count(DISTINCT (table_no, row_no))
    FROM study_references GROUP BY review_id
  UNION ALL SELECT review_id, 'studies_with_intervention', count(*)
    FROM studies SEMI JOIN coded_interventions USING (review_id, table_no, row_no) GROUP BY review_id
  UNION ALL SELECT review_id, 'studies_with_outcome', count(*)
    FROM studies SEMI JOIN coded_outcomes USING (review_id, table_no, row_no) GROUP BY review_id
  UNION ALL SELECT review_id, 'result_cells', count(*) FROM result_cells GROUP BY review_id
  UNION ALL SELECT review_id, 'result_cells_with_claim', count(*)
    FROM result_cells SEMI JOIN claimed_cells USING (review_id, table_no, row_no, column_no) GROUP BY review_id
  UNION ALL SELECT review_id, 'claims', count(*) FROM claims GROUP BY review_id
  UNION ALL SELECT review_id, 'claims_of_studies', count(*) FROM claims WHERE point_no IS NULL GROUP BY review_id
  UNION ALL SELECT review_id, 'claims_with_outcome', count(*) FROM claims WHERE outcome_id <> 'not_stated' GROUP BY review_id
  UNION ALL SELECT review_id, 'claims_with_direction', count(*)
    FROM claims WHERE direction <> 'not_directional' GROUP BY review_id
  UNION ALL SELECT review_id, 'references', count(*) FROM bib_references GROUP BY review_id
  UNION ALL SELECT review_id, 'references_with_year', count(*) FROM bib_references WHERE year IS NOT NULL GROUP BY review_id
  UNION ALL SELECT review_id, 'references_with_identifier', count(*)
    FROM bib_references WHERE doi IS NOT NULL OR pmid IS NOT NULL GROUP BY review_id
  UNION ALL SELECT review_id, 'references_with_journal', count(*)
    FROM bib_references WHERE journal_id IS NOT NULL GROUP BY review_id
  UNION ALL SELECT review_id, 'references_with_design', count(DISTINCT ref_no)
    FROM reference_designs WHERE basis = 'stated' GROUP BY review_id
  UNION ALL SELECT review_id, 'references_cited', count(*) FROM reference_usage WHERE n_mentions > 0 GROUP BY review_id
  UNION ALL SELECT review_id, 'references_cited_in_text', count(*)
    FROM reference_usage WHERE n_mentions_prose > 0 GROUP BY review_id
  UNION ALL SELECT review_id, 'references_only_in_groups', count(*)
    FROM reference_usage WHERE only_in_groups_prose GROUP BY review_id
  UNION ALL SELECT review_id, 'markers', count(*) FROM citation_markers GROUP BY review_id
  UNION ALL SELECT review_id, 'mentions', count(*) FROM citation_mentions GROUP BY review_id
  UNION ALL SELECT review_id, concat('issues_', severity), count(*) FROM source_issues GROUP BY review_id, severity
)
SELECT review_id, name, sum(n)::BIGINT AS n FROM counted GROUP BY GROUPING SETS ((review_id, name), (name))
UNION ALL
SELECT review_id, 'works', count(DISTINCT work_id) FROM reference_works GROUP BY GROUPING SETS ((review_id), ())
UNION ALL
SELECT NULL, 'shared_works', count(*) FROM works WHERE n_reviews > 1
UNION ALL
SELECT NULL, 'reviews', count(*) FROM reviews
UNION ALL
SELECT NULL, 'sources_left_out', count(*) FROM quarantined_sources
ORDER BY review_id NULLS FIRST, name;
