"""Writes `general/journals.csv.xz` from NLM's list of journals: each journal with the names that are its alone.

    python -m pipelines.vocabularies.derive_journals LIST

LIST is J_Medline as CSV, also compressed with xz, with the columns title, med_abbr, issn_print, issn_online, iso_abbr
and nlm_id. A name belongs to the journal whose MEDLINE abbreviation it is, else whose title, ISO abbreviation, further
name (`journal_names.csv`) or shorter title it is. If several journals share it at one of these steps, it belongs to the
only one with an online edition, else to none.
"""

from __future__ import annotations

import argparse
import csv
import io
import lzma
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipelines.common.settings import VOCABULARIES
from pipelines.vocabularies.general_schemes import GENERAL
from pipelines.vocabularies.journal_index import COLUMNS, FILE, SEPARATOR
from pipelines.vocabularies.journal_keys import journal_key, shorten_name

NAMES_FILE = "journal_names.csv"

Row = Mapping[str, str]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the derived file of journals."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("list", type=Path, help="NLM's list of journals as CSV, also compressed with xz")
    parser.add_argument("--out", type=Path, default=VOCABULARIES / GENERAL)
    options = parser.parse_args(arguments)
    data = options.list.read_bytes()
    text = (lzma.decompress(data) if options.list.suffix == ".xz" else data).decode("utf-8-sig")
    with (options.out / NAMES_FILE).open(encoding="utf-8", newline="") as file:
        further = list(csv.DictReader(file))
    rows = list(derive_journals(list(csv.DictReader(io.StringIO(text))), further))
    path = options.out / FILE
    path.write_bytes(write_journals(rows))
    print(f"{path.name}: {len(rows)} journals, {path.stat().st_size} bytes")


def derive_journals(journals: Sequence[Row], further_names: Sequence[Row]) -> Iterator[dict[str, str]]:
    """The rows of the derived file, in the order of the list; a journal without a name that is its alone is left out.

    `further_names` has the columns abbreviation (MEDLINE's) and name; a name without an abbreviation is that of no
    journal. Raises ValueError for an abbreviation that the list does not have.
    """
    owners = _assign_keys(journals, further_names)
    keys: dict[int, list[str]] = {}
    for key, number in owners.items():
        keys.setdefault(number, []).append(key)
    used: set[str] = set()
    for number, journal in enumerate(journals):
        if number not in keys:
            continue
        journal_id = _make_id(journal, used)
        used.add(journal_id)
        yield {
            "journal_id": journal_id,
            "abbreviation": journal["med_abbr"] or journal["iso_abbr"] or journal["title"],
            "title": journal["title"].rstrip(". "),
            "issn_print": journal["issn_print"],
            "issn_online": journal["issn_online"],
            "nlm_id": journal["nlm_id"],
            "keys": SEPARATOR.join(keys[number]),
        }


def write_journals(rows: Sequence[Row]) -> bytes:
    """The bytes of the derived file: the same for the same rows."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return lzma.compress(text.getvalue().encode(), preset=9 | lzma.PRESET_EXTREME)


def _assign_keys(journals: Sequence[Row], further_names: Sequence[Row]) -> dict[str, int]:
    """The number of the journal that each key belongs to."""
    numbers = {journal["med_abbr"]: number for number, journal in enumerate(journals)}
    further = [(row["name"], row["abbreviation"]) for row in further_names if row["abbreviation"]]
    unknown = sorted({abbreviation for _, abbreviation in further} - numbers.keys())
    if unknown:
        raise ValueError(f"{NAMES_FILE}: {unknown[0]!r} is no MEDLINE abbreviation of the list; correct it")
    whole = [(journal["title"], journal["med_abbr"], journal["iso_abbr"]) for journal in journals]
    steps: list[list[tuple[str, int]]] = [
        [(abbreviation, number) for number, (_, abbreviation, _) in enumerate(whole)],
        [(title, number) for number, (title, _, _) in enumerate(whole)],
        [(abbreviation, number) for number, (_, _, abbreviation) in enumerate(whole)],
        [(name, numbers[abbreviation]) for name, abbreviation in further],
        [(form, number) for number, names in enumerate(whole) for name in names for form in shorten_name(name)],
    ]
    owners: dict[str, int | None] = {journal_key(row["name"]): None for row in further_names if not row["abbreviation"]}
    for step in steps:
        claimed: dict[str, dict[int, None]] = {}
        for name, number in step:
            key = journal_key(name)
            if key and key not in owners:
                claimed.setdefault(key, {})[number] = None
        for key, candidates in claimed.items():
            owners[key] = _choose(list(candidates), journals)
    return {key: number for key, number in owners.items() if number is not None}


def _choose(candidates: Sequence[int], journals: Sequence[Row]) -> int | None:
    if len(candidates) == 1:
        return candidates[0]
    online = [number for number in candidates if journals[number]["issn_online"]]
    return online[0] if len(online) == 1 else None


def _make_id(journal: Row, used: set[str]) -> str:
    """The abbreviation in lower_snake, with the NLM id if another journal has the same."""
    words = journal_key(journal["med_abbr"] or journal["title"])
    journal_id = re.sub(r"[^a-z0-9]+", "_", words).strip("_")
    if not journal_id[:1].isalpha():
        journal_id = f"j_{journal_id}".rstrip("_")
    return f"{journal_id}_{journal['nlm_id'].lower()}" if journal_id in used else journal_id


if __name__ == "__main__":
    main()
