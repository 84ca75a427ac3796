"""reviewmart: a review article's tables, references and citations as one small star schema."""
