"""Citations of two invented reviews are drawn, written and scored."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.release.files import DATABASE
from pipelines.release.worklist.citations import CitationItem, WorklistError, draw_citations
from pipelines.release.worklist.sheets import render_csv, render_sheet
from pipelines.release.worklist.verdicts import score_worklist, wilson_interval
from tests.mini_tables import Record, frames

HEEL = "Rest helps.3 Nails were known by 1900 [4]."
"""The source of the review `heel`: two sentences. In `toe` the marker is superscript, `<sup>1</sup>` in the source."""


def sentence(review: str, sentence_id: int, start: int, end: int, text: str) -> Record:
    return {
        "review_id": review,
        "sentence_id": sentence_id,
        "section_id": 1,
        "text": text,
        "start_char": start,
        "end_char": end,
    }


def marker(review: str, marker_id: int, sentence_id: int | None, start: int, text: str) -> Record:
    return {
        "review_id": review,
        "marker_id": marker_id,
        "sentence_id": sentence_id,
        "section_id": 1,
        "context": "prose" if sentence_id else "table",
        "marker_text": text,
        "start_char": start,
        "end_char": start + len(text),
    }


def write_release(folder: Path, *, has_toe: bool = True, has_text: bool = True) -> Path:
    tables = frames(
        reviews=(
            {"review_id": "heel", "title": "On heels"},
            *([{"review_id": "toe", "title": "On toes"}] if has_toe else []),
        ),
        sections=({"review_id": "heel", "section_id": 1, "heading": "Results"},),
        sentences=(
            sentence("heel", 1, 0, 12, HEEL[:12]),
            sentence("heel", 2, 13, 42, HEEL[13:]),
            *([sentence("toe", 1, 100, 130, "Toes bend1 a lot.")] if has_toe else []),
        ),
        text_parts=tuple(
            {
                "review_id": "toe",
                "subject_table": "sentences",
                "subject_key": "1",
                "field": "text",
                "part_no": part_no,
                "text_offset": offset,
                "start_char": start,
                "end_char": end,
            }
            for part_no, offset, start, end in ((1, 0, 100, 109), (2, 9, 114, 115), (3, 10, 121, 128))
            if has_toe
        ),
        citation_markers=(
            marker("heel", 1, 1, 11, "3"),
            marker("heel", 2, 2, 39, "4"),
            marker("heel", 3, None, 60, "4"),
            *([marker("toe", 1, 1, 114, "1")] if has_toe else []),
        ),
        citation_mentions=(
            {"review_id": "heel", "marker_id": 1, "ref_no": 3},
            {"review_id": "heel", "marker_id": 2, "ref_no": 4},
            {"review_id": "heel", "marker_id": 3, "ref_no": 4},
            *([{"review_id": "toe", "marker_id": 1, "ref_no": 1}] if has_toe else []),
        ),
        bib_references=(
            {
                "review_id": "heel",
                "ref_no": 3,
                "text": "Fern A. Rest. 2001." if has_text else None,
                "doi": "10.1/a#b<c>",
                "pmid": "77",
            },
            {"review_id": "heel", "ref_no": 4, "text": "Moss B. Nails. 1900." if has_text else None},
            *([{"review_id": "toe", "ref_no": 1, "text": "Oak C. Toes."}] if has_toe else []),
        ),
    )
    folder.mkdir(exist_ok=True)
    with duckdb.connect(str(folder / DATABASE)) as connection:
        for name, frame in tables.items():
            connection.register("frame", frame.to_arrow())
            connection.execute(f'CREATE TABLE "{name}" AS FROM frame')
            connection.unregister("frame")
    return folder


def test_each_item_has_its_sentence_with_the_marker_and_the_reference(tmp_path: Path) -> None:
    items = {(item.review_id, item.ref_no): item for item in draw_citations(write_release(tmp_path), 50)}
    assert set(items) == {("heel", 3), ("heel", 4), ("toe", 1)}, "the citation in a table is left out"
    rest = items["heel", 3]
    assert (rest.review, rest.section, rest.sentence, rest.reference) == (
        "On heels",
        "Results",
        "Rest helps.3",
        "Fern A. Rest. 2001.",
    )
    assert rest.doi_link == "https://doi.org/10.1/a%23b%3Cc%3E"
    assert rest.pubmed_link == "https://pubmed.ncbi.nlm.nih.gov/77/"
    assert (items["heel", 4].doi_link, items["heel", 4].pubmed_link) == (None, None)
    for item, before in (
        (rest, "Rest helps."),
        (items["heel", 4], "Nails were known by 1900 ["),
        (items["toe", 1], "Toes bend"),
    ):
        assert item.sentence[: item.marker_start] == before
        assert item.sentence[item.marker_start : item.marker_end] == item.marker


def test_the_same_citations_are_drawn_when_a_review_is_added(tmp_path: Path) -> None:
    alone = draw_citations(write_release(tmp_path / "a", has_toe=False), 50)
    together = draw_citations(write_release(tmp_path / "b"), 50)
    assert [item for item in together if item.review_id == "heel"] == alone
    assert draw_citations(tmp_path / "b", 2) == together[:2]
    assert draw_citations(tmp_path / "b", 50, "heel") == alone


@pytest.mark.parametrize(
    ("review", "message"),
    [("knee", r"^knee: not in the release, which has heel, toe$"), (None, "missing; name the folder of a release")],
)
def test_a_review_or_release_that_does_not_exist_is_named(tmp_path: Path, review: str | None, message: str) -> None:
    folder = write_release(tmp_path / "a") if review else tmp_path
    with pytest.raises(WorklistError, match=message):
        draw_citations(folder, 5, review)


def test_a_release_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorklistError, match="built with --no-verbatim"):
        draw_citations(write_release(tmp_path, has_toe=False, has_text=False), 5)


def item_of(**fields: object) -> CitationItem:
    plain = {
        "item_id": "0a1b",
        "review_id": "heel",
        "review": "On heels",
        "section": None,
        "sentence": "Rest helps [3].",
        "marker": "3",
        "marker_start": 12,
        "marker_end": 13,
        "ref_no": 3,
        "reference": "Fern A. Rest.",
        "doi": None,
        "pmid": None,
    }
    return CitationItem(**{**plain, **fields})  # type: ignore[arg-type]


def test_the_page_highlights_the_marker_and_shows_markup_as_words() -> None:
    page = render_sheet([item_of(reference="<script>alert(1)</script>")], "heel")
    assert "Rest helps [<mark>3</mark>]." in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "1 citation of heel" in page


def test_a_marker_whose_place_is_unknown_is_shown_after_the_sentence() -> None:
    assert "Rest helps [3]. <mark>3</mark>" in render_sheet([item_of(marker_start=None, marker_end=None)], "heel")


def test_the_csv_has_empty_columns_to_fill_in_and_no_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(render_csv([item_of(sentence='=HYPERLINK("x"),\nno')]))))
    assert len(rows) == 1
    assert rows[0]["sentence"] == '\'=HYPERLINK("x"),\nno'
    assert [rows[0][name] for name in ("verdict", "reader", "comment", "section")] == ["", "", "", ""]


def fill_in(file: Path, *verdicts: tuple[str, str, str], delimiter: str = ",") -> Path:
    lines = ["item_id,verdict,reader", *(",".join(row) for row in verdicts)]
    file.write_text("\n".join(lines).replace(",", delimiter), encoding="utf-8-sig")
    return file


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_rates_count_the_items_that_are_judged(tmp_path: Path, delimiter: str) -> None:
    file = fill_in(
        tmp_path / "done.csv",
        ("a", "supported", ""),
        ("b", "Not substantiated", ""),
        ("c", "contradicted", ""),
        ("d", " supported ", ""),
        ("e", "cannot_tell", ""),
        ("f", "", ""),
        delimiter=delimiter,
    )
    scored = score_worklist(file)
    assert (scored.n_items, scored.n_open, scored.n_cannot_tell) == (6, 1, 1)
    assert [(rate.name, rate.n, rate.n_judged, rate.proportion) for rate in scored.rates] == [
        ("errors", 2, 4, 0.5),
        ("not_substantiated", 1, 4, 0.25),
        ("contradicted", 1, 4, 0.25),
    ]


def test_two_readers_may_judge_the_same_item(tmp_path: Path) -> None:
    file = fill_in(tmp_path / "done.csv", ("a", "supported", "AB"), ("a", "contradicted", "CD"))
    assert score_worklist(file).rates[0].n_judged == 2


def test_without_a_judged_item_there_is_no_rate(tmp_path: Path) -> None:
    errors = score_worklist(fill_in(tmp_path / "done.csv", ("a", "cannot_tell", ""))).rates[0]
    assert (errors.n_judged, errors.proportion, errors.interval) == (0, None, None)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("a", "suported", "")], r"done\.csv, line 2: 'suported' is not one of supported, not_substantiated"),
        ([("a", "supported", ""), ("b", "", ""), ("a", "", "")], r"done\.csv, line 4: item a occurs before; keep"),
        ([("a", "supported", "AB"), ("a", "supported", "AB")], "line 3: item a occurs before for AB"),
        ([("a", "", ""), ("b", " ", "")], "no verdict is filled in"),
        ([], "no verdict is filled in"),
    ],
)
def test_a_wrong_worklist_is_refused_with_the_line(
    tmp_path: Path, rows: list[tuple[str, str, str]], message: str
) -> None:
    with pytest.raises(WorklistError, match=message):
        score_worklist(fill_in(tmp_path / "done.csv", *rows))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"item_id,answer\na,supported\n", "has no column verdict, reader; name a CSV file"),
        (b"", "has no column item_id, verdict, reader"),
        (b"item_id,verdict,reader\na,supp\xffrted,\n", "cannot be read as CSV in UTF-8"),
        (None, "cannot be read as CSV"),
    ],
)
def test_a_file_that_is_no_worklist_is_refused(tmp_path: Path, content: bytes | None, message: str) -> None:
    file = tmp_path / "done.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(WorklistError, match=message):
        score_worklist(file)


def test_the_interval_of_no_error_in_ten_ends_at_28_percent() -> None:
    # For 0 of n the upper limit is z² / (n + z²) = 3.8415 / 13.8415.
    assert wilson_interval(0, 10) == pytest.approx((0, 0.27753), abs=1e-5)
    assert wilson_interval(10, 10) == pytest.approx((0.72247, 1), abs=1e-5)
    low, high = wilson_interval(5, 10)
    assert low + high == pytest.approx(1)


def run(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})
    return done.exit_code, done.stdout, done.stderr


def test_the_commands_write_a_worklist_and_score_it(tmp_path: Path) -> None:
    release, file = write_release(tmp_path / "release"), tmp_path / "check.csv"
    code, printed, _ = run("worklist", "citations", "--n", "5", "--release", release, "--out", file)
    assert (code, printed) == (0, f"3 citations (all; 5 were asked for): {file}, {file.with_suffix('.html')}\n")
    assert "On toes" in file.with_suffix(".html").read_text(encoding="utf-8")
    assert run("worklist", "score", file)[0] == 1, "no verdict is filled in"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    fill_in(file, *((row["item_id"], "contradicted", "AB") for row in rows))
    code, printed, _ = run("worklist", "score", file)
    assert code == 0
    assert "100.0%" in printed
    assert printed.endswith("3 items: 0 without a verdict, 0 cannot tell\n")


def test_a_worklist_that_may_have_verdicts_is_not_written_over(tmp_path: Path) -> None:
    release, file = write_release(tmp_path / "release"), tmp_path / "check.csv"
    file.write_text("mine", encoding="utf-8")
    code, _, errors = run("worklist", "citations", "--n", "1", "--release", release, "--out", file)
    assert code == 1
    assert "check.csv: exists" in errors
    assert file.read_text(encoding="utf-8") == "mine"
    code, _, errors = run("worklist", "citations", "--n", "1", "--release", release, "--out", tmp_path / "check.txt")
    assert (code, "name a file that ends with .csv" in errors) == (1, True)
    code, _, errors = run("worklist", "citations", "--n", "1", "--release", release, "--out", tmp_path / "no" / "c.csv")
    assert (code, "cannot be written" in errors) == (1, True)
