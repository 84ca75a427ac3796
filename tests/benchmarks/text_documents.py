"""Accuracy and speed of the plain-text reader on the texts of the development corpus.

    python -m tests.benchmarks.text_documents [--corpus DIR] [--errors N]

Prints a Markdown table of complete references, citation edges (precision, recall, F1), table cells, headings and
paragraphs, then the number of documents read and extracted per second on one core. The scorers come with the corpus.
`DIR` is the unpacked corpus; the default is `corpus-dev.tar.xz` in `../shared/corpus` next to the checkout.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from pipelines.document import Document
from pipelines.extract.citations import PlacedCitation, find_document_citations
from pipelines.extract.sentences import split_sentences
from pipelines.extract.table_roles import read_header_roles
from pipelines.readers.text import read_text
from tests.benchmarks.corpus_files import SHARED, unpacked_corpus


def load_scorer(name: str) -> ModuleType:
    """Import a scorer of the corpus from its file. Raises SystemExit if the file does not exist."""
    spec = importlib.util.spec_from_file_location(name, SHARED / f"{name}.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{SHARED / name}.py does not exist; put the scorers of the corpus there.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def extract(data: bytes, name: str) -> tuple[Document, list[PlacedCitation]]:
    """Run the steps that are timed: reading, sentences, column roles, citations."""
    document = read_text(data, name=name)
    for block in document.blocks:
        split_sentences(block.text.value)
    return document, list(find_document_citations(document, read_header_roles(document.tables)))


def citation_candidates(citations: list[PlacedCitation]) -> dict[str, Any]:
    """Convert citations to the scorer's format, with offsets in the source."""
    candidates = []
    for placed in citations:
        start, end = placed.text.slice(placed.citation.start, placed.citation.end).bounds
        if start is not None and end is not None:
            candidates.append({"start": start, "end": end, "refs": list(placed.citation.ref_nos)})
    return {"citations": candidates}


def table_candidates(document: Document) -> dict[str, Any]:
    """Convert tables to the scorer's format."""
    return {
        "tables": [
            {
                "label": table.label,
                "caption": table.caption.value if table.caption else None,
                "rows": [[cell.text.value for cell in row.cells] for row in table.rows],
            }
            for table in document.tables
        ]
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True)
class Measurement:
    """The rows of the table (measure, count, share), the errors, and the speed in words."""

    rows: list[tuple[str, str, float | None]]
    errors: list[str]
    speed: str

    @property
    def shares(self) -> dict[str, float]:
        return {name: share for name, _, share in self.rows if share is not None}

    def as_markdown(self) -> str:
        lines = ["| measure | count | share |", "| --- | --- | --- |"]
        lines += [f"| {name} | {n} | {'' if share is None else f'{share:.4f}'} |" for name, n, share in self.rows]
        return "\n".join([*lines, "", self.speed])


def measure(corpus: Path) -> Measurement:
    """Read and score every text of the corpus."""
    score_cites, score_tables = load_scorer("score_cites"), load_scorer("score_tables")
    totals: Counter[str] = Counter()
    errors: list[str] = []
    n_bytes = 0
    seconds = 0.0
    paths = sorted((corpus / "text").glob("*.txt"))
    for path in paths:
        data = path.read_bytes()
        gold = json.loads(path.with_name(path.stem + ".gold.json").read_text(encoding="utf-8"))
        began = time.process_time()
        document, citations = extract(data, path.name)
        seconds += time.process_time() - began
        n_bytes += len(data)
        read = {entry.ref_no: _one_line(entry.text.value) for entry in document.references}
        for reference in gold["references"]:
            totals["references"] += 1
            is_complete = read.get(reference["n"]) == _one_line(reference["raw"])
            totals["complete"] += is_complete
            if not is_complete:
                errors.append(f"{path.name}: reference {reference['n']}: {read.get(reference['n'])!r}")
        totals["extra"] += max(0, len(read) - len(gold["references"]))
        right, candidates, edges = score_cites.score(gold, citation_candidates(citations))
        totals.update({"right": right, "candidates": candidates, "edges": edges})
        errors.extend(_citation_errors(path.name, document.source, gold, citations))
        tables = score_tables.score(gold, table_candidates(document))
        totals.update({f"table_{key}": value for key, value in tables.items()})
        if tables["exact_tables"] < tables["gold_tables"]:
            errors.append(f"{path.name}: tables {tables}")
        totals["headings"] += sum(1 for section in gold["sections"] if section["title"])
        blocks = {_one_line(block.text.value) for block in document.blocks}
        totals["headings_found"] += sum(_one_line(s["title"]) in blocks for s in gold["sections"] if s["title"])
        for section in gold["sections"]:
            for paragraph in section["paragraphs"]:
                totals["paragraphs"] += 1
                is_complete = _one_line(paragraph) in blocks
                totals["complete_paragraphs"] += is_complete
                if not is_complete:
                    errors.append(f"{path.name}: paragraph {paragraph[:60]!r} … {paragraph[-60:]!r}")
    precision, recall = totals["right"] / totals["candidates"], totals["right"] / totals["edges"]
    cells = totals["table_gold_cells"]
    rows = [
        (
            "complete references",
            f"{totals['complete']} of {totals['references']}",
            totals["complete"] / totals["references"],
        ),
        ("false references", str(totals["extra"]), None),
        ("citation edges, precision", f"{totals['right']} of {totals['candidates']}", precision),
        ("citation edges, recall", f"{totals['right']} of {totals['edges']}", recall),
        ("citation edges, F1", "", 2 * precision * recall / (precision + recall)),
        ("table cells right", f"{totals['table_ok_exact']} of {cells}", totals["table_ok_exact"] / cells),
        (
            "tables found",
            f"{totals['table_found']} of {totals['table_gold_tables']}",
            totals["table_found"] / totals["table_gold_tables"],
        ),
        (
            "headings found",
            f"{totals['headings_found']} of {totals['headings']}",
            totals["headings_found"] / totals["headings"],
        ),
        (
            "complete paragraphs",
            f"{totals['complete_paragraphs']} of {totals['paragraphs']}",
            totals["complete_paragraphs"] / totals["paragraphs"],
        ),
    ]
    rate = f"{len(paths) / seconds:.0f} documents per second of processor time"
    speed = f"{rate} ({n_bytes / seconds / 1e6:.1f} MB/s) on one core."
    return Measurement(rows, errors, speed)


def _citation_errors(name: str, source: str, gold: dict[str, Any], citations: list[PlacedCitation]) -> list[str]:
    """Return a message for each citation that is missed, false or has the wrong references, with the text around it."""
    expected = {(item["start"], item["end"]): sorted(item["refs"]) for item in gold["citations"]}
    candidates = citation_candidates(citations)["citations"]
    extracted = {(item["start"], item["end"]): sorted(item["refs"]) for item in candidates}
    errors = []
    for span in sorted(expected.keys() | extracted.keys()):
        if expected.get(span) != extracted.get(span):
            around = source[max(0, span[0] - 30) : span[1] + 12].replace("\n", "⏎").replace("\t", "⇥")
            errors.append(f"{name}: citation {around!r}: gold {expected.get(span)}, extracted {extracted.get(span)}")
    return errors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="the unpacked corpus")
    parser.add_argument("--errors", type=int, default=0, help="number of errors to print")
    options = parser.parse_args()
    with unpacked_corpus(options.corpus, "text") as folder:
        measurement = measure(folder)
        print(measurement.as_markdown(), *measurement.errors[: options.errors], sep="\n")


if __name__ == "__main__":
    main()
