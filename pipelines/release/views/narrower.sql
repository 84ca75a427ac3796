-- A concept and all its narrower concepts, at every depth.
--
-- Example: FROM studies JOIN study_modalities USING (review_id, table_no, row_no)
-- WHERE concept_id IN (SELECT concept_id FROM narrower('modality', 'surgery'))

CREATE MACRO narrower(of_scheme, of_concept) AS TABLE
WITH RECURSIVE below AS (
  SELECT concept_id, pref_label, level FROM concepts WHERE scheme = of_scheme AND concept_id = of_concept
  UNION ALL
  SELECT c.concept_id, c.pref_label, c.level
  FROM concepts AS c JOIN below AS b ON c.parent_id = b.concept_id WHERE c.scheme = of_scheme
)
SELECT concept_id, pref_label, level FROM below ORDER BY level, concept_id;
