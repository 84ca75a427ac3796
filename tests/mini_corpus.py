"""Short invented JATS articles for tests, a folder of them, and the tables that ingestion extracts from a folder."""

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

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

STUDY_XML = """<?xml version="1.0" encoding="UTF-8"?>
<article xml:lang="EN"><front>
<journal-meta><journal-title-group><journal-title>Journal of Feet</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="doi">10.9999/corns.{number}</article-id>
<title-group><article-title>Corns and their cures, part {number}{words}</article-title></title-group>
<contrib-group><contrib contrib-type="author">
<name><surname>Quill</surname><given-names>Ada</given-names></name></contrib></contrib-group>
<pub-date pub-type="epub"><year>2015</year></pub-date>
</article-meta></front>
<body><sec><title>Introduction</title><p>Corns hurt [<xref ref-type="bibr" rid="r1">1</xref>]. Surgery and drugs help
[<xref ref-type="bibr" rid="r1">1</xref>,<xref ref-type="bibr" rid="r2">2</xref>].{words}</p></sec>
<sec><title>Results</title><p>Table 1 lists the studies [<xref ref-type="bibr" rid="r3">3</xref>].</p>
<table-wrap><label>Table 1</label><caption><p>Studies of corns.</p></caption><table>
<thead><tr><th>Study</th><th>Intervention</th><th>Sample size</th><th>Outcome</th></tr></thead>
<tbody><tr><td>Toe 1999 [<xref ref-type="bibr" rid="r1">1</xref>]</td><td>Surgery</td><td>40</td>
<td>Pain was reduced.{words}</td></tr>
<tr><td>Heel 2004 [<xref ref-type="bibr" rid="r2">2</xref>]</td><td>Ibuprofen</td><td>400</td>
<td>Quality of life was improved, but adverse events increased.{long}</td></tr>
</tbody></table></table-wrap></sec></body>
<back><ref-list>{references}</ref-list></back></article>
"""

REFERENCE_XML = """<ref id="r{place}"><element-citation><person-group><name><surname>{surname}</surname>
<given-names>A</given-names></name></person-group><article-title>{title}</article-title><source>Foot J</source>
<year>{year}</year><volume>{volume}</volume><fpage>{page}</fpage></element-citation></ref>
"""


def make_study_article(number: int, words: str = "") -> bytes:
    """An article with a table of two studies and three references, two of which ten articles in a row share.

    `words` occur in its title, a sentence and a cell; an article with such words also has a cell of 100,000 characters.
    """
    group = number // 10
    references = [
        ("Toe", f"Randomised trial of surgery for corns in town {group}", 1999, group + 1, 10 + group),
        ("Heel", f"Cohort study of ibuprofen for corns in town {group}", 2004, group + 1, 200 + group),
        ("Sole", f"Case report of a corn, number {number}", 2010, number + 1, 3 + number),
    ]
    entries = [
        REFERENCE_XML.format(place=place, surname=surname, title=title, year=year, volume=volume, page=page)
        for place, (surname, title, year, volume, page) in enumerate(references, start=1)
    ]
    escaped = f" {escape(words)}" if words else ""
    long = " corn" * 20_000 if words else ""
    text = STUDY_XML.format(number=number, words=escaped, long=long, references="".join(entries))
    return text.encode()


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
