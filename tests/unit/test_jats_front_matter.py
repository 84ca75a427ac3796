"""The front matter of invented JATS articles: which of several dates, abstracts, notes and ids counts."""

from __future__ import annotations

import pytest

from pipelines.document import FrontMatter
from pipelines.readers.jats import read_jats


def read(meta: str, *, attributes: str = "", journal: str = "") -> FrontMatter:
    front = f"<front>{journal}<article-meta>{meta}</article-meta></front>"
    source = f"<article{attributes}>{front}<body><p>x</p></body></article>"
    return read_jats(source.encode(), name="small.xml").front


def date(attributes: str, year: str) -> str:
    return f"<pub-date {attributes}><year>{year}</year></pub-date>"


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (date('pub-type="epub"', "2019") + date('pub-type="ppub"', "2020"), (2020, "print")),
        (date('pub-type="epub"', "2019") + date('pub-type="collection"', "2018"), (2018, "collection")),
        (date('pub-type="epub"', "2019"), (2019, "electronic")),
        (date('pub-type="epub-ppub"', "2019"), (2019, "print")),
        (date('date-type="pub" publication-format="print"', "2019"), (2019, "print")),
        (date('date-type="pub" publication-format="electronic"', "2019"), (2019, "electronic")),
        (date('date-type="pub"', "2019"), (2019, "electronic")),
        (date('publication-format="print"', "2019"), (2019, "unspecified")),
        (date('pub-type="nihms-submitted"', "2019"), (None, None)),
        (date('pub-type="epub"', "2019") + date('pub-type="epub"', "2021"), (2019, "electronic")),
        (date('pub-type="ppub"', "20x9") + date('pub-type="epub"', "2019"), (2019, "electronic")),
        (date('pub-type="ppub"', "3019"), (None, None)),
        ("", (None, None)),
    ],
)
def test_the_year_of_print_counts_before_other_years(dates: str, expected: tuple[int | None, str | None]) -> None:
    front = read(dates)
    assert (front.publication_year, front.publication_year_basis) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ("<day>3</day><month>5</month><year>2021</year>", "2021-05-03"),
        ("<month>5</month><year>2021</year>", None),
        ("<day>31</day><month>2</month><year>2021</year>", None),
        ("<day>3</day><month>May</month><year>2021</year>", None),
    ],
)
def test_a_date_in_the_history_is_complete_or_none(parts: str, expected: str | None) -> None:
    front = read(f'<history><date date-type="received">{parts}</date></history>')
    assert (front.date_received, front.date_accepted) == (expected, None)


def test_other_kinds_of_abstract_and_keywords_in_another_language_are_left_out() -> None:
    front = read(
        "<abstract><title>Abstract</title><sec><title>Aim</title><p>One.</p><p>Two.</p></sec><p>Three.</p></abstract>"
        '<abstract abstract-type="graphical"><p>Picture.</p></abstract><trans-abstract><p>Deux.</p></trans-abstract>'
        '<kwd-group xml:lang="en"><kwd>corn</kwd><kwd> </kwd></kwd-group><kwd-group><kwd>sock</kwd></kwd-group>'
        '<kwd-group xml:lang="fr"><kwd>cor</kwd></kwd-group>'
        '<kwd-group kwd-group-type="abbreviations"><kwd>FJ</kwd></kwd-group>',
        attributes=' xml:lang="en"',
    )
    assert [text.value for text in front.abstract] == ["Aim One.", "Two.", "Three."]
    assert [text.value for text in front.keywords] == ["corn", "sock"]


def test_keywords_count_in_any_language_if_that_of_the_article_is_unknown() -> None:
    front = read('<kwd-group xml:lang="fr"><kwd>cor</kwd></kwd-group>')
    assert [text.value for text in front.keywords] == ["cor"]


@pytest.mark.parametrize(
    ("permissions", "licence"),
    [
        ('<license xlink:href="https://a/by/4.0"><license-p>Free.</license-p></license>', "https://a/by/4.0"),
        ("<license><ali:license_ref>https://a/licenses/by</ali:license_ref></license>", "https://a/licenses/by"),
        ('<license license-type="open"><license-p>Free <uri>https://a/home</uri></license-p></license>', "open"),
        ("<license><license-p>Free.</license-p></license>", "Free."),
        ("<ali:license_ref>https://a/by</ali:license_ref>", "https://a/by"),
        ("", None),
    ],
)
def test_the_licence_is_its_address_else_its_type_else_its_words(permissions: str, licence: str | None) -> None:
    names = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:ali="http://www.niso.org/schemas/ali/1.0/"'
    assert read(f"<permissions>{permissions}</permissions>", attributes=f" {names}").licence == licence


def test_title_journal_pages_and_ids() -> None:
    front = read(
        '<article-id pub-id-type="pmid">1</article-id><article-id pub-id-type="doi">10.1/x</article-id>'
        "<article-title>Corns</article-title><volume>3</volume><elocation-id>e7</elocation-id>",
        journal="<journal-meta><abbrev-journal-title>Foot J</abbrev-journal-title>"
        "<journal-title>Foot Journal</journal-title></journal-meta>",
    )
    assert front.title is not None
    assert front.journal is not None
    assert (front.title.value, front.journal.value, front.doi) == ("Corns", "Foot Journal", "10.1/x")
    assert (front.volume, front.issue, front.first_page, front.last_page) == ("3", None, "e7", None)
    paged = read("<fpage>5</fpage><lpage>9</lpage><elocation-id>e7</elocation-id>")
    assert (paged.first_page, paged.last_page) == ("5", "9")


def contributor(inner: str = "", *, attributes: str = "", surname: str = "Quill") -> str:
    return f"<contrib {attributes}><name><surname>{surname}</surname></name>{inner}</contrib>"


@pytest.mark.parametrize(
    ("affiliations", "inner", "expected"),
    [
        # The only affiliation is everybody's.
        ('<aff id="a1">Ghent</aff>', "", ("a1",)),
        ('<aff id="a1">Ghent</aff><aff id="a2">Bruges</aff>', "", ()),
        ('<aff id="a1">Ghent</aff><aff id="a2">Bruges</aff>', '<xref ref-type="aff" rid="a2 a1"/>', ("a2", "a1")),
        (
            '<aff id="a1">Ghent</aff><aff id="a2">Bruges</aff>',
            '<xref ref-type="aff" rid="a2"/><xref ref-type="aff" rid="a2"/>',
            ("a2",),
        ),
        ('<aff id="a1">Ghent</aff>', '<xref ref-type="fn" rid="a1"/>', ("a1",)),
        ("<aff>Ghent</aff>", "", ("1",)),
        ("", '<aff id="a3">Lille</aff>', ("a3",)),
    ],
)
def test_affiliations_of_an_author(affiliations: str, inner: str, expected: tuple[str, ...]) -> None:
    (author,) = read(f"<contrib-group>{contributor(inner)}</contrib-group>{affiliations}").authors
    assert author.affiliations == expected


@pytest.mark.parametrize(
    ("notes", "inner", "attributes", "expected"),
    [
        ("", "", "", (False, False, None)),
        ("", "", 'corresp="yes"', (True, False, None)),
        ("", "", 'equal-contrib="yes"', (False, True, None)),
        ("", "<email>a@b.org</email><email>c@d.org</email>", "", (False, False, "a@b.org")),
        ('<corresp id="c1"><email>a@b.org</email></corresp>', '<xref rid="c1"/>', "", (True, False, "a@b.org")),
        # Of several addresses in a note nobody knows whose they are.
        (
            '<corresp id="c1"><email>a@b.org</email> <email>c@d.org</email></corresp>',
            '<xref rid="c1"/>',
            "",
            (True, False, None),
        ),
        ('<corresp id="c1"><email>a@b.org</email></corresp>', "", "", (False, False, None)),
        ('<fn id="f1" fn-type="equal"><p>Both.</p></fn>', '<xref rid="f1"/>', "", (False, True, None)),
        ('<fn id="f1"><p>These authors contributed equally.</p></fn>', '<xref rid="f1"/>', "", (False, True, None)),
        ('<fn id="f1"><p>Deceased.</p></fn>', '<xref rid="f1"/>', "", (False, False, None)),
    ],
)
def test_notes_apply_to_the_authors_who_point_at_them(
    notes: str, inner: str, attributes: str, expected: tuple[bool, bool, str | None]
) -> None:
    group = f"<contrib-group>{contributor(inner, attributes=attributes)}</contrib-group>"
    (author,) = read(f"{group}<author-notes>{notes}</author-notes>").authors
    assert (author.is_corresponding, author.is_equal_contribution, author.email) == expected


def test_only_authors_are_authors_and_members_of_a_group_are_not() -> None:
    group = (
        "<contrib><collab>Foot Group<contrib-group><contrib><name><surname>Member</surname></name></contrib>"
        "</contrib-group></collab></contrib>"
    )
    front = read(
        "<contrib-group>"
        + contributor(attributes='contrib-type="author"')
        + contributor(attributes='contrib-type="editor"', surname="Editor")
        + group
        + contributor(surname="Reed", inner="<contrib-id>https://orcid.org/0000-0001-2345-678X</contrib-id>")
        + "<contrib><anonymous/></contrib></contrib-group>"
    )
    assert [(author.surname, author.name.value, author.orcid) for author in front.authors] == [
        ("Quill", "Quill", None),
        ("Foot Group", "Foot Group", None),
        ("Reed", "Reed", "0000-0001-2345-678X"),
    ]


def test_an_award_is_one_per_funder_and_number() -> None:
    def award(funders: str, numbers: str) -> str:
        return f"<award-group>{funders}{numbers}</award-group>"

    funder, number = "<funding-source>{}</funding-source>", "<award-id>{}</award-id>"
    front = read(
        "<funding-group>"
        + award(funder.format("A") + funder.format("B"), number.format("1") + number.format("2"))
        + award(funder.format("C"), "")
        + award("", number.format("3"))
        + "</funding-group>"
    )
    assert [(item.funder, item.award_number) for item in front.awards] == [
        ("A", "1"),
        ("A", "2"),
        ("B", "1"),
        ("B", "2"),
        ("C", None),
    ]
    old = "<contract-num>N1</contract-num><contract-sponsor>Old Fund</contract-sponsor>"
    assert [(item.funder, item.award_number) for item in read(old).awards] == [("Old Fund", "N1")]
    assert [item.award_number for item in read(old + "<contract-num>N2</contract-num>").awards] == [None]
