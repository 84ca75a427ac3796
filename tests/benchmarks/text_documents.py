"""Accuracy and speed of the plain-text reader on the development corpus' texts.

    python -m tests.benchmarks.text_documents [--corpus DIR] [--errors N]

Prints a Markdown table: references found whole, citation edges (precision, recall, F1), table cells, and how many
documents a second are read and extracted on one core. The scorers are the corpus' own. `DIR` is the unpacked corpus;
without it `corpus-dev.tar.xz` is looked for in `../shared/corpus` beside the checkout.
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
from pipelines.extract.citations import PlacedCitation, document_citations
from pipelines.extract.sentences import sentence_spans
from pipelines.extract.table_roles import table_roles
from pipelines.readers.text import read_text
from tests.benchmarks.corpus_files import SHARED, unpacked_corpus


def scorer(name: str) -> ModuleType:
    """A scorer of the corpus, imported from its file."""
    spec = importlib.util.spec_from_file_location(name, SHARED / f"{name}.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{SHARED / name}.py is not there.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def extract(data: bytes, name: str) -> tuple[Document, list[PlacedCitation]]:
    """What the speed is measured of: reading, sentences, column roles, citations."""
    document = read_text(data, name=name)
    for block in document.blocks:
        sentence_spans(block.text.value)
    return document, list(document_citations(document, [table_roles(table) for table in document.tables]))


def citation_candidates(citations: list[PlacedCitation]) -> dict[str, Any]:
    """Citations in the scorer's shape, offsets in the source."""
    found = []
    for placed in citations:
        start, end = placed.text.slice(placed.citation.start, placed.citation.end).bounds
        if start is not None and end is not None:
            found.append({"start": start, "end": end, "refs": list(placed.citation.ref_nos)})
    return {"citations": found}


def table_candidates(document: Document) -> dict[str, Any]:
    """Tables in the scorer's shape."""
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
class Measured:
    """The rows (measure, count, share) of the table, the errors found and the speed."""

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


def measure(corpus: Path) -> Measured:
    """Reads and scores every text."""
    score_cites, score_tables = scorer("score_cites"), scorer("score_tables")
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
            whole = read.get(reference["n"]) == _one_line(reference["raw"])
            totals["whole"] += whole
            if not whole:
                errors.append(f"{path.name}: reference {reference['n']}: {read.get(reference['n'])!r}")
        totals["too_many"] += max(0, len(read) - len(gold["references"]))
        right, candidates, edges = score_cites.score(gold, citation_candidates(citations))
        totals.update({"right": right, "candidates": candidates, "edges": edges})
        errors.extend(_citation_errors(path.name, document.source, gold, citations))
        tables = score_tables.score(gold, table_candidates(document))
        totals.update({f"table_{key}": value for key, value in tables.items()})
        if tables["exact_tables"] < tables["gold_tables"]:
            errors.append(f"{path.name}: tables {tables}")
        totals["headings"] += sum(1 for section in gold["sections"] if section["title"])
        printed = {_one_line(block.text.value) for block in document.blocks}
        totals["headings_found"] += sum(_one_line(s["title"]) in printed for s in gold["sections"] if s["title"])
        for section in gold["sections"]:
            for paragraph in section["paragraphs"]:
                totals["paragraphs"] += 1
                found = _one_line(paragraph) in printed
                totals["paragraphs_whole"] += found
                if not found:
                    errors.append(f"{path.name}: paragraph {paragraph[:60]!r} … {paragraph[-60:]!r}")
    precision, recall = totals["right"] / totals["candidates"], totals["right"] / totals["edges"]
    cells = totals["table_gold_cells"]
    rows = [
        (
            "references found whole",
            f"{totals['whole']} of {totals['references']}",
            totals["whole"] / totals["references"],
        ),
        ("references that are none", str(totals["too_many"]), None),
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
            "paragraphs whole",
            f"{totals['paragraphs_whole']} of {totals['paragraphs']}",
            totals["paragraphs_whole"] / totals["paragraphs"],
        ),
    ]
    rate = f"{len(paths) / seconds:.0f} documents a second ({n_bytes / seconds / 1e6:.1f} MB/s)"
    speed = f"{rate} of processor time on one core."
    return Measured(rows, errors, speed)


def _citation_errors(name: str, source: str, gold: dict[str, Any], citations: list[PlacedCitation]) -> list[str]:
    """Citations missed, invented or with other references, each with the words around it."""
    expected = {(item["start"], item["end"]): sorted(item["refs"]) for item in gold["citations"]}
    found = {(item["start"], item["end"]): sorted(item["refs"]) for item in citation_candidates(citations)["citations"]}
    errors = []
    for span in sorted(expected.keys() | found.keys()):
        if expected.get(span) != found.get(span):
            around = source[max(0, span[0] - 30) : span[1] + 12].replace("\n", "⏎").replace("\t", "⇥")
            errors.append(f"{name}: citation {around!r}: gold {expected.get(span)} found {found.get(span)}")
    return errors


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    with unpacked_corpus(options.corpus, "text") as folder:
        measured = measure(folder)
        print(measured.as_markdown(), *measured.errors[: options.errors], sep="\n")
