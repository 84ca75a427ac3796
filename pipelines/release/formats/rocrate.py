"""`ro-crate-metadata.json` (RO-Crate 1.3): the files of a release and where they come from.

The provenance is one action: this code, by version and hash, made these files from these sources and vocabularies,
by hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from pipelines.release.description import AUTHORS, KEYWORDS, LICENCE_ADDRESS, LICENCE_FILE, LICENCE_TITLE, NAME, About
from pipelines.release.files import DATABASE, DESCRIPTIONS, MEDIA_TYPES, File
from schemas.tables.base import Spec

VERSION = "1.3"
METADATA = "ro-crate-metadata.json"


def rocrate(tables: Mapping[str, Spec], release: About, files: Mapping[str, File], published: date) -> dict[str, Any]:
    """The metadata document; `files` are the files of the release by path, all but the database and this one."""
    day = published.isoformat()
    graph: list[dict[str, Any]] = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "conformsTo": {"@id": f"https://w3id.org/ro/crate/{VERSION}"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": release.title,
            "description": release.description,
            "identifier": {"@id": "#release"},
            "version": release.version,
            "datePublished": day,
            "keywords": ", ".join(KEYWORDS),
            "license": {"@id": LICENCE_FILE if release.is_verbatim else LICENCE_ADDRESS},
            "author": {"@id": "#authors"},
            "publisher": {"@id": "#authors"},
            "creditText": release.citation,
            "isBasedOn": [{"@id": _source(source.review_id)} for source in release.sources],
            "hasPart": [{"@id": path} for path in [DATABASE, *files]],
            "mentions": {"@id": "#build"},
        },
        {
            "@id": "#release",
            "@type": "PropertyValue",
            "name": "Id of the release",
            "propertyID": "release_id",
            "value": release.release_id,
        },
        {"@id": "#authors", "@type": "Organization", "name": AUTHORS},
        {
            "@id": "#build",
            "@type": "CreateAction",
            "name": f"Build of release {release.release_id}",
            "endTime": day,
            "agent": {"@id": "#authors"},
            "instrument": {"@id": "#code"},
            "object": [{"@id": "#vocabularies"}, *({"@id": _source(source.review_id)} for source in release.sources)],
            "result": [{"@id": path} for path in [DATABASE, *files]],
        },
        {
            # No SoftwareApplication: that must have an address, and the code has none to give.
            "@id": "#code",
            "@type": "CreativeWork",
            "name": NAME,
            "version": release.code_version,
            "identifier": f"sha256:{release.code_sha256}",
            "description": "The code and the models of the tables; the identifier is the hash over both",
        },
        {
            "@id": "#vocabularies",
            "@type": "DefinedTermSet",
            "name": "The vocabularies that codes come from",
            "identifier": f"sha256:{release.vocabularies_sha256}",
        },
        {
            "@id": DATABASE,
            "@type": "File",
            "name": DATABASE,
            "description": DESCRIPTIONS[DATABASE],
            "encodingFormat": MEDIA_TYPES[".duckdb"],
        },
    ]
    if not release.is_verbatim:
        licence = {"@id": LICENCE_ADDRESS, "@type": "CreativeWork", "name": LICENCE_TITLE}
        graph.append({**licence, "description": "Share and adapt, with attribution"})
    for source in release.sources:
        entity = {
            "@id": _source(source.review_id),
            "@type": "ScholarlyArticle",
            "name": source.name,
            "identifier": [f"sha256:{source.sha256}", *([source.address] if source.address else [])],
            "creditText": "; ".join(source.authors) or None,
            "datePublished": str(source.year) if source.year else None,
            "usageInfo": source.licence,
        }
        graph.append({key: value for key, value in entity.items() if value})
    graph += [
        {
            "@id": file.path,
            "@type": "File",
            "name": file.path,
            "description": DESCRIPTIONS.get(file.path) or f"One row is {tables[PurePath(file.path).stem].grain}.",
            "encodingFormat": file.media_type,
            "contentSize": str(file.n_bytes),
            "sha256": file.sha256,
        }
        for file in files.values()
    ]
    compact = [{key: _one_or_many(value) for key, value in entity.items()} for entity in graph]
    return {"@context": f"https://w3id.org/ro/crate/{VERSION}/context", "@graph": compact}


def _one_or_many(value: Any) -> Any:
    """A list of one as its one value, as the specification recommends."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _source(review_id: str) -> str:
    return f"#source-{review_id}"
