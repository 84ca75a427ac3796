"""How much of an article a reader of its PDF finds, against what the JATS reader makes of the publisher's XML.

    python -m tests.benchmarks.pdf [--pairs DIR] [--articles N] [--errors]

`DIR` is a folder with pairs of PDF and JATS XML of the same name; the default is `pdf-dev.tar` in `../shared/corpus`
next to the checkout. `--articles N` takes the first N pairs by a hash of their name. `--errors` prints the figures of
each article.

Both sides go through the same extraction, and their tables are compared:

- text: sentences of the gold's prose that are in the candidate's text, in the gold's order
- headings: headings of the gold that the candidate has, and the other way round (F1)
- references: entries of the gold that a candidate entry matches (much the same title), and those whose core record
  (authors' surnames, title, journal, year, volume, first page) is the same
- citations: pairs of a sentence and a matched reference that it cites (F1)
- tables: tables of the gold half of whose cells are in one candidate table, and cells whose text is in that table in a
  row and a column with the same beginnings

Peer: the text layer as `pdftotext` (Poppler) writes it, read by the reader of plain text; run if Poppler is installed.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import time
import unicodedata
import zlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from rapidfuzz import fuzz

from pipelines.document import Document
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frames
from pipelines.readers.errors import ReadError
from pipelines.readers.jats import read_jats
from pipelines.readers.pdf import read_pdf
from pipelines.readers.text import read_text
from tests.benchmarks.corpus_files import unpacked_pairs

Tables = Mapping[str, pl.DataFrame]
Row = dict[str, Any]

SAME_TITLE = 90
"""Likeness (rapidfuzz ratio, 0 to 100) from which two titles are the same."""
MIN_SEGMENT = 20
"""Letters and digits from which a sentence is looked for: a shorter one may be anywhere."""
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def normalise(text: str | None) -> str:
    """Letters and digits in lower case, without accents: hyphens, quotes and spaces differ between PDF and XML."""
    decomposed = unicodedata.normalize("NFKD", (text or "").casefold())
    return _NOT_WORD.sub("", decomposed)


def extract(document: Document, name: str) -> Tables:
    """The extracted tables of an article."""
    return build_frames([extract_review(SourceFacts(name.casefold(), name, "0" * 64), document)])


def score(gold: Tables, found: Tables) -> Counter[str]:
    """Counts of an article: `<measure>_gold`, `<measure>_found` where it is an F1, and `<measure>_right`."""
    counts: Counter[str] = Counter()
    score_text(gold, found, counts)
    score_headings(gold, found, counts)
    matches = score_references(gold, found, counts)
    score_citations(gold, found, matches, counts)
    score_tables(gold, found, counts)
    return counts


def score_text(gold: Tables, found: Tables, counts: Counter[str]) -> None:
    """Count the sentences of prose that are in the candidate in the same order."""
    whole = "".join(map(normalise, found["sentences"].sort("sentence_id")["text"]))
    prose = gold["sentences"].filter(pl.col("kind") == "prose").sort("sentence_id")["text"]
    segments = [segment for segment in map(normalise, prose) if len(segment) >= MIN_SEGMENT]
    places = [place for segment in segments if (place := whole.find(segment)) >= 0]
    counts["text_gold"] += len(segments)
    counts["text_right"] += longest_ascent(places)


def longest_ascent(places: Sequence[int]) -> int:
    """The length of the longest ascending subsequence."""
    ends: list[int] = []
    for place in places:
        position = bisect_left(ends, place)
        ends[position : position + 1] = [place]
    return len(ends)


def score_headings(gold: Tables, found: Tables, counts: Counter[str]) -> None:
    """Compare the headings, numbers before them included only if both have them."""
    sides = [
        Counter(
            normalise(re.sub(r"^[\dIVX.]+\s+", "", heading)) for heading in tables["sections"]["heading"].drop_nulls()
        )
        for tables in (gold, found)
    ]
    counts["headings_gold"] += sides[0].total()
    counts["headings_found"] += sides[1].total()
    counts["headings_right"] += (sides[0] & sides[1]).total()


def read_references(tables: Tables) -> list[Row]:
    """The references with their authors' surnames, and what is compared of them."""
    surnames = defaultdict(list)
    for ref_no, surname in (
        tables["reference_authors"].sort("ref_no", "position").select("ref_no", "surname").iter_rows()
    ):
        surnames[ref_no].append(normalise(surname))
    rows = tables["bib_references"].sort("ref_no").iter_rows(named=True)
    return [{**row, "surnames": surnames[row["ref_no"]], "plain_title": normalise(row["title"])} for row in rows]


def score_references(gold: Tables, found: Tables, counts: Counter[str]) -> dict[int, int]:
    """Match references, each to one; returns the `ref_no` of the gold by that of the candidate."""
    candidates = read_references(found)
    matches: dict[int, int] = {}
    for reference in read_references(gold):
        best = max(
            (candidate for candidate in candidates if candidate["ref_no"] not in matches),
            key=lambda candidate, wanted=reference: likeness(wanted, candidate),  # type: ignore[misc]
            default=None,
        )
        counts["references_gold"] += 1
        if best is None or likeness(reference, best) < SAME_TITLE:
            continue
        matches[best["ref_no"]] = reference["ref_no"]
        counts["references_right"] += 1
        counts["records_right"] += core_record(reference) == core_record(best)
    counts["references_found"] += len(candidates)
    return matches


def likeness(wanted: Row, candidate: Row) -> float:
    """From 0 to 101: the likeness of the titles, or of the entries if one has no title; 101 adds year and author."""
    if wanted["plain_title"] and candidate["plain_title"]:
        like = fuzz.ratio(wanted["plain_title"], candidate["plain_title"])
    else:
        like = fuzz.token_set_ratio(wanted["text"] or "", candidate["text"] or "")
    is_same = wanted["year"] == candidate["year"] and wanted["surnames"][:1] == candidate["surnames"][:1]
    return like + 1 if is_same else like


def core_record(reference: Row) -> tuple[object, ...]:
    """What a reference states, in a form that survives typesetting."""
    return (
        tuple(reference["surnames"]),
        reference["plain_title"],
        normalise(reference["journal_raw"]),
        reference["year"],
        normalise(reference["volume"]),
        normalise(reference["first_page"]),
    )


def score_citations(gold: Tables, found: Tables, matches: Mapping[int, int], counts: Counter[str]) -> None:
    """Compare pairs of sentence and cited reference; a reference of the candidate counts as the one that it matches."""
    right = read_edges(gold, {})
    given = read_edges(found, matches)
    counts["citations_gold"] += len(right)
    counts["citations_found"] += len(given)
    counts["citations_right"] += len(right & given)


def read_edges(tables: Tables, matches: Mapping[int, int]) -> set[tuple[str, int]]:
    """The letters of each citing sentence, and the references that it cites.

    Numbers are left out, because a marker may be attached to the word before it; names and years of a citation by
    author stay, because some publishers tag only the year.
    """
    markers = tables["citation_markers"].filter(pl.col("context") == "prose")
    sentences = dict(tables["sentences"].select("sentence_id", "text").iter_rows())
    cited = markers.join(tables["citation_mentions"], on=["review_id", "marker_id"])
    return {
        (re.sub(r"\d", "", normalise(sentences[sentence_id])), matches.get(ref_no, -ref_no) if matches else ref_no)
        for sentence_id, ref_no in cited.select("sentence_id", "ref_no").iter_rows()
        if sentence_id in sentences
    }


def score_tables(gold: Tables, found: Tables, counts: Counter[str]) -> None:
    """Match tables by their cells, and count the cells at the right place."""
    candidates = read_cells(found)
    counts["tables_found"] += len(candidates)
    for cells in read_cells(gold).values():
        words = Counter(text for text in cells.values() if text)
        if not words:
            continue
        counts["tables_gold"] += 1
        counts["cells_gold"] += words.total()
        shared = {key: (words & Counter(other.values())).total() for key, other in candidates.items()}
        best = max(shared, key=lambda key: shared[key], default=None)
        if best is None or shared[best] < words.total() / 2:
            continue
        counts["tables_right"] += 1
        counts["cells_right"] += (place_cells(cells) & place_cells(candidates.pop(best))).total()


def read_cells(tables: Tables) -> dict[int, dict[tuple[int, int], str]]:
    """The words of the cells by table, row and column."""
    cells: dict[int, dict[tuple[int, int], str]] = defaultdict(dict)
    columns = ("table_no", "row_no", "column_no", "text_raw")
    for table_no, row_no, column_no, text in tables["table_cells"].select(columns).iter_rows():
        cells[table_no][row_no, column_no] = normalise(text)
    return cells


def place_cells(cells: Mapping[tuple[int, int], str]) -> Counter[tuple[str, str, str]]:
    """The words of each cell, with those of the first cell of its row and of its column.

    Rows and columns are named by their words, so that one missing row does not make all rows after it wrong.
    """
    rows: dict[int, str] = {}
    columns: dict[int, str] = {}
    for (row_no, column_no), text in sorted(cells.items()):
        rows.setdefault(row_no, text)
        columns.setdefault(column_no, text)
    return Counter((text, rows[row], columns[column]) for (row, column), text in cells.items() if text)


def read_with_pdftotext(path: Path) -> Document:
    """The peer: the text layer by Poppler, read as plain text."""
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True)
    return read_text(done.stdout.replace(b"\x0c", b"\n\n"), name=path.name)


def read_with_reviewmart(path: Path) -> Document:
    """The project's reader of PDFs."""
    return read_pdf(path.read_bytes(), name=path.name)


READERS: dict[str, Callable[[Path], Document]] = {
    "reviewmart": read_with_reviewmart,
    **({"pdftotext and the text reader": read_with_pdftotext} if shutil.which("pdftotext") else {}),
}
"""The readers that are compared, by name."""


def describe(counts: Mapping[str, int]) -> list[str]:
    """The figures of a reader, in the order of the heading."""

    def rate(name: str, of: str | None = None) -> str:
        n = counts.get(f"{of or name}_gold", 0)
        return f"{counts.get(f'{name}_right', 0) / n:.3f}" if n else "–"

    def f1(name: str) -> str:
        n = counts.get(f"{name}_gold", 0) + counts.get(f"{name}_found", 0)
        return f"{2 * counts.get(f'{name}_right', 0) / n:.3f}" if n else "–"

    return [
        rate("text"),
        f1("headings"),
        rate("references"),
        rate("records", "references"),
        f1("citations"),
        rate("tables"),
        rate("cells"),
    ]


HEADINGS = ("text in order", "headings F1", "references", "core records", "citations F1", "tables", "cells")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--articles", type=int)
    parser.add_argument("--errors", action="store_true")
    arguments = parser.parse_args()
    with unpacked_pairs(arguments.pairs) as folder:
        paths = sorted(folder.glob("*.pdf"), key=lambda path: (zlib.crc32(path.stem.encode()), path.stem))
        paths = paths[: arguments.articles]
        gold = {
            path.stem: extract(read_jats(path.with_suffix(".xml").read_bytes(), name=path.stem), path.stem)
            for path in paths
        }
        print(f"| {len(paths)} PDFs | {' | '.join(HEADINGS)} | seconds a PDF |")
        print(f"| --- |{' ---: |' * (len(HEADINGS) + 1)}")
        for name, read in READERS.items():
            total: Counter[str] = Counter()
            seconds = 0.0
            for path in paths:
                started = time.perf_counter()
                try:
                    found = extract(read(path), path.stem)
                except ReadError as error:
                    print(error)
                    found = build_frames([])
                seconds += time.perf_counter() - started
                counts = score(gold[path.stem], found)
                total += counts
                if arguments.errors:
                    print(f"| {path.stem} | {' | '.join(describe(counts))} | |")
            print(f"| {name} | {' | '.join(describe(total))} | {seconds / len(paths):.2f} |")


if __name__ == "__main__":
    main()
