"""Accuracy of the reference parser on reference strings tagged by publishers that are not in the development set.

    python -m tests.benchmarks.tagged_references --corpus DIR [--half {development,held_out}] [--without DIR]
        [--errors N]

`DIR` is a folder of JATS articles, or the unpacked corpus; the scorer is one folder above it or in `../shared/corpus`.
From each article, up to ten `mixed-citation` elements are sampled (seed 5) whose tags cover all their digits and that
are not in the development set. Adjacent names or fields without a separator in the XML get one, as on the page. The
gold is the publishers' tagging, including its errors. `--half` takes only the articles whose file name hashes to that
half: look at the errors of `development` only. `--without` leaves out the articles whose files a folder contains.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import runpy
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from pipelines.extract.reference_parser import parse_reference
from tests.benchmarks.references import to_candidate

ROOT = Path(__file__).parents[2]
MAX_PER_ARTICLE = 10
SEED = 5
HALVES = ("development", "held_out")
NAMES = ("{*}name", "{*}string-name")
MARKUP = ("sup", "sub", "italic", "bold")


def text_of(element: Any) -> str:
    """Return the text of an element with normalised white space; '' for None."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def local_name(element: Any) -> str:
    return str(etree.QName(element).localname)


def printed_text(citation: Any) -> str:
    """Return the text of a citation; inserts separators between adjacent elements, in place."""
    for element in citation.iter(etree.Element):
        children = list(element.iterchildren(etree.Element))
        for child, following in pairwise(children):
            if not child.tail:
                both_names = {local_name(child), local_name(following)} <= {"name", "string-name"}
                child.tail = ", " if both_names else " "
        if local_name(element) == "person-group" and not element.tail:
            element.tail = " "
    return text_of(citation)


def to_gold(citation: Any) -> dict[str, Any] | None:
    """Convert the tagged fields to the scorer's format; None if a digit or a name is not tagged."""

    def field(tag: str) -> str:
        return text_of(citation.find(f".//{{*}}{tag}"))

    raw = printed_text(citation)
    untagged = [citation.text or ""]
    untagged += [
        element.tail or "" for element in citation.iterdescendants(etree.Element) if local_name(element) not in MARKUP
    ]
    title = citation.find(".//{*}article-title")
    first_page = field("fpage") or field("elocation-id")
    if title is None or not all((field("source"), field("year"), field("volume"), first_page)):
        return None
    if re.search(r"\d", "".join(untagged)) or citation.find(".//{*}collab") is not None:
        return None
    if not (re.search(r"[.?!]$", text_of(title)) or re.match(r"\s*[.?!,;]", title.tail or "")):
        return None
    authors = [
        {
            "family": text_of(name.find("{*}surname")),
            "initials": "".join(
                part if part.isupper() else part[0]
                for part in re.findall(r"[^\W\d_]+", text_of(name.find("{*}given-names")))
            ),
            "suffix": text_of(name.find("{*}suffix")) or None,
        }
        for name in citation.iter(*NAMES)
    ]
    if not authors or not all(author["family"] for author in authors):
        return None
    addresses = [*citation.iter("{*}pub-id"), *citation.iter("{*}ext-link")]
    dois = [match for address in addresses if (match := re.search(r"10\.\d{4,}/\S+", text_of(address)))]
    return {
        "raw": raw,
        "type": "journal",
        "authors": authors,
        "et_al": "et al" in raw,
        "title": text_of(title).rstrip("."),
        "journal": field("source"),
        # In "2012a" the letter distinguishes two references of the same year.
        "year": re.sub(r"\D+$", "", field("year")),
        "volume": field("volume"),
        "issue": field("issue") or None,
        "first_page": first_page,
        "last_page": field("lpage") or None,
        "doi": dois[0].group().rstrip(".") if dois else None,
    }


def hash_to_half(name: str) -> str:
    """The half of the articles that belongs to this file name, the same on every machine."""
    return HALVES[int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2]


def sample_references(corpus: Path, half: str | None = None, without: Path | None = None) -> Iterator[dict[str, Any]]:
    """Yield the sampled references of all articles, or of one half, in the scorer's format."""
    development_set = corpus / "refs" / "dev_printed.json"
    known = json.loads(development_set.read_text(encoding="utf-8")) if development_set.is_file() else []
    excluded = {re.sub(r"\W", "", reference["raw"]) for reference in known}
    generator = random.Random(SEED)
    number = 0
    folder = corpus / "xml" if (corpus / "xml").is_dir() else corpus
    for path in sorted(folder.glob("*.xml")):
        if without is not None and (without / path.name).is_file():
            continue
        if half is not None and hash_to_half(path.stem) != half:
            continue
        tree = etree.parse(str(path), etree.XMLParser(load_dtd=False, no_network=True))
        citations = [c for c in tree.iter("{*}mixed-citation") if c.get("publication-type") == "journal"]
        generator.shuffle(citations)
        taken = 0
        for citation in citations:
            reference = to_gold(citation)
            if taken < MAX_PER_ARTICLE and reference and re.sub(r"\W", "", reference["raw"]) not in excluded:
                number, taken = number + 1, taken + 1
                yield {"n": number, "key": path.name, **reference}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="the unpacked corpus")
    parser.add_argument("--half", choices=HALVES, help="only the articles of this half")
    parser.add_argument("--without", type=Path, help="folder of articles to leave out")
    parser.add_argument("--errors", type=int, default=0, help="number of references with an error to list")
    options = parser.parse_args()
    scorers = [options.corpus.parent / "score_refs.py", ROOT.parent / "shared" / "corpus" / "score_refs.py"]
    score = runpy.run_path(str(next(path for path in scorers if path.is_file())))["score"]
    references = list(sample_references(options.corpus, options.half, options.without))
    candidates = [to_candidate(reference["n"], parse_reference(reference["raw"])) for reference in references]
    result, errors = score(references, candidates, "journal", options.errors)
    articles = len({reference["key"] for reference in references})
    print(f"{result['n']:,} strings from {articles} articles; core record right {result['record_core_norm']:.3f}")
    for name, figures in result["fields"].items():
        print(f"{name}: F1 {figures['F1_norm']:.3f}")
    for error in errors:
        print("\n" + "\n".join(str(part) for part in error))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
