"""The vocabularies as SKOS in Turtle: a rendering of what `schemas/vocabularies/` holds, nothing added."""

from __future__ import annotations

from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS

from pipelines.vocabularies.schemes import Concept, Scheme, Vocabularies

BASE = "https://w3id.org/reviewmart/"
"""Names the schemes and concepts; not an address that answers."""

PREFIXES = {
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "ncit": "http://purl.obolibrary.org/obo/NCIT_",
    "comet": "https://doi.org/10.1016/j.jclinepi.2017.12.020#domain-",
    "ocebm": "https://www.cebm.ox.ac.uk/resources/levels-of-evidence/ocebm-levels-of-evidence#level-",
}
"""What the prefix of a mapping's object_id stands for."""

_LANGUAGE = "en"


def skos_turtle(vocabularies: Vocabularies) -> str:
    """All schemes as one Turtle document: concepts, labels, notes, hierarchy and mappings; the same for the same input.

    A scheme's address is `BASE` and its id, a concept's the scheme's, a slash and its own id.
    """
    graph = Graph(bind_namespaces="none")
    graph.bind("skos", SKOS)
    graph.bind("dcterms", DCTERMS)
    for prefix, address in PREFIXES.items():
        graph.bind(prefix, address)
    for scheme in vocabularies.schemes.values():
        graph.bind(scheme_prefix(scheme.scheme_id), scheme_address(scheme.scheme_id))
        _add_scheme(graph, scheme)
    for mapping in vocabularies.mappings:
        prefix, _, local = mapping.object_id.partition(":")
        subject = URIRef(scheme_address(mapping.scheme) + mapping.concept_id)
        predicate = URIRef(f"{SKOS}{mapping.predicate.removeprefix('skos:')}")
        graph.add((subject, predicate, URIRef(PREFIXES[prefix] + local)))
    return graph.serialize(format="turtle")


def scheme_prefix(scheme_id: str) -> str:
    """The prefix of a scheme's concepts in a CURIE: `reviewmart.modality`."""
    return f"reviewmart.{scheme_id}"


def scheme_address(scheme_id: str) -> str:
    """What a scheme's prefix stands for."""
    return f"{BASE}{scheme_id}/"


def _add_scheme(graph: Graph, scheme: Scheme) -> None:
    address = URIRef(BASE + scheme.scheme_id)
    graph.add((address, RDF.type, SKOS.ConceptScheme))
    graph.add((address, DCTERMS.title, Literal(scheme.scheme_id.capitalize(), _LANGUAGE)))
    for concept in scheme.concepts.values():
        _add_concept(graph, concept, address, Namespace(scheme_address(scheme.scheme_id)))


def _add_concept(graph: Graph, concept: Concept, scheme: URIRef, concepts: Namespace) -> None:
    subject = concepts[concept.concept_id]
    graph.add((subject, RDF.type, SKOS.Concept))
    graph.add((subject, SKOS.inScheme, scheme))
    graph.add((subject, SKOS.notation, Literal(concept.concept_id)))
    if concept.parent_id is None:
        graph.add((scheme, SKOS.hasTopConcept, subject))
        graph.add((subject, SKOS.topConceptOf, scheme))
    else:
        graph.add((subject, SKOS.broader, concepts[concept.parent_id]))
        graph.add((concepts[concept.parent_id], SKOS.narrower, subject))
    graph.add((subject, SKOS.prefLabel, Literal(concept.pref_label, _LANGUAGE)))
    for label in (*concept.alt_labels, *concept.abbreviations):
        graph.add((subject, SKOS.altLabel, Literal(label, _LANGUAGE)))
    for label in concept.hidden_labels:
        graph.add((subject, SKOS.hiddenLabel, Literal(label, _LANGUAGE)))
    for predicate, text in ((SKOS.definition, concept.definition), (SKOS.scopeNote, concept.scope_note)):
        if text:
            graph.add((subject, predicate, Literal(text, _LANGUAGE)))
