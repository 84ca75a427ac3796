"""The mappings as SSSOM (Simple Standard for Sharing Ontological Mappings): a YAML header in `#` lines, then TSV."""

from __future__ import annotations

import csv
import io
import json

from pipelines.release.description import LICENCE_URL
from pipelines.release.formats.skos import BASE, PREFIXES, scheme_namespace, scheme_prefix
from pipelines.vocabularies.schemes import Vocabularies

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
)
REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
"""The fields that SSSOM requires in each row. Its validator accepts files without them, so they are checked here."""

MAPPING_SET = f"{BASE}mappings"


def render_sssom(vocabularies: Vocabularies, version: str | None = None) -> str:
    """Render the mappings as an SSSOM TSV, in the order of the vocabularies. `version` is that of the release.

    Raises ValueError for a mapping that lacks a required field.
    """
    prefixes = {
        **PREFIXES,
        **{scheme_prefix(scheme): scheme_namespace(scheme) for scheme in vocabularies.schemes},
        "semapv": "https://w3id.org/semapv/vocab/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
    }
    header = {
        "mapping_set_id": MAPPING_SET,
        "mapping_set_title": "Mappings of reviewmart concepts to published vocabularies",
        **({"mapping_set_version": version} if version else {}),
        "license": LICENCE_URL,
    }
    out = io.StringIO()
    out.writelines(f"#{key}: {json.dumps(value)}\n" for key, value in header.items())
    out.write("#curie_map:\n")
    out.writelines(f"#  {prefix}: {json.dumps(namespace)}\n" for prefix, namespace in sorted(prefixes.items()))
    writer = csv.DictWriter(out, COLUMNS, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    for mapping in vocabularies.mappings:
        concept = vocabularies.schemes[mapping.scheme].concepts[mapping.concept_id]
        row = {
            "subject_id": f"{scheme_prefix(mapping.scheme)}:{mapping.concept_id}",
            "subject_label": concept.pref_label,
            "predicate_id": mapping.predicate,
            "object_id": mapping.object_id,
            "object_label": mapping.object_label or "",
            "mapping_justification": mapping.justification,
        }
        missing = [column for column in REQUIRED if not row[column]]
        if missing:
            raise ValueError(
                f"the mapping of '{mapping.concept_id}' to '{mapping.object_id}' lacks {', '.join(missing)}"
            )
        writer.writerow(row)
    return out.getvalue()
