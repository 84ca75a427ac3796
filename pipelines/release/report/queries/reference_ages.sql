-- One row per scope and age: references by their age in years when the review was published. A scope is a review;
-- review_id is NULL for the whole release.

SELECT r.review_id, v.publication_year - r.year AS age, count(*) AS n
FROM bib_references AS r JOIN reviews AS v USING (review_id)
WHERE r.year IS NOT NULL AND v.publication_year IS NOT NULL
GROUP BY GROUPING SETS ((r.review_id, age), (age))
ORDER BY r.review_id NULLS FIRST, age;
