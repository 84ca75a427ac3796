"""Rebuilds: a change recomputes the assets that it affects and no others, and mixed states are never published."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipelines.orchestration.assets import ASSETS
from pipelines.orchestration.staleness import build_asset_graph
from tests import mini_review
from tests.integration.operations import Deployment
from tests.mini_review import add_source

EXTRACTED = {"reviews", "sentences", "bib_references", "table_cells", "citation_markers"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment after its first rebuild."""
    with dg.DagsterInstance.ephemeral() as instance:
        deployment = Deployment.create(tmp_path_factory.mktemp("deployment"), instance)
        outcome = deployment.run("rebuild_all")
        assert outcome.success, outcome.failures
        assert not outcome.reused
        yield deployment


def add_row(path: Path, **cells: str) -> None:
    """Append a row to a vocabulary file; columns that are not given stay empty."""
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("a", encoding="utf-8") as file:
        file.write(",".join(cells.get(name, "") for name in header) + "\n")


def test_computes_nothing_if_nothing_has_changed(built: Deployment) -> None:
    release = built.latest_release_id()
    outcome = built.run("rebuild_changed")
    assert outcome.success
    assert {name for name in outcome.computed if not name.endswith("_words")} == {"sources", "release"}
    assert built.latest_release_id() == release


def test_a_new_topic_label_affects_topics_but_not_claims(built: Deployment) -> None:
    add_row(built.folder / "vocabularies" / "imaging.csv", concept_id="shadow_play", pref_label="shadow play")
    release = built.latest_release_id()
    requested = {key.to_user_string() for key in built.request("changes_in_vocabularies")}
    assert {"reference_topics", "concepts", "topic_words", "builds", "release"} <= requested
    assert not requested & {
        *EXTRACTED,
        "studies",
        "claims",
        "study_modalities",
        "reference_designs",
        "journals",
        "sources",
    }
    outcome = built.run("rebuild_changed", [dg.AssetKey.from_user_string(name) for name in requested])
    assert outcome.success, outcome.failures
    assert {"concepts", "reference_topics"} <= outcome.computed
    assert built.latest_release_id() != release


def test_an_edit_of_the_journals_does_not_affect_coding(built: Deployment) -> None:
    path = built.folder / "vocabularies" / "journals.csv"
    add_row(path, journal_id="foot_j", abbreviation="Foot J", title="Foot Journal")
    requested = built.request("changes_in_vocabularies")
    names = {key.to_user_string() for key in requested}
    assert "sources" not in names
    outcome = built.run("rebuild_changed", requested)
    assert outcome.success, outcome.failures
    assert {"journals", "bib_references", "journal_ranking", "release"} <= outcome.computed
    # The studies are computed from the references but do not change, so nothing downstream of them is computed.
    assert "studies" in outcome.computed
    assert {"claims", "study_modalities", "study_concepts", "concepts", "evidence_map"} <= outcome.reused
    journal_ids = pl.read_parquet(built.out / "latest" / "parquet" / "bib_references.parquet")["journal_id"]
    assert "foot_j" in journal_ids.to_list()


def test_reusing_tables_gives_the_same_release_as_computing_all(built: Deployment, tmp_path: Path) -> None:
    built.run("rebuild_changed")
    incremental = (built.out / "latest").resolve()
    with dg.DagsterInstance.ephemeral() as instance:
        other = Deployment(tmp_path, instance)
        shutil.copytree(built.raw, other.raw)
        shutil.copytree(built.folder / "vocabularies", other.folder / "vocabularies")
        assert other.run("rebuild_all").success
        full = (other.out / "latest").resolve()
    assert full.name == incremental.name
    for path in sorted((full / "parquet").iterdir()):
        assert path.read_bytes() == (incremental / "parquet" / path.name).read_bytes(), path.name


def test_reads_one_review_again_and_reuses_unchanged_tables(built: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    # The form is validated before the run has its resources, so it takes the folder from the environment.
    monkeypatch.setenv("REVIEWMART_RAW", str(built.raw))
    outcome = built.run("rebuild_one_review", run_config={"review_id": "heel"})
    assert outcome.success, outcome.failures
    assert "sentences" in outcome.computed
    assert {"studies", "claims", "evidence_map"} <= outcome.reused


def test_refuses_to_publish_tables_of_different_states(built: Deployment) -> None:
    release = built.latest_release_id()
    folder = add_source(
        built.raw, "late", mini_review.text(front=mini_review.FRONT.replace("heel.2021", "late")).encode()
    )
    outcome = built.run("publish_only")
    assert not outcome.success
    assert "out of date" in outcome.failures["release"].splitlines()[0]
    assert "rebuild_changed" in outcome.failures["release"].splitlines()[0]
    assert "sources: its files changed" in outcome.failures["release"]
    assert built.latest_release_id() == release
    shutil.rmtree(folder)
    assert built.run("publish_only").success


def test_every_asset_that_reads_vocabularies_declares_their_files(
    built: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An asset that does not declare the vocabulary files it reads would be reused after they have changed."""
    from pipelines.orchestration.resources import Folders

    loads: list[str] = []

    def record_calls(method: str) -> None:
        load = getattr(Folders, method)

        def load_and_record(folders: Folders) -> object:
            loads.append(method)
            return load(folders)

        monkeypatch.setattr(Folders, method, load_and_record)

    record_calls("load_vocabularies")
    record_calls("load_coding_rules")
    graph = build_asset_graph(ASSETS)
    for definition in ASSETS:
        name = next(iter(definition.keys)).to_user_string()
        if name.endswith("_words") or name == "release":
            continue
        loads.clear()
        assert built.run("rebuild_all", definition.keys).success
        declares_files = any(upstream.endswith("_words") for upstream in graph[name].inputs)
        assert declares_files or not loads, f"{name} reads vocabularies but declares no files"
