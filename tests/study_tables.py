"""Makes the study tables of extracted frames, as the assets of these tables do."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.curate.studies import find_study_cells, studies, study_fields, study_references


def build_study_tables(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """`study_cells`, `study_references`, `study_fields` and `studies` of the reviews in `frames`."""
    cells = find_study_cells(
        frames["source_tables"], frames["table_cells"], frames["column_roles"], frames["citation_markers"]
    )
    references = study_references(
        cells,
        frames["citation_markers"],
        frames["citation_mentions"],
        frames["bib_references"],
        frames["reference_authors"],
    )
    return {
        "study_cells": cells,
        "study_references": references,
        "study_fields": study_fields(cells),
        "studies": studies(cells, references, frames["bib_references"], frames["reference_authors"]),
    }
