"""Reads a worklist whose verdicts are filled in, and counts the errors."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

from pipelines.release.worklist.citations import WorklistError

VERDICTS = {
    "supported": "the reference says it",
    "not_substantiated": "the reference does not say it",
    "contradicted": "the reference says the opposite",
    "cannot_tell": "the reference cannot be had or judged",
}
"""The verdicts and their meaning. Not substantiated and contradicted are errors (Jergas and Baethge 2015,
doi 10.7717/peerj.1364)."""

ERRORS = ("not_substantiated", "contradicted")
COLUMNS = ("item_id", "verdict", "reader")
"""The columns that a worklist must have to be scored."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`n` of `n_judged` items, and the 95 % interval of the proportion; all None without a judged item."""

    name: str
    n: int
    n_judged: int
    interval: tuple[float, float] | None

    @property
    def proportion(self) -> float | None:
        return self.n / self.n_judged if self.n_judged else None


@dataclass(frozen=True, slots=True)
class Score:
    """The rates of errors among the judged items; items without a verdict and those that cannot be told are apart."""

    n_items: int
    n_open: int
    n_cannot_tell: int
    rates: tuple[Rate, ...]


def wilson_interval(n: int, n_judged: int, level: float = 0.95) -> tuple[float, float]:
    """The score interval of a proportion (Wilson 1927), which stays within 0 and 1 and holds for small samples."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = n / n_judged, z * z / n_judged
    centre = (share + spread / 2) / (1 + spread)
    half = z * ((share * (1 - share) + spread / 4) / n_judged) ** 0.5 / (1 + spread)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def score_worklist(file: Path) -> Score:
    """Count the verdicts of a worklist in CSV.

    Raises WorklistError, with the line, if a verdict is unknown or a reader judges an item twice, and if the file
    cannot be read or has no verdict.
    """
    verdicts = list(_read_verdicts(file))
    counts = Counter(verdicts)
    n_judged = sum(counts[verdict] for verdict in VERDICTS if verdict != "cannot_tell")
    if not n_judged and not counts["cannot_tell"]:
        raise WorklistError(f"{file}: no verdict is filled in; write one of {', '.join(VERDICTS)} into each row")
    return Score(
        n_items=len(verdicts),
        n_open=counts[""],
        n_cannot_tell=counts["cannot_tell"],
        rates=tuple(
            Rate(name, n, n_judged, wilson_interval(n, n_judged) if n_judged else None)
            for name, n in (
                ("errors", sum(counts[verdict] for verdict in ERRORS)),
                *((verdict, counts[verdict]) for verdict in ERRORS),
            )
        ),
    )


def _read_verdicts(file: Path) -> Iterator[str]:
    """The verdict of each row; an empty one is ''."""
    judged: set[tuple[str, str]] = set()
    for line, row in _read_rows(file):
        item, reader = row["item_id"].strip(), row["reader"].strip()
        verdict = row["verdict"].strip().casefold().replace(" ", "_")
        if verdict and verdict not in VERDICTS:
            raise WorklistError(f"{file}, line {line}: {row['verdict']!r} is not one of {', '.join(VERDICTS)}")
        if (item, reader) in judged:
            raise WorklistError(
                f"{file}, line {line}: item {item} occurs before{f' for {reader}' if reader else ''}; keep one row, or "
                "name the readers apart"
            )
        judged.add((item, reader))
        yield verdict


def _read_rows(file: Path) -> Iterable[tuple[int, dict[str, str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            # Spreadsheet programs of many countries write a semicolon.
            header = stream.readline()
            stream.seek(0)
            rows = csv.DictReader(stream, delimiter=";" if header.count(";") > header.count(",") else ",", restval="")
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise WorklistError(f"{file}: has no column {', '.join(missing)}; name a CSV file of `worklist`")
            return [(rows.line_num, row) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise WorklistError(f"{file}: cannot be read as CSV in UTF-8 ({reason})") from error
