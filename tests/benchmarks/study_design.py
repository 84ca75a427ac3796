"""How often the coder of study designs agrees with a simple keyword search in the reference titles of the corpus.

    python -m tests.benchmarks.study_design [--corpus DIR] [--examples N]
    python -m tests.benchmarks.study_design --read coded --n 300 --seed 1 [--corpus DIR]
    python -m tests.benchmarks.study_design --read uncoded --n 300 --seed 1 [--corpus DIR]

The first prints a Markdown table. For each design, a keyword is searched in all reference titles of the XML files:

- `names it`: titles with the keyword.
- `coded`: of these, titles coded with the design.
- `another design`: of these, titles coded as a review, guideline, protocol or comment about such studies ("a review of
  randomised trials"), or with a more specific design ("a retrospective cohort study").
- `rest`: the others, most of which are about the design ("reporting of randomised trials").
- `coded without`: titles coded with the design because of other words ("pooled analysis").

`--examples` prints titles of the last two groups for inspection.

`--read` prints a random sample of titles to be judged by a reader: coded ones with their designs and cues, for
precision; or, for recall, uncoded ones that contain a word of `DESIGN_WORD`. The sample is from the held-out half: the
articles whose DOI has an odd SHA-256, without titles that the other half cites too. `--half development` draws it from
the other half.

`DIR` is the unpacked corpus; the default is `corpus-dev.tar.xz` in `../shared/corpus` next to the checkout.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import time
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.study_design import DesignRules, find_title_designs
from pipelines.vocabularies.csv_files import load_vocabularies
from tests.benchmarks.corpus_files import unpacked_corpus

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"
ABOUT_OTHERS = frozenset(
    {
        "meta_analysis",
        "systematic_review",
        "scoping_review",
        "guideline",
        "study_protocol",
        "letter_commentary",
        "author_reply",
        "erratum",
    }
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
    "guideline": (r"guideline|consensus statement", ABOUT_OTHERS | {"narrative_review"}),
    "survey": (r"survey", ABOUT_OTHERS | {"cross_sectional_study", "prospective_study", "epidemiological_study"}),
    "qualitative_study": (r"qualitative|focus group|interviews", ABOUT_OTHERS | {"qualitative_evidence_synthesis"}),
    "follow_up_study": (r"follow-?\s?up study", ABOUT_OTHERS | {"cohort_study", "prospective_study"}),
    "diagnostic_accuracy_study": (r"diagnostic accuracy|sensitivity and specificity", ABOUT_OTHERS),
    "laboratory_materials_study": (r"in[ -]vitro|cell lines?\b", ABOUT_OTHERS | {"animal_study", "narrative_review"}),
    "animal_study": (r"\b(?:in|of) (?:mice|rats|rabbits)\b", ABOUT_OTHERS | {"narrative_review"}),
}


DESIGN_WORD = re.compile(
    r"\b(?:stud(?:y|ies)|trials?|randomi\w+|controlled|placebo|blind\w*|cross-?over|cohorts?|follow(?:ed)?-?\s?up"
    r"|prospective\w*|retrospective\w*|longitudinal|surveys?|questionnaires?|interviews?|groups?|qualitative|mixed"
    r"|cases?|series|reports?|review\w*|overview|systematic\w*|meta-?anal\w*|guidelines?|guidance|consensus"
    r"|recommendations?|statement|position|delphi|protocol|rationale|pilot|feasibility|preliminary|validation"
    r"|validity|reliability|psychometric\w*|accuracy|costs?|economic|simulation|model\w*|mice|mouse|rats?|rabbits?"
    r"|animals?|cells?|in vitro|ex vivo|cadaver\w*|experience|registry|nationwide|population|mendelian|editorial"
    r"|letter|reply|comment\w*|erratum)\b",
    re.IGNORECASE,
)
"""Words with which titles name designs, but also other things."""


def reference_titles(folder: Path) -> dict[str, bool]:
    """The distinct titles of the references in the articles, sorted, and whether only the held-out half has them."""
    parser = etree.XMLParser(recover=True, load_dtd=False, no_network=True, resolve_entities=False)
    titles: dict[str, bool] = {}
    for path in sorted(folder.glob("*.xml")):
        root = etree.parse(path, parser).getroot()
        if root is not None:
            doi = root.findtext(".//article-meta/article-id[@pub-id-type='doi']") or path.stem
            is_held_out = int(hashlib.sha256(doi.strip().lower().encode()).hexdigest(), 16) % 2 == 1
            for element in root.iterfind(".//ref//article-title"):
                title = " ".join("".join(map(str, element.itertext())).split())
                titles[title] = is_held_out and titles.get(title, True)
    return {title: titles[title] for title in sorted(titles) if len(title) > 10}


def print_sample(titles: Iterable[str], rules: DesignRules, is_coded: bool, n: int, seed: int) -> None:
    """Print `n` of the titles to be judged by a reader; a change of the rules exchanges few of them."""
    candidates = {}
    for title in titles:
        designs = [design for design in find_title_designs(title, rules) if design.basis == "stated"]
        cues = "; ".join(f"{design.design_id} [{title[design.start : design.end]}]" for design in designs)
        if is_coded and designs:
            candidates[title] = f"{cues}: {title}"
        elif not is_coded and not designs and DESIGN_WORD.search(title):
            candidates[title] = title
    chosen = sorted(candidates, key=lambda title: hashlib.sha256(f"{seed} {title}".encode()).digest())[:n]
    print(f"{len(chosen)} of {len(candidates)} titles")
    print("\n".join(sorted(candidates[title] for title in chosen)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="the unpacked corpus")
    parser.add_argument("--examples", type=int, default=0, help="number of titles to print per design and group")
    parser.add_argument("--read", choices=["coded", "uncoded"], help="print a sample to be read")
    parser.add_argument(
        "--half", choices=["development", "held-out"], default="held-out", help="where it is drawn from"
    )
    parser.add_argument("--n", type=int, default=300, help="number of titles of the sample")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample")
    options = parser.parse_args()
    rules = load_coding_rules(VOCABULARIES / "cues", load_vocabularies(VOCABULARIES)).designs
    with unpacked_corpus(options.corpus, "xml") as corpus:
        titles = reference_titles(corpus / "xml")
    if options.read is not None:
        half = [title for title, is_held_out in titles.items() if is_held_out == (options.half == "held-out")]
        print_sample(half, rules, options.read == "coded", options.n, options.seed)
        return
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
