"""Vocabularies as values: concept schemes, mappings and journals from parsed rows, checked, and as published frames.

Belongs here: what makes a vocabulary well formed, and the tables `concepts`, `concept_labels`, `concept_mappings` and
`journals`. Reading files is in `csv_files`, finding labels in a text in `matcher`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.vocabularies.matcher import Label, folded
from schemas.tables.base import CODE
from schemas.tables.vocabulary import ISSN, NLM_ID, PREDICATES

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
}
_JOURNAL_NUMBERS = {
    "issn_print": (ISSN, "0362-2436"),
    "issn_online": (ISSN, "0362-2436"),
    "nlm_id": (NLM_ID, "7610646"),
}
_JUSTIFICATION = re.compile(r"semapv:[A-Za-z]+")


class VocabularyError(ValueError):
    """A broken vocabulary file; the message names the file, the line, what is wrong and how to mend it."""

    def __init__(self, file: str, line: int, problem: str, mend: str) -> None:
        super().__init__(f"{file}, line {line}: {problem}; {mend}")
        self.file = file
        self.line = line


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a vocabulary file: the line it starts on (the header is line 1) and its cells, trimmed."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a scheme. `level` is its depth, 1 at the top.

    `abbreviations` are alternative labels that count only where a document defines them.
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
    """A journal of the NLM Catalog; `alt_titles` are further ways its name is printed."""

    journal_id: str
    abbreviation: str
    title: str
    alt_titles: tuple[str, ...]
    issn_print: str | None
    issn_online: str | None
    nlm_id: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Vocabularies:
    """All that `schemas/vocabularies/` holds. Compared by identity, so that what is built from it can be kept."""

    schemes: Mapping[str, Scheme]
    mappings: tuple[ConceptMapping, ...]
    journals: Mapping[str, Journal]

    def labels(self, *schemes: str) -> list[Label]:
        """The labels of the schemes named, in that order (of all when none is named), as a `Matcher` takes them.

        Raises KeyError for an unknown scheme.
        """
        found = []
        for scheme_id in schemes or tuple(self.schemes):
            for concept in self.schemes[scheme_id].concepts.values():
                for label_type, label, needs_definition in _labels(concept):
                    found.append(Label(scheme_id, concept.concept_id, label, label_type, needs_definition))
        return found


def _labels(concept: Concept) -> list[tuple[str, str, bool]]:
    return [
        ("pref", concept.pref_label, False),
        *(("alt", label, False) for label in concept.alt_labels),
        *(("alt", label, True) for label in concept.abbreviations),
        *(("hidden", label, False) for label in concept.hidden_labels),
    ]


def scheme_from_rows(scheme_id: str, rows: Sequence[Row], file: str) -> Scheme:
    """The scheme that the rows of a concept file make, in their order.

    Raises VocabularyError for an id that is missing, malformed or given twice, a missing preferred label, an unknown
    parent, a cycle of parents, and a label that two concepts of the scheme share once folded.
    """
    lines = _unique_ids(rows, "concept_id", file)
    for row in rows:
        parent = row.cells["parent_id"]
        if not row.cells["pref_label"]:
            raise VocabularyError(file, row.line, f"'{row.cells['concept_id']}' has no pref_label", "give it one")
        if parent and parent not in lines:
            raise VocabularyError(
                file, row.line, f"parent_id '{parent}' is no concept_id of this file", "add it, or correct the spelling"
            )
    parents = {row.cells["concept_id"]: row.cells["parent_id"] for row in rows}
    levels = {concept_id: _level(concept_id, parents, lines, file) for concept_id in parents}
    concepts = {}
    for row in rows:
        cells = row.cells
        concepts[cells["concept_id"]] = Concept(
            concept_id=cells["concept_id"],
            parent_id=cells["parent_id"] or None,
            pref_label=cells["pref_label"],
            alt_labels=_list(cells["alt_labels"]),
            hidden_labels=_list(cells["hidden_labels"]),
            abbreviations=_list(cells["abbreviations"]),
            definition=cells["definition"] or None,
            scope_note=cells["scope_note"] or None,
            level=levels[cells["concept_id"]],
        )
    _refuse_shared_labels(concepts.values(), lines, file)
    return Scheme(scheme_id, concepts)


def _unique_ids(rows: Sequence[Row], column: str, file: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    for row in rows:
        value = row.cells[column]
        if not re.search(CODE, value):
            raise VocabularyError(
                file,
                row.line,
                f"{column} '{value}' is no code",
                "begin with a small letter, then write small letters and digits joined by underscores",
            )
        if value in lines:
            raise VocabularyError(
                file,
                row.line,
                f"{column} '{value}' stands on line {lines[value]} already",
                "rename or delete one of them",
            )
        lines[value] = row.line
    return lines


def _level(concept_id: str, parents: Mapping[str, str], lines: Mapping[str, int], file: str) -> int:
    path = [concept_id]
    while parent := parents[path[-1]]:
        if parent in path:
            circle = " > ".join([*path[path.index(parent) :], parent])
            raise VocabularyError(
                file, lines[concept_id], f"parents run in a circle: {circle}", "empty the parent_id of one of them"
            )
        path.append(parent)
    return len(path)


def _refuse_shared_labels(concepts: Iterable[Concept], lines: Mapping[str, int], file: str) -> None:
    """SKOS lets a label stand once in a concept and on one concept of a scheme."""
    owners: dict[str, tuple[str, str]] = {}
    for concept in concepts:
        printed: set[str] = set()
        for _, label, _ in _labels(concept):
            line = lines[concept.concept_id]
            key = folded(label)
            if not key:
                raise VocabularyError(file, line, f"label '{label}' has no word in it", "delete it")
            if label in printed:
                raise VocabularyError(
                    file, line, f"label '{label}' stands twice on '{concept.concept_id}'", "delete one"
                )
            printed.add(label)
            owner, owned = owners.setdefault(key, (concept.concept_id, label))
            if owner != concept.concept_id:
                alike = f"label '{label}'" if label == owned else f"label '{label}' (read like '{owned}')"
                raise VocabularyError(
                    file,
                    line,
                    f"{alike} of '{concept.concept_id}' is a label of '{owner}' on line {lines[owner]} too",
                    "keep it on one of them",
                )


def mappings_from_rows(rows: Sequence[Row], schemes: Mapping[str, Scheme], file: str) -> tuple[ConceptMapping, ...]:
    """The mappings that the rows of the mapping file make, in their order.

    Raises VocabularyError for an unknown scheme, concept, predicate or vocabulary, a malformed identifier or
    justification, a pair mapped twice, and an exact match of two concepts of a scheme to the same.
    """
    mappings = []
    exact: dict[tuple[str, str], str] = {}
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        cells = row.cells
        _check_mapping(row, schemes, file)
        pair = (cells["scheme"], cells["concept_id"], cells["object_id"])
        if pair in seen:
            raise VocabularyError(
                file,
                row.line,
                f"'{cells['concept_id']}' is mapped to {cells['object_id']} on line {seen[pair]} already",
                "keep one of the two rows",
            )
        seen[pair] = row.line
        if cells["predicate"] == "skos:exactMatch":
            twin = exact.setdefault((cells["scheme"], cells["object_id"]), cells["concept_id"])
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
            f"'{cells['concept_id']}' is no concept of {cells['scheme']}",
            f"add it to {cells['scheme']}.csv, or correct the spelling",
        )
    if cells["predicate"] not in PREDICATES:
        raise VocabularyError(
            file, row.line, f"predicate '{cells['predicate']}' is unknown", f"write one of {', '.join(PREDICATES)}"
        )
    prefix, _, local = cells["object_id"].partition(":")
    if prefix not in IDENTIFIERS:
        raise VocabularyError(
            file,
            row.line,
            f"object_id '{cells['object_id']}' belongs to no known vocabulary",
            f"begin it with one of {', '.join(f'{known}:' for known in IDENTIFIERS)}",
        )
    pattern, form = IDENTIFIERS[prefix]
    if not pattern.fullmatch(local):
        raise VocabularyError(file, row.line, f"object_id '{cells['object_id']}' is malformed", f"write {form}")
    if not _JUSTIFICATION.fullmatch(cells["justification"]):
        raise VocabularyError(
            file,
            row.line,
            f"justification '{cells['justification']}' is no SEMAPV term",
            "write semapv:ManualMappingCuration, or another term of SEMAPV",
        )


def journals_from_rows(rows: Sequence[Row], file: str) -> dict[str, Journal]:
    """The journals that the rows of the journal file make, by id.

    Raises VocabularyError for an id that is missing, malformed or given twice, a missing abbreviation or title, a
    malformed ISSN or NLM id, and a name that two journals share once folded.
    """
    lines = _unique_ids(rows, "journal_id", file)
    journals: dict[str, Journal] = {}
    owners: dict[str, str] = {}
    for row in rows:
        cells = row.cells
        for column in ("abbreviation", "title"):
            if not cells[column]:
                raise VocabularyError(file, row.line, f"'{cells['journal_id']}' has no {column}", "give it one")
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
            alt_titles=_list(cells["alt_titles"]),
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
                    f"name '{name}' of '{journal.journal_id}' is a name of '{owner}' on line {lines[owner]} too",
                    "keep it on one of them",
                )
        journals[journal.journal_id] = journal
    return journals


def journal_names(journal: Journal) -> tuple[str, ...]:
    """Every name a journal goes by; the NLM's titles carry a subtitle after ` : ` that is seldom printed."""
    proper = journal.title.split(" : ")[0]
    return (journal.abbreviation, journal.title, proper, *journal.alt_titles)


def journal_key(name: str) -> str:
    """A journal's name without what two ways to print it differ in: case, accents, punctuation, `&`, `The`."""
    words = re.split(r"[^\w]+", folded(name.replace("&", " and ")))
    return " ".join(words[1:] if words[0] == "the" else words)


def _list(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(";") if item.strip())


def concepts_frame(vocabularies: Vocabularies) -> pl.DataFrame:
    """`concepts`: one row a concept; key scheme, concept_id."""
    return pl.DataFrame(
        [
            (scheme_id, c.concept_id, c.pref_label, c.parent_id, c.level, c.definition, c.scope_note)
            for scheme_id, scheme in vocabularies.schemes.items()
            for c in scheme.concepts.values()
        ],
        schema={
            "scheme": pl.String,
            "concept_id": pl.String,
            "pref_label": pl.String,
            "parent_id": pl.String,
            "level": pl.Int32,
            "definition": pl.String,
            "scope_note": pl.String,
        },
        orient="row",
    )


def concept_labels_frame(vocabularies: Vocabularies) -> pl.DataFrame:
    """`concept_labels`: one row a label of a concept (pref, alt or hidden); key scheme, concept_id, label."""
    return pl.DataFrame(
        [(label.scheme, label.concept_id, label.label, label.label_type) for label in vocabularies.labels()],
        schema=dict.fromkeys(("scheme", "concept_id", "label", "label_type"), pl.String),
        orient="row",
    )


def concept_mappings_frame(vocabularies: Vocabularies) -> pl.DataFrame:
    """`concept_mappings`: one row a mapping; key scheme, concept_id, predicate, object_id."""
    columns = ("scheme", "concept_id", "predicate", "object_id", "object_label", "justification")
    return pl.DataFrame(
        [tuple(getattr(mapping, column) for column in columns) for mapping in vocabularies.mappings],
        schema=dict.fromkeys(columns, pl.String),
        orient="row",
    )


def journals_frame(vocabularies: Vocabularies) -> pl.DataFrame:
    """`journals`: one row a journal; key journal_id."""
    columns = ("journal_id", "abbreviation", "title", "issn_print", "issn_online", "nlm_id")
    return pl.DataFrame(
        [tuple(getattr(journal, column) for column in columns) for journal in vocabularies.journals.values()],
        schema=dict.fromkeys(columns, pl.String),
        orient="row",
    )
