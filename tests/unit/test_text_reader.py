"""The plain-text reader on the first review and on invented texts; expected values were read in the source by eye."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.document import Document, Heading, Paragraph
from pipelines.extract.citations import detect_citation_style, find_document_citations
from pipelines.extract.sentences import split_sentences
from pipelines.extract.table_roles import read_header_roles
from pipelines.readers.errors import ReadError
from pipelines.readers.text import decoding, read_text
from tests.hang import must_end
from tests.texts import texts_of

REVIEW = Path(__file__).parents[2] / "raw" / "spine-metastases-review" / "source.txt"

LIST = "\n\nReferences\n\n1. Ek A. Casts. *Bone* 2001; 1: 2–3.\n2. Bo B. Vests. *Bone* 2002; 2: 4.\n"


@pytest.fixture(scope="module")
def review() -> Document:
    return read_text(REVIEW.read_bytes(), name="source.txt")


def read(text: str) -> Document:
    return read_text(text.encode(), name="a.txt")


def assert_cut_out_exactly(document: Document) -> None:
    """Every piece of every text is verbatim in the source; characters that no piece covers are joining blanks."""
    for text in texts_of(document):
        covered: set[int] = set()
        for piece in text.pieces:
            assert piece.length > 0
            printed = document.source[piece.start : piece.start + piece.length]
            assert printed == text.value[piece.offset : piece.offset + piece.length]
            covered.update(range(piece.offset, piece.offset + piece.length))
        assert all(text.value[offset] == " " for offset in range(len(text.value)) if offset not in covered)


def paragraphs(document: Document, kind: str | None = None) -> list[str]:
    return [
        block.text.value
        for block in document.blocks
        if isinstance(block, Paragraph) and (kind is None or block.kind == kind)
    ]


def headings(document: Document) -> list[tuple[int, str]]:
    return [(block.level, block.text.value) for block in document.blocks if isinstance(block, Heading)]


def grid(document: Document, number: int = 0) -> list[list[str]]:
    return [[cell.text.value for cell in row.cells] for row in document.tables[number].rows]


class TestFirstReview:
    """The first review, as a reader of the printed article sees it."""

    def test_every_text_is_verbatim_in_the_source(self, review: Document) -> None:
        assert_cut_out_exactly(review)
        assert sum(1 for _ in texts_of(review)) > 200

    def test_bibliographic_data(self, review: Document) -> None:
        front = review.front
        assert front.title is not None
        assert front.title.value == "Treatment of spine metastases in cancer: a review"
        assert front.journal is not None
        assert front.journal.value == "Journal of International Medical Research"
        assert (front.volume, front.issue, front.first_page, front.last_page) == ("48", "4", "1", "12")
        assert (front.publication_year, front.publication_year_basis) == (2019, "copyright_line")
        assert front.doi == "10.1177/0300060519888107"
        assert (front.date_received, front.date_accepted) == ("2019-07-09", "2019-10-22")
        assert (front.licence, front.language, front.article_type) == (None, None, None)
        assert [word.value for word in front.keywords] == [
            "Spine metastases",
            "diagnosis",
            "mechanisms",
            "treatments",
            "cancer",
        ]
        (abstract,) = front.abstract
        assert abstract.value.startswith("As a consequence of the improvements")
        assert abstract.value.endswith("available for patients with spine metastases.")

    def test_authors(self, review: Document) -> None:
        authors = review.front.authors
        assert [(author.given_names, author.surname, author.affiliations) for author in authors] == [
            ("Yu", "Chen", ("1",)),
            ("Yayi", "He", ("2",)),
            ("Chao", "Zhao", ("3",)),
            ("Xuefei", "Li", ("3",)),
            ("Caicun", "Zhou", ("2",)),
            ("Fred R", "Hirsch", ("4",)),
        ]
        assert [author.name.value for author in authors if author.is_equal_contribution] == ["Yu Chen", "Yayi He"]
        assert [(author.name.value, author.email) for author in authors if author.is_corresponding] == [
            ("Caicun Zhou", "caicunzhou@126.com")
        ]
        assert [author.orcid for author in authors] == [None, "0000-0002-2820-9119", None, None, None, None]
        assert [author.email for author in authors].count(None) == 5

    def test_affiliations(self, review: Document) -> None:
        affiliations = review.front.affiliations
        assert [affiliation.key for affiliation in affiliations] == ["1", "2", "3", "4"]
        assert affiliations[0].text.value == (
            "Spine Centre, Department of Orthopaedics, Shanghai Changzheng Hospital, Shanghai, China"
        )
        assert affiliations[3].text.value.endswith("University of Colorado Anschutz Medical Campus, Aurora, CO, USA")

    def test_every_grant(self, review: Document) -> None:
        assert [(award.funder, award.award_number) for award in review.front.awards] == [
            ("National Natural Science Foundation of China", "81802255"),
            ("Shanghai Pujiang Programme", "17PJD036"),
            ("Shanghai Municipal Commission of Health and Family Planning Programme", "20174Y0131"),
            ("National Key Research & Development Project", "2016YFC0902300"),
            (
                "Major Disease Clinical Skills Enhancement Programme of three year action plan for promoting clinical "
                "skills and clinical innovation in municipal hospitals",
                None,
            ),
            ("Shanghai Shen Kang Hospital Development Centre Clinical Research Plan of SHDC", "16CR1001A"),
            ("'Dream Tutor Outstanding Young Talents Programme'", "fkyq1901"),
            ("Key Disciplines of Shanghai Pulmonary Hospital", "2017ZZ02012"),
            ("Shanghai Science and Technology Commission", "16JC1405900"),
        ]

    def test_sections(self, review: Document) -> None:
        assert headings(review) == [
            (1, "Abstract"),
            (1, "Introduction"),
            (1, "Spine metastases in cancer"),
            (1, "Mechanisms of spine metastases in cancer"),
            (1, "Treatment evolution of spine metastases"),
            (1, "Declaration of conflicting interest"),
            (1, "Funding"),
            (1, "ORCID iD"),
        ]
        kinds = Counter(block.kind for block in review.blocks if isinstance(block, Paragraph))
        assert kinds == {"abstract": 1, "prose": 10, "back": 3}
        assert paragraphs(review, "back")[0] == "The authors declare that there are no conflicts of interest."

    @pytest.mark.parametrize(
        "sentence",
        [
            "MRI combined with perfusion parameters can predict local control after stereotactic body radiation "
            "therapy (SBRT) in sarcoma spine metastases.²²",
            "From the 1970s, physicians tried to treat spine metastases using a Halo cast,²⁴ a Halo vest and "
            "radiotherapy²⁵ and surgery.^{4,5,26–29}",
            "Stereotactic body radiotherapy, a type of stereotactic radiosurgery, is associated with a crude risk rate "
            "of vertebral compression fracture of 14%.⁶⁶",
            "Surgery for patients mainly aims to restore spine stability, relieve pain, decompress the spinal cord and "
            "retrieve tissue samples for pathological diagnosis.⁵⁷",
            "This method can relieve pain and improve neurological function whilst causing less injury and having a "
            "lower complication rate.³⁴",
            "If posterior elements are affected or the tumour has infiltrated the spinal canal, the former two "
            "approaches will be not sufficient and patients will need extra instruments to restore spinal stability.",
        ],
    )
    def test_joins_cut_sentences(self, review: Document, sentence: str) -> None:
        matches = [
            part
            for block in review.blocks
            if isinstance(block, Paragraph)
            for part in (block.text.slice(start, end) for start, end in split_sentences(block.text.value))
            if part.value == sentence
        ]
        assert [len(part.pieces) for part in matches] == [2]

    def test_joins_cut_funding_statement(self, review: Document) -> None:
        assert "Shanghai Shen Kang Hospital Development Centre Clinical Research Plan" in paragraphs(review, "back")[1]

    def test_number_of_sentences(self, review: Document) -> None:
        prose = [block for block in review.blocks if isinstance(block, Paragraph) and block.kind == "prose"]
        assert [len(split_sentences(block.text.value)) for block in prose] == [6, 3, 3, 8, 8, 4, 12, 5, 35, 2]

    def test_references(self, review: Document) -> None:
        assert [entry.ref_no for entry in review.references] == list(range(1, 72))
        assert review.references_are_numbered
        texts = {entry.ref_no: entry.text for entry in review.references}
        assert texts[7].value == (
            "Fisher MS. Lumbar spine metastasis in cervical carcinoma: a characteristic pattern. *Radiology* 1980; "
            "134: 631–634."
        )
        assert texts[31].value == (
            "Fehlings MG, David KS, Vialle L, et al. Decision making in the surgical treatment of cervical spine "
            "metastases. *Spine (Phila Pa 1976)* 2009; 34: S108–S117."
        )
        assert len(texts[31].pieces) == 2
        assert all(len(text.pieces) == 1 for number, text in texts.items() if number != 31)
        assert texts[33].value.startswith("Crabtree KL, Anderson KK")
        assert texts[51].value.endswith("*World J Surg Oncol* 2017; 15: 21.")
        assert texts[52].value.startswith("Ryu S, Pugh SL")
        assert texts[71].value.endswith("*Q J Nucl Med* 2001; 45: 78–83.")

    def test_first_table(self, review: Document) -> None:
        table = review.tables[0]
        assert (table.label, table.n_parts) == ("Table 1", 3)
        assert table.caption is not None
        assert table.caption.value == "Treatment options for spine metastases."
        cells = grid(review)
        assert len(cells) == 35
        assert {len(row) for row in cells} == {3}
        assert cells[0] == ["Author and year", "Method", "Outcomes"]
        assert [row.is_header for row in table.rows] == [True] + [False] * 34
        assert cells[1][:2] == ["Danzig 1980 ²⁴", "Halo cast"]
        assert cells[14][0] == "Ryu 2011 ⁵²"
        assert cells[15][0] == "Cho 2012 ²⁸"
        assert cells[34][0] == "Zairi 2017 ⁶⁴"
        assert [row.part_no for row in table.rows] == [1] * 15 + [2] * 12 + [3] * 8
        assert table.span is not None
        assert review.source[table.span.start :].startswith("Table 1. Treatment")
        assert review.source[: table.span.end].endswith("control the local tumour in spine metastases patients.")

    def test_second_table(self, review: Document) -> None:
        cells = grid(review, 1)
        assert (review.tables[1].label, review.tables[1].n_parts, len(cells)) == ("Table 2", 1, 6)
        assert cells[0] == ["Type of radiotherapy", "Advantages", "Disadvantages", "References"]
        assert [row[3] for row in cells[1:]] == ["55", "55", "37,38,42,43,52,56,66", "49,69,70", "71"]
        assert cells[5][2] == "Temporary myelosuppression"

    def test_roles(self, review: Document) -> None:
        assert [[header.roles for header in headers] for headers in read_header_roles(review.tables)] == [
            [("study",), ("method",), ("outcome",)],
            [("option",), ("advantages",), ("disadvantages",), ("reference",)],
        ]

    def test_citations(self, review: Document) -> None:
        assert detect_citation_style(review) == "superscript"
        citations = list(find_document_citations(review, read_header_roles(review.tables)))
        assert Counter(item.context for item in citations) == {"prose": 78, "table": 39}
        mentions: Counter[str] = Counter()
        for item in citations:
            mentions[item.context] += len(item.citation.ref_nos)
        assert mentions == {"prose": 130, "table": 47}
        assert Counter(item.table_no for item in citations if item.context == "table") == {0: 34, 1: 5}

    def test_repairs(self, review: Document) -> None:
        assert Counter(repair.code for repair in review.repairs) == {
            "page_break_in_sentence": 7,
            "table_in_sentence": 1,
            "table_parts_joined": 2,
            "reference_cut": 1,
            "stray_bullet": 1,
            "leading_space": 19,
            "line_hyphen": 2,
        }

    @pytest.mark.parametrize(
        ("code", "before", "printed", "after"),
        [
            ("page_break_in_sentence", "can predict local", "\n\n", "control after stereotactic"),
            ("page_break_in_sentence", "using a Halo cast,²⁴ a", "\n\n", "Halo vest and"),
            ("page_break_in_sentence", "a large margin. This increases the risk of", "\n\n", "unnecessary"),
            ("page_break_in_sentence", "a type of stereotactic", "\n\n", "radiosurgery,"),
            ("page_break_in_sentence", "decompress the spinal cord", "\n\n", "and retrieve"),
            ("page_break_in_sentence", "less injury and having a", "\n\n", "lower complication"),
            ("page_break_in_sentence", "Hospital Development", "\n\n", "Centre Clinical"),
            ("reference_cut", "in the surgical treatment", "\n\n- ", "of cervical spine"),
            ("stray_bullet", "surgical treatment\n\n", "- ", "of cervical"),
            ("leading_space", "English abstract].\n", " ", "33. Crabtree"),
            ("line_hyphen", "Single-session (SS) and ", "multise-session", " (MS)"),
            ("line_hyphen", "noninvasive approach", "", ""),
        ],
    )
    def test_place_of_a_repair(self, review: Document, code: str, before: str, printed: str, after: str) -> None:
        if not printed:
            printed, before, after = "Radiovertebro-plasty", "37,38,42,43,52,56,66\n", " (radionuclides mixed"
        start = review.source.index(before + printed + after) + len(before)
        spans = {(repair.span.start, repair.span.end) for repair in review.repairs if repair.code == code}
        assert (start, start + len(printed)) in spans

    def test_repair_around_the_second_table(self, review: Document) -> None:
        (repair,) = [repair for repair in review.repairs if repair.code == "table_in_sentence"]
        bridged = review.source[repair.span.start : repair.span.end]
        assert bridged.startswith("\n\nTable 2. Advantages")
        assert bridged.endswith("Temporary myelosuppression\t71\n\n")


class TestRejections:
    """Each error names the file, the place, the problem and the fix."""

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", ["a.txt", "empty"]),
            (b" \n\t\n", ["a.txt", "empty"]),
            ("Title\n\nText é.".encode("latin-1"), ["a.txt, line 3 (byte 12): byte 0xe9 is not valid UTF-8; convert"]),
            ("Title\n\nText.".encode("utf-16"), ["a.txt, line 1 (byte 0): byte 0xff is not valid UTF-8"]),
            ("Title\n\nText.".encode("utf-16-le"), ["a.txt, line 1", "NUL", "UTF-16"]),
            (b"Title\n\nIntroduction\n\nText.", ["a.txt", "no reference list", "'References'"]),
            (b"Title\n\nText.\n\nReferences\n\n", ["a.txt, line 5", "empty"]),
        ],
    )
    def test_rejects_bad_bytes_and_missing_references(self, data: bytes, words: list[str]) -> None:
        with pytest.raises(ReadError) as rejected:
            read_text(data, name="a.txt")
        assert all(word in str(rejected.value) for word in words), str(rejected.value)

    @pytest.mark.parametrize(
        ("numbers", "words"),
        [
            ([1, 2, 4, 5], ["a.txt, line 9", "number 4", "3 is missing"]),
            ([1, 2, 2, 3], ["a.txt, line 9", "number 2", "twice", "3 should follow"]),
            ([2, 3], ["a.txt, line 7", "number 2", "1 is missing"]),
            ([1, 3, 2], ["a.txt, line 8", "number 3", "2 is missing"]),
        ],
    )
    def test_rejects_a_gap_and_a_duplicate_in_the_numbers(self, numbers: list[int], words: list[str]) -> None:
        entries = "\n".join(f"{number}. Ek A. Casts. *Bone* 2001; 1: 2–3." for number in numbers)
        with pytest.raises(ReadError) as rejected:
            read(f"Title\n\nText.\n\nReferences\n\n{entries}\n")
        assert all(word in str(rejected.value) for word in words), str(rejected.value)

    def test_rejects_a_row_with_an_extra_cell(self) -> None:
        rows = "Study\tMethod\nEk 2001\tCast\nBo 2002\tVest\tHeavy\nCy 2003\tCast"
        with pytest.raises(ReadError, match=r"a\.txt, line 9 .*Table 1, row 3 has 3 cells, .*2 columns.*'Heavy'"):
            read(f"Title\n\nIntroduction\n\nTable 1. Casts.\n\n{rows}\n{LIST}")

    def test_rejects_an_extra_cell_in_the_only_row(self) -> None:
        with pytest.raises(ReadError, match="row 2 has 3 cells"):
            read(f"Title\n\nIntroduction\n\nTable 1. Casts.\n\nStudy\tMethod\nEk\tCast\tHeavy\n{LIST}")


class TestOtherLayouts:
    """Layouts other than the first review's."""

    def test_numbers_an_unnumbered_list_by_its_order(self) -> None:
        document = read(
            "Title\n\nText.\n\nBibliography\n\nEk A. Casts. Bone 2001.\nde Bo B. Vests and\n\n- collars. Bone 2002.\n"
        )
        assert [(entry.ref_no, entry.text.value) for entry in document.references] == [
            (1, "Ek A. Casts. Bone 2001."),
            (2, "de Bo B. Vests and collars. Bone 2002."),
        ]
        assert not document.references_are_numbered
        assert_cut_out_exactly(document)

    @pytest.mark.parametrize("form", ["{}. ", "[{}] ", "({}) ", "{}) ", "{}\t", "  {}. ", "{} "])
    def test_reads_all_forms_of_reference_numbers(self, form: str) -> None:
        entries = "".join(f"{form.format(number)}Ek A. Casts. Bone 2001; 1: 2.\n" for number in range(1, 12))
        document = read(f"Title\n\nText.\n\n7. REFERENCES\n\n{entries}")
        assert [entry.ref_no for entry in document.references] == list(range(1, 12))
        assert {entry.text.value for entry in document.references} == {"Ek A. Casts. Bone 2001; 1: 2."}

    def test_a_wrapped_line_that_begins_with_a_number_is_not_an_entry(self) -> None:
        document = read(
            "Title\n\nText.\n\nReferences\n\n1. Ek A. Casts of the year\n2001. Springer, Berlin, pp. 7–\n9.\n"
            "2. Bo B. Vests. Bone 2002; 21:\n12. Epub.\n"
        )
        assert [entry.text.value for entry in document.references] == [
            "Ek A. Casts of the year 2001. Springer, Berlin, pp. 7– 9.",
            "Bo B. Vests. Bone 2002; 21: 12. Epub.",
        ]

    def test_uses_the_last_heading_of_a_reference_list(self) -> None:
        document = read(f"Title\n\nIntroduction\n\nText.\n\nReferences\n\nWhat the word means.{LIST}")
        assert len(document.references) == 2
        assert "What the word means." in paragraphs(document)

    def test_text_after_the_list_is_not_a_reference(self) -> None:
        document = read(f"Title\n\nIntroduction\n\nText.{LIST}\nAppendix\n\nMore text.\n")
        assert len(document.references) == 2
        assert headings(document)[-1] == (1, "Appendix")
        assert paragraphs(document)[-1] == "More text."

    def test_levels_of_numbered_headings(self) -> None:
        document = read(
            "Title\n\n1. Introduction\n\nText one.\n\n2. Methods\n\n2.1. Search\n\nText two.\n\n2.1.1 Terms\n\n"
            f"Text.\n\n3 Results\n\nText three.{LIST}"
        )
        assert headings(document) == [
            (1, "1. Introduction"),
            (1, "2. Methods"),
            (2, "2.1. Search"),
            (3, "2.1.1 Terms"),
            (1, "3 Results"),
        ]

    def test_bracketed_citations(self) -> None:
        document = read(f"Title\n\nIntroduction\n\nCasts help [1], at 10³ cm² [1,2].{LIST}")
        citations = list(find_document_citations(document, []))
        assert [(item.marker, item.citation.ref_nos) for item in citations] == [("[1]", (1,)), ("[1,2]", (1, 2))]

    def test_joins_wrapped_lines(self) -> None:
        line = "Casts have been used for many years in the treatment of broken bones and they"
        document = read(f"Title\n\nIntroduction\n\n{line}\nare still used. Vests are newer.\n\nMore.{LIST}")
        assert paragraphs(document)[0] == f"{line} are still used. Vests are newer."

    def test_joins_a_sentence_around_a_figure_and_a_box(self) -> None:
        document = read(
            "Title\n\nIntroduction\n\nCasts were used in the\n\nFigure 1. A cast of 1901.\n\nA box printed here is "
            f"whole.\n\nyears before vests.{LIST}"
        )
        assert paragraphs(document) == [
            "Casts were used in the years before vests.",
            "Figure 1. A cast of 1901.",
            "A box printed here is whole.",
        ]
        assert paragraphs(document, "caption") == ["Figure 1. A cast of 1901."]
        assert [repair.code for repair in document.repairs] == ["figure_in_sentence"]

    def test_a_sentence_that_begins_with_figure_is_not_a_caption(self) -> None:
        document = read(f"Title\n\nIntroduction\n\nSee the cast in\n\nFigure 1). It broke. Table 1 shows why.{LIST}")
        assert paragraphs(document) == ["See the cast in Figure 1). It broke. Table 1 shows why."]

    def test_headings_may_have_initials_questions_and_colons(self) -> None:
        names = ["Growth of E. coli on Casts", "Are Casts Safe?", "Casts and vests: what is new"]
        body = "\n\n".join(f"{name}\n\nThis is a sentence of prose." for name in names)
        assert headings(read(f"Title\n\nIntroduction\n\nText.\n\n{body}{LIST}"))[1:] == [(1, name) for name in names]

    def test_does_not_join_list_items(self) -> None:
        document = read(
            "Title\n\nIntroduction\n\nWe need:\n\n• casts\n\n• vests\n\n"
            f"Great care with a cast; and\n\nMore vests.{LIST}"
        )
        assert paragraphs(document) == ["We need:", "• casts", "• vests", "Great care with a cast; and", "More vests."]

    def test_reports_a_line_hyphen_and_keeps_the_word_as_printed(self) -> None:
        document = read(
            f"Title\n\nIntroduction\n\nA vertebroplasty is not a vertebro-plasty of a well-known kind.{LIST}"
        )
        (repair,) = document.repairs
        assert repair.code == "line_hyphen"
        assert document.source[repair.span.start : repair.span.end] == "vertebro-plasty"
        assert "not a vertebro-plasty" in paragraphs(document)[0]

    def test_reads_crlf_and_a_byte_order_mark(self) -> None:
        text = (
            f"\ufeffTitle of it\n\nIntroduction\n\nCasts help.¹\n\nTable 1. Casts.\n\nStudy\tMethod\nEk\tCast\n{LIST}"
        )
        document = read(text.replace("\n", "\r\n"))
        assert paragraphs(document) == ["Casts help.¹"]
        assert grid(document) == [["Study", "Method"], ["Ek", "Cast"]]
        assert_cut_out_exactly(document)


class TestTables:
    """Tables in other layouts than the first review's."""

    def table(self, text: str) -> Document:
        document = read(f"Title\n\nIntroduction\n\nText one.\n\n{text}\n\nText two is here.{LIST}")
        assert_cut_out_exactly(document)
        return document

    def test_fills_short_rows(self) -> None:
        document = self.table("Table 1. Casts.\n\nStudy\tMethod\tn\nEk\tCast\nBo\tVest\t3\t\t\nCy\tVest\t4")
        assert grid(document)[1:] == [["Ek", "Cast", ""], ["Bo", "Vest", "3"], ["Cy", "Vest", "4"]]

    def test_fills_a_header_shorter_than_all_rows(self) -> None:
        document = self.table("Table 1. Casts.\n\nStudy\tMethod\nEk\tCast\t3\nBo\tVest\t4\nCy\tVest\t5")
        assert grid(document)[0] == ["Study", "Method", ""]

    def test_group_rows_without_tabs_belong_to_the_table(self) -> None:
        document = self.table(
            "Table 1. Casts.\n\nOLD\nStudy\tMethod\nNEW\nEk\tCast\nBONE\n\n(continued)\n\nTable 1. Continued\n\nOLD\n"
            "Study\tMethod\nBo\tVest"
        )
        assert [row[0] for row in grid(document)] == ["OLD", "Study", "NEW", "Ek", "BONE", "Bo"]
        assert "BONE" not in [text for _, text in headings(document)]

    def test_two_header_rows_that_a_part_repeats(self) -> None:
        header = "Study\tDose\t\tRef.\n\tlow\thigh\t"
        document = self.table(
            f"Table 1. Casts.\n\n{header}\nEk\t1\t2\t1\n\n(continued)\n\nTable 1. Continued\n\n{header}\nBo\t3\t4\t2"
        )
        assert [row.is_header for row in document.tables[0].rows] == [True, True, False, False]
        assert [row.part_no for row in document.tables[0].rows] == [1, 1, 1, 2]
        assert document.tables[0].n_parts == 2

    def test_two_header_rows_of_a_table_in_one_part(self) -> None:
        document = self.table("Table 1. Casts.\n\nStudy\tDose\t\n\tlow\thigh\nEk\t1\t2")
        assert [row.is_header for row in document.tables[0].rows] == [True, True, False]

    def test_a_second_header_row_may_only_fill_the_second_column(self) -> None:
        document = self.table("Table 1. Casts.\n\nGroup\t\tRef.\n\tDose\t\nEk\t1\t1\nBo\t2\t2")
        assert [row.is_header for row in document.tables[0].rows] == [True, True, False, False]

    def test_an_empty_corner_does_not_make_a_second_header_row(self) -> None:
        document = self.table("Table 1. Casts.\n\n\tOld\tNew\nEk\t1\t2\n\t3\t4")
        assert [row.is_header for row in document.tables[0].rows] == [True, False, False]

    def test_table_notes_are_not_prose(self) -> None:
        document = self.table(
            "Table 1. Casts.\n\nStudy\tn\nEk\t1 ^{a}\n\nDON: deoxynivalenol; nd: not detected.\n^{a} Mean of two."
        )
        assert [note.value for note in document.tables[0].footnotes] == [
            "DON: deoxynivalenol; nd: not detected.",
            "^{a} Mean of two.",
        ]
        assert paragraphs(document) == ["Text one.", "Text two is here."]

    def test_table_notes_between_parts_of_a_sentence(self) -> None:
        document = read(
            "Title\n\nIntroduction\n\nThe casts were\n\nTable 1. Casts.\n\nStudy\tn\nEk\t1\n\nABC, a b c; n, number."
            f"\n\na help in need.{LIST}"
        )
        assert paragraphs(document) == ["The casts were a help in need."]
        assert [note.value for note in document.tables[0].footnotes] == ["ABC, a b c; n, number."]

    def test_reads_all_forms_of_captions(self) -> None:
        for caption, label, title in [
            ("TABLE 2: Casts", "TABLE 2", "Casts"),
            ("Table IV Casts", "Table IV", "Casts"),
            ("Table A1. Casts", "Table A1", "Casts"),
            ("Supplementary Table S3 | Casts", "Supplementary Table S3", "Casts"),
            ("Table 5.\n\nCasts of old", "Table 5", "Casts of old"),
        ]:
            (table,) = self.table(f"{caption}\n\nStudy\tn\nEk\t1").tables
            assert table.label == label
            assert table.caption is not None
            assert table.caption.value == title

    def test_reads_a_table_of_one_column(self) -> None:
        document = self.table("Box 1. Casts\n\nA long line about the casts of old\nShort\nThe last line of all")
        assert document.tables[0].label == "Box 1"
        assert grid(document) == [["A long line about the casts of old"], ["Short"], ["The last line of all"]]

    def test_a_caption_without_rows_is_a_caption_paragraph(self) -> None:
        document = self.table("Table 1. Casts of old.\n\nText goes on\nin the next line.")
        assert document.tables == ()
        assert paragraphs(document, "caption") == ["Table 1. Casts of old."]

    def test_rows_without_a_caption_are_a_table(self) -> None:
        (table,) = self.table("Study\tn\nEk\t1").tables
        assert (table.label, table.caption, len(table.rows)) == (None, None, 2)

    def test_joins_rows_on_both_sides_of_a_page_break(self) -> None:
        document = self.table("Table 1. Casts.\n\nStudy\tn\nEk\t1\n\nBo\t2")
        assert len(grid(document)) == 3
        assert [repair.code for repair in document.repairs] == ["page_break_in_table"]

    def test_a_tab_in_prose_does_not_make_a_table(self) -> None:
        document = self.table("A line of\tprose with a tab.")
        assert document.tables == ()
        assert "A line of\tprose with a tab." in paragraphs(document)


class TestFrontMatter:
    """Front matter in other layouts than the first review's."""

    def front(self, text: str) -> Document:
        return read(f"{text}\n\nIntroduction\n\nText.{LIST}")

    def test_labels_on_the_same_line(self) -> None:
        front = self.front(
            "Casts of the spine\n\nJ Cast Res. 2011;12(3):101-110.\n\n"
            "Jan van der Berg^{1}*, Eva O’Neill² & Wei Li Jr^{1,2}\n\n"
            "^{1} Department of Casts, Bone University, Oslo\n\n²Cast Hospital, Rome, Italy\n\n"
            "Abstract: Casts are old.\n\n"
            "Key words: cast; spine (human, rat); vest.\n\nReceived: March 3, 2010; Accepted: 2010-12-24\n\n"
            "* Correspondence to: Jan van der Berg, Department of Casts; e-mail: jan@bone.example.org\n\n"
            "This is an open access article under the Creative Commons Attribution License 4.0 (CC BY 4.0)."
        ).front
        assert front.journal is not None
        assert front.journal.value == "J Cast Res"
        assert (front.volume, front.issue, front.first_page, front.last_page) == ("12", "3", "101", "110")
        assert (front.publication_year, front.publication_year_basis) == (2011, "citation_line")
        assert [(author.given_names, author.surname, author.affiliations) for author in front.authors] == [
            ("Jan", "van der Berg", ("1",)),
            ("Eva", "O’Neill", ("2",)),
            ("Wei", "Li", ("1", "2")),
        ]
        assert [author.is_corresponding for author in front.authors] == [True, False, False]
        assert front.authors[0].email == "jan@bone.example.org"
        assert [text.value for text in front.abstract] == ["Casts are old."]
        assert [word.value for word in front.keywords] == ["cast", "spine (human, rat)", "vest"]
        assert (front.date_received, front.date_accepted) == ("2010-03-03", "2010-12-24")
        assert front.licence is not None
        assert "Creative Commons Attribution" in front.licence

    def test_a_journal_of_two_words_is_not_an_author(self) -> None:
        front = self.front(
            "Casts\n\nPlant Reproduction\n\n31(4) 343–355\n\nEva Ek¹ and Ola Bo¹\n\n¹Cast School, Oslo"
        ).front
        assert [author.name.value for author in front.authors] == ["Eva Ek", "Ola Bo"]
        assert front.journal is not None
        assert front.journal.value == "Plant Reproduction"

    def test_an_address_below_the_corresponding_author(self) -> None:
        front = self.front(
            "Casts\n\nEva Ek¹ and Ola Bo¹\n\n¹Cast School, Oslo\n\nCorresponding author:\n\nOla Bo, Oslo\n\n"
            "Email: ola@bone.example.org"
        ).front
        assert [author.email for author in front.authors] == [None, "ola@bone.example.org"]

    def test_a_body_without_an_introduction(self) -> None:
        prose = "Published casts are old and were used by many. " * 10
        document = read(
            f"Casts of old\n\nEva Ek¹ and Ola Bo¹\n\n¹Cast School, Oslo\n\nAbstract\n\nCasts are old.\n\n"
            f"Keywords\n\ncast, vest\n\nThe early years\n\n{prose}\n\nMore.{LIST}"
        )
        assert headings(document) == [(1, "Abstract"), (1, "The early years")]
        assert paragraphs(document) == ["Casts are old.", prose.strip(), "More."]

    def test_a_line_of_dates_ends_the_abstract(self) -> None:
        front = self.front("Casts\n\nAbstract\n\nOld casts.\n\nReceived 3 May 2010\n\nA word from the editor.").front
        assert [text.value for text in front.abstract] == ["Old casts."]

    def test_other_known_lines_do_not_end_the_abstract(self) -> None:
        front = self.front("Casts\n\nAbstract\n\nOpen access article\n\nOld casts.\n\nNew casts.").front
        assert [text.value for text in front.abstract] == ["Old casts.", "New casts."]

    @pytest.mark.parametrize("heading", ["Keywords and phrases", "KEY WORDS AND PHRASES:", "Key-words"])
    def test_headings_of_keywords(self, heading: str) -> None:
        front = self.front(f"Casts\n\nAbstract\n\nOld casts.\n\n{heading}\n\ncast; vest").front
        assert [word.value for word in front.keywords] == ["cast", "vest"]
        assert [text.value for text in front.abstract] == ["Old casts."]

    def test_a_line_that_begins_with_citation_is_not_the_title(self) -> None:
        front = self.front("Citation: Ek E (2011) Casts. Cast Res 12\n\nCasts of the spine\n\nEva Ek").front
        assert front.title is not None
        assert front.title.value == "Casts of the spine"

    def test_keeps_unknown_text_above_the_body(self) -> None:
        document = self.front("Casts\n\nAbstract\n\nOld casts.\n\nKeywords\n\ncast\n\nA word from the editor.")
        assert paragraphs(document) == ["Old casts.", "A word from the editor.", "Text."]

    @pytest.mark.parametrize(
        ("printed", "awards"),
        [
            ("Supported by the Cast Fund (grant no. CF-17/2).", [("Cast Fund", "CF-17/2")]),
            ("We thank the Cast Fund (12345, 67890).", [("Cast Fund", "12345"), ("Cast Fund", "67890")]),
            ("From: Cast Fund, Bone Trust (no. 7a9).", [("Cast Fund", None), ("Bone Trust", "7a9")]),
            ("Ek was paid by his mother (2014).", []),
            ("No funding was received.", []),
        ],
    )
    def test_awards(self, printed: str, awards: list[tuple[str, str | None]]) -> None:
        document = read(f"Casts\n\nIntroduction\n\nText.\n\nFunding\n\n{printed}{LIST}")
        assert [(award.funder, award.award_number) for award in document.front.awards] == awards

    def test_nothing_is_guessed(self) -> None:
        front = read(f"Introduction\n\nText of 2019.{LIST}").front
        assert front == type(front)()

    def test_impossible_dates_are_none(self) -> None:
        assert self.front("Casts\n\nReceived 31 February 2019").front.date_received is None

    def test_affiliation_marks_are_not_citations(self) -> None:
        document = self.front("Casts\n\nEva Ek¹ and Ola Bo²\n\n¹Cast School, Oslo\n\n²Vest School, Rome")
        assert list(find_document_citations(document, [])) == []


def test_rejects_a_text_longer_than_any_review(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_TEXT_BYTES", 1024 * 1024)
    with pytest.raises(ReadError, match=r"review\.txt: the file has more than 1 MB of text"):
        read_text(b"x" * 1_100_000, name="review.txt")


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                "\n",
                "\n\n",
                "Table 1. X",
                "(continued)",
                "Table 1. Continued",
                "a\tb",
                "\t",
                "a\tb\tc",
                "Introduction",
                "Abstract",
                "Keywords",
                "Figure 1. Y",
                "References",
                "1. A B. C.",
                "2. D E. F.",
                "- x",
                "words go on and",
                "They end.²⁴",
                "^{1,2}",
                "Corresponding author:",
                "Email: a@b.org",
                "¹Dept",
                "\r",
                "\u00a0",
            ]
        )
        | st.text(max_size=8),
        max_size=40,
    )
)
def test_reads_or_rejects_any_text(parts: list[str]) -> None:
    data = ("".join(parts) + LIST).encode("utf-8", "surrogatepass")
    try:
        document = read_text(data, name="a.txt")
    except ReadError as rejected:
        if not str(rejected).startswith("a.txt"):
            pytest.fail(f"the message does not name the file: {rejected}")
        return
    assert_cut_out_exactly(document)
    for block in document.blocks:
        split_sentences(block.text.value)
    list(find_document_citations(document, read_header_roles(document.tables)))
    for repair in document.repairs:
        assert 0 <= repair.span.start <= repair.span.end <= len(document.source)


@pytest.mark.parametrize(
    "unit",
    [
        "word ",
        "cut words\n\n",
        "a. b\n",
        "1\n",
        "a\tb\n",
        "(continued)\n",
        "Table 1. X\n\n",
        "^{1,",
        "(no. 1,2",
        "A b, ",
        "\t",
    ],
)
def test_a_hostile_text_does_not_hang(unit: str) -> None:
    with must_end():
        read(f"Title\n\nIntroduction\n\n{unit * (160_000 // len(unit))}{LIST}")
