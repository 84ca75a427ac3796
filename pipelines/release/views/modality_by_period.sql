-- References and study rows per level-1 modality and period of the given number of years, zeros included. Periods begin
-- at multiples of their length.
--
-- Example: FROM modality_by_period('spine-metastases-review', 10)

CREATE MACRO modality_by_period(of_review, years_a_period) AS TABLE
SELECT year // years_a_period * years_a_period AS period_start, modality, sum(n_references)::BIGINT AS n_references,
  sum(n_references_total)::BIGINT AS n_references_total,
  sum(n_references) / nullif(sum(n_references_total), 0) AS share_references,
  sum(n_studies)::BIGINT AS n_studies, sum(n_studies_total)::BIGINT AS n_studies_total,
  sum(n_studies) / nullif(sum(n_studies_total), 0) AS share_studies
FROM v_modality_by_year
WHERE review_id = of_review
GROUP BY period_start, modality
ORDER BY period_start, modality;
