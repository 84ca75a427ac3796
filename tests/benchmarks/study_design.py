"""How often a title that says a design is coded so, and how often one that does not is, on the corpus' references.

    python -m tests.benchmarks.study_design [--corpus DIR] [--examples N]

Prints a Markdown table. For each design a word is looked for in every reference title of the corpus' XML. `says it` are
the titles that hold the word; `coded` those of them coded with the design; `otherwise` those coded as a review,
guideline, plan or comment, whose matter the design then is ("a review of randomised trials"), or by a closer word ("a
retrospective cohort study"); `left` the rest, most of which speak about the design ("reporting of randomised trials").
`coded without` are titles coded with the design by other words ("pooled analysis"). `--examples` prints titles of the
last two kinds to be judged by eye.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

from lxml import etree

from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.study_design import designs_of_title
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
    """The different titles of references in the articles, sorted."""
    parser = etree.XMLParser(recover=True, load_dtd=False, no_network=True, resolve_entities=False)
    titles = set()
    for path in sorted(folder.glob("*.xml")):
        root = etree.parse(path, parser).getroot()
        if root is not None:
            for title in root.iterfind(".//ref//article-title"):
                titles.add(" ".join("".join(map(str, title.itertext())).split()))
    return sorted(title for title in titles if len(title) > 10)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpus", type=Path)
    arguments.add_argument("--examples", type=int, default=0)
    options = arguments.parse_args()
    rules = load_coding_rules(VOCABULARIES / "cues", load_vocabularies(VOCABULARIES)).designs
    with unpacked_corpus(options.corpus, "xml") as corpus:
        titles = reference_titles(corpus / "xml")
    begin = time.perf_counter()
    coded = {
        title: {design.design_id for design in designs_of_title(title, rules) if design.basis == "stated"}
        for title in titles
    }
    seconds = time.perf_counter() - begin
    print(f"{len(titles)} titles, {len(titles) / seconds:.0f} a second\n")
    print("| design | says it | coded | otherwise | left | coded without |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    examples = []
    for design_id, (word, others) in PROBES.items():
        says = [title for title in titles if re.search(word, title, re.IGNORECASE)]
        missed = [title for title in says if design_id not in coded[title]]
        left = [title for title in missed if not coded[title] & others]
        without = [title for title in titles if design_id in coded[title] and title not in set(says)]
        n_coded, n_others = len(says) - len(missed), len(missed) - len(left)
        print(f"| {design_id} | {len(says)} | {n_coded} | {n_others} | {len(left)} | {len(without)} |")
        examples += [f"{design_id}, left: {title}" for title in left[: options.examples]]
        examples += [f"{design_id}, coded without: {title}" for title in without[: options.examples]]
    for example in examples:
        print(example)


if __name__ == "__main__":
    main()
