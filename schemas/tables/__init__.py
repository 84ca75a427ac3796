"""All published tables: `TABLES` maps each name to its model, `SPECS` to the same model as plain values.

A table comes after those that its foreign keys refer to.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from schemas.tables import vocabulary  # isort: skip
from schemas.tables import extracted, curated, linked, analysis, meta  # isort: skip
from schemas.tables.base import DECLARED, Spec, TableModel, spec

__all__ = ["SPECS", "TABLES", "analysis", "curated", "extracted", "linked", "meta", "vocabulary"]

TABLES: Mapping[str, type[TableModel]] = {spec(model).name: model for model in DECLARED}
SPECS: Mapping[str, Spec] = {name: spec(model) for name, model in TABLES.items()}

PUBLISHED_SCHEMA = Path(__file__).parents[1] / "published_schema.csv"
"""Every published column as it was last announced; written by `just schema` (`pipelines.tables.published_schema`)."""


def _read_schema_version() -> str:
    with PUBLISHED_SCHEMA.open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file))["schema_version"]


SCHEMA_VERSION = _read_schema_version()
"""Version of the published schema. The first number rises if a published column is dropped, renamed or retyped, the
second if one is added."""
