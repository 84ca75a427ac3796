"""The RO-Crate metadata of a release of one review with one further file."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.release.description import ReleaseDescription, SourceReview
from pipelines.release.files import ReleaseFile
from pipelines.release.formats.rocrate import build_rocrate
from schemas.tables import SPECS

SOURCE = SourceReview("heel", "Heels", ("A Moss",), "Spine", 1999, "10.1000/x", "CC BY", "heel/source.txt", "1" * 64)


def build(*, is_verbatim: bool) -> dict[str, dict[str, Any]]:
    """The entities of the crate by their id."""
    release = ReleaseDescription(
        release_id="0123456789ab",
        schema_version="1.1.0",
        code_version="0.1.0",
        code_sha256="2" * 64,
        vocabularies_sha256="3" * 64,
        inputs_sha256="4" * 64,
        is_verbatim=is_verbatim,
        sources=(SOURCE,),
        n_rows=7,
    )
    files = {"parquet/claims.parquet": ReleaseFile("parquet/claims.parquet", "5" * 64, 12)}
    crate = build_rocrate(SPECS, release, files, date(2026, 1, 2))
    return {entity["@id"]: entity for entity in crate["@graph"]}


def test_a_list_of_one_value_is_the_value_and_a_longer_one_stays_a_list() -> None:
    entities = build(is_verbatim=True)
    assert entities["./"]["isBasedOn"] == {"@id": "#source-heel"}
    assert [part["@id"] for part in entities["./"]["hasPart"]] == ["reviewmart.duckdb", "parquet/claims.parquet"]
    assert entities["#source-heel"]["identifier"] == [f"sha256:{'1' * 64}", "https://doi.org/10.1000/x"]


def test_a_file_has_its_size_and_the_description_of_its_table() -> None:
    file = build(is_verbatim=True)["parquet/claims.parquet"]
    assert (file["contentSize"], file["sha256"]) == ("12", "5" * 64)
    assert file["description"] == SPECS["claims"].description


@pytest.mark.parametrize(("is_verbatim", "has_licence"), [(True, False), (False, True)])
def test_only_a_release_without_verbatim_text_has_one_licence(is_verbatim: bool, has_licence: bool) -> None:
    entities = build(is_verbatim=is_verbatim)
    licence = entities["./"]["license"]["@id"]
    assert (licence in entities) == has_licence
