"""Printed references are parsed completely, reproduced character for character, and read in linear time."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.document import ReferenceFields
from pipelines.extract.reference_parser import ParsedReference, parse_reference, styles
from tests.hang import must_end

ROOT = Path(__file__).parents[2]
SPINE_TEXT = ROOT / "raw" / "spine-metastases-review"
SPINE_TABLE = ROOT / "tests" / "data" / "spine_references.csv"


def spine_references() -> dict[int, str]:
    """The reference strings of the first review by number; the one cut by a page break is joined."""
    source = next(SPINE_TEXT.glob("*.txt")).read_text(encoding="utf-8")
    after = source[source.rindex("\nReferences\n") :].replace("treatment\n\n- of", "treatment of")
    return {int(number): text for number, text in re.findall(r"^ ?(\d+)\. (.+)$", after, re.MULTILINE)}


def expected_fields(row: dict[str, str]) -> dict[str, object]:
    names = [tuple(name.split("/")) for name in row["authors"].split("; ")]
    return {
        "authors": [(name[0], name[1], name[2] if len(name) > 2 else None) for name in names],
        "authors_truncated": row["truncated"] == "et al.",
        "title": row["title"],
        "journal": row["journal"],
        "year": int(row["year"]),
        "volume": row["volume"] or None,
        "issue": None,
        "first_page": row["first_page"] or None,
        "last_page": row["last_page"] or None,
        "article_number": row["article_number"] or None,
        "is_ahead_of_print": row["ahead_of_print"] == "yes",
        "language": row["language"] or None,
        "note": row["note"] or None,
        "doi": row["doi"] or None,
        "pmid": None,
    }


def as_dict(fields: ReferenceFields) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(fields, name) for name in ReferenceFields._fields if name != "authors"}
    values["authors"] = authors(fields)
    return values


def authors(fields: ReferenceFields) -> list[tuple[str, str | None, str | None]]:
    return [(name.surname, name.initials, name.suffix) for name in fields.authors]


def written_back(parsed: ParsedReference) -> str:
    """The fields written in the recognised style, or in the first style if none was recognised."""
    default = next(iter(styles.STYLES.values()))
    return styles.render(parsed.fields, styles.STYLES.get(parsed.style, default))


def assert_places_cut_out_fields(text: str, parsed: ParsedReference) -> None:
    for name, (start, end) in parsed.places.items():
        assert 0 <= start < end <= len(text), name
        printed = text[start:end]
        if name.startswith("author:"):
            assert printed == parsed.fields.authors[int(name[7:]) - 1].name
        elif name == "year":
            assert int(printed) == parsed.fields.year
        else:
            assert printed == getattr(parsed.fields, name), name


SPINE_ROWS = list(csv.DictReader(SPINE_TABLE.open(encoding="utf-8")))


@pytest.mark.parametrize("row", SPINE_ROWS, ids=[row["ref_no"] for row in SPINE_ROWS])
def test_parses_every_reference_of_the_first_review_correctly(row: dict[str, str]) -> None:
    text = spine_references()[int(row["ref_no"])]
    parsed = parse_reference(text)
    assert as_dict(parsed.fields) == expected_fields(row)
    assert parsed.is_exact
    assert parsed.style == "sage"
    assert written_back(parsed) == text
    assert_places_cut_out_fields(text, parsed)
    assert {f"author:{number}" for number in range(1, len(parsed.fields.authors) + 1)} <= set(parsed.places)


def test_the_first_review_has_71_references() -> None:
    assert sorted(spine_references()) == list(range(1, 72)) == [int(row["ref_no"]) for row in SPINE_ROWS]


STYLES = {
    # style: (string, authors, truncated, title, journal, year, volume, issue, first page, last page, doi)
    "frontiers": (
        "Ver Loren van Essen E., Liang Y.-M., Oduya M. T., et al. (2008). Root exudates in Setaria italica (L.) "
        "P. Beauv. J. Exp. Bot. 65 2119–2135.",
        [("Ver Loren van Essen", "E", None), ("Liang", "YM", None), ("Oduya", "MT", None)],
        True,
        "Root exudates in Setaria italica (L.) P. Beauv",
        "J. Exp. Bot",
        (2008, "65", None, "2119", "2135", None),
    ),
    "dotted journal after a second sentence": (
        "Okafor B., Lindqvist A. F. (2000). Operation Everest IV (Comex’99). An echocardiographic study. "
        "Am. J. Respir. Crit. Care Med. 161, 264–270.",
        [("Okafor", "B", None), ("Lindqvist", "AF", None)],
        False,
        "Operation Everest IV (Comex’99). An echocardiographic study",
        "Am. J. Respir. Crit. Care Med",
        (2000, "161", None, "264", "270", None),
    ),
    "vancouver": (
        "Lipman TE, De Moura FF, Zhao Z-Y, et al. Are cone snails at risk? A census. Vector-Borne Zoonotic Dis. "
        "2013;13(1–2):e657. doi: 10.1016/0378-4290(94)00088-T 25954052",
        [("Lipman", "TE", None), ("De Moura", "FF", None), ("Zhao", "ZY", None)],
        True,
        "Are cone snails at risk? A census",
        "Vector-Borne Zoonotic Dis",
        (2013, "13", "1–2", "e657", None, "10.1016/0378-4290(94)00088-T"),
    ),
    "year in brackets": (
        "Huang JC, Sandmann G Jr. Metabolic engineering of tomato. Metab Eng (2013) 17:59–67.",
        [("Huang", "JC", None), ("Sandmann", "G", "Jr")],
        False,
        "Metabolic engineering of tomato",
        "Metab Eng",
        (2013, "17", None, "59", "67", None),
    ),
    "plos": (
        "Aguera y Arcas B, Fairhall AL (2003b) Computation in a single neuron: 1850–2000. Tellus B 55: 378–390. "
        "https://doi.org/10.1162/0899",
        [("Aguera y Arcas", "B", None), ("Fairhall", "AL", None)],
        False,
        "Computation in a single neuron: 1850–2000",
        "Tellus B",
        (2003, "55", None, "378", "390", "10.1162/0899"),
    ),
    "apa": (
        "Starmer, W. T., Le Douarin, N. M., & Eke‐Ejiofor, J. (1986). Coadaptation of Drosophila. Plant, Cell & "
        "Environment, 31(1), 6–12. Retrieved from http://example.org/x",
        [("Starmer", "WT", None), ("Le Douarin", "NM", None), ("Eke‐Ejiofor", "J", None)],
        False,
        "Coadaptation of Drosophila",
        "Plant, Cell & Environment",
        (1986, "31", "1", "6", "12", None),
    ),
    "acs": (
        "Ong S. P.; Chevrier V. L.; Ceder G. Python genomics (pymat): A library. Comput. Mater. Sci. 2013, "
        "68, 314–319.",
        [("Ong", "SP", None), ("Chevrier", "VL", None), ("Ceder", "G", None)],
        False,
        "Python genomics (pymat): A library",
        "Comput. Mater. Sci",
        (2013, "68", None, "314", "319", None),
    ),
    "bare year": (
        "Zikhali M, Griffiths S 2017 The TaFT3-B1 gene in wheat. The Plant Journal 40, 2678–2690.",
        [("Zikhali", "M", None), ("Griffiths", "S", None)],
        False,
        "The TaFT3-B1 gene in wheat",
        "The Plant Journal",
        (2017, "40", None, "2678", "2690", None),
    ),
    "initials first, volume before the year": (
        "W. Bao, K.-H. Sun and M. Corke, Waxy rice revisited, J. Cereal Sci. 35 (2002) 898–905.",
        [("Bao", "W", None), ("Sun", "KH", None), ("Corke", "M", None)],
        False,
        "Waxy rice revisited",
        "J. Cereal Sci",
        (2002, "35", None, "898", "905", None),
    ),
    "a volume without pages": (
        "Choudhary M, Jayanand and Padaria JC. *BRAF* in “pearl millet”. *3 Biotech* 2015; 6.",
        [("Choudhary", "M", None), ("Jayanand", None, None), ("Padaria", "JC", None)],
        False,
        "*BRAF* in “pearl millet”",
        "3 Biotech",
        (2015, "6", None, None, None, None),
    ),
    "a title that begins with a year": (
        "Smith J, for the ABC Study Group. 2015 ESC Guidelines for hearts. Eur Heart J 2016;37(Suppl 1):e267.",
        [("Smith", "J", None), ("for the ABC Study Group", None, None)],
        False,
        "2015 ESC Guidelines for hearts",
        "Eur Heart J",
        (2016, "37", "Suppl 1", "e267", None, None),
    ),
    "a journal after a comma": (
        "J. Smith, A.B. Jones, J. Am. Chem. Soc., 2011, 133, 1234.",
        [("Smith", "J", None), ("Jones", "AB", None)],
        False,
        None,
        "J. Am. Chem. Soc",
        (2011, "133", None, "1234", None, None),
    ),
    "a suffix after initials with stops": (
        "Fox A. R., Lagares A. Jr., Wright K. P. Jr. (2016). Crops in fields. Environ. Microbiol. 18 3522–3534.",
        [("Fox", "AR", None), ("Lagares", "A", "Jr"), ("Wright", "KP", "Jr")],
        False,
        "Crops in fields",
        "Environ. Microbiol",
        (2016, "18", None, "3522", "3534", None),
    ),
    "a PMID after pages": (
        "Rich KM, Oak B (2010) Fever in cattle. Am J Odd Med 83: 52–57 20682906",
        [("Rich", "KM", None), ("Oak", "B", None)],
        False,
        "Fever in cattle",
        "Am J Odd Med",
        (2010, "83", None, "52", "57", None),
    ),
    "a DOI with an old item identifier": (
        "Rose T. A., Martin G. R. (1996). Hair. Dev. Dyn. 205 379–386. "
        "10.1002/(SICI)1097-0177(199604)205:4<379::AID-AJA2>3.0.CO;2-F",
        [("Rose", "TA", None), ("Martin", "GR", None)],
        False,
        "Hair",
        "Dev. Dyn",
        (1996, "205", None, "379", "386", "10.1002/(SICI)1097-0177(199604)205:4<379::AID-AJA2>3.0.CO;2-F"),
    ),
    "an organisation as author": (
        "International Lentil Genome Project. The map-based sequence of lentil. *Nature* 2005; 436: 793–800.",
        [("International Lentil Genome Project", None, None)],
        False,
        "The map-based sequence of lentil",
        "Nature",
        (2005, "436", None, "793", "800", None),
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_parses_printed_styles(style: str) -> None:
    text, names, truncated, title, journal, (year, volume, issue, first, last, doi) = STYLES[style]
    parsed = parse_reference(text)
    fields = parsed.fields
    assert authors(fields) == names
    assert fields.authors_truncated is truncated
    assert (fields.title, fields.journal) == (title, journal)
    assert (fields.year, fields.volume, fields.issue) == (year, volume, issue)
    assert (fields.first_page, fields.last_page, fields.doi) == (first, last, doi)
    assert_places_cut_out_fields(text, parsed)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("Fang Y., Xie K. (2014). Genes in rice. J. Exp. Bot. 65, 2119–2135.", "frontiers_comma+journal_stop"),
        ("Fang Y., Xie K., et al. (2014). Genes in rice? Nature 65 2119–2135.", "frontiers"),
        ("Xu Y, Lin L, et al. Focal lesions. Int J Surg. 2018;13(1):151–64.", "vancouver+journal_stop"),
        ("Steiner DF, Aten B. Insulin: a precursor. Science (1967) 157:697–700.", "year_in_brackets"),
        (
            "Gao Y, Liu B (2008) Grazing of Leymus. Environ Exp Bot 63: 113-122. doi: 10.1016/j.e.030",
            "author_year+hyphen",
        ),
        ("Weng KC, Block BA (2004) Migration. Fish Bull 102: 221–229", "author_year+open_end"),
        ("Ross S, Loke YK. A sella. NeuroImage. 2006;31(3):968–80. 16530430", "vancouver+journal_stop"),
        ("St. John Smith E. Pain. *J Neurol* 2018; 265: 231–238. DOI: 10.1007/s00415.", "sage"),
        ("Akpata, M. I., & Miachi, O. E. (2001). Properties. Plant Foods, 56, 297–302.", "apa"),
    ],
)
def test_reproduces_other_styles(text: str, style: str) -> None:
    parsed = parse_reference(text)
    assert (parsed.style, written_back(parsed)) == (style, text)
    assert parsed.is_exact


@pytest.mark.parametrize(
    "text",
    [
        # Words that belong to no field.
        "Fisher MS. A pattern. *Radiology* 1980; 134: 631–634, here abridged.",
        # An extra blank, a letter after the year, two kinds of separator.
        "Fisher MS. A pattern. *Radiology* 1980;  134: 631–634.",
        "Richner H, Aten B (1989b) Crows. Anim Behav 38: 606–612.",
        "Fisher MS; Lee B, Aten C. A pattern. *Radiology* 1980; 134: 631–634.",
    ],
)
def test_a_parse_that_does_not_reproduce_the_string_is_not_exact(text: str) -> None:
    parsed = parse_reference(text)
    assert not parsed.is_exact
    assert written_back(parsed) != text


@pytest.mark.parametrize(
    ("locator", "first_page", "article_number"),
    [
        ("17: 315", "315", "315"),
        ("86: 20120466", "20120466", "20120466"),
        ("10: e0122619", "e0122619", "e0122619"),
        ("5: 205ra133", "205ra133", "205ra133"),
        ("53: S84", "S84", None),
        ("53: p. 84", "84", None),
        ("53: 84–86", "84", None),
    ],
)
def test_a_single_number_is_an_article_number_unless_its_form_indicates_a_page(
    locator: str, first_page: str, article_number: str | None
) -> None:
    fields = parse_reference(f"Imam MU and Ismail M. Germinated rice. *Free Radic Biol Med* 2012; {locator}.").fields
    assert (fields.first_page, fields.article_number) == (first_page, article_number)


def test_reads_a_language_only_from_a_language_note() -> None:
    noted = parse_reference("Wu C and Li H. Iron plaque in rice? *J Exp Bot* 2012; 63: 2961–2970 [Article in German].")
    assert (noted.fields.note, noted.fields.language) == ("Article in German", "de")
    assert noted.fields.last_page == "2970"
    title = parse_reference("Wu C, Li H. Iron plaque (in Rats). J Exp Bot. 2012;63:2961–70.").fields
    assert (title.title, title.note, title.language) == ("Iron plaque (in Rats)", None, None)


def test_a_book_has_no_journal() -> None:
    fields = parse_reference(
        "Benzie IFF and Galor S. *Herbal Medicine: Aspects*. Boca Raton, FL, USA: CRC Press, 2011."
    ).fields
    assert (fields.title, fields.journal, fields.year) == ("Herbal Medicine: Aspects", None, 2011)
    unplaced = parse_reference("Food Board, Institute of Water (IOW). *Not, Want Not*. Paidotribo, 2013.").fields
    assert authors(unplaced) == [("Food Board, Institute of Water (IOW)", None, None)]
    assert (unplaced.title, unplaced.journal, unplaced.year) == ("Not, Want Not", None, 2013)
    chapter = parse_reference(
        "Palm ER and Van Dyke E. Plants on serpentine. In: Boyd RS and Harris TB (eds) *Plant ecology*. Hauppauge: "
        "Nova, 2014, pp.151–164."
    ).fields
    assert (chapter.title, chapter.journal, chapter.year) == ("Plants on serpentine", None, 2014)
    assert (chapter.first_page, chapter.last_page) == ("151", "164")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "王小明, 李雷. 脊柱转移瘤的治疗. 中华骨科杂志 2010; 30: 12–15.",
        "Иванов А. Б., Петров В. Г. Лечение метастазов. Вопросы онкологии 2011; 57: 44–49.",
        "[18F] (153) *",
        "**",
        "10.1234/",
        "2004",
        "Tib;shiran   B   ;   . (1997). The lasso method. Stat Med. 1 Lotus. *F)ront Plant Sci* 2016; 7: 750.",
    ],
)
def test_survives_odd_strings(text: str) -> None:
    assert_places_cut_out_fields(text, parse_reference(text))


def test_reads_cyrillic_names() -> None:
    fields = parse_reference("Иванов А. Б., Петров В. Г. Лечение метастазов. Вопросы онкологии 2011; 57: 44–49.").fields
    assert authors(fields) == [("Иванов", "АБ", None), ("Петров", "ВГ", None)]
    assert (fields.journal, fields.year) == ("Вопросы онкологии", 2011)


HOSTILE_UNITS = (
    "(|A, |A. |A.|1|1;|A A | |*|. |.,|et al |Smith J, |J. |[in |10.1234/|a-|’|In: |doi:|"
    "(2004) |2004; |) |.) |A, B. C; |Epub ahead of print |é|van |Smith, J., |Ж |王|[Article in French]|“|*a*. |ab: cd. "
)


@pytest.mark.parametrize("unit", HOSTILE_UNITS.split("|"))
def test_a_hostile_string_does_not_hang(unit: str) -> None:
    with must_end():
        parse_reference((unit * (100_000 // len(unit) + 1))[:100_000])


PIECES = (
    "Smith J|de Moraes FY|, | and |, et al. |. |? |(2004)| 2004; |12|: |–|E368|*|[18F]|Spine (Phila Pa 1976)|J. Exp.|"
    "Bot.| doi: |10.1/x|10.1234/x|In: |(|)|Jr|&|王|Ж|  |Epub ahead of print|[Article in French]|pp. | 25954052"
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES.split("|")), max_size=40).map("".join)))
def test_every_place_in_any_string_cuts_out_its_field(text: str) -> None:
    parsed = parse_reference(text)
    assert_places_cut_out_fields(text, parsed)
    assert parsed.is_exact == (written_back(parsed) == text and parsed.style != "unrecognised")


WORDS = "spine metastases of the thoracic radiotherapy, in cancer: a review and [18F] (1-3)"
NAMES = st.tuples(
    st.sampled_from(["Jonsson", "de Moraes", "Grillo Ruggieri", "Hoiland-Carlson"]), st.sampled_from(["H", "FY", "MH"])
)


@settings(max_examples=200, deadline=None)
@given(
    names=st.lists(NAMES, min_size=1, max_size=3),
    truncated=st.booleans(),
    words=st.lists(st.sampled_from(WORDS.split()), min_size=2, max_size=12),
    ending=st.sampled_from([". ", "? "]),
    journal=st.sampled_from(["Spine (Phila Pa 1976)", "Eur Spine J", "Clinics (Sao Paulo)", "Cancer"]),
    year=st.integers(1900, 2029),
    volume=st.integers(1, 2029),
    pages=st.sampled_from(["E368–E372", "21", "S131–S132", "20120466", "7–9"]),
)
def test_reads_back_references_in_the_style_of_the_first_review(
    names: list[tuple[str, str]],
    truncated: bool,
    words: list[str],
    ending: str,
    journal: str,
    year: int,
    volume: int,
    pages: str,
) -> None:
    listed = [" ".join(name) for name in names]
    joined = (
        ", ".join(listed) + ", et al"
        if truncated
        else " and ".join([", ".join(listed[:-1])] * (len(listed) > 1) + listed[-1:])
    )
    title = ("T" + " ".join(words)).rstrip(",:")
    text = f"{joined}. {title}{ending}*{journal}* {year}; {volume}: {pages}."
    parsed = parse_reference(text)
    assert parsed.is_exact
    assert authors(parsed.fields) == [(surname, initials, None) for surname, initials in names]
    assert parsed.fields.title == title + ending.strip().rstrip(".")
    assert (parsed.fields.journal, parsed.fields.year, parsed.fields.volume) == (journal, year, str(volume))


@pytest.mark.parametrize("entry", ["Ord , aP W. . a d;sW;", '"\r'])
def test_every_field_is_inside_the_entry(entry: str) -> None:
    """Found by fuzzing: several full stops before a publisher once gave a journal that ended before its start."""
    parsed = parse_reference(entry)
    assert all(0 <= start < end <= len(entry) for start, end in parsed.places.values()), parsed.places
    assert parsed.fields.journal is None
