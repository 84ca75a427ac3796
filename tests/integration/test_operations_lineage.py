"""The metadata that the UI shows of each asset: description, columns, column lineage, preview and chart."""

from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipelines.analysis import charts
from pipelines.curate.review_context import ABBREVIATIONS_SCHEMA
from pipelines.curate.studies import STUDY_CELLS_SCHEMA
from pipelines.link.works import MEMBERS_SCHEMA, VALUES_SCHEMA
from pipelines.orchestration.asset_specs import column_schema
from pipelines.orchestration.assets import ASSETS
from pipelines.orchestration.frame_files import write_frame
from pipelines.orchestration.staleness import build_asset_graph
from pipelines.orchestration.ui_metadata import column_lineage, materialization_metadata
from schemas.tables import SPECS

GRAPH = build_asset_graph(ASSETS)
DERIVED = {name: spec.column_sources for name, spec in SPECS.items() if spec.column_sources}
SPEC_OF = {spec.key.to_user_string(): spec for asset in ASSETS for spec in asset.specs}
ANALYSIS = [name for name, spec in SPECS.items() if spec.layer == "analysis"]


@pytest.mark.parametrize("name", sorted(SPEC_OF))
def test_every_asset_has_a_description_and_an_owner(name: str) -> None:
    spec = SPEC_OF[name]
    assert spec.group_name in {"sources", "vocabulary", "extracted", "curated", "linked", "analysis", "meta", "release"}
    assert spec.owners
    assert spec.kinds
    assert spec.code_version
    assert spec.tags["published"] in ("yes", "no")
    has_rows = spec.kinds != {"csv"} and name != "release"
    assert (spec.description or "").startswith("One row per ") == has_rows
    assert len(name) <= 26


def test_columns_match_the_model() -> None:
    for name, spec in SPECS.items():
        schema = SPEC_OF[name].metadata["dagster/column_schema"]
        assert [(column.name, column.type, column.description) for column in schema.columns] == [
            (column.name, column.sql_type, column.description) for column in spec.columns
        ]
    columns = {column.name: column for column in column_schema("bib_references").columns}
    assert columns["ref_no"].constraints.other == ["≥ 1"]
    assert columns["ref_no"].constraints.nullable is False
    assert columns["journal_id"].constraints.other == ["not empty", "vocabulary journals"]
    assert column_schema("bib_references").constraints.other[0] == "primary key (review_id, ref_no)"
    assert "Key: review_id, ref_no." in (SPEC_OF["bib_references"].description or "")


def test_column_lineage_names_existing_columns_of_the_inputs() -> None:
    unpublished = {
        "abbreviations": set(ABBREVIATIONS_SCHEMA),
        "study_cells": set(STUDY_CELLS_SCHEMA),
        "work_members": set(MEMBERS_SCHEMA),
        "work_values": set(VALUES_SCHEMA),
    }
    layers = ("curated", "linked", "analysis")
    assert sorted(DERIVED) == sorted(
        name for name, spec in SPECS.items() if spec.layer in layers and name != "source_issues"
    )
    for name, columns in DERIVED.items():
        assert set(columns) == {column.name for column in SPECS[name].columns}, name
        for sources in columns.values():
            for table, column in sources:
                columns_there = unpublished.get(table) or {item.name for item in SPECS[table].columns}
                assert table in GRAPH[name].inputs, (name, table)
                assert column in columns_there, (name, table, column)


def test_column_lineage_lists_all_sources_of_a_column() -> None:
    lineage = column_lineage("evidence_map")
    assert lineage["strongest_level"] == [
        dg.TableColumnDep(asset_key=dg.AssetKey("reference_designs"), column_name="ocebm_level"),
        dg.TableColumnDep(asset_key=dg.AssetKey("reference_designs"), column_name="basis"),
    ]
    assert column_lineage("sentences") == {}


@pytest.mark.parametrize("name", ANALYSIS)
def test_analysis_metadata_has_row_count_nulls_preview_and_chart(outputs: Path, name: str, tmp_path: Path) -> None:
    frame = pl.read_parquet(outputs / "latest" / "parquet" / f"{name}.parquet")
    metadata = materialization_metadata(name, write_frame(name, [frame], tmp_path), with_chart=True)
    assert metadata["dagster/row_count"] == frame.height
    assert metadata["preview"].value.count("\n") == 1 + min(frame.height, 5)
    assert metadata["nulls"].value
    assert metadata["chart"].value.startswith(f"![{name}](data:image/png;base64,iVBOR")


def test_nulls_are_counted_with_their_share(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1, None, None, 4], "b": ["x", "y", "z", "|"]})
    metadata = materialization_metadata("anything", write_frame("anything", [frame], tmp_path), with_chart=True)
    assert "| a | 2 | 50% |" in metadata["nulls"].value
    assert "| 4 | \\| |" in metadata["preview"].value
    assert "chart" not in metadata


def test_every_analysis_has_a_chart() -> None:
    assert sorted(charts.CHARTS) == sorted(ANALYSIS)
