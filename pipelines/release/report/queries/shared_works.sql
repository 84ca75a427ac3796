-- The works that most reviews cite, 50 of them.

SELECT coalesce(work, work_id) AS work, title, journal, year, doi, n_reviews, n_reviews_studies, n_mentions
FROM v_works WHERE n_reviews > 1 ORDER BY n_reviews DESC, n_mentions DESC, work_id LIMIT 50;
