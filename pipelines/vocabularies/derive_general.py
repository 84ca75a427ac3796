"""Writes the large general vocabularies from the fact files of MeSH and DrugBank.

Takes the MeSH descriptors and the DrugBank vocabulary as CSV and gives `intervention.csv.xz` and `condition.csv.xz` in
`schemas/vocabularies/general/`. Which branches of MeSH are used is data: `mesh_branches.csv` and `stop_labels.csv`
in that folder. Run by `just vocabularies MESH DRUGBANK`.
"""

from __future__ import annotations

import argparse
import csv
import fnmatch
import io
import lzma
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.common.settings import VOCABULARIES
from pipelines.vocabularies.general_schemes import GENERAL, GeneralConcept, write_concepts
from pipelines.vocabularies.matcher import fold_text
from schemas.vocabulary_files import DERIVED_SCHEMES

EXCLUDE = "exclude"
"""The value of a branch whose descriptors are left out, whatever else they are."""

_MAX_LABEL_WORDS = 6
_MAX_DRUG_NAME = 40
_MIN_LETTERS = 3
_MAX_ABBREVIATION = 5
_PUNCTUATION = re.compile(r"[.,;:!?()\[\]{}|]")
_LOCANT = re.compile(r"\d['\u2032]?-|-\d|\b[rsnoledz]-", re.IGNORECASE)
"""The mark of a chemical name, such as `2-amino`; such names are not used as labels of drugs."""


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A MeSH descriptor. `actions` are the descriptors of its pharmacological actions."""

    mesh_id: str
    name: str
    trees: tuple[str, ...]
    actions: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug of DrugBank."""

    drugbank_id: str
    name: str
    synonyms: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of the MeSH tree. Without a value places in it do not count; `exclude` leaves its descriptors out."""

    tree: str
    value: str


@dataclass(slots=True)
class _Draft:
    """A concept being put together; `labels` as printed. `tree` is the tree number that its branch was chosen by."""

    name: str
    value: str
    mesh_id: str = ""
    drugbank_id: str = ""
    tree: str = ""
    trees: tuple[str, ...] = ()
    labels: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the derived files of the general vocabularies."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("mesh", type=Path, help="MeSH descriptors as CSV, also compressed with xz")
    parser.add_argument("drugbank", type=Path, help="DrugBank vocabulary as CSV, also compressed with xz")
    parser.add_argument("--out", type=Path, default=VOCABULARIES / GENERAL)
    options = parser.parse_args(arguments)
    descriptors = list(read_descriptors(_read_csv(options.mesh)))
    stops = {(row["scheme"], fold_text(row["label"])) for row in _read_csv(options.out / "stop_labels.csv")}
    for scheme in DERIVED_SCHEMES:
        branches = read_branches(_read_csv(options.out / "mesh_branches.csv"), scheme, descriptors)
        drugs: list[Drug] = []
        if scheme == "intervention":
            words = [(row["word"], row["value"]) for row in _read_csv(options.out / "drug_name_kinds.csv")]
            drugs = list(read_drugs(_read_csv(options.drugbank), words))
        concepts = derive_concepts(
            add_labels(
                descriptors, [row for row in _read_csv(options.out / "extra_labels.csv") if row["scheme"] == scheme]
            ),
            branches,
            drugs,
            {label for owner, label in stops if owner == scheme},
        )
        path = options.out / f"{scheme}.csv.xz"
        path.write_bytes(write_concepts(concepts))
        print(f"{path.name}: {len(concepts)} concepts, {path.stat().st_size} bytes")


def read_descriptors(rows: Iterable[Mapping[str, str]]) -> Iterator[Descriptor]:
    """The descriptors of the MeSH file: one per row."""
    for row in rows:
        yield Descriptor(
            row["descriptor_ui"],
            row["name"],
            _split(row["tree_numbers"]),
            _split(row["pharm_action_uis"]),
            _split(row["entry_terms"]),
        )


def read_drugs(rows: Iterable[Mapping[str, str]], words: Sequence[tuple[str, str]]) -> Iterator[Drug]:
    """The drugs of the DrugBank file: one per row. `words` are patterns of words of names, and the kind they tell."""
    for row in rows:
        names = row["Common name"].lower().split()
        kind = next((value for word, value in words if fnmatch.filter(names, word)), None)
        if kind is None:
            kind = "biological" if row["Accession Numbers"].startswith("BIOD") else "drug"
        synonyms = tuple(name for name in row["Synonyms"].split(" | ") if name)
        yield Drug(row["DrugBank ID"], row["Common name"], synonyms, kind)


def add_labels(descriptors: Sequence[Descriptor], rows: Sequence[Mapping[str, str]]) -> list[Descriptor]:
    """The descriptors with labels that MeSH does not list. Raises ValueError for an unknown descriptor."""
    labels: dict[str, list[str]] = {}
    for row in rows:
        labels.setdefault(row["name"], []).append(row["label"])
    unknown = sorted(set(labels) - {descriptor.name for descriptor in descriptors})
    if unknown:
        raise ValueError(f"extra_labels.csv: {', '.join(unknown)} is no name of MeSH; correct it")
    return [
        replace(descriptor, terms=(*labels.get(descriptor.name, ()), *descriptor.terms)) for descriptor in descriptors
    ]


def read_branches(
    rows: Iterable[Mapping[str, str]], scheme: str, descriptors: Iterable[Descriptor]
) -> tuple[Branch, ...]:
    """The branches of a scheme, in the order of the file.

    Raises ValueError if MeSH has another name at a tree number, so that a new MeSH version cannot shift the branches.
    """
    names = {tree: descriptor.name for descriptor in descriptors for tree in descriptor.trees}
    branches = []
    for row in rows:
        # The roots of the tree, such as C04, have no descriptor.
        name = names.get(row["tree_number"], row["name"])
        if name != row["name"]:
            raise ValueError(f"mesh_branches.csv: {row['tree_number']} is {name!r}, not {row['name']!r}; correct it")
        if row["scheme"] == scheme:
            branches.append(Branch(row["tree_number"], row["value"]))
    return tuple(branches)


def derive_concepts(
    descriptors: Sequence[Descriptor],
    branches: Sequence[Branch],
    drugs: Iterable[Drug] = (),
    stops: Collection[str] = (),
) -> list[GeneralConcept]:
    """The concepts of a scheme, sorted by id: MeSH descriptors in the branches, then drugs that MeSH does not have.

    A label that two concepts claim belongs to the one whose name it is, else to the first. `stops` are folded labels to
    leave out because they mean something else in most texts.
    """
    drafts = _draft_descriptors(descriptors, branches)
    drafts += _merge_drugs(drafts, drugs, {fold_text(descriptor.name): descriptor for descriptor in descriptors})
    keys = _assign_keys(drafts, stops)
    ids = _assign_ids(drafts)
    by_tree = {tree: ids[number] for number, draft in enumerate(drafts) if keys[number] for tree in draft.trees}
    parents = {ids[number]: _find_parent(draft.tree, by_tree, ids[number]) for number, draft in enumerate(drafts)}
    return sorted(
        (
            GeneralConcept(
                concept_id=ids[number],
                parent_id=None if _is_in_cycle(ids[number], parents) else parents[ids[number]],
                pref_label=draft.name,
                value=draft.value,
                mesh_id=draft.mesh_id or None,
                drugbank_id=draft.drugbank_id or None,
                keys=tuple(sorted(key for key in keys[number] if not key.isupper())),
                capitals=tuple(sorted(key for key in keys[number] if key.isupper())),
            )
            for number, draft in enumerate(drafts)
            if keys[number]
        ),
        key=lambda concept: concept.concept_id,
    )


def _draft_descriptors(descriptors: Iterable[Descriptor], branches: Sequence[Branch]) -> list[_Draft]:
    descriptors = list(descriptors)
    trees = {descriptor.mesh_id: descriptor.trees for descriptor in descriptors}
    drafts = []
    for descriptor in descriptors:
        # A substance also belongs to the branches of its pharmacological actions.
        places = (*descriptor.trees, *(tree for action in descriptor.actions for tree in trees.get(action, ())))
        chosen = _choose_branch(places, branches)
        if chosen is not None:
            value, tree = chosen
            labels = [form for term in descriptor.terms for form in _turn_around(term)]
            labels += _turn_around(descriptor.name)
            drafts.append(
                _Draft(descriptor.name, value, descriptor.mesh_id, tree=tree, trees=descriptor.trees, labels=labels)
            )
    return drafts


def _choose_branch(places: Iterable[str], branches: Sequence[Branch]) -> tuple[str, str] | None:
    """The value of the first branch that one of the tree numbers is in, and that number; None if it is left out."""
    remaining = list(places)
    for branch in branches:
        inside = [tree for tree in remaining if tree == branch.tree or tree.startswith(f"{branch.tree}.")]
        if inside and branch.value:
            return None if branch.value == EXCLUDE else (branch.value, inside[0])
        remaining = [tree for tree in remaining if tree not in inside]
    return None


def _merge_drugs(
    drafts: Sequence[_Draft], drugs: Iterable[Drug], descriptors: Mapping[str, Descriptor]
) -> list[_Draft]:
    """The drugs that are not among the drafts; the others add their DrugBank id and synonyms to the draft."""
    names = {fold_text(draft.name): draft for draft in drafts}
    synonyms = {fold_text(label): draft for draft in drafts for label in draft.labels}
    added = []
    for drug in drugs:
        name = drug.name
        labels = [label for label in drug.synonyms if _is_drug_name(label) and not _is_short_capitals(label)]
        own = [names.get(fold_text(name)), synonyms.get(fold_text(name)), *(names.get(fold_text(x)) for x in labels)]
        draft = next((draft for draft in own if draft is not None and not draft.drugbank_id), None)
        if draft is None:
            if not _is_drug_name(name):
                continue
            descriptor = descriptors.get(fold_text(name))
            draft = _Draft(name, drug.kind, descriptor.mesh_id if descriptor else "")
            if descriptor:
                draft.trees = descriptor.trees
                draft.labels = [form for term in descriptor.terms for form in _turn_around(term)]
            added.append(draft)
        draft.drugbank_id = drug.drugbank_id
        draft.labels += labels
        if fold_text(draft.name).startswith(f"{fold_text(name)} "):
            # `Duloxetine Hydrochloride` is known as duloxetine.
            draft.labels.append(draft.name)
            draft.name = name
        if draft.value == "drug":
            draft.value = drug.kind
    return added


def _is_drug_name(name: str) -> bool:
    """Whether this is a name that texts use, not a formula or the name of a chemical structure."""
    return len(name) <= _MAX_DRUG_NAME and name.isascii() and not _LOCANT.search(name) and "," not in name


def _is_short_capitals(label: str) -> bool:
    """Whether this is an abbreviation of three letters; those of DrugBank are too many to mean one thing."""
    return label.isupper() and len(label) <= _MIN_LETTERS


def _turn_around(term: str) -> list[str]:
    """A term, and its usual word order if it is inverted: `Hyperthermia, Induced` is printed `Induced Hyperthermia`."""
    head, comma, tail = term.partition(", ")
    return [term] if not comma else [] if ", " in tail else [f"{tail} {head}"]


def _assign_keys(drafts: Sequence[_Draft], stops: Collection[str]) -> list[dict[str, None]]:
    """The keys of each draft. A name belongs to its draft, another label to the first draft that has it."""
    owners: dict[str, int] = {}
    keys: list[dict[str, None]] = [{} for _ in drafts]
    for are_names in (True, False):
        for number, draft in enumerate(drafts):
            for label in _turn_around(draft.name) if are_names else draft.labels:
                key = _to_key(label)
                if key and key.lower() not in stops and owners.setdefault(key.lower(), number) == number:
                    keys[number][key] = None
    return keys


def _to_key(label: str) -> str | None:
    """The folded label, in capitals if it is an abbreviation; None if it is found in texts only by chance."""
    key = fold_text(label)
    letters = "".join(filter(str.isalpha, label))
    if _PUNCTUATION.search(key) or len(key.split()) > _MAX_LABEL_WORDS or sum(map(str.isalnum, label)) < _MIN_LETTERS:
        return None
    if letters.isupper() and len(letters) <= _MAX_ABBREVIATION:
        return _fold_capitals(label)
    return key if len(letters) > _MIN_LETTERS or (len(letters) == _MIN_LETTERS and label[:1].isupper()) else None


def _fold_capitals(label: str) -> str | None:
    words = re.findall(r"[A-Z]+|\d+", label)
    key = " ".join(words)
    return key if fold_text(key) == key.lower() else None


def _assign_ids(drafts: Sequence[_Draft]) -> list[str]:
    """A unique lower_snake id per draft, made from its name."""
    taken: set[str] = set()
    ids = []
    for draft in drafts:
        words = re.sub(r"[^a-z0-9]+", "_", fold_accents(draft.name).lower()).strip("_")
        concept_id = words if words[:1].isalpha() else f"n_{words}"
        if concept_id in taken:
            concept_id = f"{concept_id}_{(draft.mesh_id or draft.drugbank_id).lower()}"
        taken.add(concept_id)
        ids.append(concept_id)
    return ids


def fold_accents(text: str) -> str:
    """The text without accents: `Sjögren` becomes `Sjogren`."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def _find_parent(tree: str, by_tree: Mapping[str, str], concept_id: str) -> str | None:
    """The concept at the nearest place above `tree`, or at `tree` itself if that is an action's place."""
    while tree:
        parent = by_tree.get(tree)
        if parent is not None and parent != concept_id:
            return parent
        tree = tree.rpartition(".")[0]
    return None


def _is_in_cycle(concept_id: str, parents: Mapping[str, str | None]) -> bool:
    above = parents[concept_id]
    seen = set()
    while above is not None and above not in seen:
        if above == concept_id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def _read_csv(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10**7)
    data = path.read_bytes()
    text = (lzma.decompress(data) if path.suffix == ".xz" else data).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(item for item in cell.split("|") if item)


if __name__ == "__main__":
    main()
