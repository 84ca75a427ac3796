"""Author names that may be two spellings of one person's name."""

import polars as pl
import pytest

from pipelines.curate.author_names import find_similar_names
from tests.hang import must_end


def _authors(*author_lists: str) -> pl.DataFrame:
    """`reference_authors` of one review from author lists such as `Zairi F, Vieillard MH`."""
    rows = []
    for ref_no, names in enumerate(author_lists, 1):
        for name in names.split(", "):
            surname, _, initials = name.rpartition(" ") if " " in name else (name, "", None)
            rows.append({"review_id": "r", "ref_no": ref_no, "surname": surname, "initials": initials})
    schema = {"review_id": pl.String, "ref_no": pl.Int32, "surname": pl.String, "initials": pl.String}
    return pl.DataFrame(rows, schema=schema)


def test_finds_swapped_letters_with_a_shared_coauthor() -> None:
    pairs = find_similar_names(_authors("Zairi F, Vieillard MH, Assaker R", "Zairi F, Vielliard MH, Bouras A"))
    assert pairs.rows() == [("r", "Vieillard MH", "1", "Vielliard MH", "2", 2, "Zairi F")]


@pytest.mark.parametrize(
    "author_lists",
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
    ids=[
        "short surname",
        "other first letter",
        "no shared coauthor",
        "other initials",
        "same list",
        "coauthors elsewhere",
        "same name",
        "no initials",
    ],
)
def test_ignores_names_of_different_people(author_lists: tuple[str, ...]) -> None:
    assert find_similar_names(_authors(*author_lists)).is_empty()


def test_finds_names_that_differ_in_accents_and_number_of_initials() -> None:
    pairs = find_similar_names(_authors("Jonsson B, Olerud C", "Jönsson BG, Olerud C"))
    assert pairs.select("name_a", "name_b", "edit_distance").rows() == [("Jonsson B", "Jönsson BG", 0)]


def test_does_not_compare_names_across_reviews() -> None:
    authors = _authors("Zairi F, Vieillard MH", "Zairi F, Vielliard MH")
    separate = authors.with_columns(review_id=pl.col("ref_no").cast(pl.String))
    assert find_similar_names(separate).is_empty()


def test_a_list_of_a_thousand_authors_does_not_hang() -> None:
    authors = _authors(", ".join(f"Collab{number:04d} A" for number in range(1000)), "Collab0001x A, Collab0002 A")
    with must_end():
        find_similar_names(authors)


def test_accepts_an_empty_frame() -> None:
    assert find_similar_names(_authors("Zairi F").clear()).is_empty()
