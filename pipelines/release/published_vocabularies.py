"""The vocabularies as the tables of a release contain them, to be rendered as SKOS and SSSOM."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.vocabularies.schemes import Concept, ConceptMapping, Scheme, Vocabularies


def read_published_vocabularies(frames: Mapping[str, pl.LazyFrame]) -> Vocabularies:
    """Read the schemes and mappings from `concepts`, `concept_labels` and `concept_mappings`, in key order.

    Journals are left out, because they are not a concept scheme.
    """
    labels: dict[tuple[str, str, str], list[str]] = {}
    for row in frames["concept_labels"].sort("scheme", "concept_id", "label").collect().iter_rows(named=True):
        labels.setdefault((row["scheme"], row["concept_id"], row["label_type"]), []).append(row["label"])
    schemes: dict[str, dict[str, Concept]] = {}
    for row in frames["concepts"].sort("scheme", "concept_id").collect().iter_rows(named=True):
        key = row["scheme"], row["concept_id"]
        schemes.setdefault(row["scheme"], {})[row["concept_id"]] = Concept(
            concept_id=row["concept_id"],
            parent_id=row["parent_id"],
            pref_label=row["pref_label"],
            alt_labels=tuple(labels.get((*key, "alt"), ())),
            hidden_labels=tuple(labels.get((*key, "hidden"), ())),
            definition=row["definition"],
            scope_note=row["scope_note"],
            level=row["level"],
        )
    mappings = tuple(
        ConceptMapping(
            scheme=row["scheme"],
            concept_id=row["concept_id"],
            predicate=row["predicate"],
            object_id=row["object_id"],
            object_label=row["object_label"],
            justification=row["justification"],
        )
        for row in frames["concept_mappings"]
        .sort("scheme", "concept_id", "predicate", "object_id")
        .collect()
        .iter_rows(named=True)
    )
    return Vocabularies({name: Scheme(name, concepts) for name, concepts in schemes.items()}, mappings, {})
