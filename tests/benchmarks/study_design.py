"""How often the coder of study designs agrees with a simple keyword search in the reference titles of the corpus.

    python -m tests.benchmarks.study_design [--corpus DIR] [--examples N]

Prints a Markdown table. For each design, a keyword is searched in all reference titles of the XML files:

- `names it`: titles with the keyword.
- `coded`: of these, titles coded with the design.
- `another design`: of these, titles coded as a review, guideline, protocol or comment about such studies ("a review of
  randomised trials"), or with a more specific design ("a retrospective cohort study").
- `rest`: the others, most of which are about the design ("reporting of randomised trials").
- `coded without`: titles coded with the design because of other words ("pooled analysis").

`--examples` prints titles of the last two groups for inspection. `DIR` is the unpacked corpus; the default is
`corpus-dev.tar.xz` in `../shared/corpus` next to the checkout.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

from lxml import etree

from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.study_design import find_title_designs
from pipelines.vocabularies.csv_files import load_vocabularies
from tests.benchmarks.corpus_files import unpacked_corpus

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"
ABOUT_OTHERS = frozenset(
    {"meta_analysis", "systematic_review", "scoping_review", "guideline", "study_protocol", "letter_commentary"}
)
PROBES: dict[str, tuple[str, frozenset[str]]] = {
    "randomised_controlled_trial": (r"randomi[sz]ed", ABOUT_OTHERS),
    "meta_analysis": (r"meta-?\s?analy", frozenset()),
    "systematic_review": (r"systematic (?:literature )?review", frozenset()),
    "narrative_review": (r"\breview\b", ABOUT_OTHERS),
    "case_report": (r"case reports?\b", ABOUT_OTHERS),
    "case_series": (r"case series", ABOUT_OTHERS),
    "cohort_study": (r"\bcohort", ABOUT_OTHERS | {"case_control_study", "comparative_cohort"}),
    "case_control_study": (r"case[- ]control", ABOUT_OTHERS),
    "cross_sectional_study": (r"cross[- ]sectional", ABOUT_OTHERS),
    "case_series_retrospective": (r"retrospective", ABOUT_OTHERS | {"cohort_study", "case_control_study"}),
    "guideline": (r"guideline|consensus statement", ABOUT_OTHERS),
}


def reference_titles(folder: Path) -> list[str]:
    """Return the distinct titles of the references in the articles, sorted."""
    parser = etree.XMLParser(recover=True, load_dtd=False, no_network=True, resolve_entities=False)
    titles = set()
    for path in sorted(folder.glob("*.xml")):
        root = etree.parse(path, parser).getroot()
        if root is not None:
            for title in root.iterfind(".//ref//article-title"):
                titles.add(" ".join("".join(map(str, title.itertext())).split()))
    return sorted(title for title in titles if len(title) > 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="the unpacked corpus")
    parser.add_argument("--examples", type=int, default=0, help="number of titles to print per design and group")
    options = parser.parse_args()
    rules = load_coding_rules(VOCABULARIES / "cues", load_vocabularies(VOCABULARIES)).designs
    with unpacked_corpus(options.corpus, "xml") as corpus:
        titles = reference_titles(corpus / "xml")
    started = time.perf_counter()
    coded = {
        title: {design.design_id for design in find_title_designs(title, rules) if design.basis == "stated"}
        for title in titles
    }
    seconds = time.perf_counter() - started
    print(f"{len(titles)} titles, {len(titles) / seconds:.0f} per second\n")
    print("| design | names it | coded | another design | rest | coded without |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    examples = []
    for design_id, (keyword, others) in PROBES.items():
        naming = [title for title in titles if re.search(keyword, title, re.IGNORECASE)]
        missed = [title for title in naming if design_id not in coded[title]]
        rest = [title for title in missed if not coded[title] & others]
        without = [title for title in titles if design_id in coded[title] and title not in set(naming)]
        n_coded, n_others = len(naming) - len(missed), len(missed) - len(rest)
        print(f"| {design_id} | {len(naming)} | {n_coded} | {n_others} | {len(rest)} | {len(without)} |")
        examples += [f"{design_id}, rest: {title}" for title in rest[: options.examples]]
        examples += [f"{design_id}, coded without: {title}" for title in without[: options.examples]]
    for example in examples:
        print(example)


if __name__ == "__main__":
    main()
