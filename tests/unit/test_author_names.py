"""Names that may be one person's under two spellings."""

import polars as pl
import pytest

from pipelines.curate.author_names import near_misses
from tests.hang import must_end


def _authors(*lists: str) -> pl.DataFrame:
    """A frame of author lists, `Zairi F, Vieillard MH` each."""
    rows = [
        ("r", ref_no, *(name.rsplit(" ", 1) if " " in name else (name, None)))
        for ref_no, names in enumerate(lists, 1)
        for name in names.split(", ")
    ]
    schema = {"review_id": pl.String, "ref_no": pl.Int32, "surname": pl.String, "initials": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_a_swap_of_letters_beside_a_shared_co_author_is_a_candidate() -> None:
    found = near_misses(_authors("Zairi F, Vieillard MH, Assaker R", "Zairi F, Vielliard MH, Bouras A"))
    assert found.rows() == [("r", "Vieillard MH", "1", "Vielliard MH", "2", 2, "Zairi F")]


@pytest.mark.parametrize(
    "lists",
    [
        ("Liang T, Wan Y", "Liang T, Wang Y"),
        ("Chang Y, Liu H", "Zhang Y, Liu H"),
        ("Zairi F, Vieillard MH", "Bouras A, Vielliard MH"),
        ("Zairi F, Vieillard MH", "Zairi F, Vielliard A"),
        ("Zairi F, Vieillard MH, Vielliard MH",),
        ("Zairi F, Vieillard MH", "Zairi F, Vielliard MH", "Vieillard MH, Vielliard MH"),
        ("Zairi F, Vieillard MH", "Zairi F, Vieillard MH"),
        ("Zairi F, Vieillard", "Zairi F, Vielliard"),
    ],
    ids=["short", "other first letter", "no co-author", "other initials", "one list", "met", "same", "no initials"],
)
def test_no_candidates(lists: tuple[str, ...]) -> None:
    assert near_misses(_authors(*lists)).is_empty()


def test_accents_and_fuller_initials_are_candidates_too() -> None:
    found = near_misses(_authors("Jonsson B, Olerud C", "Jönsson BG, Olerud C"))
    assert found.select("name_a", "name_b", "edit_distance").rows() == [("Jonsson B", "Jönsson BG", 0)]


def test_reviews_are_kept_apart() -> None:
    authors = _authors("Zairi F, Vieillard MH", "Zairi F, Vielliard MH")
    apart = authors.with_columns(review_id=pl.col("ref_no").cast(pl.String))
    assert near_misses(apart).is_empty()


def test_a_list_of_a_thousand_authors_does_not_hang() -> None:
    authors = _authors(", ".join(f"Collab{number:04d} A" for number in range(1000)), "Collab0001x A, Collab0002 A")
    with must_end():
        near_misses(authors)


def test_no_author_no_pair() -> None:
    assert near_misses(_authors("Zairi F").clear()).is_empty()
