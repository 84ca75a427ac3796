"""Finds words that the coders could not code and statements that contradict, for the table `source_issues`.

Takes the curated tables and the rules and returns one row per finding: unknown treatments and journals, cells that
are cut off, outcome cells without a claim, and contradictory claims. Checks of the extracted tables are in
`source_issues`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import polars as pl
from rapidfuzz import fuzz, process

from pipelines.curate.grammar import PHRASE_BREAK
from pipelines.curate.interventions import ModalityRules, word_set
from pipelines.curate.outcome_directions import IMPROVED, NO_DIFFERENCE, WORSENED
from pipelines.curate.review_context import short_forms_by_review
from pipelines.curate.source_offsets import ROW_KEY

_BRACKETS = re.compile(r"\([^()]{0,60}\)")
_WORD = re.compile(r"[^\W_]+")
_MAX_QUOTED_LENGTH = 100
_MAX_CELL_END_LENGTH = 60
_MAX_UNKNOWN_PER_CELL = 5
_MIN_LABEL_SIMILARITY = 55

CELL_FINDING_SCHEMA = {
    "review_id": pl.String,
    "table_no": pl.Int32,
    "row_no": pl.Int32,
    "field": pl.String,
    "code": pl.String,
    "message": pl.String,
}
"""The columns of a finding about a cell of a study; `field` is `method` or `outcome`."""


def find_study_issues(
    studies: pl.DataFrame,
    claims: pl.DataFrame,
    rules: ModalityRules,
    abbreviations: pl.DataFrame,
    source_tables: pl.DataFrame,
    table_cells: pl.DataFrame,
) -> pl.DataFrame:
    """One row per finding about a study: review_id, code, subject_table, subject_key, message, start_char, end_char.

    The message begins with the printed place: `Table 2, row 3, column Intervention: …`.
    """
    findings = pl.concat([find_modality_issues(studies, rules, abbreviations), find_claim_issues(studies, claims)])
    labels = source_tables.select("review_id", "table_no", pl.col("label").str.strip_chars(" .:").alias("label"))
    cells = table_cells.select("review_id", "table_no", "column_name", pl.col("start_char").alias("cell_start"))
    columns = pl.concat(
        studies.select(*ROW_KEY, pl.col(f"{field}_start_char").alias("cell_start"), pl.lit(field).alias("field"))
        for field in ("method", "outcome")
    ).join(cells.unique(["review_id", "table_no", "cell_start"]), on=["review_id", "table_no", "cell_start"])
    place = pl.format(
        "{}, row {}, {}",
        pl.coalesce("label", pl.format("table without a label (number {} in the source)", "table_no")),
        "row_no",
        pl.coalesce(pl.format("column {}", "column_name"), pl.format("the {} column", "field")),
    )
    return (
        findings.join(studies.select(*ROW_KEY, "start_char", "end_char"), on=ROW_KEY, how="left", maintain_order="left")
        .join(labels, on=["review_id", "table_no"], how="left", maintain_order="left")
        .join(columns, on=[*ROW_KEY, "field"], how="left", maintain_order="left")
        .select(
            "review_id",
            "code",
            pl.lit("studies").alias("subject_table"),
            pl.format("{}/{}", "table_no", "row_no").alias("subject_key"),
            pl.format("{}: {}", place, "message").alias("message"),
            "start_char",
            "end_char",
        )
    )


def drop_known_interventions(
    findings: pl.DataFrame, study_concepts: pl.DataFrame, reviews_in_context: Collection[str]
) -> pl.DataFrame:
    """The findings of `find_study_issues` without unknown modalities where a general scheme knows the intervention.

    In reviews of the subject (`reviews_in_context`) the scheme `modality` should know it, so they keep theirs.
    """
    known = (
        study_concepts.filter(pl.col("role").is_in(["intervention", "comparator"]))
        .filter(~pl.col("review_id").is_in(list(reviews_in_context)))
        .select("review_id", pl.format("{}/{}", "table_no", "row_no").alias("subject_key"))
        .unique()
        .with_columns(pl.lit("unknown_modality").alias("code"))
    )
    return findings.join(known, on=["review_id", "subject_key", "code"], how="anti", maintain_order="left")


def find_modality_issues(studies: pl.DataFrame, rules: ModalityRules, abbreviations: pl.DataFrame) -> pl.DataFrame:
    """One row per finding about a method cell, with columns `CELL_FINDING_SCHEMA`.

    `unknown_modality`: words that match no label, with the most similar labels; at most five per cell. `cut_off_cell`:
    the cell ends where another word should follow.
    """
    short_forms = short_forms_by_review(abbreviations)
    rows = []
    for study in studies.sort(ROW_KEY).iter_rows(named=True):
        method = study["method"] or ""
        place = {**{column: study[column] for column in ROW_KEY}, "field": "method"}
        cell_end = method[-_MAX_CELL_END_LENGTH:]
        words = _WORD.findall(cell_end)
        if words and words[-1].casefold() in rules.words.unfinished_endings:
            message = f"{cell_end!r} breaks off after {words[-1]!r}"
            rows.append({**place, "code": "cut_off_cell", "message": message})
        unknown = find_unknown_parts(method, rules, short_forms.get(study["review_id"], {}))
        for part in unknown[:_MAX_UNKNOWN_PER_CELL]:
            similar = suggest_labels(part, rules)
            hint = f" (most similar labels: {', '.join(similar)})" if similar else ""
            problem = f"{part[:_MAX_QUOTED_LENGTH]!r} is not a known modality{hint}"
            fix = "add it to schemas/vocabularies/modality.csv"
            rows.append({**place, "code": "unknown_modality", "message": f"{problem}; {fix}"})
    return pl.DataFrame(rows, schema=CELL_FINDING_SCHEMA)


def find_unknown_parts(method: str, rules: ModalityRules, abbreviations: Mapping[str, str]) -> list[str]:
    """The parts of a method cell, separated by commas and conjunctions, that contain words but no label."""
    matches = rules.matcher.find(method, abbreviations)
    unknown = []
    start = next_match = 0
    breaks = [(found.start(), found.end()) for found in PHRASE_BREAK.finditer(method)]
    for stop, following in [*breaks, (len(method), len(method))]:
        while next_match < len(matches) and matches[next_match].end <= start:
            next_match += 1
        has_label = next_match < len(matches) and matches[next_match].start < stop
        part = method[start:stop].strip(" .")
        words = word_set(_BRACKETS.sub(" ", part)) - rules.words.non_treatment_words
        if not has_label and any(word.isalpha() and len(word) > 1 for word in words):
            unknown.append(part)
        start = following
    return unknown


def suggest_labels(words: str, rules: ModalityRules, limit: int = 3) -> list[str]:
    """The labels that are most similar to `words`, best first; empty if none is similar."""
    labels = [label.label for label in rules.labels]
    similar = process.extract(
        words[:_MAX_QUOTED_LENGTH],
        labels,
        scorer=fuzz.token_sort_ratio,
        limit=limit,
        score_cutoff=_MIN_LABEL_SIMILARITY,
    )
    return [label for label, _, _ in similar]


def find_claim_issues(studies: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """One row per finding about the claims of a study, with columns `CELL_FINDING_SCHEMA`.

    `contradictory_claims`: a study says of one outcome both that the treatments differ and that they do not, or both
    better and worse. Domains of outcomes are too broad for that. `no_claim`: no outcome statement is recognised in an
    outcome cell.
    """
    claims_by_study: dict[tuple[object, ...], list[Mapping[str, str | None]]] = {}
    of_studies = claims.filter(pl.col("point_no").is_null()).select(
        *ROW_KEY, "outcome_scheme", "outcome_id", "direction", "comparator_concept_id", "cue_text"
    )
    for claim in of_studies.iter_rows(named=True):
        claims_by_study.setdefault(tuple(claim[column] for column in ROW_KEY), []).append(claim)
    rows = []
    for study in studies.filter(pl.col("outcome").is_not_null()).sort(ROW_KEY).iter_rows(named=True):
        outcome = study["outcome"]
        place = {**{column: study[column] for column in ROW_KEY}, "field": "outcome"}
        study_claims = claims_by_study.get(tuple(study[column] for column in ROW_KEY), [])
        if not study_claims and any(character.isalpha() for character in outcome):
            problem = f"no outcome statement is recognised in {outcome[:_MAX_QUOTED_LENGTH]!r}"
            fix = "add its words to schemas/vocabularies/cues/"
            rows.append({**place, "code": "no_claim", "message": f"{problem}; {fix}"})
        for first, second in _find_contradictions(study_claims):
            cue, other_cue = first["cue_text"], second["cue_text"]
            message = f"on {first['outcome_id']}, {cue!r} contradicts {other_cue!r}; both are coded as printed"
            rows.append({**place, "code": "contradictory_claims", "message": message})
    return pl.DataFrame(rows, schema=CELL_FINDING_SCHEMA)


def _find_contradictions(
    claims: Sequence[Mapping[str, str | None]],
) -> list[tuple[Mapping[str, str | None], Mapping[str, str | None]]]:
    """The first pair of claims of each outcome that cannot both be true.

    Better than one treatment and worse than another is not a contradiction.
    """
    pairs: dict[str | None, tuple[Mapping[str, str | None], Mapping[str, str | None]]] = {}
    for number, claim in enumerate(claims):
        for other in claims[number + 1 :]:
            if claim["outcome_scheme"] != "outcome" or other["outcome_id"] != claim["outcome_id"]:
                continue
            if other["direction"] == claim["direction"]:
                continue
            directions = {claim["direction"], other["direction"]}
            comparators = [claim["comparator_concept_id"], other["comparator_concept_id"]]
            is_opposite = directions == {IMPROVED, WORSENED} and comparators[0] == comparators[1]
            is_denied = NO_DIFFERENCE in directions and directions & {IMPROVED, WORSENED} and all(comparators)
            if is_opposite or is_denied:
                pairs.setdefault(claim["outcome_id"], (claim, other))
    return list(pairs.values())


def find_journal_issues(bib_references: pl.DataFrame) -> pl.DataFrame:
    """One row per review and printed journal that is not known, at its first reference.

    Only references with a volume count: without one, journal_raw is often a book or a site. The columns are those of
    `find_study_issues`.
    """
    is_unknown = pl.col("journal_raw").is_not_null() & pl.col("journal_id").is_null() & pl.col("volume").is_not_null()
    unknown = (
        bib_references.filter(is_unknown)
        .sort("review_id", "ref_no")
        .group_by("review_id", "journal_raw", maintain_order=True)
        .agg(pl.col("ref_no", "start_char", "end_char").first(), pl.len().alias("n"))
    )
    return unknown.select(
        "review_id",
        pl.lit("unknown_journal").alias("code"),
        pl.lit("bib_references").alias("subject_table"),
        pl.col("ref_no").cast(pl.String).alias("subject_key"),
        pl.format(
            "'{}' ({} reference(s)) is not a known journal; add it to schemas/vocabularies/journals.csv",
            "journal_raw",
            "n",
        ).alias("message"),
        "start_char",
        "end_char",
    )
