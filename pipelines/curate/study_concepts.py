"""Codes what the cells of studies name of the general schemes: interventions, conditions, outcomes, countries.

Takes the table `study_fields` and returns `study_concepts`. The role of a cell decides which schemes are looked for;
how a text is read is in `general_concepts`. Treatments and outcomes of spine oncology have finer schemes of their own,
coded in `interventions` and `claims`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from pipelines.curate.general_concepts import (
    CONTROL,
    KIND,
    Found,
    GeneralRules,
    find_conditions,
    find_countries,
    find_interventions,
    find_outcome_domains,
)
from pipelines.curate.review_context import short_forms_by_review
from pipelines.curate.source_offsets import FIELD_KEY, ROW_KEY, field_pieces, map_to_source
from schemas.tables import SPECS
from schemas.tables.code_lists import FIELD_ROLES

_VERSUS = re.compile(r"\b(?:versus|vs|compared (?:with|to)|against)\b", re.IGNORECASE)
_OUTCOME_NAMES = frozenset({"outcome_name", "adverse_events"})
_RESULTS = frozenset({"result", "adverse_events"})
_NAMED = frozenset({"label", "abbreviation"})
_COLUMN_NAME_CONFIDENCE = 0.8


def code_study_concepts(
    study_fields: pl.DataFrame, rules: GeneralRules, abbreviations: pl.DataFrame, text_parts: pl.DataFrame
) -> pl.DataFrame:
    """`study_concepts`: one row per study, concept and role; the first words that name it.

    Takes the tables of those names and `abbreviations` of `review_context`. The span is NULL if the words are not in
    the source in this form, and if they are in the header above the cell.
    """
    short_forms = short_forms_by_review(abbreviations)
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    role_order = pl.col("role").replace_strict(list(FIELD_ROLES), list(range(len(FIELD_ROLES))), return_dtype=pl.Int32)
    for field in study_fields.sort(*ROW_KEY, role_order, "part_no").iter_rows(named=True):
        defined = short_forms.get(field["review_id"], {})
        for role, found, words in _find_in_field(field, rules, defined):
            row = {name: field[name] for name in FIELD_KEY if name != "role"} | {
                "field": field["role"],
                "role": role,
                "scheme": found.scheme,
                "concept_id": found.concept_id,
                "cue_text": words[found.start : found.end],
                "start_char": found.start if words is field["text"] else None,
                "end_char": found.end if words is field["text"] else None,
                "rule_id": found.rule_id,
                "confidence": found.confidence,
            }
            rows.setdefault(tuple(row[name] for name in SPECS["study_concepts"].key), row)
    schema = SPECS["study_concepts"].polars_schema | {"part_no": pl.Int32}
    coded = pl.DataFrame([{name: row[name] for name in schema} for row in rows.values()], schema=schema)
    key = [*ROW_KEY, "field", "part_no"]
    pieces = field_pieces(study_fields, text_parts).rename({"role": "field"})
    return map_to_source(coded, pieces, key).drop("part_no").sort(SPECS["study_concepts"].key)


def _find_in_field(
    field: Mapping[str, str], rules: GeneralRules, abbreviations: Mapping[str, str]
) -> Iterator[tuple[str, Found, str]]:
    """The concepts of a cell: their role in the study, the concept, and the text that names it."""
    role, text = field["role"], field["text"]
    if role in ("intervention", "comparator", "dose"):
        versus = _VERSUS.search(text)
        for found in find_interventions(text, rules, abbreviations):
            # "2 tablets, 1 mg" says nothing about what is given; "aspirin 75 mg" does.
            if role == "dose" and found.rule_id not in _NAMED:
                continue
            is_second = versus is not None and versus.start() > 0 and found.start > versus.start()
            is_control = found.scheme == KIND and found.concept_id == CONTROL
            yield ("comparator" if role == "comparator" or is_second or is_control else "intervention"), found, text
    elif role in ("population", "condition", "objective"):
        for found in find_conditions(text, rules, abbreviations):
            yield "condition", found, text
    elif role in _OUTCOME_NAMES or role in _RESULTS:
        domains = find_outcome_domains(text, rules, abbreviations, is_name=role in _OUTCOME_NAMES)
        for found in domains:
            yield "outcome", found, text
        column_name = field["column_name"]
        if not domains and role in _RESULTS and column_name:
            for found in find_outcome_domains(column_name, rules, abbreviations):
                confidence = min(found.confidence, _COLUMN_NAME_CONFIDENCE)
                yield "outcome", replace(found, rule_id="column_name", confidence=confidence), column_name
    if role in ("country", "population", "design"):
        for found in find_countries(text, rules):
            yield "country", found, text
