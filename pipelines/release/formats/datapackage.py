"""`datapackage.json` (Data Package 2.0): every table with its fields, keys and codes, rendered from the models.

Tables are described as their CSV copies, which every Data Package tool can read; the Parquet files are listed with
their hashes. Title, authors and licence are those of `release/description.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from pipelines.release.description import (
    AUTHORS,
    KEYWORDS,
    LICENCE_FILE,
    LICENCE_NAME,
    LICENCE_TITLE,
    LICENCE_URL,
    NAME,
    ReleaseDescription,
)
from pipelines.release.files import DATABASE, DESCRIPTIONS, MEDIA_TYPES, ReleaseFile
from pipelines.tables.column_rules import translate_checks
from schemas.tables.base import Column, Spec

PROFILES = "https://datapackage.org/profiles/2.0"
FIELD_TYPES: Mapping[type[pl.DataType], str] = {
    pl.String: "string",
    pl.Int32: "integer",
    pl.Int64: "integer",
    pl.Float64: "number",
    pl.Boolean: "boolean",
    pl.Date: "date",
}

Codes = Mapping[str, list[tuple[str, str]]]
"""The concepts of each scheme: (concept_id, preferred label)."""


def group_codes_by_scheme(concepts: pl.DataFrame) -> Codes:
    """Group the rows of the table `concepts` by scheme; codes are sorted."""
    codes: dict[str, list[tuple[str, str]]] = {}
    for row in concepts.sort("scheme", "concept_id").iter_rows(named=True):
        codes.setdefault(row["scheme"], []).append((row["concept_id"], row["pref_label"]))
    return codes


def build_datapackage(
    tables: Mapping[str, Spec],
    release: ReleaseDescription,
    files: Mapping[str, ReleaseFile],
    codes: Codes,
    published: date,
) -> dict[str, Any]:
    """Build the descriptor. `files` contains at least the CSV and the Parquet file of each table."""
    resources = [_table_resource(table, files[f"csv/{name}.csv"], codes) for name, table in tables.items()]
    resources += [
        {
            "name": f"{name}_parquet",
            "path": file.path,
            "description": f"The table {name} as Parquet",
            # Not `parquet`, because validators would open it as a table and most lack the library for that.
            "format": "apache-parquet",
            **_file_properties(file),
        }
        for name, file in ((name, files[f"parquet/{name}.parquet"]) for name in tables)
    ]
    resources.append(
        {
            "name": "database",
            "path": DATABASE,
            "description": DESCRIPTIONS[DATABASE],
            "format": "duckdb",
            "mediatype": MEDIA_TYPES[".duckdb"],
        }
    )
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": NAME,
        "id": release.release_id,
        "title": release.title,
        "description": release.description,
        "version": release.version,
        "created": f"{published.isoformat()}T00:00:00Z",
        "keywords": list(KEYWORDS),
        "contributors": [{"title": AUTHORS, "roles": ["creator"]}],
        "licenses": _licences(release),
        "sources": [
            {
                "title": source.name,
                **({"path": source.url} if source.url else {}),
                "sha256": source.sha256,
                "licence": source.licence,
            }
            for source in release.sources
        ],
        "resources": resources,
    }


def _licences(release: ReleaseDescription) -> list[dict[str, str]]:
    if release.is_verbatim:
        return [{"path": LICENCE_FILE, "title": release.licence}]
    return [{"name": LICENCE_NAME, "path": LICENCE_URL, "title": LICENCE_TITLE}]


def _file_properties(file: ReleaseFile) -> dict[str, Any]:
    return {"mediatype": file.media_type, "bytes": file.n_bytes, "hash": f"sha256:{file.sha256}"}


def _table_resource(table: Spec, file: ReleaseFile, codes: Codes) -> dict[str, Any]:
    foreign_keys, optional_foreign_keys = _split_foreign_keys(table)
    return {
        "$schema": f"{PROFILES}/dataresource.json",
        "name": table.name,
        "type": "table",
        "path": file.path,
        "description": table.description,
        "format": "csv",
        "encoding": "utf-8",
        **_file_properties(file),
        "schema": {
            "$schema": f"{PROFILES}/tableschema.json",
            "fields": [_field(column, codes) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            **({"foreignKeys": foreign_keys} if foreign_keys else {}),
            **({"optionalForeignKeys": optional_foreign_keys} if optional_foreign_keys else {}),
        },
    }


def _split_foreign_keys(table: Spec) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The foreign keys, and separately the composite ones of which a column may be missing.

    The standard has no rule for partly missing keys, and its validator reports them as violated.
    """
    nullable = {column.name for column in table.columns if column.nullable}
    required: list[dict[str, Any]] = []
    optional: list[dict[str, Any]] = []
    for key in table.foreign_keys:
        rendered = {
            "fields": list(key.columns),
            "reference": {"resource": "" if key.table == table.name else key.table, "fields": list(key.references)},
        }
        is_optional = len(key.columns) > 1 and nullable & set(key.columns)
        (optional if is_optional else required).append(rendered)
    return required, optional


def _field(column: Column, codes: Codes) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    for rule in translate_checks(column):
        constraints |= rule.to_frictionless()
    categories: list[Any] = constraints.get("enum", [])
    concepts = codes.get(column.vocabulary or "")
    if concepts:
        categories = [{"value": concept_id, "label": label} for concept_id, label in concepts]
        constraints["enum"] = [concept_id for concept_id, _ in concepts]
    extra = {"unit": column.unit, "vocabulary": column.vocabulary, "categories": categories}
    return {
        "name": column.name,
        "type": FIELD_TYPES[column.dtype],
        "description": column.description,
        **{key: value for key, value in extra.items() if value},
        **({"constraints": constraints} if constraints else {}),
    }
