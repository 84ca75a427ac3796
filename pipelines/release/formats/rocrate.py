"""`ro-crate-metadata.json` (RO-Crate 1.3): the files of a release and their provenance.

The provenance is one action: code of this version and hash made these files from sources and vocabularies with these
hashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pipelines.release.description import (
    AUTHORS,
    KEYWORDS,
    LICENCE_FILE,
    LICENCE_TITLE,
    LICENCE_URL,
    NAME,
    ReleaseDescription,
)
from pipelines.release.files import DATABASE, DESCRIPTIONS, MEDIA_TYPES, ReleaseFile, describe_file
from schemas.tables.base import Spec

VERSION = "1.3"
METADATA_FILE = "ro-crate-metadata.json"


def build_rocrate(
    tables: Mapping[str, Spec], release: ReleaseDescription, files: Mapping[str, ReleaseFile], published: date
) -> dict[str, Any]:
    """Build the metadata document. `files` are all files of the release but the database and this one, by path."""
    day = published.isoformat()
    graph: list[dict[str, Any]] = [
        {
            "@id": METADATA_FILE,
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
            "license": {"@id": LICENCE_FILE if release.is_verbatim else LICENCE_URL},
            "author": {"@id": "#authors"},
            "publisher": {"@id": "#authors"},
            "creditText": release.citation,
            "isBasedOn": [{"@id": _source_id(source.review_id)} for source in release.sources],
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
            "object": [
                {"@id": "#vocabularies"},
                *({"@id": _source_id(source.review_id)} for source in release.sources),
            ],
            "result": [{"@id": path} for path in [DATABASE, *files]],
        },
        {
            # Not a SoftwareApplication, because that requires a URL and the code has none.
            "@id": "#code",
            "@type": "CreativeWork",
            "name": NAME,
            "version": release.code_version,
            "identifier": f"sha256:{release.code_sha256}",
            "description": "The code and the table models; the identifier is a hash of both",
        },
        {
            "@id": "#vocabularies",
            "@type": "DefinedTermSet",
            "name": "The vocabularies that the codes come from",
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
        licence = {"@id": LICENCE_URL, "@type": "CreativeWork", "name": LICENCE_TITLE}
        graph.append({**licence, "description": "You may share and adapt it if you give attribution"})
    for source in release.sources:
        entity = {
            "@id": _source_id(source.review_id),
            "@type": "ScholarlyArticle",
            "name": source.name,
            "identifier": [f"sha256:{source.sha256}", *([source.url] if source.url else [])],
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
            "description": describe_file(file.path, tables),
            "encodingFormat": file.media_type,
            "contentSize": str(file.n_bytes),
            "sha256": file.sha256,
        }
        for file in files.values()
    ]
    compact = [{key: _unwrap_single(value) for key, value in entity.items()} for entity in graph]
    return {"@context": f"https://w3id.org/ro/crate/{VERSION}/context", "@graph": compact}


def _unwrap_single(value: Any) -> Any:
    """Replace a list of one value by the value, as the specification recommends."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _source_id(review_id: str) -> str:
    return f"#source-{review_id}"
