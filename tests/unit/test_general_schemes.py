"""The derived schemes: their files, how they are made from the fact files, and what of them is published."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.vocabularies.csv_files import load_vocabularies
from pipelines.vocabularies.derive_general import (
    Branch,
    Descriptor,
    derive_concepts,
    read_branches,
    read_descriptors,
    read_drugs,
)
from pipelines.vocabularies.general_schemes import (
    GENERAL,
    GeneralConcept,
    GeneralScheme,
    load_general_scheme,
    write_concepts,
)
from pipelines.vocabularies.matcher import Matcher, fold_text
from pipelines.vocabularies.schemes import (
    VocabularyError,
    concept_labels_frame,
    concept_mappings_frame,
    concepts_frame,
)
from pipelines.vocabularies.used_concepts import add_used_concepts
from schemas.tables.vocabulary import ConceptLabels, ConceptMappings, Concepts

FOLDER = Path(__file__).parents[2] / "schemas" / "vocabularies"
INTERVENTIONS = load_general_scheme(FOLDER / GENERAL, "intervention")
CONDITIONS = load_general_scheme(FOLDER / GENERAL, "condition")
VOCABULARIES = load_vocabularies(FOLDER)

ACTIONS = Descriptor("D000001", "Analgesics", ("D27.505.954.1",), (), ("Analgesic Drugs", "Pain Killers"))
ASPIRIN = Descriptor(
    "D000002", "Aspirin", ("D02.455",), ("D000001",), ("Acetylsalicylic Acid", "Acid, Acetylsalicylic")
)
KETO_ACID = Descriptor("D000003", "Keto Acids", ("D02.241",), (), ())
CAPSULES = Descriptor("D000004", "Capsules", ("D26.255.165",), (), ())
BRANCHES = (Branch("D26.255", ""), Branch("D27.505.954", "drug"))


def derive(
    *descriptors: Descriptor, drugs: tuple[dict[str, str], ...] = (), stops: tuple[str, ...] = ()
) -> dict[str, GeneralConcept]:
    words = [("*mab", "biological"), ("oil", "food")]
    concepts = derive_concepts(descriptors, BRANCHES, read_drugs(drugs, words), stops)
    return {concept.concept_id: concept for concept in concepts}


def drug(drugbank_id: str, name: str, synonyms: str = "", accession: str = "") -> dict[str, str]:
    return {"DrugBank ID": drugbank_id, "Common name": name, "Synonyms": synonyms, "Accession Numbers": accession}


@pytest.mark.parametrize(
    ("scheme", "words", "concept_id", "value"),
    [
        (INTERVENTIONS, "Paracetamol", "acetaminophen", "drug"),
        (INTERVENTIONS, "adalimumab", "adalimumab", "biological"),
        (INTERVENTIONS, "vitamin D", "vitamin_d", "food"),
        (INTERVENTIONS, "coronary artery bypass", "coronary_artery_bypass", "procedure"),
        (INTERVENTIONS, "cognitive behavioural therapy", "cognitive_behavioral_therapy", "behaviour"),
        (INTERVENTIONS, "brachytherapy", "brachytherapy", "radiation"),
        (INTERVENTIONS, "interferon-\u03b1", "interferon_alpha", "biological"),
        (CONDITIONS, "type 2 diabetes", "diabetes_mellitus_type_2", "metabolism_and_nutrition"),
        (CONDITIONS, "COPD", "pulmonary_disease_chronic_obstructive", "respiratory"),
        (CONDITIONS, "schizophrenia", "schizophrenia", "psychiatric"),
        (CONDITIONS, "colorectal cancer", "colorectal_neoplasms", "neoplasms"),
    ],
)
def test_knows_common_names(scheme: GeneralScheme, words: str, concept_id: str, value: str) -> None:
    (match,) = Matcher(scheme).find(words)
    assert (match.concept_id, match.start, match.end) == (concept_id, 0, len(words))
    assert scheme[concept_id].value == value


@pytest.mark.parametrize("words", ["control group", "a rating scale", "tablets", "the same dose", "copd-like"])
def test_leaves_out_words_that_name_no_concept(words: str) -> None:
    assert Matcher(INTERVENTIONS).find(words) == []


@pytest.mark.parametrize(("scheme", "values"), [(INTERVENTIONS, "intervention_kind"), (CONDITIONS, "outcome_domain")])
def test_the_shipped_file_is_consistent(scheme: GeneralScheme, values: str) -> None:
    ids = {concept.concept_id for concept in scheme}
    assert len(ids) == len(scheme) > 4000
    assert {concept.value for concept in scheme} <= set(VOCABULARIES.schemes[values].concepts)
    assert {concept.parent_id for concept in scheme} - {None} <= ids
    labels = [key for concept in scheme for key in concept.keys]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("name", ["Ibuprofen", "Epidural analgesia", "Mediterranean diet", "Beh\u00e7et syndrome"])
def test_labels_are_in_the_folded_form_of_the_matcher(name: str) -> None:
    """Fails after a change of the folding until the files are written again."""
    scheme = CONDITIONS if "syndrome" in name else INTERVENTIONS
    assert scheme.find(fold_text(name))


def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "condition.csv.xz").write_bytes(b"no archive")
    with pytest.raises(VocabularyError, match=r"condition\.csv\.xz: the file is damaged .*just vocabularies"):
        load_general_scheme(tmp_path, "condition")


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    concept = GeneralConcept("aspirin", None, "Aspirin, plain", "drug", "D001241", "DB00945", ("aspirin",), ("ASA",))
    (tmp_path / "intervention.csv.xz").write_bytes(write_concepts([concept]))
    scheme = load_general_scheme(tmp_path, "intervention")
    assert list(scheme) == [concept]
    assert [match.concept_id for match in Matcher(scheme).find("ASA, asa or aspirin")] == ["aspirin", "aspirin"]


def test_a_substance_belongs_to_the_branch_of_its_action() -> None:
    concepts = derive(ACTIONS, ASPIRIN, KETO_ACID, CAPSULES)
    assert set(concepts) == {"analgesics", "aspirin"}
    assert concepts["aspirin"].parent_id == "analgesics"
    assert concepts["aspirin"].keys == ("acetylsalicylic acid", "aspirin")


def test_drugbank_adds_drugs_and_the_names_of_drugs() -> None:
    concepts = derive(
        ACTIONS,
        ASPIRIN,
        drugs=(
            drug("DB1", "Acetylsalicylic acid", "ASA | 2-acetoxybenzoic acid | Azetylsalizyls\u00e4ure | Ecotrin"),
            drug("DB2", "Exemplimab"),
            drug("DB3", "Exampline"),
            drug("DB4", "N-(4-hydroxyphenyl)acetamide"),
        ),
    )
    assert concepts["aspirin"].drugbank_id == "DB1"
    assert concepts["aspirin"].keys == ("acetylsalicylic acid", "aspirin", "ecotrin")
    assert (concepts["exemplimab"].value, concepts["exampline"].value) == ("biological", "drug")
    assert set(concepts) == {"analgesics", "aspirin", "exemplimab", "exampline"}


def test_a_drug_has_its_own_name_not_that_of_its_salt() -> None:
    salt = Descriptor("D000005", "Exampline Hydrochloride", ("D02.1",), ("D000001",), ("Exampline",))
    concepts = derive(ACTIONS, salt, drugs=(drug("DB3", "Exampline"),))
    assert concepts["exampline"].mesh_id == "D000005"


def test_a_stop_label_is_left_out() -> None:
    assert derive(ACTIONS, stops=("pain killer",))["analgesics"].keys == ("analgesic", "analgesic drug")


def test_a_shifted_branch_is_refused() -> None:
    rows = [{"scheme": "intervention", "tree_number": "D27.505.954.1", "name": "Antacids", "value": "drug"}]
    with pytest.raises(ValueError, match=r"D27\.505\.954\.1 is 'Analgesics', not 'Antacids'; correct it"):
        read_branches(rows, "intervention", [ACTIONS])


def test_reads_the_columns_of_mesh() -> None:
    row = {
        "descriptor_ui": "D000002",
        "name": "Aspirin",
        "tree_numbers": "D02.455",
        "pharm_action_uis": "D000001",
        "entry_terms": "Acetylsalicylic Acid|Acid, Acetylsalicylic",
    }
    assert list(read_descriptors([row])) == [ASPIRIN]


def test_publishes_the_used_concepts_with_their_broader_ones() -> None:
    derived = {"intervention": INTERVENTIONS, "condition": CONDITIONS}
    used = [("intervention", "vertebroplasty"), ("outcome_domain", "cardiac"), ("intervention", "vertebroplasty")]
    published = add_used_concepts(VOCABULARIES, derived, used)
    concepts = published.schemes["intervention"].concepts
    assert list(concepts) == ["cementoplasty", "orthopedic_procedures", "vertebroplasty"]
    assert [concepts[name].level for name in concepts] == [2, 1, 3]
    assert published.schemes["condition"].concepts == published.schemes["country"].concepts == {}
    assert len(published.schemes["outcome_domain"].concepts) == 44
    mappings = [m.object_id for m in published.mappings if m.scheme == "intervention"]
    assert sorted(mappings) == ["mesh:D019637", "mesh:D054854", "mesh:D060826"]
    Concepts.validate(concepts_frame(published), lazy=True)
    ConceptLabels.validate(concept_labels_frame(published), lazy=True)
    ConceptMappings.validate(concept_mappings_frame(published), lazy=True)
    assert concepts_frame(published).filter(pl.col("scheme") == "intervention").height == 3
