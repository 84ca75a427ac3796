"""Which assets run after which change, and that what does not belong together is never published."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipelines.orchestration.assets import ASSETS
from pipelines.orchestration.staleness import graph_of
from tests import mini_review
from tests.integration.operations import World
from tests.mini_review import add_source

EXTRACTED = {"reviews", "sentences", "bib_references", "table_cells", "citation_markers"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world after its first rebuild."""
    with dg.DagsterInstance.ephemeral() as instance:
        world = World.start(tmp_path_factory.mktemp("world"), instance)
        ran = world.run("rebuild_all")
        assert ran.success, ran.failures
        assert not ran.kept
        yield world


def add_row(path: Path, **cells: str) -> None:
    """A row at the end of a vocabulary's file; the columns that are not named stay empty."""
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("a", encoding="utf-8") as file:
        file.write(",".join(cells.get(name, "") for name in header) + "\n")


def test_nothing_is_computed_when_nothing_has_changed(built: World) -> None:
    release = built.release()
    ran = built.run("rebuild_changed")
    assert ran.success
    assert {name for name in ran.computed if not name.endswith("_words")} == {"sources", "release"}
    assert built.release() == release


def test_a_label_of_a_topic_touches_topics_and_no_claim(built: World) -> None:
    add_row(built.folder / "vocabularies" / "imaging.csv", concept_id="shadow_play", pref_label="shadow play")
    release = built.release()
    asked = {key.to_user_string() for key in built.requested("changes_in_vocabularies")}
    assert {"reference_topics", "concepts", "topic_words", "builds", "release"} <= asked
    assert not asked & {*EXTRACTED, "studies", "claims", "study_modalities", "reference_designs", "journals", "sources"}
    ran = built.run("rebuild_changed", [dg.AssetKey.from_user_string(name) for name in asked])
    assert ran.success, ran.failures
    assert {"concepts", "reference_topics"} <= ran.computed
    assert built.release() != release


def test_an_edit_of_the_journals_touches_no_coding(built: World) -> None:
    path = built.folder / "vocabularies" / "journals.csv"
    add_row(path, journal_id="foot_j", abbreviation="Foot J", title="Foot Journal")
    asked = built.requested("changes_in_vocabularies")
    names = {key.to_user_string() for key in asked}
    assert not names & {"concepts", "concept_labels", "sources"}
    ran = built.run("rebuild_changed", asked)
    assert ran.success, ran.failures
    assert {"journals", "bib_references", "journal_ranking", "release"} <= ran.computed
    # The studies are made from the references and come out the same, so that nothing after them is computed.
    assert "studies" in ran.computed
    assert {"claims", "study_modalities", "cocitations", "evidence_map"} <= ran.kept
    known = pl.read_parquet(built.out / "latest" / "parquet" / "bib_references.parquet")["journal_id"]
    assert "foot_j" in known.to_list()


def test_what_is_kept_gives_the_same_release_as_all_made_anew(built: World, tmp_path: Path) -> None:
    built.run("rebuild_changed")
    part_by_part = (built.out / "latest").resolve()
    with dg.DagsterInstance.ephemeral() as instance:
        other = World(tmp_path, instance)
        shutil.copytree(built.raw, other.raw)
        shutil.copytree(built.folder / "vocabularies", other.folder / "vocabularies")
        assert other.run("rebuild_all").success
        anew = (other.out / "latest").resolve()
    assert anew.name == part_by_part.name
    for path in sorted((anew / "parquet").iterdir()):
        assert path.read_bytes() == (part_by_part / "parquet" / path.name).read_bytes(), path.name


def test_one_review_is_read_anew_and_what_comes_out_the_same_is_kept(
    built: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The form checks the name before the run has its resources.
    monkeypatch.setenv("REVIEWMART_RAW", str(built.raw))
    ran = built.run("rebuild_one_review", run_config={"review_id": "heel"})
    assert ran.success, ran.failures
    assert "sentences" in ran.computed
    assert {"studies", "claims", "evidence_map"} <= ran.kept


def test_tables_that_do_not_belong_together_are_not_published(built: World) -> None:
    release = built.release()
    folder = add_source(
        built.raw, "late", mini_review.text(front=mini_review.FRONT.replace("heel.2021", "late")).encode()
    )
    ran = built.run("publish_only")
    assert not ran.success
    assert "out of date" in ran.failures["release"].splitlines()[0]
    assert "rebuild_changed" in ran.failures["release"].splitlines()[0]
    assert "sources: its files changed" in ran.failures["release"]
    assert built.release() == release
    shutil.rmtree(folder)
    assert built.run("publish_only").success


def test_every_asset_of_a_vocabulary_says_which_files_it_reads(built: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An asset that takes words and declares none would be kept when they change."""
    from pipelines.orchestration.resources import Folders

    asked: list[str] = []
    load, rules = Folders.load_vocabularies, Folders.load_coding_rules
    monkeypatch.setattr(Folders, "load_vocabularies", lambda self: asked.append("words") or load(self))
    monkeypatch.setattr(Folders, "load_coding_rules", lambda self: asked.append("words") or rules(self))
    graph = graph_of(ASSETS)
    for definition in ASSETS:
        name = next(iter(definition.keys)).to_user_string()
        if name.endswith("_words") or name == "release":
            continue
        asked.clear()
        assert built.run("rebuild_all", definition.keys).success
        reads = any(upstream.endswith("_words") for upstream in graph[name].inputs)
        assert reads or not asked, f"{name} reads vocabularies and declares none"
