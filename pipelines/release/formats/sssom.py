"""The mappings as SSSOM (Simple Standard for Sharing Ontological Mappings): a YAML header in `#` lines, then TSV."""

from __future__ import annotations

import csv
import io
import json

from pipelines.release.formats.skos import BASE, PREFIXES, scheme_address, scheme_prefix
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
"""What SSSOM asks of each row; its validator lets a file pass that lacks them."""

MAPPING_SET = f"{BASE}mappings"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def sssom_tsv(vocabularies: Vocabularies, version: str | None = None, licence: str = LICENCE) -> str:
    """The mapping set as an SSSOM TSV, in the order that the vocabularies give them; `version` is that of the release.

    Raises ValueError for a row that lacks what SSSOM requires.
    """
    prefixes = {
        **PREFIXES,
        **{scheme_prefix(scheme): scheme_address(scheme) for scheme in vocabularies.schemes},
        "semapv": "https://w3id.org/semapv/vocab/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
    }
    header = {
        "mapping_set_id": MAPPING_SET,
        "mapping_set_title": "Concepts of reviewmart and the vocabularies they are mapped to",
        **({"mapping_set_version": version} if version else {}),
        "license": licence,
    }
    out = io.StringIO()
    out.writelines(f"#{key}: {json.dumps(value)}\n" for key, value in header.items())
    out.write("#curie_map:\n")
    out.writelines(f"#  {prefix}: {json.dumps(address)}\n" for prefix, address in sorted(prefixes.items()))
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
        lacking = [column for column in REQUIRED if not row[column]]
        if lacking:
            raise ValueError(
                f"the mapping of '{mapping.concept_id}' to '{mapping.object_id}' lacks {', '.join(lacking)}"
            )
        writer.writerow(row)
    return out.getvalue()
