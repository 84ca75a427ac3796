"""`croissant.json` (MLCommons Croissant 1.0): the Parquet files as record sets with typed, described fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from pipelines.release.description import AUTHORS, KEYWORDS, LICENCE_URL, NAME, ReleaseDescription
from pipelines.release.files import ReleaseFile
from schemas.tables.base import Spec

DATA_TYPES: Mapping[type[pl.DataType], str] = {
    pl.String: "sc:Text",
    pl.Int32: "sc:Integer",
    pl.Int64: "sc:Integer",
    pl.Float64: "sc:Float",
    pl.Boolean: "sc:Boolean",
    pl.Date: "sc:Date",
}

CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The JSON-LD context, copied from the specification."""


def build_croissant(
    tables: Mapping[str, Spec], release: ReleaseDescription, files: Mapping[str, ReleaseFile], published: date
) -> dict[str, Any]:
    """Build the metadata document. `files` contains at least the Parquet file of each table.

    Foreign keys are only in the data package: Croissant has no composite foreign keys, so a reader would join on each
    column of a key separately.
    """
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": NAME,
        "description": release.description,
        "version": release.version,
        "datePublished": published.isoformat(),
        "creator": {"@type": "sc:Organization", "name": AUTHORS},
        "publisher": {"@type": "sc:Organization", "name": AUTHORS},
        "keywords": list(KEYWORDS),
        "license": release.licence if release.is_verbatim else LICENCE_URL,
        "citeAs": release.citation,
        "isLiveDataset": False,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file.path,
                "name": file.path,
                "contentUrl": file.path,
                "contentSize": f"{file.n_bytes} B",
                "encodingFormat": "application/x-parquet",
                "sha256": file.sha256,
            }
            for file in (files[f"parquet/{name}.parquet"] for name in tables)
        ],
        "recordSet": [_record_set(table) for table in tables.values()],
    }


def _record_set(table: Spec) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{column.name}",
                "name": column.name,
                "description": column.description,
                "dataType": DATA_TYPES[column.dtype],
                "source": {
                    "fileObject": {"@id": f"parquet/{table.name}.parquet"},
                    "extract": {"column": column.name},
                },
            }
            for column in table.columns
        ],
    }
