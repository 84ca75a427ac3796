"""Accuracy of the reference parser on strings that publishers tagged and that it was not developed with.

    python -m tests.benchmarks.tagged_references --corpus DIR [--errors N]

`DIR` is the unpacked corpus, its scorer one folder above or in `../shared/corpus`. Of each article's `mixed-citation`s
up to ten are drawn (seed 5) whose tags cover all their figures, those of the development set left out; names and fields
that stand together in the XML are parted by a blank, as on the page. The tags are the gold, with publishers' errors.
"""

from __future__ import annotations

import argparse
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
from tests.benchmarks.references import candidate

ROOT = Path(__file__).parents[2]
MOST_OF_AN_ARTICLE = 10
SEED = 5
NAMES = ("{*}name", "{*}string-name")
MARKUP = ("sup", "sub", "italic", "bold")


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def local(element: Any) -> str:
    return str(etree.QName(element).localname)


def as_printed(citation: Any) -> str:
    for element in citation.iter(etree.Element):
        children = list(element.iterchildren(etree.Element))
        for child, following in pairwise(children):
            if not child.tail:
                both_names = {local(child), local(following)} <= {"name", "string-name"}
                child.tail = ", " if both_names else " "
        if local(element) == "person-group" and not element.tail:
            element.tail = " "
    return words(citation)


def gold(citation: Any) -> dict[str, Any] | None:
    """The tagged fields in the scorer's shape; None where the tags leave a figure or a name out."""

    def field(tag: str) -> str:
        return words(citation.find(f".//{{*}}{tag}"))

    raw = as_printed(citation)
    loose = [citation.text or ""]
    loose += [element.tail or "" for element in citation.iterdescendants(etree.Element) if local(element) not in MARKUP]
    title = citation.find(".//{*}article-title")
    first_page = field("fpage") or field("elocation-id")
    if title is None or not all((field("source"), field("year"), field("volume"), first_page)):
        return None
    if re.search(r"\d", "".join(loose)) or citation.find(".//{*}collab") is not None:
        return None
    if not (re.search(r"[.?!]$", words(title)) or re.match(r"\s*[.?!,;]", title.tail or "")):
        return None
    authors = [
        {
            "family": words(name.find("{*}surname")),
            "initials": "".join(
                part if part.isupper() else part[0]
                for part in re.findall(r"[^\W\d_]+", words(name.find("{*}given-names")))
            ),
            "suffix": words(name.find("{*}suffix")) or None,
        }
        for name in citation.iter(*NAMES)
    ]
    if not authors or not all(author["family"] for author in authors):
        return None
    addresses = [*citation.iter("{*}pub-id"), *citation.iter("{*}ext-link")]
    dois = [found for address in addresses if (found := re.search(r"10\.\d{4,}/\S+", words(address)))]
    return {
        "raw": raw,
        "type": "journal",
        "authors": authors,
        "et_al": "et al" in raw,
        "title": words(title).rstrip("."),
        "journal": field("source"),
        # "2012a" tells two references of a year apart.
        "year": re.sub(r"\D+$", "", field("year")),
        "volume": field("volume"),
        "issue": field("issue") or None,
        "first_page": first_page,
        "last_page": field("lpage") or None,
        "doi": dois[0].group().rstrip(".") if dois else None,
    }


def drawn(corpus: Path) -> Iterator[dict[str, Any]]:
    developed = json.loads((corpus / "refs" / "dev_printed.json").read_text(encoding="utf-8"))
    known = {re.sub(r"\W", "", reference["raw"]) for reference in developed}
    chance = random.Random(SEED)
    number = 0
    for path in sorted((corpus / "xml").glob("*.xml")):
        tree = etree.parse(str(path), etree.XMLParser(load_dtd=False, no_network=True))
        citations = [c for c in tree.iter("{*}mixed-citation") if c.get("publication-type") == "journal"]
        chance.shuffle(citations)
        taken = 0
        for citation in citations:
            reference = gold(citation)
            if taken < MOST_OF_AN_ARTICLE and reference and re.sub(r"\W", "", reference["raw"]) not in known:
                number, taken = number + 1, taken + 1
                yield {"n": number, "key": path.name, **reference}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--errors", type=int, default=0, help="references with an error to list")
    options = arguments.parse_args()
    beside = [options.corpus.parent / "score_refs.py", ROOT.parent / "shared" / "corpus" / "score_refs.py"]
    score = runpy.run_path(str(next(path for path in beside if path.is_file())))["score"]
    references = list(drawn(options.corpus))
    candidates = [candidate(reference["n"], parse_reference(reference["raw"])) for reference in references]
    result, errors = score(references, candidates, "journal", options.errors)
    articles = len({reference["key"] for reference in references})
    print(f"{result['n']:,} strings of {articles} articles; core record right {result['record_core_norm']:.3f}")
    for name, figures in result["fields"].items():
        print(f"{name}: F1 {figures['F1_norm']:.3f}")
    for error in errors:
        print("\n" + "\n".join(str(part) for part in error))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
