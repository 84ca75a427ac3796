"""The published schema: one pandera model per table (`schemas.tables`) and concept schemes (`schemas/vocabularies`)."""
