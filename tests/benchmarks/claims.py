"""How many result cells of evidence tables have a claim, and samples of claims to read.

    python -m tests.benchmarks.claims [--corpus DIR] [--half development|held_out] [--read N] [--seed S]

`DIR` is the unpacked development corpus; the default is in `../shared/corpus` next to the checkout. Prints the figures
for the two halves of the reviews (by the CRC-32 of the review's id: even is `development`, odd is `held_out`). A cell
counts if it has a letter or a digit. `--read N` prints N claims of the chosen half, drawn by a hash of their place and
the seed, each with its cell, to be judged by eye: outcome, amount and direction must all be right.
"""

from __future__ import annotations

import argparse
import zlib
from pathlib import Path

import polars as pl

from pipelines.common.settings import VOCABULARIES
from pipelines.curate.claims import code_claims
from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.general_concepts import load_general_rules
from pipelines.curate.options import option_points, options
from pipelines.curate.review_context import find_abbreviations
from pipelines.vocabularies.csv_files import load_vocabularies
from schemas.tables.curated import RESULT_ROLES
from tests.benchmarks.corpus_files import unpacked_corpus
from tests.benchmarks.evidence_tables import extract_corpus, share

HALVES = ("development", "held_out")
CELL = ["review_id", "table_no", "printed_row_no", "column_no"]


def code_corpus(xml: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The result cells of all reviews, as rows of `study_fields`, and the claims."""
    frames = extract_corpus(xml, {f"pmc{path.stem.removeprefix('PMC')}" for path in xml.glob("*.xml")})
    vocabularies = load_vocabularies(VOCABULARIES)
    claims = code_claims(
        frames["reviews"],
        frames["studies"],
        frames["study_fields"],
        option_points(options(frames["source_tables"], frames["table_cells"])),
        load_coding_rules(VOCABULARIES / "cues", vocabularies),
        load_general_rules(VOCABULARIES, vocabularies),
        find_abbreviations(frames["sentences"], frames["table_cells"]),
        frames["text_parts"],
    )
    cells = frames["study_fields"].filter(pl.col("role").is_in(RESULT_ROLES) & pl.col("text").str.contains(r"[\pL\d]"))
    return cells, claims


def half_of(review_id: str) -> str:
    return HALVES[zlib.crc32(review_id.encode()) % 2]


def report(half: str, cells: pl.DataFrame, claims: pl.DataFrame) -> None:
    coded = cells.select(CELL).unique().join(claims, on=CELL, how="semi").height
    with_letters = cells.filter(pl.col("text").str.count_matches(r"\pL") >= 10).select(CELL).unique()
    prose = with_letters.join(claims, on=CELL, how="semi").height
    print(f"\n{half}: {cells['review_id'].n_unique()} reviews, {claims.height} claims")
    print(f"  result cells with a claim: {share(coded, cells.select(CELL).n_unique())}")
    print(f"  of those with ten letters: {share(prose, with_letters.height)}")
    print(f"  claims with an amount: {share(claims.filter(pl.col('amount') != 'not_stated').height, claims.height)}")


def print_sample(cells: pl.DataFrame, claims: pl.DataFrame, n: int, seed: int) -> None:
    texts = {tuple(row[:4]): row[4] for row in cells.select(*CELL, "text").iter_rows()}
    rows = claims.filter(pl.col("point_no").is_null()).to_dicts()
    rows.sort(key=lambda row: zlib.crc32(f"{seed}/{row['review_id']}/{row['claim_id']}".encode()))
    for number, row in enumerate(rows[:n], start=1):
        print(f"\n{number}. {texts[tuple(row[name] for name in CELL)][:400]}")
        print(
            f"   {row['outcome_id']} ({row['outcome_text']}): {row['amount']}, {row['direction']} <- {row['cue_text']}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="the unpacked development corpus")
    parser.add_argument("--half", choices=HALVES, default="development", help="the half of the sample")
    parser.add_argument("--read", type=int, default=0, help="number of claims to print")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample")
    given = parser.parse_args()
    with unpacked_corpus(given.corpus) as corpus:
        cells, claims = code_corpus(corpus / "xml")
    of_half = pl.col("review_id").map_elements(half_of, return_dtype=pl.String)
    for half in HALVES:
        report(half, cells.filter(of_half == half), claims.filter(of_half == half))
    if given.read:
        print_sample(cells, claims.filter(of_half == given.half), given.read, given.seed)


if __name__ == "__main__":
    main()
