"""The end of a reference, and where its title ends and its journal begins, part by part."""

from __future__ import annotations

import pytest

from pipelines.extract.reference_parser.tail import find_language, read_tail
from pipelines.extract.reference_parser.title import find_thesis_title, split_title


def tail(text: str) -> tuple[str, str | None, str | None, str | None]:
    """What is left of the text, the DOI, the PMID and the note."""
    found = read_tail(text)
    doi, pmid, note = (
        None if place is None else text[place[0] : place[1]] for place in (found.doi, found.pmid, found.note)
    )
    return text[: found.start], doi, pmid, note


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010;12:34.", ("2010;12:34.", None, None, None)),
        ("2010;12:34. doi: 10.1000/a.1", ("2010;12:34", "10.1000/a.1", None, None)),
        ("2010;12:34 (doi:10.1000/a(1)b)", ("2010;12:34", "10.1000/a(1)b", None, None)),
        ("2010;12:34 [10.1000/a[1]].", ("2010;12:34", "10.1000/a[1]", None, None)),
        ("2010;12:34. https://doi.org/10.1000/a.*", ("2010;12:34", "10.1000/a", None, None)),
        ("2010;12:34. doi: 10.1000/a.1PubMed", ("2010;12:34", "10.1000/a.1", None, None)),
        # A PMID with and without a label
        ("2010;12:34. PMID: 123", ("2010;12:34", None, "123", None)),
        ("2010;12:34. 123456", ("2010;12:34. ", None, "123456", None)),
        ("2010;12:34. 12345", ("2010;12:34. 12345", None, None, None)),
        ("2010;12:34 1234567", ("2010;12:34 ", None, "1234567", None)),
        ("2010;12 1234567", ("2010;12 1234567", None, None, None)),
        ("2010;12:p.1234567", ("2010;12:p.1234567", None, None, None)),
        ("2010;12:34.0021-9258", ("2010;12:34.", None, None, None)),
        ("2010;12:34.0021-9258 20304968", ("2010;12:34.", None, "20304968", None)),
        # A PMID that is glued to a DOI, and a DOI that ends with a number itself
        ("2010. 10.1000/ab1.20304968", ("2010", "10.1000/ab1", "20304968", None)),
        ("2010. 10.1000/ab.203049", ("2010", "10.1000/ab.203049", None, None)),
        ("2010. 10.1371/journal.pone.0086852", ("2010", "10.1371/journal.pone.0086852", None, None)),
        ("2010. 10.1145/1282280.1282340", ("2010", "10.1145/1282280.1282340", None, None)),
        # Addresses and remarks
        ("2010;12:34. Available from: http://a.org", ("2010;12:34", None, None, None)),
        ("2010;12:34. www.a.org", ("2010;12:34", None, None, None)),
        ("2010;12:34. Erratum in: Foot J.", ("2010;12:34", None, None, None)),
        ("2010;12:34 (). doi: 10.1000/a", ("2010;12:34 ", "10.1000/a", None, None)),
        ("2010;12:34 (In Chinese).", ("2010;12:34 ", None, None, "In Chinese")),
        ("2010;12:34 [Article in German]", ("2010;12:34 ", None, None, "Article in German")),
        ("2010;12:34 [in Klingon]", ("2010;12:34 [in Klingon]", None, None, None)),
        ("Feet (in German) and toes. 2010;12:34", ("Feet (in German) and toes. 2010;12:34", None, None, None)),
        ("2010;12:34. German.", ("2010;12:34. ", None, None, "German")),
        ("2010;12:34. Klingon.", ("2010;12:34. Klingon.", None, None, None)),
        ("Foot J, in press.", ("Foot J,", None, None, "in press")),
        ("Foot J. Epub 2010 May 5.", ("Foot J.", None, None, "Epub 2010 May 5")),
    ],
)
def test_cuts_off_what_follows_the_locator(text: str, expected: tuple[str, str | None, str | None, str | None]) -> None:
    assert tail(text) == expected


def test_an_ahead_of_print_note_has_a_year() -> None:
    text = "Foot J. Epub ahead of print 5 May 2011. doi: 10.1000/a"
    found = read_tail(text)
    assert found.is_ahead_of_print
    assert found.year is not None
    assert text[found.year[0] : found.year[1]] == "2011"
    assert not read_tail("Foot J, in press.").is_ahead_of_print
    after_doi = read_tail("Foot J, 12, 34, doi:10.1000/a, 2010.")
    assert after_doi.year is not None
    assert read_tail("Foot J, 12, 34, 2010.").year is None


@pytest.mark.parametrize(
    ("note", "language"), [("(In Japanese)", "ja"), ("in Japanese", "ja"), ("In Klingon", None), ("Japanese", None)]
)
def test_the_language_of_a_note(note: str, language: str | None) -> None:
    assert find_language(note) == language


def split(
    text: str,
    *,
    has_locator: bool = True,
    is_unpaged: bool = False,
    is_dotted: bool = False,
    is_comma_separated: bool = False,
) -> tuple[str | None, str | None]:
    found = split_title(
        text,
        0,
        len(text),
        has_locator=has_locator,
        is_unpaged=is_unpaged,
        is_dotted=is_dotted,
        is_comma_separated=is_comma_separated,
    )
    title, journal = (None if place is None else text[place[0] : place[1]] for place in (found.title, found.journal))
    return title, journal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On feet. Foot J.", ("On feet", "Foot J")),
        ("On feet? Foot J.", ("On feet?", "Foot J")),
        ("On feet.Foot J", ("On feet", "Foot J")),
        ("On feet. *Foot J*", ("On feet", "Foot J")),
        ("*On feet*", ("On feet", None)),
        ("*On feet*. Foot Press", ("On feet", None)),
        ("“On feet,” Foot J", ("On feet", "Foot J")),
        ("On feet // Foot J", ("On feet", "Foot J")),
        (".", (None, None)),
        # Sentences that are only words of an abbreviated name
        ("On feet. Proc. Natl. Acad. Sci.", ("On feet", "Proc. Natl. Acad. Sci")),
        ("On feet. Proc Natl Acad. Sci.", ("On feet", "Proc Natl Acad. Sci")),
        ("On feet. On all toes. Sci.", ("On feet. On all toes", "Sci")),
        ("On feet (Proc.). Sci.", ("On feet (Proc.)", "Sci")),
        # Without a full stop the capitalised words at the end are the journal, after three other words at least.
        ("The pain of sore feet Foot Journal", ("The pain of sore feet", "Foot Journal")),
        ("The sore feet Foot Journal", (None, "The sore feet Foot Journal")),
        ("Pain in feet", (None, "Pain in feet")),
        ("The pain in sore human feet: Foot Journal", (None, "The pain in sore human feet: Foot Journal")),
        ("A journal of the sore human feet Foot Studies", (None, "A journal of the sore human feet Foot Studies")),
    ],
)
def test_a_journal_is_the_last_sentence_or_the_last_capitalised_words(
    text: str, expected: tuple[str | None, str | None]
) -> None:
    assert split(text) == expected


def test_without_a_locator_there_is_no_journal() -> None:
    assert split("On feet", has_locator=False) == ("On feet", None)
    assert split("On feet // Foot J", has_locator=False) == ("On feet // Foot J", None)
    assert split("On feet. *Foot J*", has_locator=False) == ("On feet", None)
    assert split("*Foot J*") == ("Foot J", None)


def test_a_publisher_takes_the_place_of_the_journal_if_nothing_is_paged() -> None:
    assert split("On feet. Ghent: Foot Press", is_unpaged=True) == ("On feet", None)
    assert split("On feet. Ghent: Foot Press") == ("On feet", "Ghent: Foot Press")
    assert split("one two three four five six", is_unpaged=True) == (None, "one two three four five six")
    assert split("one two three four five six seven", is_unpaged=True) == ("one two three four five six seven", None)


def test_a_comma_ends_the_title_where_one_ends_the_authors() -> None:
    assert split("On sore feet, Foot J", is_comma_separated=True) == ("On sore feet", "Foot J")
    assert split("On sore feet, Foot and Toe J", is_comma_separated=True) == ("On sore feet", "Foot and Toe J")
    assert split("On feet, toes, Foot, Toe J", is_comma_separated=True) == ("On feet, toes", "Foot, Toe J")
    assert split("Foot Journal", is_comma_separated=True) == (None, "Foot Journal")


def test_single_letters_begin_a_name_where_full_stops_abbreviate() -> None:
    assert split("On feet. Q. Jones. Foot", is_dotted=True) == ("On feet", "Q. Jones. Foot")
    assert split("On feet. Jones. Foot") == ("On feet. Jones", "Foot")
    assert split("On feet. A b. Foot", is_dotted=True) == ("On feet. A b", "Foot")
    assert split("On feet. One Two Three. Foot", is_dotted=True) == ("On feet", "One Two Three. Foot")
    assert split("On feet. One Two Three Four. Foot", is_dotted=True) == ("On feet. One Two Three Four", "Foot")
    assert split("On feet. One Two3. Foot", is_dotted=True) == ("On feet. One Two3", "Foot")


def test_a_thesis_has_a_title_of_two_words_at_least() -> None:
    text = "On feet. PhD thesis, Ghent"
    place = find_thesis_title(text, 0, len(text))
    assert place is not None
    assert text[place[0] : place[1]] == "On feet"
    assert find_thesis_title("Feet. PhD thesis, Ghent", 0, 23) is None
    assert find_thesis_title("On feet. Foot J", 0, 15) is None
