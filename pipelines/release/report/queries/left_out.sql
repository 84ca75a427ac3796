-- One row per source that could not be read, with the reason.

SELECT source_path, reason FROM quarantined_sources ORDER BY source_path;
