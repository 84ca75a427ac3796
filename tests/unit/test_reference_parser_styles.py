"""The same work, printed in the styles of many publishers, gives the same fields."""

from __future__ import annotations

import re
from itertools import product

import pytest

from pipelines.document import ReferenceFields
from pipelines.extract.reference_parser import parse_reference

TITLE = "Effects of rice bran on iron status in young women"
AUTHORS = [("Smith", "J"), ("Jones", "KL"), ("Lee", "M")]
DOI = "10.1104/pp.110.154500"

AUTHOR_LISTS = (
    *("Smith J, Jones KL, Lee M", "Smith J, Jones KL and Lee M", "Smith, J., Jones, K. L., & Lee, M."),
    *("Smith, J., Jones, K.L. and Lee, M.", "Smith, J.; Jones, K. L.; Lee, M.", "J. Smith, K. L. Jones, and M. Lee"),
    *("J. Smith, K.L. Jones, M. Lee", "Smith J., Jones K. L., Lee M.", "SMITH, J.; JONES, K.L.; LEE, M."),
    *("Smith, J., K. L. Jones, and M. Lee", "Smith J; Jones KL; Lee M", "Smith J, Jones K-L, Lee M"),
    *("Smith J & Jones KL & Lee M", "Smith, J, Jones, KL, Lee, M", "J Smith, KL Jones, M Lee"),
    *("Smith John, Jones Kate L., Lee Mary", "John Smith, Kate L. Jones, and Mary Lee"),
    *("Smith, John, and Kate L. Jones, and Mary Lee", "Smith, John, Jones, Kate L., & Lee, Mary"),
)
YEARS_AFTER_AUTHORS = (
    " (2010) ",
    " (2010). ",
    " (2010), ",
    " (2010): ",
    ". 2010. ",
    ", 2010. ",
    " [2010] ",
    ", 2010: ",
)
JOURNALS = (
    *(". J Nutr Biochem ", ". J Nutr Biochem. ", ". J Nutr Biochem, ", ". J. Nutr. Biochem. ", ", J. Nutr. Biochem., "),
    *(
        ". Journal of Nutritional Biochemistry ",
        ". Journal of Nutritional Biochemistry, ",
        ".Journal of Nutritional Biochemistry ",
    ),
    *(".J Nutr Biochem ", ". *J Nutr Biochem* "),
)
LOCATORS_WITH_YEAR = (
    *(
        "2010;12:34–45",
        "2010; 12 (3): 34–45",
        "2010 Jan-Feb;12(3):34-45",
        "2010 Jan/Feb;12(3):34-45",
        "2010 1 5;12(3):34-45",
    ),
    *(
        "2010. 12:34–45",
        "2010: 12(3): 34–45",
        "2010: 12, 34–45",
        "2010, 12: 34–45",
        "2010; 12; 34–45",
        "2010 ; 12 : 34-45",
    ),
    *("(2010) 12:34–45", "(2010), 12, 34–45", "(2010) 12 (3) 34–45", "2010 12(3):34–45", "12 (2010) 34–45"),
    *("12 (3) (2010) 34–45", "12, 34–45 (2010)", "12(3), 34–45 (2010)", "12: 34–45, 2010", "12, 34–45, 2010"),
    *("12(3):34–45. 2010", "12:34–45; 2010", "vol. 12, no. 3, pp. 34–45, 2010", "Vol. 12, No. 3, 2010, pp. 34–45"),
    *("Vol. 12 (2010), pp. 34–45", "2010;vol. 12:34–45", "2010; Vol. 12, No. 3: 34–45", "v. 12, n. 3, p. 34-45, 2010"),
    *("Volume 12, Issue 3, 2010, Pages 34–45", "2010;12 Suppl 3:34-45", "2010;12(3 Pt 1):34–45", "2010;12:34–45 e3"),
    *("12 no. 3 (2010): 34–45", "12.3 (2010): 34–45", "2010;12(3):34 to 45", "2010 12 3:34-45"),
)
LOCATORS_AFTER_YEAR = (
    *(
        "12:34–45",
        "12 (3): 34–45",
        "12(3), 34–45",
        "12 34–45",
        "12(3) 34–45",
        "12(3)34–45",
        "12, pp. 34–45",
        "12. 34–45",
    ),
    *("12, no. 3, 34–45", "12 no. 3, pp. 34–45", "Vol. 12 No. 3, pp. 34–45", "vol. 12: 34–45", "12 Suppl 3: 34–45"),
    *("12, issue 3, 34–45", "v. 12, n. 3, p. 34–45", "12, Nr. 3, 34–45", "12 3:34–45", "12, 34 – 45"),
)


def fold(value: str | None) -> str:
    return re.sub(r"\W", "", (value or "").casefold())


def assert_core_record(text: str) -> None:
    fields = parse_reference(text).fields
    assert [(name.surname.title(), name.initials) for name in fields.authors] == AUTHORS, text
    assert fold(fields.title) == fold(TITLE), text
    assert fold(fields.journal) in {"jnutrbiochem", "journalofnutritionalbiochemistry"}, text
    assert (fields.year, fields.volume) == (2010, "12"), text
    assert (fields.first_page, fields.last_page) == ("34", "45"), text


@pytest.mark.parametrize("locator", LOCATORS_WITH_YEAR)
def test_reads_a_locator_with_the_year(locator: str) -> None:
    for authors, journal in product(AUTHOR_LISTS[:8], [name for name in JOURNALS if "*" not in name]):
        assert_core_record(f"{authors.rstrip('.')}. {TITLE}{journal}{locator}.")


@pytest.mark.parametrize("locator", LOCATORS_AFTER_YEAR)
def test_reads_a_locator_if_the_year_follows_the_authors(locator: str) -> None:
    for authors, journal in product(AUTHOR_LISTS[:8], [name for name in JOURNALS if "*" not in name]):
        assert_core_record(f"{authors} (2010). {TITLE}{journal}{locator}.")


@pytest.mark.parametrize("authors", AUTHOR_LISTS)
def test_reads_authors_before_a_year(authors: str) -> None:
    for year, journal in product(YEARS_AFTER_AUTHORS, JOURNALS[:4]):
        assert_core_record(f"{authors}{year}{TITLE}{journal}12, 34–45.")


TAILS = (
    *("", " ()", " ().", f". ({DOI})", f". (doi:{DOI})", f". doi: {DOI}", f", https://doi.org/{DOI}.", f" DOI {DOI}."),
    *(
        f". 20304968 {DOI} 3141592",
        f". doi:{DOI}.20304968",
        f". doi:{DOI}PubMedGoogle Scholar",
        ".20304968",
        ". .20304968",
    ),
    *(f" [FREE Full text] [doi: {DOI}] [Medline: 20304968]", ".0021-9258 20304968", ". View Article : Google Scholar"),
    *(
        ". PubMed Central PMCID: PMC117158.20304968",
        " (In Chinese with English abstract).",
        "; quiz 46.",
        ". [in Chinese]",
    ),
    *(". Erratum in: J Nutr Biochem. 2011;13:99.", ". This trial was stopped early.", " Accessed 5 May 2011."),
)


@pytest.mark.parametrize("tail", TAILS)
def test_an_odd_tail_does_not_destroy_the_rest(tail: str) -> None:
    assert_core_record(f"Smith J, Jones KL, Lee M. {TITLE}. J Nutr Biochem. 2010;12(3):34–45{tail}")
    assert_core_record(f"Smith J, Jones KL, Lee M (2010). {TITLE}. J. Nutr. Biochem. 12, 34–45{tail}")
    doi = parse_reference(f"Smith J, Jones KL, Lee M. {TITLE}. J Nutr Biochem. 2010;12(3):34–45{tail}").fields.doi
    assert doi == (DOI if DOI in tail else None)


def test_reads_a_year_after_the_doi() -> None:
    assert_core_record(f"Smith, J., Jones, K. L., and Lee, M.: {TITLE}, J. Nutr. Biochem., 12, 34–45, doi:{DOI}, 2010.")


@pytest.mark.parametrize(
    "doi",
    [
        *("10.1007/s10658- 013-0193-8", "10.1016/ j.foodchem.2010.01.001", "10. 1016/j.foodchem.2010.01.001"),
        *("10.1016/j.foodchem. 2010.01.001", "10.1002/1526-4998(200102)57:2<120::AID-PS254>3.0.CO;2-E"),
        *("10.1371/journal.pone.0086852", "10.1145/1282280.1282340", "10.1080/10408398.2019.1653261"),
    ],
)
def test_reads_unusual_dois(doi: str) -> None:
    text = f"Smith J, Jones KL, Lee M. {TITLE}. J Nutr Biochem. 2010;12:34–45. doi: {doi}"
    assert_core_record(text)
    assert parse_reference(text).fields.doi == doi


def test_a_pmid_after_a_doi_is_not_a_part_of_it() -> None:
    fields = parse_reference(f"Smith J. {TITLE}. J Nutr Biochem. 2010;12:34–45. doi: {DOI}. 20304968").fields
    assert (fields.doi, fields.pmid) == (DOI, "20304968")
    glued = parse_reference(f"Smith J. {TITLE}. J Nutr Biochem. 2010;12:34–45. doi: {DOI}.20304968").fields
    assert (glued.doi, glued.pmid) == (DOI, "20304968")


def read(text: str) -> tuple[ReferenceFields, list[tuple[str, str | None]]]:
    fields = parse_reference(text).fields
    return fields, [(name.surname, name.initials) for name in fields.authors]


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("Lee M, Dubois AEMMR, Smith J", [("Lee", "M"), ("Dubois", "AEMMR"), ("Smith", "J")]),
        ("Liu W-h, Zhao J-z, Lee M", [("Liu", "Wh"), ("Zhao", "Jz"), ("Lee", "M")]),
        ("Sukumar, Jones KL, Lee M", [("Sukumar", None), ("Jones", "KL"), ("Lee", "M")]),
        ("Jones KL, Sukumar", [("Jones", "KL"), ("Sukumar", None)]),
        ("Jones KL, Hajira Shaik, Lee M", [("Jones", "KL"), ("Hajira", "S"), ("Lee", "M")]),
        ("Jones KL, Plaza MdL, Lee M", [("Jones", "KL"), ("Plaza", "M"), ("Lee", "M")]),
        ("Ma J Ren D, Wu G", [("Ma", "J"), ("Ren", "D"), ("Wu", "G")]),
        ("Wang JC. & He HJ", [("Wang", "JC"), ("He", "HJ")]),
        ("ARDS Network, Jones KL", [("ARDS Network", None), ("Jones", "KL")]),
        ("Jones KL; GBD 2010 Collaborators", [("Jones", "KL"), ("GBD 2010 Collaborators", None)]),
        ("May J; Fever (FWS) Study Group", [("May", "J"), ("Fever (FWS) Study Group", None)]),
        ("Lee M, Numasaki H Committee for Cancer", [("Lee", "M"), ("Numasaki", "H"), ("Committee for Cancer", None)]),
        (
            "EFSA Panel on Dietetic Products, Nutrition and Allergies (NDA)",
            [("EFSA Panel on Dietetic Products, Nutrition and Allergies (NDA)", None)],
        ),
    ],
)
def test_reads_unusual_names(authors: str, expected: list[tuple[str, str | None]]) -> None:
    fields, names = read(f"{authors}. {TITLE}. J Nutr Biochem. 2010;12:34–45.")
    assert (names, fields.title) == (expected, TITLE)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("Choct M Managing gut health through nutrition", [("Choct", "M")]),
        ("Shingate et al Managing gut health through nutrition", [("Shingate", None)]),
        ("Coates JC, Wilde P “Managing gut health”: through nutrition", [("Coates", "JC"), ("Wilde", "P")]),
        ("Vitamin D status and gut health through nutrition", []),
    ],
)
def test_reads_names_without_a_full_stop_before_the_title(start: str, expected: list[tuple[str, str]]) -> None:
    fields, names = read(f"{start}. J Nutr Biochem. 2010;12:34–45.")
    assert names == expected
    assert fields.title is not None
    assert fields.title.endswith("through nutrition")


def test_names_in_no_usual_form_do_not_destroy_the_rest() -> None:
    text = f"Smith J., Hyyppä J Kukko A., Loren, Ver , Lee M. (2010). {TITLE}. J. Nutr. Biochem. 12, 34–45."
    fields, names = read(text)
    assert {("Smith", "J"), ("Kukko", "A"), ("Lee", "M")} <= set(names)
    assert (fields.title, fields.year, fields.volume, fields.first_page) == (TITLE, 2010, "12", "34")


@pytest.mark.parametrize(
    ("text", "title", "journal"),
    [
        ("High responders? High alt. med. biol. 13 40–45", "High responders?", "High alt. med. biol"),
        (
            "Protection of tobacco (var. Xanthi). Physiol. Mol. Plant Pathol. 79 31–39",
            None,
            "Physiol. Mol. Plant Pathol",
        ),
        (
            "Genes in wheat (Triticum aestivum L.). Sci. China Ser. C. Life Sci. 52 10–11",
            None,
            "Sci. China Ser. C. Life Sci",
        ),
        ("Competitive preferences: new evidence, Appl. Econ. Lett. 22, 71–75", None, "Appl. Econ. Lett"),
        (
            "Screening of a bacterium and its effects on soil Jiangsu Journal of Farming 32: 10–12",
            None,
            "Jiangsu Journal of Farming",
        ),
        ("Genes of farms in Iran. Plant and Soil 32: 10–12", "Genes of farms in Iran", "Plant and Soil"),
        ("Flowers in shade. AoB PLANTS 5:plt050", "Flowers in shade", "AoB PLANTS"),
        ("Fibroblast growth. Genome Biol. 2:reviews3005", "Fibroblast growth", "Genome Biol"),
        ("Finding loops. Lect Notes Comput Sci 5432 LNCS: 34–45", "Finding loops", "Lect Notes Comput Sci"),
        ("Low oxygen in plants. Funct. Plant Biol. 44, III–VI", "Low oxygen in plants", "Funct. Plant Biol"),
    ],
)
def test_separates_title_and_journal(text: str, title: str | None, journal: str) -> None:
    fields, _ = read(f"Smith J, Lee M (2012). {text}.")
    assert fields.journal == journal
    assert title is None or fields.title == title
    assert fields.title is not None
    assert fields.volume is not None
    assert fields.first_page is not None


def test_a_publisher_after_the_journal_is_not_a_part_of_it() -> None:
    fields, _ = read("Zhang X, Li C. Emissions from paddy fields. Sci Total Environ. Elsevier B.V.; 2014;472: 381–388.")
    assert (fields.title, fields.journal) == ("Emissions from paddy fields", "Sci Total Environ")
    journal, _ = read("Hu D, Cai T. Fungicides in cucumbers. J. Food Protection; 2017, 80:12–19.")
    assert (journal.title, journal.journal) == ("Fungicides in cucumbers", "J. Food Protection")


@pytest.mark.parametrize(
    "text",
    [
        "Tesfaye A. (1998). Milk production in and around Hyderabad. M.Sc. thesis, Acharya University, Hyderabad.",
        "Tesfaye A. Milk production in and around Hyderabad [dissertation]. Canberra: Nat U; 1998.",
        "Tesfaye A. Milk production in and around Hyderabad: Doctoral dissertation, University of East Anglia; 1998.",
        "Tesfaye, A. Milk production in and around Hyderabad, PhD Thesis, Queen Mary College (1998).",
        "Tesfaye A (1998) Milk production in and around Hyderabad. Ph. D. Thesis, University of Leeds. 217 pp.",
        "Tesfaye A. Milk production in and around Hyderabad. master’s thesis. Trondheim: Norwegian University; 1998.",
    ],
)
def test_a_thesis_has_a_title_and_no_journal(text: str) -> None:
    fields, names = read(text)
    assert (fields.title, fields.journal, fields.year) == ("Milk production in and around Hyderabad", None, 1998)
    assert names == [("Tesfaye", "A")]
    assert fields.volume is None


def test_a_regulation_has_a_title() -> None:
    title = "Commission Regulation (EC) No 1881/2006 of 19 December 2006 setting maximum levels in foodstuffs"
    assert read(f"European Commission. {title}. 2006.")[0].title == title
    assert read(f"{title}.")[0].title == title
    fields, _ = read(f"European Commission. {title}. Off J Eur Union. 2006;L364:5–24.")
    assert (fields.title, fields.journal, fields.volume) == (title, "Off J Eur Union", "L364")
