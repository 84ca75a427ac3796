"""Short invented JATS articles for tests, a folder of them, and the tables that ingestion extracts from a folder."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipelines.common.workers import Engine
from pipelines.extract.reading_batches import Ingestion, ingest_sources
from pipelines.extract.row_types import FINDINGS, TABLES
from pipelines.sources.source_folder import list_sources

XML = """<?xml version="1.0" encoding="UTF-8"?>
<article xml:lang="EN"><front><article-meta>
<article-id pub-id-type="doi">{doi}</article-id>
<title-group><article-title>Corns &amp; their cures</article-title></title-group>
<permissions><license><license-p>CC BY 4.0</license-p></license></permissions>
</article-meta></front>
<body><sec><title>Introduction</title><p>Corns hurt [<xref ref-type="bibr" rid="r1">1</xref>]. {more}</p>
<table-wrap><label>Table 1</label><table>
<thead><tr><th rowspan="2">Author</th><th colspan="2">Treatment</th></tr>
<tr><th>Technique</th><th>Outcome</th></tr></thead>
<tbody><tr><td>Toe 1999</td><td>Balm</td><td>Better</td></tr></tbody></table></table-wrap></sec></body>
<back><ref-list><ref id="r1"><element-citation><person-group><name><surname>Toe</surname><given-names>A</given-names>
</name></person-group><article-title>Corns</article-title><source>Foot J</source><year>1999</year>
<pub-id pub-id-type="doi">doi: http://dx.doi.org/10.9999/corn.1</pub-id><pub-id pub-id-type="pmid">123456.</pub-id>
</element-citation></ref><ref id="r2"><element-citation><article-title>Warts</article-title>
<pub-id pub-id-type="pmid">n. a.</pub-id></element-citation></ref></ref-list></back></article>
"""


def make_article(number: int, more: str = "") -> bytes:
    return XML.format(doi=f"10.9999/corns.{number}", more=more).encode()


def add_files(folder: Path, **files: bytes) -> Path:
    """Create files; `__` in a name is replaced by a full stop."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


def ingest_folder(
    folder: Path, cache: Path, engine: Engine | None = None, reread: Sequence[str] = ()
) -> dict[str, pl.DataFrame]:
    """All tables, and a frame `n_read` with the number of reviews that were read."""
    with ingest_sources(list_sources(folder), cache, engine=engine, reread=reread) as ingestion:
        return collect_tables(ingestion)


def collect_tables(ingestion: Ingestion) -> dict[str, pl.DataFrame]:
    names = (*TABLES, FINDINGS, "quarantined_sources")
    tables = {name: pl.concat(ingestion.read_batches(name)) for name in names}
    return {**tables, "n_read": pl.DataFrame({"n": [ingestion.n_read]})}


def count_read(tables: dict[str, pl.DataFrame]) -> int:
    n: int = tables["n_read"].item()
    return n


def quarantine_reasons(tables: dict[str, pl.DataFrame]) -> dict[str, str]:
    return dict(tables["quarantined_sources"].select("review_id", "reason").iter_rows())
