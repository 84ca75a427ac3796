"""What is published: one pandera model a table (`schemas.tables`) and the concept schemes (`schemas/vocabularies`)."""
