"""Limits the large schemes to the concepts that tables use, for the vocabularies that are published.

The derived schemes have 23,000 concepts, of which a release uses a few hundred: with all of them, its vocabulary tables
would be fifty times as large. With a concept come its broader concepts and its mappings to MeSH and DrugBank.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from pipelines.vocabularies.general_schemes import GeneralConcept, GeneralScheme
from pipelines.vocabularies.schemes import Concept, ConceptMapping, Scheme, Vocabularies
from schemas.vocabulary_files import SCHEME_FILES

_DERIVED = "semapv:UnspecifiedMatching"
"""The concept was made from the entry that it is mapped to; SEMAPV has no term for this."""


def add_used_concepts(
    vocabularies: Vocabularies, derived: Mapping[str, GeneralScheme], used: Iterable[tuple[str, str]]
) -> Vocabularies:
    """The vocabularies with those concepts of the large schemes that are in `used`, pairs of scheme and concept id.

    Raises KeyError for a concept that its scheme does not have.
    """
    used_ids: dict[str, set[str]] = {
        scheme_id: set() for scheme_id, file in SCHEME_FILES.items() if file.publishes_used_only
    }
    for scheme_id, concept_id in used:
        if scheme_id in used_ids:
            used_ids[scheme_id].add(concept_id)
    schemes = {
        scheme_id: scheme if scheme_id not in used_ids else _select_concepts(scheme, used_ids[scheme_id])
        for scheme_id, scheme in vocabularies.schemes.items()
    }
    mappings = list(vocabularies.mappings)
    for scheme_id, scheme in derived.items():
        concepts: dict[str, Concept] = {}
        for concept_id in sorted(used_ids[scheme_id]):
            for general in _find_path(scheme[concept_id], scheme):
                level = 1 if general.parent_id is None else concepts[general.parent_id].level + 1
                if general.concept_id not in concepts:
                    concepts[general.concept_id] = _to_concept(general, level)
                    mappings += _to_mappings(scheme_id, general)
        schemes[scheme_id] = Scheme(scheme_id, dict(sorted(concepts.items())))
    return replace(vocabularies, schemes=schemes, mappings=tuple(mappings))


def _select_concepts(scheme: Scheme, ids: Collection[str]) -> Scheme:
    """The scheme, which has no hierarchy, with these concepts only."""
    return Scheme(scheme.scheme_id, {key: concept for key, concept in scheme.concepts.items() if key in ids})


def _find_path(concept: GeneralConcept, scheme: GeneralScheme) -> list[GeneralConcept]:
    """The concept after its broader concepts, from the top."""
    path = [concept]
    while path[0].parent_id is not None:
        path.insert(0, scheme[path[0].parent_id])
    return path


def _to_concept(general: GeneralConcept, level: int) -> Concept:
    return Concept(
        concept_id=general.concept_id,
        parent_id=general.parent_id,
        pref_label=general.pref_label,
        alt_labels=(),
        hidden_labels=(),
        definition=None,
        scope_note=None,
        level=level,
    )


def _to_mappings(scheme_id: str, general: GeneralConcept) -> list[ConceptMapping]:
    identifiers = [
        f"{prefix}:{identifier}"
        for prefix, identifier in (("mesh", general.mesh_id), ("drugbank", general.drugbank_id))
        if identifier is not None
    ]
    # MeSH often has a drug and its salts in one descriptor; DrugBank has the drug.
    predicate = "skos:exactMatch" if len(identifiers) == 1 else "skos:closeMatch"
    return [
        ConceptMapping(scheme_id, general.concept_id, predicate, identifier, None, _DERIVED)
        for identifier in identifiers
    ]
