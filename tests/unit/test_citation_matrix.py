"""The citation matrix of three invented reviews, and selections of references that cannot be exported."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.release.files import DATABASE
from pipelines.release.formats import citation_matrix
from pipelines.release.formats.citation_matrix import read_citation_matrix
from pipelines.release.formats.reference_selection import SelectionError, open_selection
from tests.mini_tables import frames

CITED = (("b", 1, "w1"), ("b", 2, "w2"), ("a", 1, "w2"), ("a", 2, "w2"), ("c", 1, "w3"))


@pytest.fixture(name="release")
def _release(tmp_path: Path) -> Path:
    """A folder with the database of reviews a, b and c: a lists w2 twice, b cites it too, and c cites w3 only."""
    tables = frames(
        bib_references=tuple({"review_id": review, "ref_no": ref_no} for review, ref_no, _ in CITED),
        reference_works=tuple(
            {"review_id": review, "ref_no": ref_no, "work_id": work} for review, ref_no, work in CITED
        ),
        works=(
            {"work_id": "w1", "first_author": "Fern", "title": "Heels, in short", "year": 2001},
            {"work_id": "w2", "first_author": "Moss"},
            {"work_id": "w3", "title": "Toes"},
        ),
    )
    with duckdb.connect(str(tmp_path / DATABASE)) as connection:
        for name in ("bib_references", "reference_works", "works"):
            connection.register("frame", tables[name].to_arrow())
            connection.execute(f"CREATE TABLE {name} AS FROM frame")
            connection.unregister("frame")
    return tmp_path


def test_the_matrix_has_a_row_per_work_and_a_column_per_review(release: Path) -> None:
    assert read_citation_matrix(release).write_csv().splitlines() == [
        "work_id,work,title,year,a,b,c",
        "w2,Moss,,,1,1,0",
        'w1,Fern 2001,"Heels, in short",2001,0,1,0',
        "w3,,Toes,,0,0,1",
    ]


def test_the_matrix_has_only_the_selected_references(release: Path) -> None:
    matrix = read_citation_matrix(release, "SELECT * FROM reference_works WHERE work_id = 'w2' ;")
    assert matrix.columns == ["work_id", "work", "title", "year", "a", "b"]
    assert matrix.rows() == [("w2", "Moss", None, None, 1, 1)]


def test_a_matrix_of_too_many_cells_is_refused_with_a_query_that_makes_it_smaller(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(citation_matrix, "MAX_CELLS", 9)
    assert read_citation_matrix(release).height == 3
    monkeypatch.setattr(citation_matrix, "MAX_CELLS", 8)
    with pytest.raises(SelectionError, match="3 works by 3 reviews are more than 8 cells") as refused:
        read_citation_matrix(release)
    query = str(refused.value).partition(": ")[2].partition(";")[0].replace("n_reviews > 1", "work_id = 'w2'")
    assert read_citation_matrix(release, query).height == 1


@pytest.mark.parametrize(
    ("select", "message"),
    [
        ("SELECT 1", "must return review_id and ref_no"),
        ("SELECT review_id, ref_no FROM bib_references WHERE ref_no = 99", "No reference is selected by: SELECT"),
        ("SELECT 'z' AS review_id, 1 AS ref_no", "No reference is selected"),
    ],
)
def test_a_query_that_selects_no_reference_is_refused(release: Path, select: str, message: str) -> None:
    with pytest.raises(SelectionError, match=message), open_selection(release, select):
        pass


def test_a_folder_without_a_database_is_named(tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match=r"reviewmart\.duckdb: missing"), open_selection(tmp_path):
        pass
