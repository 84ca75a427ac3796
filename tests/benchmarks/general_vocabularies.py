"""Measures the general vocabularies: interventions coded with their kind, outcomes coded with their domain.

Takes a folder with `interventions_kinds.csv` and `outcomes_domains.csv` and prints shares per half of each file. Rules
and words were written with the first half in view; the second was not read. The halves are split by a hash of the text.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import html
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pipelines.common.settings import default_vocabularies
from pipelines.curate.general_concepts import (
    DOMAIN,
    INTERVENTION,
    KIND,
    Found,
    GeneralRules,
    find_interventions,
    find_outcome_domains,
    load_general_rules,
)
from pipelines.vocabularies.csv_files import load_vocabularies

Item = TypeVar("Item")

HALVES = ("seen", "unseen")
GOLD_KINDS = {
    "behaviour_education": {"behaviour", "education"},
    "device_material": {"device"},
    "diagnostic_screening": {"diagnostic"},
    "exercise_physical": {"exercise"},
    "food_diet_supplement": {"food"},
}
"""The kinds that the gold puts together; its other kinds have the names of the scheme."""

NO_INTERVENTION = "none"
NO_OUTCOME = "0"


def find_half(text: str) -> str:
    """The half that a text belongs to."""
    return HALVES[int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the shares of both files by half, and what is not right in the seen half."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--evidence", type=Path, required=True, help="folder of the two gold files")
    parser.add_argument("--errors", choices=HALVES, help="list what is wrong in a half")
    options = parser.parse_args(arguments)
    folder = Path(default_vocabularies())
    started = time.process_time()
    vocabularies = load_vocabularies(folder)
    after_schemes = time.process_time()
    rules = load_general_rules(folder, vocabularies)
    print(f"loaded in {time.process_time() - after_schemes:.2f} s (schemes {after_schemes - started:.2f} s)")
    domain_ids = [c.concept_id for c in vocabularies.schemes[DOMAIN].concepts.values() if c.parent_id is not None]
    for half in HALVES:
        interventions = _read(options.evidence / "interventions_kinds.csv", "intervention", half)
        outcomes = _read(options.evidence / "outcomes_domains.csv", "outcome", half)
        print(f"\n{half}: {len(interventions)} interventions, {len(outcomes)} outcomes")
        _measure_interventions(interventions, rules, show=options.errors == half)
        _measure_outcomes(outcomes, domain_ids, rules, show=options.errors == half)


def _read(path: Path, column: str, half: str) -> list[Mapping[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if find_half(row[column]) == half]


def clean(text: str) -> str:
    """The text without the entities that the gold left in it, some of them escaped twice."""
    for _ in range(4):
        text = html.unescape(text)
    return text


def _measure_interventions(rows: Iterable[Mapping[str, str]], rules: GeneralRules, *, show: bool) -> None:
    real = [row for row in rows if row["kind"] != NO_INTERVENTION]
    drugs = [row for row in real if row["kind"] == "drug"]

    def is_drug_coded(row: Mapping[str, str]) -> bool:
        found = find_interventions(clean(row["intervention"]), rules)
        return any(item.concept_id in ("drug", "biological") for item in found if item.scheme == KIND)

    def is_kind_known(row: Mapping[str, str]) -> bool:
        return bool(_kinds(find_interventions(clean(row["intervention"]), rules)) - {"control"})

    def is_kind_right(row: Mapping[str, str]) -> bool:
        found = find_interventions(clean(row["intervention"]), rules)
        return bool(_kinds(found) & GOLD_KINDS.get(row["kind"], {row["kind"]}))

    def is_kind_alone(row: Mapping[str, str]) -> bool:
        found = find_interventions(clean(row["intervention"]), rules)
        kinds = _kinds(found) - {"control"}
        return bool(kinds) and kinds <= GOLD_KINDS.get(row["kind"], {row["kind"]})

    _print_share("drugs coded as drug or biological", drugs, is_drug_coded)
    _print_share("interventions coded with a kind", real, is_kind_known)
    _print_share("interventions with the right kind among theirs", real, is_kind_right)
    _print_share("interventions with the right kind only", real, is_kind_alone)
    if show:
        for row in rows:
            found = find_interventions(clean(row["intervention"]), rules)
            if row["kind"] == NO_INTERVENTION or not is_kind_right(row) or not is_kind_alone(row):
                concepts = [item.concept_id for item in found if item.scheme == INTERVENTION]
                print(f"    {row['kind']} | {row['intervention'][:110]} | {sorted(_kinds(found))} {concepts}")


def _kinds(found: Iterable[Found]) -> set[str]:
    return {item.concept_id for item in found if item.scheme == KIND}


def _measure_outcomes(
    rows: Sequence[Mapping[str, str]], domain_ids: Sequence[str], rules: GeneralRules, *, show: bool
) -> None:
    coded = [(row, [f.concept_id for f in find_outcome_domains(clean(row["outcome"]), rules)]) for row in rows]
    gold = {row["outcome"]: _gold_domain(row, domain_ids) for row in rows}
    real = [(row, domains) for row, domains in coded if gold[row["outcome"]] is not None]
    with_code = [(row, domains) for row, domains in coded if domains]
    codes = [(row, domain) for row, domains in coded for domain in domains]
    _print_share("outcomes coded", real, lambda pair: bool(pair[1]))
    _print_share("outcomes coded right", real, lambda pair: gold[pair[0]["outcome"]] in pair[1])
    _print_share("coded outcomes with the right domain", with_code, lambda pair: gold[pair[0]["outcome"]] in pair[1])
    _print_share("codes that are right", codes, lambda pair: gold[pair[0]["outcome"]] == pair[1])
    if show:
        for row, domains in coded:
            if domains != [gold[row["outcome"]]] and (domains or gold[row["outcome"]] is not None):
                print(f"    {gold[row['outcome']]} | {row['outcome'][:110]} | {domains}")


def _gold_domain(row: Mapping[str, str], domain_ids: Sequence[str]) -> str | None:
    number = row["comet_domain"]
    return None if number == NO_OUTCOME else domain_ids[int(number) - 1]


def _print_share(name: str, items: Sequence[Item], is_right: Callable[[Item], bool]) -> None:
    n_right = sum(map(is_right, items))
    print(f"  {name}: {n_right} of {len(items)} = {n_right / max(len(items), 1):.2f}")


if __name__ == "__main__":
    main()
