"""Pairs of references cited together and of authors listed together, as views of a release."""

import polars as pl
import pytest

from tests.mini_mart import open_mart
from tests.mini_tables import Record, frames


def query_view(view: str, **tables: tuple[Record, ...]) -> pl.DataFrame:
    """The rows of a view, in the order of its first columns."""
    with open_mart(frames(**tables)) as mart:
        found = mart.execute(f"FROM {view} ORDER BY ALL")
        columns = [column[0] for column in found.description or []]
        return pl.DataFrame(found.fetchall(), schema=columns, orient="row")


def cited(*markers: tuple[int | None, tuple[int, ...]]) -> pl.DataFrame:
    """Co-citations of markers given as (sentence, references), None as sentence meaning a table."""
    return query_view(
        "v_cocitations",
        bib_references=tuple({"ref_no": ref} for ref in sorted({ref for _, refs in markers for ref in refs})),
        citation_markers=tuple(
            {"marker_id": number, "context": "table" if sentence is None else "prose", "sentence_id": sentence}
            for number, (sentence, _) in enumerate(markers, start=1)
        ),
        citation_mentions=tuple(
            {"marker_id": number, "ref_no": ref} for number, (_, refs) in enumerate(markers, start=1) for ref in refs
        ),
    )


def test_markers_and_sentences_are_counted_separately() -> None:
    # s1 {3,1}{2}, s2 {1,3}, s3 {3}; a table {2,3}. Sentences citing 1: s1 s2; 2: s1; 3: s1 s2 s3.
    frame = cited((1, (3, 1)), (1, (2,)), (2, (1, 3)), (3, (3,)), (None, (2, 3)))
    counts = ["ref_no_a", "ref_no_b", "n_markers_prose", "n_markers_table", "n_sentences", "n_sentences_either"]
    assert frame.select(counts).rows() == [(1, 2, 0, 0, 1, 2), (1, 3, 2, 0, 2, 3), (2, 3, 0, 1, 1, 3)]
    assert frame["jaccard"].to_list() == pytest.approx([1 / 2, 2 / 3, 1 / 3])


def test_a_sentence_counts_once_for_a_pair_that_several_of_its_markers_cite() -> None:
    frame = cited((1, (1, 2)), (1, (1, 2)))
    assert frame.select("n_markers_prose", "n_sentences").rows() == [(2, 1)]


def test_a_pair_cited_only_in_a_table_has_no_jaccard() -> None:
    frame = cited((None, (4, 9)))
    assert frame.select(
        "n_markers_prose", "n_markers_table", "n_sentences", "n_sentences_either", "jaccard"
    ).rows() == [(0, 1, 0, 0, None)]


def test_different_table_cells_do_not_count_as_one_sentence() -> None:
    assert cited((None, (1,)), (None, (2,))).is_empty()


def test_a_reference_is_not_paired_with_itself() -> None:
    assert cited((1, (1,)), (2, (1,))).is_empty()


@pytest.mark.parametrize(("size", "n_pairs"), [(200, 19_900), (201, 0)])
def test_a_group_above_the_limit_is_left_out(size: int, n_pairs: int) -> None:
    assert cited((1, tuple(range(1, size + 1)))).height == n_pairs


def listed(*references: tuple[int | None, bool, tuple[str, ...]]) -> pl.DataFrame:
    """Co-authorships of references given as (year, truncated, ('Surname|initials|suffix', …))."""

    def author(number: int, position: int, name: str) -> dict[str, object]:
        surname, initials, suffix = (name.split("|") + [""] * 2)[:3]
        return {"ref_no": number, "position": position, "surname": surname} | {
            "initials": initials or None,
            "suffix": suffix or None,
        }

    return query_view(
        "v_coauthorships",
        bib_references=tuple(
            {"ref_no": number, "year": year, "authors_truncated": truncated}
            for number, (year, truncated, _) in enumerate(references, start=1)
        ),
        reference_authors=tuple(
            author(number, position, name)
            for number, (_, _, names) in enumerate(references, start=1)
            for position, name in enumerate(names, start=1)
        ),
    )


def test_a_pair_of_authors_is_independent_of_their_order() -> None:
    frame = listed(
        (2003, True, ("Yew|C", "Ash|B")), (None, False, ("Ash|B", "Yew|C")), (1999, False, ("Yew|C", "Ash|B"))
    )
    assert frame.drop("review_id").rows() == [("Ash B", "Yew C", 3, 1, "1; 2; 3", 1999, 2003)]


def test_authors_are_distinguished_by_initials_and_suffix_and_groups_have_neither() -> None:
    frame = listed((2000, False, ("Ash|B", "Ash|B|Jr")), (2000, False, ("Ash|BC", "Elm Study Group")))
    assert frame.select("author_a", "author_b").rows() == [("Ash B", "Ash B Jr"), ("Ash BC", "Elm Study Group")]


def test_ref_nos_are_sorted_as_numbers() -> None:
    pair = (2000, False, ("Ash|B", "Yew|C"))
    other = (2000, False, ("Oak|D",))
    frame = listed(other, pair, *[other] * 7, pair, pair)
    assert frame["ref_nos"].to_list() == ["2; 10; 11"]


def test_a_name_listed_twice_is_not_a_pair() -> None:
    assert listed((2000, False, ("Ash|B", "Ash|B"))).is_empty()
