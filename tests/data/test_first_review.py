"""The published tables of the shipped review, compared with a reading of its text.

Every expected value was read or counted in raw/spine-metastases-review/source.txt.
"""

import csv
import datetime
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).parents[2]
SOURCE = (ROOT / "raw" / "spine-metastases-review" / "source.txt").read_text(encoding="utf-8")

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def tables(outputs: Path) -> Tables:
    return {path.stem: pl.read_parquet(path) for path in (outputs / "latest" / "parquet").glob("*.parquet")}


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("reviews", 1),
        ("review_authors", 6),
        ("review_affiliations", 4),
        ("review_keywords", 5),
        ("bib_references", 71),
        ("source_tables", 2),
        ("citation_markers", 78 + 39),
        ("citation_mentions", 130 + 47),
        ("studies", 34),
        ("options", 5),
        ("source_texts", 1),
        ("quarantined_sources", 0),
    ],
)
def test_counts(table: str, rows: int, tables: Tables) -> None:
    assert tables[table].height == rows


def test_the_review_itself(tables: Tables) -> None:
    [review] = tables["reviews"].to_dicts()
    assert review["title"] == "Treatment of spine metastases in cancer: a review"
    assert review["journal"] == "Journal of International Medical Research"
    assert (review["volume"], review["issue"], review["pages"]) == ("48", "4", "1–12")
    assert review["publication_year"] == 2019  # © The Author(s) 2019
    assert review["doi"] == "10.1177/0300060519888107"
    assert review["date_received"] == datetime.date(2019, 7, 9)
    assert review["date_accepted"] == datetime.date(2019, 10, 22)
    assert review["abstract"].startswith("As a consequence of the improvements in diagnostic technology")
    assert review["abstract"].endswith("available for patients with spine metastases.")
    assert review["language"] == "en"
    assert "reuse guidelines" in review["licence"]
    assert review["source_chars"] == len(SOURCE)


def test_the_source_is_published_so_that_offsets_can_be_cut(tables: Tables) -> None:
    [text] = tables["source_texts"]["text"]
    assert text == SOURCE
    [title] = tables["bib_references"].filter(ref_no=24).select("title_start_char", "title_end_char").rows()
    # 24. Danzig LA, Resnick D and Akeson WH. The treatment of cervical spine metastasis from the prostate …
    assert text[slice(*title)] == "The treatment of cervical spine metastasis from the prostate with a Halo cast"


def test_codes_of_closed_lists_have_a_meaning(tables: Tables) -> None:
    codes = {row[:3]: row[3] for row in tables["codes"].select("table_name", "column_name", "code", "meaning").rows()}
    assert codes["source_tables", "kind", "evidence"] == "Studies and what they report"
    for table, column in {key[:2] for key in codes}:
        used = set(tables[table][column].drop_nulls())
        assert used <= {code for name, of, code in codes if (name, of) == (table, column)}, f"{table}.{column}"


def test_authors(tables: Tables) -> None:
    columns = ["position", "name", "surname", "is_equal_contribution", "is_corresponding", "orcid", "email"]
    assert tables["review_authors"].select(columns).rows() == [
        (1, "Yu Chen", "Chen", True, False, None, None),
        (2, "Yayi He", "He", True, False, "0000-0002-2820-9119", None),
        (3, "Chao Zhao", "Zhao", False, False, None, None),
        (4, "Xuefei Li", "Li", False, False, None, None),
        (5, "Caicun Zhou", "Zhou", False, True, None, "caicunzhou@126.com"),
        (6, "Fred R Hirsch", "Hirsch", False, False, None, None),
    ]
    # Chen ¹, He ², Zhao ³, Li ³, Zhou ², Hirsch ⁴
    at = tables["review_author_affiliations"].select("position", "affiliation_no").rows()
    assert at == [(1, 1), (2, 2), (3, 3), (4, 3), (5, 2), (6, 4)]


def test_funding(tables: Tables) -> None:
    assert tables["review_funding"]["grant_number"].to_list() == [
        "81802255",
        "17PJD036",
        "20174Y0131",
        "2016YFC0902300",
        None,  # the Major Disease Clinical Skills Enhancement Programme has no grant number
        "16CR1001A",
        "fkyq1901",
        "2017ZZ02012",
        "16JC1405900",
    ]
    # Rejoined across the page break.
    assert "Hospital Development Centre Clinical Research Plan of SHDC" in tables["review_funding"]["funder"][5]


def test_sections(tables: Tables) -> None:
    assert tables["sections"].select("heading", "kind").rows() == [
        ("Abstract", "abstract"),
        ("Introduction", "prose"),
        ("Spine metastases in cancer", "prose"),
        ("Mechanisms of spine metastases in cancer", "prose"),
        ("Treatment evolution of spine metastases", "prose"),
        ("Declaration of conflicting interest", "back"),
        ("Funding", "back"),
        ("ORCID iD", "back"),
    ]


CUT = [
    "MRI combined with perfusion parameters can predict local control after stereotactic body radiation therapy "
    "(SBRT) in sarcoma spine metastases.²²",
    "From the 1970s, physicians tried to treat spine metastases using a Halo cast,²⁴ a Halo vest and radiotherapy²⁵ "
    "and surgery.^{4,5,26–29}",
    "This increases the risk of unnecessary irradiation to the adjacent normal tissues, so in order to limit the risk "
    "of toxicity the radiation is given in fractionated doses, but this can be extremely inconvenient to "
    "patients.^{55,65}",
    "Stereotactic body radiotherapy, a type of stereotactic radiosurgery, is associated with a crude risk rate of "
    "vertebral compression fracture of 14%.⁶⁶",
    "Surgery for patients mainly aims to restore spine stability, relieve pain, decompress the spinal cord and "
    "retrieve tissue samples for pathological diagnosis.⁵⁷",
    "This method can relieve pain and improve neurological function whilst causing less injury and having a lower "
    "complication rate.³⁴",
    "If posterior elements are affected or the tumour has infiltrated the spinal canal, the former two approaches "
    "will be not sufficient and patients will need extra instruments to restore spinal stability.",
]


@pytest.mark.parametrize("sentence", CUT)
def test_an_interrupted_sentence_is_rejoined(sentence: str, tables: Tables) -> None:
    found = tables["sentences"].filter(pl.col("text") == sentence)
    assert found.height == 1
    parts = tables["text_parts"].filter(
        (pl.col("subject_table") == "sentences") & (pl.col("subject_key") == str(found["sentence_id"].item()))
    )
    assert " ".join(SOURCE[start:end] for start, end in parts.select("start_char", "end_char").rows()) == sentence


def test_every_reference_field_by_field(tables: Tables) -> None:
    references = {row["ref_no"]: row for row in tables["bib_references"].to_dicts()}
    authors = tables["reference_authors"].group_by("ref_no", maintain_order=True).agg("surname", "initials", "suffix")
    listed = {row["ref_no"]: row for row in authors.to_dicts()}
    with (ROOT / "tests" / "data" / "spine_references.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    assert [int(row["ref_no"]) for row in expected] == list(range(1, 72))
    for row in expected:
        got = references[int(row["ref_no"])]
        for field in ("title", "volume", "first_page", "last_page", "article_number", "note", "doi"):
            assert (got[field] or "") == row[field], (row["ref_no"], field)
        assert got["journal_raw"] == row["journal"]
        assert got["year"] == int(row["year"])
        assert got["is_exact_parse"] is True
        assert got["authors_truncated"] is (row["truncated"] == "et al.")
        assert got["language"] == (row["language"] or None)
        names = [
            "/".join(part for part in (surname, initials, suffix) if part)
            for surname, initials, suffix in zip(
                *(listed[got["ref_no"]][part] for part in ("surname", "initials", "suffix")), strict=True
            )
        ]
        assert "; ".join(names) == row["authors"], row["ref_no"]


def test_the_reference_interrupted_by_a_page_break(tables: Tables) -> None:
    row = tables["bib_references"].row(by_predicate=pl.col("ref_no") == 31, named=True)
    assert row["title"] == "Decision making in the surgical treatment of cervical spine metastases"
    assert "\n\n- of cervical" in row["text_raw"]
    assert "- of cervical" not in row["text"]
    assert row["is_exact_parse"]


def test_every_span_cuts_out_the_words_of_its_row(tables: Tables) -> None:
    """Contiguous words are cut out exactly; others are put together from their text_parts."""
    parts = tables["text_parts"].sort("part_no").group_by("subject_table", "subject_key", "field", maintain_order=True)
    pieces_by_row = {key: rows.select("start_char", "end_char").rows() for key, rows in parts}
    checked = 0
    for table, key, field in (
        ("review_authors", ["position"], "name"),
        ("review_affiliations", ["affiliation_no"], "affiliation"),
        ("review_keywords", ["position"], "keyword"),
        ("sections", ["section_id"], "heading"),
        ("sentences", ["sentence_id"], "text"),
        ("bib_references", ["ref_no"], "text"),
        ("reference_authors", ["ref_no", "position"], "name_raw"),
        ("table_cells", ["table_no", "row_no", "column_no"], "text_raw"),
        ("citation_markers", ["marker_id"], "marker_text"),
        ("option_points", ["table_no", "row_no", "point_no"], "text"),
        ("study_modalities", ["table_no", "row_no", "concept_id"], "cue_text"),
        ("claims", ["claim_id"], "cue_text"),
        ("reference_topics", ["ref_no", "concept_id"], "cue_text"),
        ("reference_designs", ["ref_no", "design_id"], "cue_text"),
    ):
        for row in tables[table].filter(pl.col(field).is_not_null()).to_dicts():
            pieces = pieces_by_row.get((table, "/".join(str(row[part]) for part in key), field))
            if pieces is None:
                assert SOURCE[row["start_char"] : row["end_char"]] == row[field], (table, row)
            else:
                assert " ".join(SOURCE[start:end] for start, end in pieces) == row[field], (table, row)
            checked += 1
    assert checked > 800
    for row in tables["bib_references"].to_dicts():
        assert SOURCE[row["start_char"] : row["end_char"]] == row["text_raw"]


def test_tables_as_printed(tables: Tables) -> None:
    columns = ["label", "caption", "kind", "n_parts", "n_rows", "n_columns"]
    assert tables["source_tables"].select(columns).rows() == [
        ("Table 1", "Treatment options for spine metastases.", "evidence", 3, 34, 3),
        (
            "Table 2",
            "Advantages and disadvantages of using radiotherapy for the treatment of spine metastasis.",
            "options",
            1,
            5,
            4,
        ),
    ]
    headers = tables["table_cells"].filter(pl.col("is_header"))
    assert headers.select("table_no", "text", "role").rows() == [
        (1, "Author and year", "study"),
        (1, "Method", "intervention"),
        (1, "Outcomes", "result"),
        (2, "Type of radiotherapy", "option"),
        (2, "Advantages", "advantages"),
        (2, "Disadvantages", "disadvantages"),
        (2, "References", "reference"),
    ]
    # The first row of each part of Table 1.
    body = tables["table_cells"].filter((pl.col("table_no") == 1) & (pl.col("column_no") == 1) & (pl.col("row_no") > 0))
    firsts = body.unique("part_no", keep="first", maintain_order=True).select("row_no", "text")
    assert firsts.rows() == [(1, "Danzig 1980"), (15, "Cho 2012"), (27, "Yeo 2015")]


def test_each_study_cites_its_reference(tables: Tables) -> None:
    assert tables["studies"]["ref_no"].to_list() == [
        *(24, 25, 26, 4, 5, 27, 30, 37, 38, 39, 31, 40, 41, 52),
        *(28, 42, 34, 49, 43, 44, 45, 46, 36, 57, 54, 61),
        *(55, 50, 16, 56, 62, 63, 51, 64),
    ]
    assert tables["studies"]["label_matches_reference"].all()
    assert tables["studies"].row(1, named=True)["first_author"] == "Grillo Ruggieri"
    assert tables["studies"].row(1, named=True)["method"] == "Halo-vest and radiotherapy"


def test_each_option_cites_its_references(tables: Tables) -> None:
    markers = tables["citation_markers"].filter(pl.col("table_no") == 2)
    cited = (
        markers.join(tables["citation_mentions"], on=["review_id", "marker_id"])
        .group_by("row_no")
        .agg(pl.col("ref_no").sort())
        .sort("row_no")
    )
    assert cited["ref_no"].to_list() == [[55], [55], [37, 38, 42, 43, 52, 56, 66], [49, 69, 70], [71]]


def test_a_citation_range_is_expanded(tables: Tables) -> None:
    # surgery.^{4,5,26–29}: 27 and 28 are not printed.
    marker = tables["citation_markers"].filter(pl.col("marker_text") == "^{4,5,26–29}")
    mentions = tables["citation_mentions"].filter(pl.col("marker_id") == marker["marker_id"].item())
    assert mentions.select("ref_no", "is_from_range").rows() == [
        (4, False),
        (5, False),
        (26, False),
        (27, True),
        (28, True),
        (29, False),
    ]


def test_findings(tables: Tables) -> None:
    counts = dict(tables["source_issues"].group_by("code").len().rows())
    assert counts["label_is_no_key"] == 2  # Lee 2013 ⁴⁵ and Lee 2013 ⁴⁶
    assert counts["volume_in_two_years"] == 2  # Neurosurgery 64: 2017 (13) and 2009 (19)
    assert counts["surname_spelled_two_ways"] == 1  # Vieillard (35) and Vielliard (64)
    assert counts["leading_space"] == 19  # references 33 to 51
    assert counts["table_in_sentence"] == 1
    assert counts["reference_cut"] == 1
    assert counts["line_hyphen"] == 2  # multise-session, Radiovertebro-plasty
    ran = tables["quality_checks"].filter(pl.col("check_id") == "reference_never_cited")
    assert ran.select("n_checked", "n_findings", "passed").rows() == [(71, 0, True)]
