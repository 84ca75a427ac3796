"""The concept schemes as SKOS conform to the integrity conditions of the SKOS reference, written as SHACL shapes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.common.settings import VOCABULARIES
from pipelines.release.formats.skos import render_skos
from pipelines.vocabularies.csv_files import load_vocabularies
from pipelines.vocabularies.schemes import Vocabularies, concepts_frame

SHAPES = Path(__file__).parent / "vocabulary" / "skos_shapes.ttl"


@pytest.fixture(scope="module")
def vocabularies() -> Vocabularies:
    return load_vocabularies(VOCABULARIES)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_skos_rendering_is_valid(vocabularies: Vocabularies) -> None:
    pyshacl = pytest.importorskip("pyshacl")
    rdflib = pytest.importorskip("rdflib")
    turtle = render_skos(vocabularies)
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=str(SHAPES), advanced=True)
    assert conforms, report
    assert len(set(graph.subjects(rdflib.RDF.type, rdflib.SKOS.Concept))) == concepts_frame(vocabularies).height
    assert turtle == render_skos(vocabularies)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "fault",
    [
        'reviewmart.region:lumbar skos:prefLabel "Another"@en .',
        'reviewmart.region:lumbar skos:hiddenLabel "lumbar disc"@en .',
        "reviewmart.region:lumbar skos:broader reviewmart.imaging:ct .",
        "reviewmart.region:lumbar skos:exactMatch <urn:x> ; skos:broadMatch <urn:x> .",
        "reviewmart.region:cervical skos:broader reviewmart.region:atlantoaxial .",
    ],
)
def test_the_skos_shapes_detect_a_fault(vocabularies: Vocabularies, fault: str) -> None:
    pyshacl = pytest.importorskip("pyshacl")
    rdflib = pytest.importorskip("rdflib")
    small = Vocabularies({name: vocabularies.schemes[name] for name in ("region", "imaging")}, (), {})
    graph = rdflib.Graph().parse(data=f"{render_skos(small)}\n{fault}\n", format="turtle")
    assert not pyshacl.validate(graph, shacl_graph=str(SHAPES), advanced=True)[0]
