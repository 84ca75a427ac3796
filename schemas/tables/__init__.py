"""All published tables. `TABLES` has a table's model by its name, each after those its foreign keys name."""

from collections.abc import Mapping

from schemas.tables import vocabulary  # isort: skip
from schemas.tables import extracted, curated, analysis, meta  # isort: skip
from schemas.tables.base import DECLARED, Spec, Table, spec

__all__ = ["SPECS", "TABLES", "analysis", "curated", "extracted", "meta", "vocabulary"]

TABLES: Mapping[str, type[Table]] = {spec(model).name: model for model in DECLARED}
SPECS: Mapping[str, Spec] = {name: spec(model) for name, model in TABLES.items()}

SCHEMA_VERSION = "1.0.0"
"""Version of the published schema: the first number rises when a published column is dropped, renamed or retyped."""
