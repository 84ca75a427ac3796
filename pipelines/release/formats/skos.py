"""The vocabularies as SKOS in Turtle, with the content of `schemas/vocabularies/` and nothing more."""

from __future__ import annotations

from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS

from pipelines.vocabularies.schemes import Concept, Scheme, Vocabularies

BASE = "https://w3id.org/reviewmart/"
"""The start of the URIs of schemes and concepts. The URIs are names; they do not resolve."""

PREFIXES = {
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "ncit": "http://purl.obolibrary.org/obo/NCIT_",
    "comet": "https://doi.org/10.1016/j.jclinepi.2017.12.020#domain-",
    "ocebm": "https://www.cebm.ox.ac.uk/resources/levels-of-evidence/ocebm-levels-of-evidence#level-",
    "drugbank": "https://go.drugbank.com/drugs/",
}
"""The namespace of each prefix in a mapping's object_id."""

_LANGUAGE = "en"


def render_skos(vocabularies: Vocabularies) -> str:
    """Render all schemes as one Turtle document: concepts, labels, notes, hierarchy and mappings. Deterministic.

    The URI of a scheme is `<BASE><scheme_id>`, that of a concept `<BASE><scheme_id>/<concept_id>`.
    """
    graph = Graph(bind_namespaces="none")
    graph.bind("skos", SKOS)
    graph.bind("dcterms", DCTERMS)
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for scheme in vocabularies.schemes.values():
        graph.bind(scheme_prefix(scheme.scheme_id), scheme_namespace(scheme.scheme_id))
        _add_scheme(graph, scheme)
    for mapping in vocabularies.mappings:
        prefix, _, local = mapping.object_id.partition(":")
        subject = URIRef(scheme_namespace(mapping.scheme) + mapping.concept_id)
        predicate = URIRef(f"{SKOS}{mapping.predicate.removeprefix('skos:')}")
        graph.add((subject, predicate, URIRef(PREFIXES[prefix] + local)))
    return graph.serialize(format="turtle")


def scheme_prefix(scheme_id: str) -> str:
    """The prefix of a scheme's concepts in a CURIE: `reviewmart.modality`."""
    return f"reviewmart.{scheme_id}"


def scheme_namespace(scheme_id: str) -> str:
    """The namespace of a scheme's concepts."""
    return f"{BASE}{scheme_id}/"


def _add_scheme(graph: Graph, scheme: Scheme) -> None:
    uri = URIRef(BASE + scheme.scheme_id)
    graph.add((uri, RDF.type, SKOS.ConceptScheme))
    graph.add((uri, DCTERMS.title, Literal(scheme.scheme_id.capitalize(), _LANGUAGE)))
    for concept in scheme.concepts.values():
        _add_concept(graph, concept, uri, Namespace(scheme_namespace(scheme.scheme_id)))


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
