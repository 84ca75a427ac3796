"""The checks of a release: what each guards, whether it stops the release or shows, and why.

All of that is declared in `POLICIES`, and nowhere else. A rule counts what it looked at and what it found fault with.
Its numbers are published in `quality_checks` and shown in the UI beside the table it guards; those of `drift` are only
shown, as they depend on the release before, and the same inputs are to give the same release. What a model says of its
own columns is checked in `pipelines.validation`; what is odd in a source stops nothing and is declared, with how much
it matters, in `pipelines.extract.source_issues`.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from pipelines.extract.table_numbers import numbered
from pipelines.normalise.coverage import coverage
from pipelines.publish.standing import ReleaseError, check_hashes, latest_release
from pipelines.readers.errors import ReadError
from pipelines.readers.jats.load import decode, unpack
from pipelines.resources import Folders
from pipelines.sources import Listed, SourceError, load_source
from schemas.tables import SPECS

Frames = Mapping[str, pl.DataFrame]

ERROR, WARN = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN
SHOWN = 10
"""How many findings a message names."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a check guards, whether a failure stops the release (ERROR) or shows (WARN), and why.

    `least` is the share of what it looks at that has to be in order.
    """

    severity: dg.AssetCheckSeverity
    guards: str
    reason: str
    least: float = 1.0

    @property
    def word(self) -> str:
        """The severity as `quality_checks` has it."""
        return "error" if self.severity is ERROR else "warning"

    @property
    def description(self) -> str:
        effect = "A failure stops the release" if self.severity is ERROR else "A failure shows and stops nothing"
        return f"{self.guards} {effect}: {self.reason[0].lower()}{self.reason[1:]}"


POLICIES: Mapping[str, Policy] = {
    "schema_and_keys": Policy(
        ERROR,
        "Columns, types, value rules, nullability and the primary key are as the model in schemas/ says.",
        "Readers rely on the model; a frame that breaks it is not even stored.",
    ),
    "foreign_keys": Policy(
        ERROR,
        "Rows and concepts that it points at are there.",
        "A join that loses rows gives wrong counts, and nobody sees it.",
    ),
    "spans": Policy(
        ERROR,
        "The words stand in the source where the row says: source[start_char:end_char] is read again and compared.",
        "A span that cuts out other words makes every code that rests on it unverifiable.",
    ),
    "mentions_counted": Policy(
        ERROR,
        "Each citation has a mention for each number that it points at, but for those that no reference has.",
        "The counts of how references are used rest on the mentions.",
    ),
    "all_sources_read": Policy(
        WARN,
        "Every source in raw/ could be read.",
        "One unreadable source must not keep the others from being published; the release names it.",
    ),
    "references_numbered_through": Policy(
        WARN,
        "The reference list has as many entries as its last number says.",
        "A gap is more often a fault of reading than of print, but print has gaps too.",
    ),
    "tables_as_mentioned": Policy(
        WARN,
        "The tables that the prose mentions by number are there.",
        "A table may be left out of the source on purpose, as in an abridged deposit.",
    ),
    "citations_resolve": Policy(
        WARN,
        "Citations point at references that are listed.",
        "Reviews do cite numbers that they do not list; more than a few is a fault of reading.",
        least=0.98,
    ),
    "reference_years_plausible": Policy(
        WARN,
        "References are not dated later than a year after the review.",
        "A misprinted year is the source's own, and is kept as printed.",
        least=0.98,
    ),
    "labels_agree": Policy(
        WARN,
        "Study labels name the author and year of the reference that their row cites.",
        "Reviews do misname studies; many disagreeing labels mean that rows and references are matched wrongly.",
        least=0.9,
    ),
    "modality_coverage": Policy(
        WARN,
        "Studies whose method is coded to a modality.",
        "An unknown term is a finding for the curators and must not stop a release.",
        least=0.9,
    ),
    "outcome_coverage": Policy(
        WARN,
        "Studies with an outcome statement that is coded.",
        "An unknown term is a finding for the curators and must not stop a release.",
        least=0.8,
    ),
    "design_coverage": Policy(
        WARN,
        "References whose study design is stated or can be inferred.",
        "Many titles state no design; a fall means that cues were lost.",
        least=0.2,
    ),
    "journal_coverage": Policy(
        WARN,
        "Printed journals that the vocabulary knows.",
        "An unknown journal is a finding for the curators and must not stop a release.",
        least=0.5,
    ),
    "drift": Policy(
        WARN,
        "Rows of each table that the last release has for the reviews in both, and reviews that it has alone.",
        "A vocabulary or code that changed may change counts on purpose; it must not do so unseen.",
        least=0.9,
    ),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What a rule looked at and what it found fault with, each fault in words, or counted by what is at fault.

    The counts of some reviews and of others, added, are those of both. Of the faults only those to be shown are kept:
    a corpus may have millions.
    """

    n_checked: int
    faults: list[str] = field(default_factory=list)
    n_faults: int | None = None
    names: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        if self.n_faults is None:
            object.__setattr__(self, "n_faults", len(self.faults))
        object.__setattr__(self, "faults", self.faults[:SHOWN])

    @property
    def n_findings(self) -> int:
        return self.n_faults or 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(
            self.n_checked + other.n_checked,
            self.faults + other.faults,
            self.n_findings + other.n_findings,
            self.names + other.names,
        )

    @property
    def message(self) -> str | None:
        if self.names:
            names = sorted(self.names.items(), key=lambda item: (-item[1], item[0]))
            return _message([f"'{name}' ({n})" for name, n in names[:SHOWN]], len(names))
        if self.n_findings and not self.faults:
            return f"{self.n_findings} of {self.n_checked} have no code"
        return _message(self.faults, self.n_findings) or None


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of a table, by a policy, over the frames of a release or of some of its reviews.

    `look` is None for the spans, which are looked at for all tables together.
    """

    policy: str
    table: str
    look: Callable[[Frames], Counted] | None = None

    @property
    def check_id(self) -> str:
        return f"{self.policy}_of_{self.table}"


SPANNED = {
    "review_authors": "name",
    "review_affiliations": "affiliation",
    "review_keywords": "keyword",
    "sections": "heading",
    "sentences": "text",
    "bib_references": "raw_text",
    "reference_authors": "name_raw",
    "table_cells": "text_raw",
    "citation_markers": "marker_text",
    "option_points": "text",
    "study_modalities": "cue_text",
    "claims": "cue_text",
}
"""The words of each table that its span cuts out of the source."""


def look(frames: Frames, sources: Mapping[str, Listed]) -> dict[str, Counted]:
    """What each rule finds, by its check_id, in frames of all tables that the rules look at, and in their sources."""
    spans = _spans(frames, sources)
    return {rule.check_id: rule.look(frames) if rule.look else spans[rule.table] for rule in RULES}


def rule_rows(counted: Mapping[str, Counted]) -> pl.DataFrame:
    """The rules' rows of `quality_checks`; one row is a rule."""
    rows = []
    for rule in RULES:
        policy = POLICIES[rule.policy]
        found = counted[rule.check_id]
        good = 1 - found.n_findings / found.n_checked if found.n_checked else 1.0
        passed = found.n_findings == 0 if policy.least == 1 else good >= policy.least
        at_least = "" if policy.least == 1 else f" At least {policy.least:.0%} are expected to be in order."
        rows.append(
            (
                rule.check_id,
                rule.table,
                policy.guards + at_least,
                policy.word,
                found.n_checked,
                found.n_findings,
                passed,
                found.message,
            )
        )
    return pl.DataFrame(rows, schema=SPECS["quality_checks"].polars_schema, orient="row")


def _message(shown: list[str], n: int) -> str:
    """The findings that are shown, one a line, of `n` that there are."""
    return "\n".join([*shown, f"and {n - len(shown)} more"] if n > len(shown) else shown)


def _sources_read(frames: Frames) -> Counted:
    left_out = frames["quarantined_sources"]
    reasons = [f"{review_id}: {reason}" for review_id, reason in left_out.select("review_id", "reason").iter_rows()]
    return Counted(frames["reviews"].height + left_out.height, reasons)


def _numbered_through(frames: Frames) -> Counted:
    lists = frames["bib_references"].group_by("review_id").agg(pl.len(), pl.col("ref_no").max()).sort("review_id")
    faults = [
        f"{review_id}: {n} references, the last is number {last}"
        for review_id, n, last in lists.iter_rows()
        if n != last
    ]
    return Counted(lists.height, faults)


def _tables_mentioned(frames: Frames) -> Counted:
    prose = numbered(frames["sentences"].filter(pl.col("kind") == "prose"), "text")
    mentioned = prose.select("review_id", "number").unique().sort("review_id", "number")
    missing = mentioned.join(numbered(frames["source_tables"], "label"), on=["review_id", "number"], how="anti")
    return Counted(mentioned.height, [f"{review_id}: Table {no} is mentioned" for review_id, no in missing.iter_rows()])


def _mentions(frames: Frames) -> Counted:
    """A number that no reference has gives no mention and one finding, which `citations_resolve` shows."""
    key = ["review_id", "marker_id"]
    counts = frames["citation_mentions"].group_by(key).agg(pl.len().cast(pl.Int32).alias("found"))
    unlisted = (
        frames["source_issues"]
        .filter((pl.col("code") == "dangling_citation") & (pl.col("subject_table") == "citation_markers"))
        .select("review_id", pl.col("subject_key").cast(pl.Int32).alias("marker_id"))
        .group_by(key)
        .agg(pl.len().cast(pl.Int32).alias("unlisted"))
    )
    markers = (
        frames["citation_markers"]
        .join(counts, on=key, how="left")
        .join(unlisted, on=key, how="left")
        .with_columns(pl.col("found", "unlisted").fill_null(0))
    )
    wrong = markers.filter(pl.col("found") + pl.col("unlisted") != pl.col("n_refs"))
    return Counted(
        markers.height,
        [
            f"{review}, marker {no}: {n} stated, {found} found and {unlisted} that no reference has"
            for review, no, n, found, unlisted in wrong.select(*key, "n_refs", "found", "unlisted")
            .sort(key)
            .iter_rows()
        ],
    )


def _citations(frames: Frames) -> Counted:
    dangling = frames["source_issues"].filter(pl.col("code") == "dangling_citation").sort("review_id", "issue_id")
    faults = [f"{review}: {message}" for review, message in dangling.select("review_id", "message").iter_rows()]
    return Counted(frames["citation_markers"].height, faults)


def _years(frames: Frames) -> Counted:
    reviews = frames["reviews"].select("review_id", "publication_year").drop_nulls()
    dated = frames["bib_references"].join(reviews, on="review_id").drop_nulls("year")
    late = dated.filter(pl.col("year") > pl.col("publication_year") + 1).sort("review_id", "ref_no")
    return Counted(
        dated.height,
        [
            f"{review}, reference {no}: dated {year}, the review {published}"
            for review, no, year, published in late.select(
                "review_id", "ref_no", "year", "publication_year"
            ).iter_rows()
        ],
    )


def _labels(frames: Frames) -> Counted:
    told = frames["studies"].drop_nulls("label_matches_reference").sort("review_id", "table_no", "row_no")
    wrong = told.filter(~pl.col("label_matches_reference"))
    return Counted(
        told.height,
        [
            f"{review}, table {table}, row {row}: '{label}' cites reference {ref}"
            for review, table, row, label, ref in wrong.select(
                "review_id", "table_no", "row_no", "study_label", "ref_no"
            ).iter_rows()
        ],
    )


def _coverage(subjects: str, coded: str, key: tuple[str, ...], field: str) -> Callable[[Frames], Counted]:
    """How many rows of `subjects` with a `field` have a code in `coded`."""

    def look(frames: Frames) -> Counted:
        base = frames[subjects].drop_nulls(field)
        counts = coverage(field, base, frames[coded].drop_nulls(key), key).row(0, named=True)
        return Counted(counts["n_subjects"], n_faults=counts["n_subjects"] - counts["n_coded"])

    return look


def _journals(frames: Frames) -> Counted:
    printed = frames["bib_references"].drop_nulls("journal_raw")
    unknown = printed.filter(pl.col("journal_id").is_null())
    names = Counter(dict(unknown.group_by("journal_raw").len().iter_rows()))
    return Counted(printed.height, n_faults=unknown.height, names=names)


_TAG = re.compile(r"<[^<>]*>")


def _plain(words: str) -> str:
    """XML without its markup, white space folded, to compare with what a reader made of it."""
    return "".join(html.unescape(_TAG.sub("", words)).split())


def _text_again(review_id: str, sources: Mapping[str, Listed], *, is_xml: bool) -> str:
    """A source as decoded anew. Raises SourceError or ReadError, which name it, where it cannot be read any more."""
    if review_id not in sources:
        raise SourceError("the source is no longer in raw/; put it back, or build again without it")
    source = load_source(sources[review_id])
    if is_xml:
        return decode(unpack(source.data, source.path), source.path)[0]
    try:
        return source.data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReadError(f"{source.path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error


def _spans(frames: Frames, sources: Mapping[str, Listed]) -> dict[str, Counted]:
    """By table, whether words stand where their rows say. Each source is opened once, for all tables.

    A source that cannot be opened is a fault of each table that has rows of it: none of them can be compared.
    """
    counted = dict.fromkeys(SPANNED, 0)
    faults: dict[str, list[str]] = {table: [] for table in SPANNED}
    of_review = {table: _Rows(_placed(frames[table], table)) for table in SPANNED}
    parts_of_review = _Rows(
        frames["text_parts"].select(
            "review_id", "subject_table", "subject_key", "field", "text_offset", "start_char", "end_char"
        )
    )
    for review_id, source_format in frames["reviews"].select("review_id", "source_format").iter_rows():
        is_xml = source_format == "jats"
        rows = {table: of_review[table].of(review_id) for table in SPANNED}
        for table in SPANNED:
            counted[table] += len(rows[table])
        try:
            source = _text_again(review_id, sources, is_xml=is_xml)
        except (SourceError, ReadError) as error:
            for table in SPANNED:
                if rows[table]:
                    faults[table].append(f"{review_id}: {len(rows[table])} rows cannot be compared: {error}")
            continue
        parts: dict[tuple[str, str, str], list[tuple[int, int, int]]] = {}
        for _, table, subject, words_of, *piece in parts_of_review.of(review_id):
            parts.setdefault((table, subject, words_of), []).append(tuple(piece))
        for table, own in SPANNED.items():
            # The entry as printed is, without its markup, the entry as it reads.
            printed = "text" if is_xml and table == "bib_references" else own
            for _, subject, words, start, end in rows[table]:
                pieces = parts.get((table, subject, printed))
                if not _stands_there(source, words, start, end, pieces, is_xml=is_xml):
                    there = source[start:end][:60]
                    faults[table].append(
                        f"{review_id} {subject}: source[{start}:{end}] is {there!r}, not {words[:60]!r}"
                    )
    return {table: Counted(counted[table], faults[table]) for table in SPANNED}


def _placed(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    key = [name for name in SPECS[table].key if name != "review_id"]
    return frame.drop_nulls([SPANNED[table], "start_char"]).select(
        "review_id", pl.concat_str(key, separator="/"), SPANNED[table], "start_char", "end_char"
    )


def _stands_there(
    source: str, words: str, start: int, end: int, pieces: list[tuple[int, int, int]] | None, *, is_xml: bool
) -> bool:
    if pieces is not None:
        # Between the pieces may stand what is not in the source: a blank that joins lines, a comma for a tag.
        return all(source[first:last] == words[offset : offset + last - first] for offset, first, last in pieces)
    printed = source[start:end]
    return printed == words or (is_xml and _plain(printed) == _plain(words))


class _Rows:
    """The rows of a frame by review, made one review at a time."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame.sort("review_id", maintain_order=True)
        places = self.frame.with_row_index("place").group_by("review_id").agg(pl.col("place").min(), pl.len())
        self.places = {review_id: (place, n) for review_id, place, n in places.iter_rows()}

    def of(self, review_id: str) -> list[tuple[Any, ...]]:
        return self.frame.slice(*self.places.get(review_id, (0, 0))).rows()


RULES: tuple[Rule, ...] = (
    Rule("all_sources_read", "quarantined_sources", _sources_read),
    *(Rule("spans", table) for table in SPANNED),
    Rule("references_numbered_through", "bib_references", _numbered_through),
    Rule("tables_as_mentioned", "source_tables", _tables_mentioned),
    Rule("mentions_counted", "citation_mentions", _mentions),
    Rule("citations_resolve", "citation_markers", _citations),
    Rule("reference_years_plausible", "bib_references", _years),
    Rule("labels_agree", "studies", _labels),
    Rule(
        "modality_coverage",
        "study_modalities",
        _coverage("studies", "study_modalities", ("review_id", "table_no", "row_no"), "method"),
    ),
    Rule("outcome_coverage", "claims", _coverage("studies", "claims", ("review_id", "table_no", "row_no"), "outcome")),
    Rule(
        "design_coverage",
        "reference_designs",
        _coverage("bib_references", "reference_designs", ("review_id", "ref_no"), "title"),
    ),
    Rule("journal_coverage", "bib_references", _journals),
)


def _shown() -> list[tuple[str, str, str]]:
    """What the UI shows of `quality_checks`: check_id, table and policy; keys are shown where a frame is stored."""
    with_keys = [
        name
        for name, spec in SPECS.items()
        if spec.layer != "meta" and (spec.foreign_keys or any(column.vocabulary for column in spec.columns))
    ]
    return [
        *((f"foreign_keys_of_{name}", name, "foreign_keys") for name in with_keys),
        *((rule.check_id, rule.table, rule.policy) for rule in RULES),
    ]


def _of_the_release(policy: Policy) -> str:
    """Says what stops: Dagster calls these checks non-blocking, as they run after what is made of their table."""
    more = " (The asset `release` reads it in `quality_checks` and refuses.)" if policy.severity is ERROR else ""
    return policy.description + more


@dg.multi_asset_check(
    name="checks_of_the_release",
    specs=[
        dg.AssetCheckSpec(
            policy,
            asset=table,
            additional_deps=["quality_checks"],
            description=_of_the_release(POLICIES[policy]),
            metadata={"severity": POLICIES[policy].severity.value},
        )
        for _, table, policy in _shown()
    ],
    ins={"quality_checks": dg.AssetIn("quality_checks")},
    # A rebuild of some assets shows the checks of those.
    can_subset=True,
)
def checks_of_the_release(
    context: dg.AssetCheckExecutionContext, quality_checks: pl.DataFrame
) -> Iterable[dg.AssetCheckResult]:
    """Shows the numbers of `quality_checks` beside the tables. A failed ERROR stops `release`, which reads them too."""
    found = {row["check_id"]: row for row in quality_checks.to_dicts()}
    for check_id, table, policy in _shown():
        if dg.AssetCheckKey(dg.AssetKey(table), policy) not in context.selected_asset_check_keys:
            continue
        row = found[check_id]
        yield dg.AssetCheckResult(
            check_name=policy,
            asset_key=table,
            passed=row["passed"],
            severity=POLICIES[policy].severity,
            description=_sentence(row["n_checked"], row["n_findings"], row["message"]),
            metadata={"checked": row["n_checked"], "findings": row["n_findings"]},
        )


def _sentence(n_checked: int, n_findings: int, message: str | None) -> str:
    return (
        f"{n_findings:,} of {n_checked:,}:\n{message}"
        if n_findings and message
        else f"{n_checked:,} looked at, all in order"
    )


DRIFTING = [name for name, spec in SPECS.items() if spec.layer in ("extracted", "curated")]


@dg.asset_check(
    asset="builds",
    name="drift",
    description=POLICIES["drift"].description,
    additional_deps=DRIFTING,
    # Before the release: after it there would be nothing to compare with.
    blocking=True,
)
def drift(folders: Folders) -> dg.AssetCheckResult:
    """Compares with the last release's files; passes where there is none, and fails where they are damaged."""
    last = latest_release(Path(folders.out))
    metadata = {
        "last release": dg.MetadataValue.text(last.name if last else "none"),
        "tables": dg.MetadataValue.int(len(DRIFTING)),
    }
    severity = POLICIES["drift"].severity
    if last is None:
        return dg.AssetCheckResult(
            passed=True, severity=severity, description="there is no release yet", metadata=metadata
        )
    try:
        check_hashes(last)
    except (ReleaseError, OSError) as error:
        words = f"not compared: the last release is damaged: {error}"
        return dg.AssetCheckResult(passed=False, severity=severity, description=words, metadata=metadata)
    stored = {name: folders.stored(name) for name in DRIFTING}
    changed = drifted({name: frame for name, frame in stored.items() if frame is not None}, last / "parquet")
    return dg.AssetCheckResult(
        passed=not changed,
        severity=severity,
        description=_message(changed[:SHOWN], len(changed))
        or f"{len(DRIFTING)} tables have the rows of the last release, within a tenth",
        metadata={**metadata, "tables that drifted": dg.MetadataValue.int(len(changed))},
    )


def drifted(frames: Mapping[str, pl.LazyFrame], last: Path) -> list[str]:
    """The reviews that are gone, and the tables whose rows for the reviews in both differ by more than a tenth."""
    changed = []
    before = pl.scan_parquet(last / "reviews.parquet").select("review_id")
    both = frames["reviews"].join(before, on="review_id", how="semi").select("review_id")
    gone = before.join(both, on="review_id", how="anti").sort("review_id").collect()
    changed += [f"{review_id}: the last release has it" for (review_id,) in gone.iter_rows()]
    for name, frame in frames.items():
        path = last / f"{name}.parquet"
        if not path.exists():
            continue
        n_before, n_now = (
            counted.item()
            for counted in pl.collect_all(
                rows.select("review_id").join(both, on="review_id", how="semi").select(pl.len())
                for rows in (pl.scan_parquet(path), frame)
            )
        )
        if 1 - abs(n_now - n_before) / max(n_before, 1) < POLICIES["drift"].least:
            changed.append(f"{name}: {n_now:,} rows, the last release has {n_before:,} for the same reviews")
    return changed


ASSET_CHECKS = [checks_of_the_release, drift]
