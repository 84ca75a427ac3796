"""The shipped vocabularies are valid, invalid edits are rejected, and the SKOS and SSSOM renderings are valid."""

import csv
import io
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipelines.release.formats.sssom import REQUIRED, render_sssom
from pipelines.release.published_vocabularies import read_published_vocabularies
from pipelines.vocabularies.csv_files import load_vocabularies, read_rows
from pipelines.vocabularies.matcher import Label
from pipelines.vocabularies.schemes import (
    Vocabularies,
    VocabularyError,
    concept_labels_frame,
    concept_mappings_frame,
    concepts_frame,
)
from schemas.tables.vocabulary import ConceptLabels, ConceptMappings, Concepts
from schemas.vocabulary_files import SCHEMES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "schemas" / "vocabularies"


@pytest.fixture(scope="module")
def vocabularies() -> Vocabularies:
    return load_vocabularies(FOLDER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped vocabularies to edit."""
    for file in FOLDER.glob("*.csv"):
        shutil.copy(file, tmp_path)
    shutil.copytree(FOLDER / "general", tmp_path / "general")
    return tmp_path


def test_loads_every_scheme(vocabularies: Vocabularies) -> None:
    assert tuple(vocabularies.schemes) == SCHEMES
    assert len(vocabularies.journals) >= 46


def test_modality_has_two_levels(vocabularies: Vocabularies) -> None:
    modality = vocabularies.schemes["modality"]
    assert {concept.level for concept in modality.concepts.values()} == {1, 2}
    assert modality.top("sbrt").concept_id == "stereotactic_radiotherapy"
    assert modality.top("surgery").concept_id == "surgery"


def test_sbrt_has_a_broader_mesh_term(vocabularies: Vocabularies) -> None:
    sbrt = {m.object_id: m.predicate for m in vocabularies.mappings if m.concept_id == "sbrt"}
    assert sbrt == {"mesh:D016634": "skos:broadMatch", "ncit:C118286": "skos:exactMatch"}


def test_unverified_comet_numbers_are_left_out(vocabularies: Vocabularies) -> None:
    numbers = {
        int(m.object_id.removeprefix("comet:")) for m in vocabularies.mappings if m.object_id.startswith("comet:")
    }
    assert numbers
    assert max(numbers) <= 23


@pytest.mark.parametrize("concept_id", ["insufficient", "retrospective_study"])
def test_evidence_contains_only_designs(vocabularies: Vocabularies, concept_id: str) -> None:
    evidence = vocabularies.schemes["evidence"].concepts
    assert concept_id not in evidence
    assert "not_stated" in evidence


def test_frames_pass_their_models(vocabularies: Vocabularies) -> None:
    for frame, model in (
        (concepts_frame(vocabularies), Concepts),
        (concept_labels_frame(vocabularies), ConceptLabels),
        (concept_mappings_frame(vocabularies), ConceptMappings),
    ):
        model.validate(frame, lazy=True)
        assert frame.height > 40


def test_an_abbreviation_is_published_as_an_alternative_label(vocabularies: Vocabularies) -> None:
    assert Label("modality", "helical_tomotherapy", "HT", "alt", needs_definition=True) in vocabularies.labels(
        "modality"
    )
    labels = concept_labels_frame(vocabularies)
    assert labels.filter(pl.col("label") == "HT")["label_type"].to_list() == ["alt"]


def _append(folder: Path, file: str, line: str) -> int:
    """Append a line to a file and return its number."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}{line}\n", encoding="utf-8")
    return text.count("\n") + 1


@pytest.mark.parametrize(
    ("file", "line", "problem", "fix"),
    [
        ("region.csv", "lumbar,,Loins,,,,,", "concept_id 'lumbar' is already on line", "rename or delete"),
        ("region.csv", "Lumbar Spine,,Loins,,,,,", "'Lumbar Spine' is not a code", "lower-case letters"),
        ("region.csv", ",,Loins,,,,,", "concept_id '' is not a code", "lower-case letters"),
        ("region.csv", "3d_ct,,Loins,,,,,", "concept_id '3d_ct' is not a code", "begin with a lower-case letter"),
        ("region.csv", "loins,,,,,,,", "'loins' has no pref_label", "add one"),
        ("region.csv", "loins,lumber,Loins,,,,,", "parent_id 'lumber' is not a concept_id", "correct the spelling"),
        ("region.csv", "loins,loins,Loins,,,,,", "form a cycle: loins > loins", "clear the parent_id"),
        ("region.csv", "loins,,Loins,Lumbar-Spines,,,,", "(equivalent to 'Lumbar spine')", "keep it on one of them"),
        (
            "region.csv",
            "loins,,Loins,,sacrum,,,",
            "label 'sacrum' of 'loins' is also a label of 'sacral'",
            "keep it on one",
        ),
        ("region.csv", "loins,,Loins,Loins,,,,", "'loins' has the label 'Loins' twice", "delete one"),
        ("region.csv", "loins,,Loins,*; ?,,,,", "label '*' contains no words", "delete it"),
        ("region.csv", "loins,,Loins, of,,,,,", "9 cells under 8 columns", "double quotes"),
        ("region.csv", 'loins,,"Loins,,,,,', "is not valid CSV", "close its quotes"),
        (
            "mappings.csv",
            "regio,lumbar,skos:closeMatch,mesh:D008159,,semapv:X,",
            "scheme 'regio' is unknown",
            "write one",
        ),
        (
            "mappings.csv",
            "region,lumber,skos:closeMatch,mesh:D008159,,semapv:X,",
            "not a concept of region",
            "region.csv",
        ),
        (
            "mappings.csv",
            "region,lumbar,skos:sameAs,mesh:D008159,,semapv:X,",
            "'skos:sameAs' is unknown",
            "skos:exactMatch",
        ),
        (
            "mappings.csv",
            "region,lumbar,skos:closeMatch,mesh:D81,,semapv:X,",
            "'mesh:D81' is malformed",
            "mesh:D016634",
        ),
        (
            "mappings.csv",
            "region,lumbar,skos:closeMatch,mesh:E04.525,,semapv:X,",
            "'mesh:E04.525' is malformed",
            "D and",
        ),
        (
            "mappings.csv",
            "region,lumbar,skos:closeMatch,ncit:69314,,semapv:X,",
            "'ncit:69314' is malformed",
            "ncit:C15358",
        ),
        ("mappings.csv", "outcome,pain,skos:closeMatch,comet:39,,semapv:X,", "'comet:39' is malformed", "from 1 to 38"),
        ("mappings.csv", "evidence,case_report,skos:closeMatch,ocebm:6,,semapv:X,", "'ocebm:6' is malformed", "1 to 5"),
        (
            "mappings.csv",
            "region,lumbar,skos:closeMatch,icd:C41,,semapv:X,",
            "not from a supported vocabulary",
            "mesh:",
        ),
        ("mappings.csv", "region,sacral,skos:closeMatch,ncit:C1,,by hand,", "not a SEMAPV term", "semapv:Manual"),
        (
            "mappings.csv",
            "region,lumbar,skos:broadMatch,mesh:D008159,,semapv:X,",
            "is already mapped to mesh:D008159",
            "keep one",
        ),
        (
            "mappings.csv",
            "region,thoracic,skos:exactMatch,ncit:C69314,,semapv:X,",
            "exact match of 'lumbar' and",
            "closeMatch",
        ),
        (
            "journals.csv",
            "spine_b,Spine,Spine B,,,,,",
            "name 'Spine' of 'spine_b' is also a name of 'spine_phila_pa_1976'",
            "keep",
        ),
        ("journals.csv", "spine_b,Spine B,Spine B,,03622436,,,", "issn_print '03622436' is malformed", "0362-2436"),
        ("journals.csv", "spine_b,Spine B,Spine B,,,,76 46,", "nlm_id '76 46' is malformed", "7610646"),
        (
            "journals.csv",
            "3_spine,Spine B,Spine B,,,,,",
            "journal_id '3_spine' is not a code",
            "begin with a lower-case",
        ),
        ("journals.csv", "spine_b,,Spine B,,,,,", "'spine_b' has no abbreviation", "add one"),
    ],
)
def test_rejects_an_invalid_row_with_file_line_and_fix(
    folder: Path, file: str, line: str, problem: str, fix: str
) -> None:
    number = _append(folder, file, line)
    with pytest.raises(VocabularyError) as raised:
        load_vocabularies(folder)
    message = str(raised.value)
    assert message.startswith(f"{file}, line {number}: ")
    assert problem in message
    assert fix in message.split("; ", 1)[1]


def test_names_all_concepts_of_a_cycle(folder: Path) -> None:
    _append(folder, "cancer.csv", "a,b,Alpha,,,,,\nb,c,Beta,,,,,\nc,a,Gamma,,,,,")
    with pytest.raises(VocabularyError, match="a > b > c > a"):
        load_vocabularies(folder)


def test_rejects_a_missing_column(folder: Path) -> None:
    path = folder / "region.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("hidden_labels", "hiden_labels", 1), encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"region\.csv, line 1: column hidden_labels is missing; the header is"):
        load_vocabularies(folder)


def test_rejects_another_separator(folder: Path) -> None:
    path = folder / "region.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", "\t"), encoding="utf-8")
    with pytest.raises(VocabularyError, match="separated by commas"):
        load_vocabularies(folder)


def test_rejects_another_encoding_with_its_line(folder: Path) -> None:
    path = folder / "region.csv"
    number = path.read_bytes().count(b"\n") + 1
    path.write_bytes(path.read_bytes() + "dos,,Région dorsale,,,,,\n".encode("latin-1"))
    with pytest.raises(
        VocabularyError, match=rf"region\.csv, line {number}: the file is not UTF-8; save it as CSV UTF-8"
    ):
        load_vocabularies(folder)


def test_rejects_an_empty_file(folder: Path) -> None:
    (folder / "region.csv").write_text("\n\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match="the file is empty"):
        load_vocabularies(folder)


def test_accepts_what_a_spreadsheet_leaves_behind(folder: Path, vocabularies: Vocabularies) -> None:
    path = folder / "region.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([*rows[0], "remarks"])
    for row in rows[1:]:
        writer.writerow([f" {cell} " for cell in row] + [""])
        writer.writerow([""] * 9)
    path.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode() + b"\r\n,,,,\r\n")
    assert load_vocabularies(folder).schemes["region"] == vocabularies.schemes["region"]


def test_line_numbers_are_right_after_a_cell_with_two_lines(folder: Path) -> None:
    number = _append(folder, "region.csv", 'loins,,Loins,,,,"two\nlines",\nloins,,Flank,,,,,')
    with pytest.raises(VocabularyError, match=f"line {number + 2}: concept_id 'loins' is already on line {number}"):
        load_vocabularies(folder)


def test_rows_have_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n\n1, 2 \n", encoding="utf-8")
    assert [(row.line, dict(row.cells)) for row in read_rows(path, ("a", "b"))] == [(3, {"a": "1", "b": "2"})]


def test_every_concept_has_a_definition(vocabularies: Vocabularies) -> None:
    concepts = concepts_frame(vocabularies)
    assert concepts.filter(pl.col("definition").is_null())["concept_id"].to_list() == []


def test_the_sssom_rendering_has_the_required_columns(vocabularies: Vocabularies) -> None:
    text = render_sssom(vocabularies, version="2024.1")
    rows = list(csv.DictReader((line for line in text.splitlines() if line[0] != "#"), delimiter="\t"))
    assert len(rows) == len(vocabularies.mappings)
    assert all(row[column] for row in rows for column in REQUIRED)
    assert {row["predicate_id"].partition(":")[0] for row in rows} == {"skos"}


def test_the_sssom_rendering_of_a_release_has_no_empty_column(vocabularies: Vocabularies) -> None:
    frames = {
        "concepts": concepts_frame(vocabularies).lazy(),
        "concept_labels": concept_labels_frame(vocabularies).lazy(),
        "concept_mappings": concept_mappings_frame(vocabularies).lazy(),
    }
    text = render_sssom(read_published_vocabularies(frames))
    rows = list(csv.DictReader((line for line in text.splitlines() if line[0] != "#"), delimiter="\t"))
    assert {column for column in rows[0] if not any(row[column] for row in rows)} == set()
    assert len(rows) == len(vocabularies.mappings)
