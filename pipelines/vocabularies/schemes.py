"""Vocabularies as values: concept schemes, mappings to other vocabularies, and journals.

Builds them from parsed CSV rows, validates them, and renders the tables `concepts`, `concept_labels`,
`concept_mappings` and `journals`. Files are read in `csv_files`; labels are found in texts in `matcher`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import polars as pl

from pipelines.vocabularies.journal_keys import journal_key
from pipelines.vocabularies.matcher import Label, fold_text
from schemas.tables import SPECS
from schemas.tables.base import CODE
from schemas.tables.code_lists import MAPPING_PREDICATES
from schemas.tables.vocabulary import ISSN, NLM_ID

CONCEPT_COLUMNS = (
    "concept_id",
    "parent_id",
    "pref_label",
    "alt_labels",
    "hidden_labels",
    "abbreviations",
    "definition",
    "scope_note",
)
MAPPING_COLUMNS = (
    "scheme",
    "concept_id",
    "predicate",
    "object_id",
    "object_label",
    "justification",
    "source",
)
JOURNAL_COLUMNS = (
    "journal_id",
    "abbreviation",
    "title",
    "alt_titles",
    "issn_print",
    "issn_online",
    "nlm_id",
    "source",
)
IDENTIFIERS = {
    "mesh": (re.compile(r"D\d{6,9}"), "D and six to nine digits, as in mesh:D016634"),
    "ncit": (re.compile(r"C\d+"), "C and digits, as in ncit:C15358"),
    "comet": (re.compile(r"[1-9]|[12]\d|3[0-8]"), "a domain from 1 to 38, as in comet:15"),
    "ocebm": (re.compile(r"[1-5]"), "a level from 1 to 5, as in ocebm:4"),
    "drugbank": (re.compile(r"DB\d{5}"), "DB and five digits, as in drugbank:DB00316"),
}
_JOURNAL_NUMBERS = {
    "issn_print": (ISSN, "0362-2436"),
    "issn_online": (ISSN, "0362-2436"),
    "nlm_id": (NLM_ID, "7610646"),
}
_JUSTIFICATION = re.compile(r"semapv:[A-Za-z]+")


class VocabularyError(ValueError):
    """An invalid vocabulary file; the message names the file, the line (if there is one), the problem and the fix."""

    def __init__(self, file: str, line: int | None, problem: str, fix: str) -> None:
        super().__init__(f"{file}{'' if line is None else f', line {line}'}: {problem}; {fix}")
        self.file = file
        self.line = line


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a vocabulary file: the line it starts on (the header is line 1) and its trimmed cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a scheme. `level` is its depth, 1 at the top.

    `abbreviations` are alternative labels that count only if the document defines them.
    """

    concept_id: str
    parent_id: str | None
    pref_label: str
    alt_labels: tuple[str, ...]
    hidden_labels: tuple[str, ...]
    definition: str | None
    scope_note: str | None
    level: int
    abbreviations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """A concept scheme; `concepts` in the order of the file."""

    scheme_id: str
    concepts: Mapping[str, Concept]

    def top(self, concept_id: str) -> Concept:
        """The concept's ancestor on level 1, or the concept itself. Raises KeyError for an unknown id."""
        concept = self.concepts[concept_id]
        while concept.parent_id is not None:
            concept = self.concepts[concept.parent_id]
        return concept


@dataclass(frozen=True, slots=True)
class ConceptMapping:
    """A mapping to a published vocabulary; `object_id` is a CURIE (`mesh:D016634`)."""

    scheme: str
    concept_id: str
    predicate: str
    object_id: str
    object_label: str | None
    justification: str


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal of the NLM Catalog; `alt_titles` are other printed forms of its name."""

    journal_id: str
    abbreviation: str
    title: str
    alt_titles: tuple[str, ...]
    issn_print: str | None
    issn_online: str | None
    nlm_id: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Vocabularies:
    """The contents of `schemas/vocabularies/`. Compared by identity, so that values derived from it can be cached."""

    schemes: Mapping[str, Scheme]
    mappings: tuple[ConceptMapping, ...]
    journals: Mapping[str, Journal]

    def labels(self, *schemes: str) -> list[Label]:
        """The labels of these schemes in that order, for a `Matcher`; without arguments, those of all schemes.

        Raises KeyError for an unknown scheme.
        """
        return [
            Label(scheme_id, concept.concept_id, label, label_type, needs_definition)
            for scheme_id in schemes or tuple(self.schemes)
            for concept in self.schemes[scheme_id].concepts.values()
            for label_type, label, needs_definition in _labels(concept)
        ]


def _labels(concept: Concept) -> list[tuple[str, str, bool]]:
    """The labels of a concept as (type, label, needs definition)."""
    return [
        ("pref", concept.pref_label, False),
        *(("alt", label, False) for label in concept.alt_labels),
        *(("alt", label, True) for label in concept.abbreviations),
        *(("hidden", label, False) for label in concept.hidden_labels),
    ]


def scheme_from_rows(scheme_id: str, rows: Sequence[Row], file: str) -> Scheme:
    """The scheme defined by the rows of a concept file, in their order.

    Raises VocabularyError for a missing, malformed or duplicate id, a missing preferred label, an unknown parent, a
    cycle of parents, and two concepts of the scheme with the same folded label.
    """
    lines = _unique_ids(rows, "concept_id", file)
    for row in rows:
        parent = row.cells["parent_id"]
        if not row.cells["pref_label"]:
            raise VocabularyError(file, row.line, f"'{row.cells['concept_id']}' has no pref_label", "add one")
        if parent and parent not in lines:
            raise VocabularyError(
                file,
                row.line,
                f"parent_id '{parent}' is not a concept_id of this file",
                "add it, or correct the spelling",
            )
    parents = {row.cells["concept_id"]: row.cells["parent_id"] for row in rows}
    levels = {concept_id: _find_level(concept_id, parents, lines, file) for concept_id in parents}
    concepts = {}
    for row in rows:
        cells = row.cells
        concepts[cells["concept_id"]] = Concept(
            concept_id=cells["concept_id"],
            parent_id=cells["parent_id"] or None,
            pref_label=cells["pref_label"],
            alt_labels=_split_list(cells["alt_labels"]),
            hidden_labels=_split_list(cells["hidden_labels"]),
            abbreviations=_split_list(cells["abbreviations"]),
            definition=cells["definition"] or None,
            scope_note=cells["scope_note"] or None,
            level=levels[cells["concept_id"]],
        )
    _reject_shared_labels(concepts.values(), lines, file)
    return Scheme(scheme_id, concepts)


def _unique_ids(rows: Sequence[Row], column: str, file: str) -> dict[str, int]:
    """The line of each id in a column."""
    lines: dict[str, int] = {}
    for row in rows:
        value = row.cells[column]
        if not re.search(CODE, value):
            raise VocabularyError(
                file,
                row.line,
                f"{column} '{value}' is not a code",
                "begin with a lower-case letter, then use lower-case letters, digits and underscores",
            )
        if value in lines:
            raise VocabularyError(
                file,
                row.line,
                f"{column} '{value}' is already on line {lines[value]}",
                "rename or delete one of them",
            )
        lines[value] = row.line
    return lines


def _find_level(concept_id: str, parents: Mapping[str, str], lines: Mapping[str, int], file: str) -> int:
    path = [concept_id]
    while parent := parents[path[-1]]:
        if parent in path:
            cycle = " > ".join([*path[path.index(parent) :], parent])
            raise VocabularyError(
                file, lines[concept_id], f"the parents form a cycle: {cycle}", "clear the parent_id of one of them"
            )
        path.append(parent)
    return len(path)


def _reject_shared_labels(concepts: Iterable[Concept], lines: Mapping[str, int], file: str) -> None:
    """Raise VocabularyError for a label used twice: SKOS allows it once per concept and on one concept per scheme."""
    owners: dict[str, tuple[str, str]] = {}
    for concept in concepts:
        printed: set[str] = set()
        for _, label, _ in _labels(concept):
            line = lines[concept.concept_id]
            key = fold_text(label)
            if not key:
                raise VocabularyError(file, line, f"label '{label}' contains no words", "delete it")
            if label in printed:
                raise VocabularyError(
                    file, line, f"'{concept.concept_id}' has the label '{label}' twice", "delete one of them"
                )
            printed.add(label)
            owner, owned = owners.setdefault(key, (concept.concept_id, label))
            if owner != concept.concept_id:
                printed_as = f"label '{label}'" if label == owned else f"label '{label}' (equivalent to '{owned}')"
                raise VocabularyError(
                    file,
                    line,
                    f"{printed_as} of '{concept.concept_id}' is also a label of '{owner}' on line {lines[owner]}",
                    "keep it on one of them",
                )


def mappings_from_rows(rows: Sequence[Row], schemes: Mapping[str, Scheme], file: str) -> tuple[ConceptMapping, ...]:
    """The mappings defined by the rows of the mapping file, in their order.

    Raises VocabularyError for an unknown scheme, concept, predicate or target vocabulary, a malformed identifier or
    justification, a pair that is mapped twice, and two concepts of a scheme that are exact matches of the same object.
    """
    mappings = []
    exact_matches: dict[tuple[str, str], str] = {}
    lines: dict[tuple[str, str, str], int] = {}
    for row in rows:
        cells = row.cells
        _check_mapping(row, schemes, file)
        pair = (cells["scheme"], cells["concept_id"], cells["object_id"])
        if pair in lines:
            raise VocabularyError(
                file,
                row.line,
                f"'{cells['concept_id']}' is already mapped to {cells['object_id']} on line {lines[pair]}",
                "keep one of the two rows",
            )
        lines[pair] = row.line
        if cells["predicate"] == "skos:exactMatch":
            twin = exact_matches.setdefault((cells["scheme"], cells["object_id"]), cells["concept_id"])
            if twin != cells["concept_id"]:
                raise VocabularyError(
                    file,
                    row.line,
                    f"{cells['object_id']} is an exact match of '{twin}' and of '{cells['concept_id']}'",
                    "make one of them skos:closeMatch or skos:broadMatch",
                )
        mappings.append(
            ConceptMapping(
                scheme=cells["scheme"],
                concept_id=cells["concept_id"],
                predicate=cells["predicate"],
                object_id=cells["object_id"],
                object_label=cells["object_label"] or None,
                justification=cells["justification"],
            )
        )
    return tuple(mappings)


def _check_mapping(row: Row, schemes: Mapping[str, Scheme], file: str) -> None:
    cells = row.cells
    if cells["scheme"] not in schemes:
        raise VocabularyError(
            file, row.line, f"scheme '{cells['scheme']}' is unknown", f"write one of {', '.join(schemes)}"
        )
    if cells["concept_id"] not in schemes[cells["scheme"]].concepts:
        raise VocabularyError(
            file,
            row.line,
            f"'{cells['concept_id']}' is not a concept of {cells['scheme']}",
            f"add it to {cells['scheme']}.csv, or correct the spelling",
        )
    if cells["predicate"] not in MAPPING_PREDICATES:
        raise VocabularyError(
            file,
            row.line,
            f"predicate '{cells['predicate']}' is unknown",
            f"write one of {', '.join(MAPPING_PREDICATES)}",
        )
    prefix, _, local = cells["object_id"].partition(":")
    if prefix not in IDENTIFIERS:
        raise VocabularyError(
            file,
            row.line,
            f"object_id '{cells['object_id']}' is not from a supported vocabulary",
            f"begin it with one of {', '.join(f'{supported}:' for supported in IDENTIFIERS)}",
        )
    pattern, form = IDENTIFIERS[prefix]
    if not pattern.fullmatch(local):
        raise VocabularyError(file, row.line, f"object_id '{cells['object_id']}' is malformed", f"write {form}")
    if not _JUSTIFICATION.fullmatch(cells["justification"]):
        raise VocabularyError(
            file,
            row.line,
            f"justification '{cells['justification']}' is not a SEMAPV term",
            "write semapv:ManualMappingCuration or another SEMAPV term",
        )


def journals_from_rows(rows: Sequence[Row], file: str) -> dict[str, Journal]:
    """The journals defined by the rows of the journal file, by id.

    Raises VocabularyError for a missing, malformed or duplicate id, a missing abbreviation or title, a malformed ISSN
    or NLM id, and two journals with the same folded name.
    """
    lines = _unique_ids(rows, "journal_id", file)
    journals: dict[str, Journal] = {}
    owners: dict[str, str] = {}
    for row in rows:
        cells = row.cells
        for column in ("abbreviation", "title"):
            if not cells[column]:
                raise VocabularyError(file, row.line, f"'{cells['journal_id']}' has no {column}", "add one")
        for column, (pattern, example) in _JOURNAL_NUMBERS.items():
            if cells[column] and not re.search(pattern, cells[column]):
                raise VocabularyError(
                    file,
                    row.line,
                    f"{column} '{cells[column]}' is malformed",
                    f"write it as {example}, or leave it empty",
                )
        journal = Journal(
            journal_id=cells["journal_id"],
            abbreviation=cells["abbreviation"],
            title=cells["title"],
            alt_titles=_split_list(cells["alt_titles"]),
            issn_print=cells["issn_print"] or None,
            issn_online=cells["issn_online"] or None,
            nlm_id=cells["nlm_id"] or None,
        )
        for name in journal_names(journal):
            owner = owners.setdefault(journal_key(name), journal.journal_id)
            if owner != journal.journal_id:
                raise VocabularyError(
                    file,
                    row.line,
                    f"name '{name}' of '{journal.journal_id}' is also a name of '{owner}' on line {lines[owner]}",
                    "keep it on one of them",
                )
        journals[journal.journal_id] = journal
    return journals


def journal_names(journal: Journal) -> tuple[str, ...]:
    """All names of a journal. NLM titles have a subtitle after ` : `, which is rarely printed."""
    main_title = journal.title.split(" : ")[0]
    return (journal.abbreviation, journal.title, main_title, *journal.alt_titles)


def _split_list(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(";") if item.strip())


def concepts_frame(vocabularies: Vocabularies) -> pl.DataFrame:
    """`concepts`: one row per concept; key scheme, concept_id."""
    return _frame(
        "concepts",
        (
            {
                "scheme": scheme_id,
                "concept_id": concept.concept_id,
                "pref_label": concept.pref_label,
                "parent_id": concept.parent_id,
                "level": concept.level,
                "definition": concept.definition,
                "scope_note": concept.scope_note,
            }
            for scheme_id, scheme in vocabularies.schemes.items()
            for concept in scheme.concepts.values()
        ),
    )


def concept_labels_frame(vocabularies: Vocabularies) -> pl.DataFrame:
    """`concept_labels`: one row per label of a concept (pref, alt or hidden); key scheme, concept_id, label."""
    return _frame("concept_labels", map(asdict, vocabularies.labels()))


def concept_mappings_frame(vocabularies: Vocabularies) -> pl.DataFrame:
    """`concept_mappings`: one row per mapping; key scheme, concept_id, predicate, object_id."""
    return _frame("concept_mappings", map(asdict, vocabularies.mappings))


def _frame(table: str, rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    """The rows as a frame with the columns of a published table; other keys are dropped."""
    columns = SPECS[table].polars_schema
    return pl.DataFrame([{name: row[name] for name in columns} for row in rows], schema=columns)
