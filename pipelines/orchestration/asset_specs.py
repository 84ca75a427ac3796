"""Describe the asset of a table to Dagster: columns, description, owner and check, taken from the table's model."""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

from pipelines.checks.policies import POLICIES
from pipelines.tables.column_rules import translate_checks
from schemas.tables import SPECS
from schemas.tables.base import Column

SCHEMA_CHECK = "schema_and_keys"
KINDS = {"polars", "parquet"}
OWNERS = {"vocabulary": ["team:curators"]}
"""Owners by layer; `team:pipeline` owns every other layer."""


def column_schema(name: str) -> dg.TableSchema:
    """Render the columns and keys of a table's model as Dagster's column schema."""
    spec = SPECS[name]
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=column.sql_type,
                description=column.description,
                constraints=dg.TableColumnConstraints(
                    nullable=column.nullable, unique=spec.key == (column.name,), other=_rule_labels(column)
                ),
            )
            for column in spec.columns
        ],
        constraints=dg.TableConstraints(
            other=[
                f"primary key ({', '.join(spec.key)})",
                *(
                    f"foreign key ({', '.join(key.columns)}) → {key.table} ({', '.join(key.references)})"
                    for key in spec.foreign_keys
                ),
            ]
        ),
    )


def table_spec(
    name: str,
    version: str,
    deps: Iterable[str | dg.AssetKey] = (),
    *,
    group: str | None = None,
    description: str | None = None,
) -> dg.AssetSpec:
    """Describe the asset of a table, or of an unpublished frame, for which `group` and `description` are required.

    The group of a published table is its layer.
    """
    is_published = name in SPECS
    layer = group or SPECS[name].layer
    return dg.AssetSpec(
        name,
        deps=list(deps),
        description=description or f"{SPECS[name].description}\n\nKey: {', '.join(SPECS[name].key)}.",
        group_name=layer,
        kinds=KINDS,
        owners=OWNERS.get(layer, ["team:pipeline"]),
        tags={"published": "yes" if is_published else "no"},
        code_version=version,
        metadata={"dagster/column_schema": column_schema(name)} if is_published else {},
    )


def schema_check_spec(name: str) -> dg.AssetCheckSpec:
    """Describe the check of a table against its model. It blocks every asset that depends on the table."""
    return dg.AssetCheckSpec(SCHEMA_CHECK, asset=name, description=POLICIES[SCHEMA_CHECK].description, blocking=True)


def _rule_labels(column: Column) -> list[str]:
    """The rules for a column's values, each short enough for a label in the UI."""
    labels = [words for rule in translate_checks(column) for words in rule.to_words()]
    if column.vocabulary:
        labels.append(f"vocabulary {column.vocabulary}")
    if column.unit:
        labels.append(f"unit {column.unit}")
    return labels
