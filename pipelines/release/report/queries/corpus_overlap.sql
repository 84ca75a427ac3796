-- One row per scope and assumption: the corrected covered area of the whole release.

FROM corpus_overlap ORDER BY ALL;
