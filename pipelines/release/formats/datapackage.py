"""`datapackage.json` (Data Package 2.0): every table with its fields, keys and codes, rendered from the models.

The tables are described in their CSV copy, which every Data Package tool reads; the Parquet files are listed with
their hashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from pipelines.release.description import (
    AUTHORS,
    KEYWORDS,
    LICENCE_ADDRESS,
    LICENCE_FILE,
    LICENCE_NAME,
    LICENCE_TITLE,
    NAME,
    About,
)
from pipelines.release.files import DATABASE, DESCRIPTIONS, MEDIA_TYPES, File
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


def codes_of(concepts: pl.DataFrame) -> Codes:
    """The codes of each scheme with their labels, by code; `concepts` is the table of that name."""
    codes: dict[str, list[tuple[str, str]]] = {}
    for scheme, concept_id, label in (
        concepts.sort("scheme", "concept_id").select("scheme", "concept_id", "pref_label").iter_rows()
    ):
        codes.setdefault(scheme, []).append((concept_id, label))
    return codes


def datapackage(
    tables: Mapping[str, Spec], release: About, files: Mapping[str, File], codes: Codes, published: date
) -> dict[str, Any]:
    """The descriptor. `files` holds at least the CSV and the Parquet file of each table."""
    resources = [_table(table, files[f"csv/{name}.csv"], codes) for name, table in tables.items()]
    resources += [
        {
            "name": f"{name}_parquet",
            "path": file.path,
            "description": f"The table {name} as Parquet",
            # Not `parquet`: validators would open it as a table, for which most lack the library.
            "format": "apache-parquet",
            **_stored(file),
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
                **({"path": source.address} if source.address else {}),
                "sha256": source.sha256,
                "licence": source.licence,
            }
            for source in release.sources
        ],
        "resources": resources,
    }


def _licences(release: About) -> list[dict[str, str]]:
    if release.is_verbatim:
        return [{"path": LICENCE_FILE, "title": release.licence}]
    return [{"name": LICENCE_NAME, "path": LICENCE_ADDRESS, "title": LICENCE_TITLE}]


def _stored(file: File) -> dict[str, Any]:
    return {"mediatype": file.media_type, "bytes": file.n_bytes, "hash": f"sha256:{file.sha256}"}


def _table(table: Spec, file: File, codes: Codes) -> dict[str, Any]:
    whole, partly = _foreign_keys(table)
    return {
        "$schema": f"{PROFILES}/dataresource.json",
        "name": table.name,
        "type": "table",
        "path": file.path,
        "description": f"One row is {table.grain}.",
        "format": "csv",
        "encoding": "utf-8",
        **_stored(file),
        "schema": {
            "$schema": f"{PROFILES}/tableschema.json",
            "fields": [_field(column, codes) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            **({"foreignKeys": whole} if whole else {}),
            **({"optionalForeignKeys": partly} if partly else {}),
        },
    }


def _foreign_keys(table: Spec) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The foreign keys, and apart from them those of several columns of which one may be missing.

    The standard has no rule for a key that is missing in part, and its validator takes it for a broken one.
    """
    nullable = {column.name for column in table.columns if column.nullable}
    whole: list[dict[str, Any]] = []
    partly: list[dict[str, Any]] = []
    for key in table.foreign_keys:
        rendered = {
            "fields": list(key.columns),
            "reference": {"resource": "" if key.table == table.name else key.table, "fields": list(key.references)},
        }
        (partly if len(key.columns) > 1 and nullable & set(key.columns) else whole).append(rendered)
    return whole, partly


def _field(column: Column, codes: Codes) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    categories: list[Any] = []
    for check, arguments in column.checks:
        match check:
            case "greater_than_or_equal_to":
                constraints["minimum"] = arguments["min_value"]
            case "less_than_or_equal_to":
                constraints["maximum"] = arguments["max_value"]
            case "isin":
                categories = list(arguments["allowed_values"])
            case "str_matches":
                pattern = arguments["pattern"]
                constraints["pattern"] = getattr(pattern, "pattern", pattern)
            case "str_length":
                lengths = {"minLength": arguments.get("min_value"), "maxLength": arguments.get("max_value")}
                constraints |= {key: value for key, value in lengths.items() if value is not None}
            case _:
                raise NotImplementedError(f"{column.name}: the data package has no rule for {check}; add it here")
    concepts = codes.get(column.vocabulary or "")
    if concepts:
        categories = [{"value": concept_id, "label": label} for concept_id, label in concepts]
        constraints["enum"] = [concept_id for concept_id, _ in concepts]
    elif categories:
        constraints["enum"] = categories
    extra = {"unit": column.unit, "vocabulary": column.vocabulary, "categories": categories}
    return {
        "name": column.name,
        "type": FIELD_TYPES[column.dtype],
        "description": column.description,
        **{key: value for key, value in extra.items() if value},
        **({"constraints": constraints} if constraints else {}),
    }
