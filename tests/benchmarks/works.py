"""Works found among the references of a corpus, against the identifiers that publishers printed, and their time.

    python -m tests.benchmarks.works [--works DIR] [--articles N] [--times N] [--bib-dedupe PYTHON]

`DIR` is the folder of JATS files of `works-dev.tar.xz`; the default is that archive in `../shared/corpus` next to the
checkout, whose `score_works.py` measures. The works are found twice: without looking at DOI and PubMed id (masked),
and with them (seen). `--articles N` takes the first N articles by a hash of their name. `--times N` repeats the
references N times under other titles, authors, pages and ids, and prints the time only. `--bib-dedupe PYTHON` runs
bib-dedupe on the same references, without identifiers, with an interpreter that has it.
"""

from __future__ import annotations

import argparse
import csv
import re
import subprocess
import sys
import tempfile
import time
import zlib
from bisect import bisect_right
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import polars as pl

from pipelines.common.settings import VOCABULARIES
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frames
from pipelines.link.printed_works import REVIEW_ITSELF
from pipelines.link.work_records import build_records
from pipelines.link.work_words import load_work_words
from pipelines.link.works import work_members
from pipelines.readers.errors import ReadError
from pipelines.readers.jats import read_jats
from tests.benchmarks.corpus_files import SHARED, unpacked_works

TABLES = ("bib_references", "reference_authors", "reviews", "review_authors")
PEER = Path(__file__).with_name("works_bib_dedupe.py")

_OF_OTHERS = re.compile(r"<(sub-article|response)[\s>].*?</\1>", re.DOTALL)
_REF = re.compile(r"<ref[\s>]")


def extract_references(path: Path) -> dict[str, pl.DataFrame]:
    """The tables of an article, none if it is refused; `bib_references` with `place`, the number of its <ref>."""
    data = path.read_bytes()
    try:
        document = read_jats(data, name=path.name)
    except ReadError as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return {}
    rows = build_frames([extract_review(SourceFacts(path.stem.casefold(), path.name, "0" * 64), document)])
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    left_out = [match.span() for match in _OF_OTHERS.finditer(text)]
    starts = [
        match.start()
        for match in _REF.finditer(text)
        if not any(first <= match.start() < end for first, end in left_out)
    ]
    places = [
        bisect_right(starts, start) if start is not None else None for start in rows["bib_references"]["start_char"]
    ]
    return {
        **{name: rows[name] for name in TABLES},
        "bib_references": rows["bib_references"].with_columns(
            place=pl.Series(places, dtype=pl.Int32), pmcid=pl.lit(path.stem)
        ),
    }


def extract_corpus(folder: Path, n_articles: int | None) -> dict[str, pl.DataFrame]:
    """The tables of all articles, or of the first by a hash of their name."""
    paths = sorted(folder.glob("*.xml"), key=lambda path: (zlib.crc32(path.stem.encode()), path.stem))[:n_articles]
    with ProcessPoolExecutor() as pool:
        extracted = [tables for tables in pool.map(extract_references, paths, chunksize=8) if tables]
    return {name: pl.concat([tables[name] for tables in extracted]) for name in TABLES}


def mask_identifiers(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables without DOI and PubMed id."""
    none = pl.lit(None, pl.String)
    return {
        **tables,
        "bib_references": tables["bib_references"].with_columns(doi=none, pmid=none),
        "reviews": tables["reviews"].with_columns(doi=none),
    }


def repeat(tables: Mapping[str, pl.DataFrame], times: int) -> dict[str, pl.DataFrame]:
    """The tables `times` times, each time about other works: titles, authors, pages and ids are changed."""

    def change(frame: pl.DataFrame, copy: int) -> pl.DataFrame:
        # A letter in front, because titles with the same beginning are compared.
        letters = chr(ord("b") + copy % 20) * (1 + copy // 20)
        marks = {
            **dict.fromkeys(("review_id", "title", "surname", "doi"), f"{letters}q"),
            **dict.fromkeys(("pmid", "first_page", "volume"), f"{copy}"),
        }
        return frame.with_columns(
            pl.concat_str(pl.lit(mark), name).alias(name) for name, mark in marks.items() if name in frame.columns
        )

    return {
        name: pl.concat([frame, *(change(frame, copy) for copy in range(1, times))]) for name, frame in tables.items()
    }


def link(tables: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, float]:
    """The references with their work_id, and the seconds that it took."""
    words = load_work_words(VOCABULARIES / "cues")
    start = time.perf_counter()
    members = work_members(build_records(**{name: tables[name] for name in TABLES}, words=words))
    seconds = time.perf_counter() - start
    return members.filter(pl.col("ref_no") != REVIEW_ITSELF), seconds


def score(folder: Path, tables: Mapping[str, pl.DataFrame], works: pl.DataFrame, *, is_masked: bool) -> str:
    """What `score_works.py` prints about the articles of `tables`."""
    placed = tables["bib_references"].select("review_id", "ref_no", "pmcid", "place")
    found = works.join(placed, on=["review_id", "ref_no"]).drop_nulls("place").select("pmcid", "place", "work_id")
    with tempfile.TemporaryDirectory() as temporary:
        xml, candidate = Path(temporary) / "xml", Path(temporary) / "works.csv"
        xml.mkdir()
        for name in placed["pmcid"].unique():
            (xml / f"{name}.xml").symlink_to((folder / f"{name}.xml").resolve())
        found.rename({"place": "ref_no"}).write_csv(candidate)
        scorer = [sys.executable, str(SHARED / "score_works.py"), str(xml), str(candidate), *["--masked"] * is_masked]
        return subprocess.run(scorer, check=True, capture_output=True, text=True).stdout.rstrip()


def run_bib_dedupe(python: Path, tables: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, float]:
    """The references with the work_id that bib-dedupe gives them, and the seconds that it took."""
    authors = (
        tables["reference_authors"]
        .sort("review_id", "ref_no", "position")
        .group_by("review_id", "ref_no")
        .agg(author=pl.concat_str("surname", "initials", separator=", ", ignore_nulls=True).str.join(" and "))
    )
    records = (
        tables["bib_references"]
        .join(authors, on=["review_id", "ref_no"], how="left")
        .select(
            pl.concat_str("review_id", pl.col("ref_no").cast(pl.String), separator="/").alias("ID"),
            pl.lit("article").alias("ENTRYTYPE"),
            "title",
            "author",
            pl.col("year").cast(pl.String),
            pl.col("journal_raw").alias("journal"),
            "volume",
            pl.col("issue").alias("number"),
            pl.concat_str("first_page", "last_page", separator="--", ignore_nulls=True).alias("pages"),
        )
    )
    with tempfile.TemporaryDirectory() as temporary:
        given, found = Path(temporary) / "records.csv", Path(temporary) / "works.csv"
        records.write_csv(given)
        printed = subprocess.run(
            [str(python), str(PEER), str(given), str(found)], check=True, capture_output=True, text=True
        ).stdout
        with found.open(encoding="utf-8", newline="") as file:
            groups = {row["ID"]: row["work_id"] for row in csv.DictReader(file)}
    works = tables["bib_references"].select(
        "review_id",
        "ref_no",
        pl.concat_str("review_id", pl.col("ref_no").cast(pl.String), separator="/")
        .map_elements(lambda record: groups.get(record, record), return_dtype=pl.String)
        .alias("work_id"),
    )
    return works, float(printed.split()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=Path, help="a folder of JATS files")
    parser.add_argument("--articles", type=int, help="number of articles to take")
    parser.add_argument("--times", type=int, default=1, help="how often to repeat the references")
    parser.add_argument("--bib-dedupe", type=Path, metavar="PYTHON", help="an interpreter that has bib-dedupe")
    options = parser.parse_args()
    with unpacked_works(options.works) as folder:
        tables = extract_corpus(folder, options.articles)
        if options.times > 1:
            _, seconds = link(repeat(tables, options.times))
            n = len(tables["bib_references"]) * options.times
            print(f"{n:,} references: {seconds:.1f} s, {seconds / n * 1e6:.0f} µs each")
            return
        masked = mask_identifiers(tables)
        for given in (masked, tables):
            works, seconds = link(given)
            print(f"{seconds:.1f} s, {score(folder, tables, works, is_masked=given is masked)}")
        if options.bib_dedupe:
            works, peer_seconds = run_bib_dedupe(options.bib_dedupe, masked)
            _, seconds = link(masked)
            print(
                f"bib-dedupe {peer_seconds:.1f} s, works {seconds:.2f} s ({peer_seconds / seconds:.0f} times as fast)"
            )
            print(score(folder, tables, works, is_masked=True))


if __name__ == "__main__":
    main()
