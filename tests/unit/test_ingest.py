"""Sources of every make into the extracted tables: plain files, doubles, failures, the cache, any number of workers."""

import gzip
import os
import signal
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.common.workers import Dask, Engine, InThisProcess, Processes
from pipelines.document import Document
from pipelines.extract import batches as ingest_module
from pipelines.extract import value_formats as shapes
from pipelines.extract.batches import Ingested, ingested
from pipelines.extract.review_rows import FINDINGS, TABLES
from pipelines.readers.errors import ReadError
from pipelines.readers.formats import FORMATS, sniff_format
from pipelines.sources import source_folder as sources_module
from pipelines.sources.source_folder import REVIEW_ID, Listed, SourceError, list_sources, load_source
from tests import mini_review
from tests.mini_review import add_source

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


TOE = "toe@corns.example"


def xml(number: int, more: str = "") -> bytes:
    return XML.format(doi=f"10.9999/corns.{number}", more=more).encode()


def add_files(folder: Path, **files: bytes) -> Path:
    """Files whose names have `__` for the full stop."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


def run(folder: Path, cache: Path, engine: Engine | None = None, again: Sequence[str] = ()) -> dict[str, pl.DataFrame]:
    """All frames, and under `n_read` a frame with the number of reviews read."""
    with ingested(list_sources(folder), cache, engine=engine, again=again) as found:
        return frames(found)


def frames(found: Ingested) -> dict[str, pl.DataFrame]:
    names = (*TABLES, FINDINGS, "quarantined_sources")
    return {**{name: pl.concat(found.batches(name)) for name in names}, "n_read": pl.DataFrame({"n": [found.n_read]})}


def n_read(tables: dict[str, pl.DataFrame]) -> int:
    n: int = tables["n_read"].item()
    return n


def reasons(tables: dict[str, pl.DataFrame]) -> dict[str, str]:
    return dict(tables["quarantined_sources"].select("review_id", "reason").iter_rows())


def test_plain_files_are_described_by_what_they_are(tmp_path: Path) -> None:
    folder = add_files(
        tmp_path / "corpus",
        **{
            "PMC12 (Corns, Übersicht)__XML": xml(1),
            "heel__txt": mini_review.text().encode(),
            "packed__nxml__gz": gzip.compress(xml(2)),
            "README__md": b"no review",
            "__hidden__xml": xml(3),
        },
    )
    reviews = run(folder, tmp_path / "cache")["reviews"]
    assert reviews.select("review_id", "source_path", "source_format", "doi", "language").rows() == [
        ("heel", "heel.txt", "text", "10.9999/heel.2021.1", None),
        ("packed", "packed.nxml.gz", "jats", "10.9999/corns.2", "en"),
        ("pmc12-corns-ubersicht-", "PMC12 (Corns, Übersicht).XML", "jats", "10.9999/corns.1", "en"),
    ]
    assert reviews["licence"].to_list()[1:] == ["CC BY 4.0", "CC BY 4.0"]


def test_two_names_that_make_one_id_are_told_apart(tmp_path: Path) -> None:
    folder = add_files(tmp_path / "corpus", **{"a b__xml": xml(1), "a-b__xml": xml(2), "ß__xml": xml(3)})
    ids = [listed.review_id for listed in list_sources(folder)]
    assert len(set(ids)) == 3
    assert "a-b" in ids
    assert all(listed == again for listed, again in zip(list_sources(folder), list_sources(folder), strict=True))
    assert run(folder, tmp_path / "cache")["reviews"].height == 3


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbf \n<article/>", "jats"),
        ("<article/>".encode("utf-16"), "jats"),
        (gzip.compress(b"<article/>"), "jats"),
        (b"A review < of > things", "text"),
        (b"", "text"),
    ],
)
def test_the_format_is_told_from_the_bytes(data: bytes, expected: str) -> None:
    assert sniff_format(data).name == expected


def test_a_file_larger_than_any_article_is_left_out_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = add_files(tmp_path / "corpus", good__xml=xml(1), vast__xml=b"")
    with (folder / "vast.xml").open("r+b") as file:
        file.truncate(sources_module.MAX_BYTES + 1)
    found = run(folder, tmp_path / "cache")
    assert found["reviews"]["review_id"].to_list() == ["good"]
    (reason,) = found["quarantined_sources"]["reason"]
    assert reason.endswith(
        "vast.xml: holds more than 64 MB, more than any article; split it into articles, one a file, or take it away"
    )
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read whole"))
    with pytest.raises(SourceError, match="more than 64 MB"):
        load_source(list_sources(folder)[1])


@pytest.mark.parametrize("name", ["x%2f..%2fetc%2fpasswd.xml", "a..xml", "~root.xml", "-rf.xml", "…∕…∕x.xml"])
def test_a_files_name_leads_nowhere(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / name).write_bytes(xml(1))
    (review_id,) = run(folder, tmp_path / "cache")["reviews"]["review_id"]
    assert REVIEW_ID.fullmatch(review_id)
    assert {path.name for path in tmp_path.iterdir()} == {"cache", "corpus"}


def test_a_backslash_in_a_name_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "x..\\y.xml").write_bytes(xml(1))
    (reason,) = run(folder, tmp_path / "cache")["quarantined_sources"]["reason"]
    assert reason.endswith("holds a backslash, which on other machines parts folders; rename the file")


@pytest.mark.parametrize("file", ["..", "../secret.txt", "/etc/hostname", "a\\\\..\\\\b"])
def test_source_toml_names_no_file_elsewhere(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "raw" / "one"
    folder.mkdir(parents=True)
    (tmp_path / "raw" / "secret.txt").write_text("secret")
    (folder / "source.toml").write_text(f"file = '{file}'\nformat = 'text'\nsha256 = '{'0' * 64}'\n")
    with pytest.raises(SourceError, match=r"source\.toml"):
        load_source(Listed("one", folder, "", 0))


def test_a_source_that_changes_after_it_was_listed_is_not_taken_for_the_listed_one(tmp_path: Path) -> None:
    folder = add_files(tmp_path / "corpus", one__xml=xml(1))
    (listed,) = list_sources(folder)
    (folder / "one.xml").write_bytes(xml(2))
    with pytest.raises(SourceError, match="changed while it was read"):
        load_source(listed)


def test_a_review_that_cannot_be_read_is_left_out_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = add_files(tmp_path / "corpus", good__xml=xml(1), locked__xml=xml(2), notes__md=b"")
    (folder / "linked.xml").symlink_to(folder / "nowhere.xml")
    (folder / "linked-folder").symlink_to(folder / "nowhere")
    refuse(monkeypatch, "locked.xml", PermissionError(13, "Permission denied", str(folder / "locked.xml")))
    tables = run(folder, tmp_path / "cache", InThisProcess())
    assert tables["reviews"]["review_id"].to_list() == ["good"]
    mend = "; mend its permissions, put it back or take it away"
    assert reasons(tables) == {
        "linked": f"linked.xml: cannot be read (No such file or directory){mend}",
        "linked-folder": f"linked-folder: cannot be read (No such file or directory){mend}",
        "locked": f"locked.xml: cannot be read (Permission denied){mend}",
    }
    monkeypatch.undo()
    (folder / "linked.xml").unlink()
    (folder / "linked-folder").unlink()
    tables = run(folder, tmp_path / "cache", InThisProcess())
    assert tables["reviews"]["review_id"].to_list() == ["good", "locked"]
    assert n_read(tables) == 1


def test_a_read_that_fails_is_tried_again_in_the_next_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = add_files(tmp_path / "corpus", good__xml=xml(1), flaky__xml=xml(2))
    listed = list_sources(folder)
    refuse(monkeypatch, "flaky.xml", OSError(5, "Input/output error"))
    with ingested(listed, tmp_path / "cache", engine=InThisProcess()) as found:
        assert reasons(frames(found)) == {
            "flaky": "flaky.xml: cannot be read (Input/output error); mend its permissions"
        }
    monkeypatch.undo()
    tables = run(folder, tmp_path / "cache", InThisProcess())
    assert tables["reviews"]["review_id"].to_list() == ["flaky", "good"]
    assert n_read(tables) == 1


def test_a_folder_of_sources_that_is_away_is_no_fault_of_a_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = add_files(tmp_path / "corpus", one__xml=xml(1), two__xml=xml(2))
    for name in ("one.xml", "two.xml"):
        refuse(monkeypatch, name, OSError(116, "Stale file handle"))
    with pytest.raises(OSError, match="no review in it can be read") as raised:
        list_sources(folder)
    assert "two.xml: cannot be read (Stale file handle)" in str(raised.value)

    def refuses(path: Path) -> None:
        raise OSError(112, "Host is down", str(path))

    monkeypatch.setattr(Path, "iterdir", refuses)
    with pytest.raises(OSError, match=r"corpus: cannot be read \(Host is down\); mend its permissions"):
        list_sources(folder)
    monkeypatch.undo()
    for missing in (folder / "none", folder / "one.xml"):
        with pytest.raises(SourceError, match="no such folder"):
            list_sources(missing)


def refuse(patch: pytest.MonkeyPatch, name: str, error: OSError) -> None:
    """Let every attempt to open the files of this name end in the error."""
    opens = Path.open

    def open_(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == name:
            raise error
        return opens(path, *arguments, **options)

    patch.setattr(Path, "open", open_)


def test_a_reason_is_the_same_wherever_the_folder_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reads(data: bytes, *, name: str) -> Document:
        if name == "bug.xml":
            raise FileNotFoundError(2, "No such file or directory", str(Path(opened[-1]) / "bug.dtd"))
        return read(data, name=name)

    read = FORMATS["jats"].read
    monkeypatch.setitem(FORMATS, "jats", replace(FORMATS["jats"], read=reads))  # type: ignore[arg-type]
    opened: list[str] = []
    found = []
    for place in ("here", "elsewhere"):
        folder = add_files(tmp_path / place, good__xml=xml(1), bug__xml=xml(2), empty__txt=b"")
        opened.append(str(folder))
        (folder / "x\\y.xml").write_bytes(xml(3))
        (folder / "gone.xml").symlink_to("nowhere.xml")
        (folder / "No Id").mkdir()
        (folder / "bare").mkdir()
        add_source(folder, "broken", b"", toml="file =")
        add_source(folder, "lacking", b"", toml=f'file = "gone.txt"\nformat = "text"\nsha256 = "{"0" * 64}"\n')
        (add_source(folder, "other", mini_review.text().encode()) / "source.txt").write_bytes(b"other")
        found.append(run(folder, tmp_path / f"{place}-cache", InThisProcess())["quarantined_sources"])
    assert found[0].height == 9
    assert [reason for reason in found[0]["reason"] if str(tmp_path) in reason] == []
    assert found[0].equals(found[1])
    # A folder whose name is no id is told of under an id that is one.
    assert found[0].filter(pl.col("source_path") == "No Id").select("review_id", "reason").row(0) == (
        "no-id",
        "No Id: 'No Id' is no review id; name the folder with a-z, 0-9, '.', '_' and '-'",
    )


def test_the_same_bytes_and_the_same_doi_make_no_second_row(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    add_source(raw, "c-bytes", mini_review.text().encode())
    add_source(raw, "a-first", mini_review.text().encode())
    add_source(raw, "d-doi", mini_review.text(body="\nIntroduction\n\nAnother text.¹\n").encode())
    add_files(raw, other__xml=xml(1))
    tables = run(raw, tmp_path / "cache")
    assert tables["reviews"]["review_id"].to_list() == ["a-first", "other"]
    assert set(tables["sentences"]["review_id"]) == {"a-first", "other"}
    assert reasons(tables).keys() == {"c-bytes", "d-doi"}
    assert "its bytes are those of review a-first" in reasons(tables)["c-bytes"]
    assert "its DOI 10.9999/heel.2021.1 is that of review a-first" in reasons(tables)["d-doi"]


def test_doubles_are_found_among_known_and_new_and_come_back_when_the_first_is_gone(tmp_path: Path) -> None:
    folder = add_files(tmp_path / "corpus", b__xml=xml(1))
    assert run(folder, tmp_path / "cache")["reviews"]["review_id"].to_list() == ["b"]
    add_files(folder, a__xml=xml(1))
    tables = run(folder, tmp_path / "cache")
    assert tables["reviews"]["review_id"].to_list() == ["a"]
    assert reasons(tables).keys() == {"b"}
    (folder / "a.xml").unlink()
    tables = run(folder, tmp_path / "cache")
    assert (tables["reviews"]["review_id"].to_list(), n_read(tables)) == (["b"], 0)


def test_malformed_values_are_left_out_and_reported(tmp_path: Path) -> None:
    tables = run(add_files(tmp_path / "corpus", one__xml=xml(1)), tmp_path / "cache")
    assert tables["bib_references"].select("doi", "pmid", "year").row(0) == ("10.9999/corn.1", "123456", 1999)
    found = tables[FINDINGS].filter(pl.col("code") == "malformed_value")
    assert found.select("subject_table", "subject_key", "message").rows() == [
        ("bib_references", "2", "'n. a.' is no pmid; left out")
    ]


@pytest.mark.parametrize(
    ("blemish", "table", "column", "expected"),
    [
        (("<email/>", "<email>toe at corns.example</email>"), "review_authors", "email", [None]),
        (("<email/>", "<email>toe@corns.example; ann@corns.example</email>"), "review_authors", "email", [TOE]),
        (("<email/>", "<email>E-mail: &lt;toe@corns.example&gt;.</email>"), "review_authors", "email", [TOE]),
        (("</person-group>", "<collab/><name/></person-group>"), "reference_authors", "name_raw", ["Toe A"]),
        (("</person-group>", "<collab> </collab></person-group>"), "reference_authors", "name_raw", ["Toe A"]),
        (("Corns hurt", 'Corns<xref ref-type="bibr" rid="r2"/> hurt'), "citation_markers", "marker_text", ["1"]),
        (("</p>", 'So <xref ref-type="bibr" rid="r2"> </xref>.</p>'), "citation_markers", "marker_text", ["1"]),
        (('<ref id="r1">', '<ref id="r1"><label>0</label>'), "bib_references", "ref_no", [1, 2]),
    ],
)
def test_one_blemish_does_not_cost_the_review(
    tmp_path: Path, blemish: tuple[str, str], table: str, column: str, expected: list[Any]
) -> None:
    author = "<name><surname>Toe</surname><given-names>Ann</given-names></name><email/>"
    group = f"<contrib-group><contrib contrib-type='author'>{author}</contrib></contrib-group><permissions>"
    source = xml(1).decode().replace("<permissions>", group).replace('id="r2">', 'id="r2"><label>1</label>')
    assert blemish[0] in source
    tables = run(add_files(tmp_path / "corpus", one__xml=source.replace(*blemish).encode()), tmp_path / "cache")
    assert reasons(tables) == {}
    assert tables[table][column].to_list() == expected


@pytest.mark.parametrize(("tagged", "language"), [("EN", "en"), ("pt-BR", "pt"), ("English", None), ("", None)])
def test_the_language_of_a_reference_is_a_code_or_none(tmp_path: Path, tagged: str, language: str | None) -> None:
    source = xml(1).replace(b"<element-citation>", f'<element-citation xml:lang="{tagged}">'.encode(), 1)
    tables = run(add_files(tmp_path / "corpus", one__xml=source), tmp_path / "cache")
    assert tables["bib_references"]["language"].to_list() == [language, None]
    words = tables[FINDINGS].filter(pl.col("message").str.contains("is no language"))["message"].to_list()
    assert words == (["'English' is no language; left out"] if tagged == "English" else [])


def test_what_is_empty_is_missing(tmp_path: Path) -> None:
    source = xml(1).decode().replace("<article ", '<article article-type="" ').replace('xml:lang="EN"', 'xml:lang=""')
    source = source.replace("<license>", '<license license-type=" ">').replace("<license-p>CC BY 4.0</license-p>", "")
    add_files(tmp_path / "raw", one__xml=source.encode())
    (add_source(tmp_path / "raw", "heel", mini_review.text().encode()) / "source.toml").open("a").write('licence = ""')
    tables = run(tmp_path / "raw", tmp_path / "cache")
    assert reasons(tables) == {}
    assert tables["reviews"].select("review_id", "article_type", "language", "licence").rows() == [
        ("heel", None, None, None),
        ("one", None, None, None),
    ]


def test_shapes_are_found_and_never_guessed() -> None:
    assert shapes.doi("https://doi.org/10.1000/a(b)c") == "10.1000/a(b)c"
    assert shapes.doi("10.1211.jpp/62") is None
    assert (shapes.pmid("PMID: 123."), shapes.pmid("PMC123"), shapes.pmid("")) == ("123", None, None)
    assert (shapes.language("pt-BR"), shapes.language("EN"), shapes.language("english")) == ("pt", "en", None)
    assert (shapes.email("mailto:a.b@c.example."), shapes.email("a@..."), shapes.email("@")) == (
        "a.b@c.example",
        None,
        None,
    )
    assert (shapes.year(2019), shapes.year(20199)) == (2019, None)


def test_header_spans_give_each_column_its_own_role(tmp_path: Path) -> None:
    cells = run(add_files(tmp_path / "corpus", one__xml=xml(1)), tmp_path / "cache")["table_cells"]
    body = cells.filter(~pl.col("is_header"))
    assert body.select("column_no", "column_name", "role", "text").rows() == [
        (1, "Author", "study", "Toe 1999"),
        (2, "Treatment | Technique", "method", "Balm"),
        (3, "Treatment | Outcome", "outcome", "Better"),
    ]


def test_whatever_goes_wrong_with_a_review_is_its_own_affair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reads(data: bytes, *, name: str) -> Document:
        if name == "bug.xml":
            raise IndexError("list index out of range")
        if name == "bad.xml":
            raise ReadError("bad.xml: line 3 is no line")
        return read(data, name=name)

    read = FORMATS["jats"].read
    monkeypatch.setitem(FORMATS, "jats", replace(FORMATS["jats"], read=reads))  # type: ignore[arg-type]
    folder = add_files(tmp_path / "corpus", bug__xml=xml(1), bad__xml=xml(2), good__xml=xml(3), empty__txt=b"")
    tables = run(folder, tmp_path / "cache", InThisProcess())
    assert tables["reviews"]["review_id"].to_list() == ["good"]
    said = reasons(tables)
    assert said.keys() == {"bad", "bug", "empty"}
    assert said["bad"] == "bad.xml: line 3 is no line"
    assert "IndexError: list index out of range, in reads (test_ingest.py, line " in said["bug"]
    # What lies in the source is remembered; what may lie elsewhere is tried again.
    assert n_read(run(folder, tmp_path / "cache", InThisProcess())) == 1


def test_a_review_whose_rows_break_a_rule_is_left_out_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_names(source: object, document: object) -> object:
        rows = extract(source, document)  # type: ignore[arg-type]
        if rows["reviews"][0][0] == "b":
            rows["sections"] = [(*row[:3], 0, *row[4:]) for row in rows["sections"]]
        return rows

    extract = ingest_module.extract_review
    monkeypatch.setattr(ingest_module, "extract_review", without_names)
    folder = add_files(tmp_path / "corpus", a__xml=xml(1), b__xml=xml(2), c__xml=xml(3))
    tables = run(folder, tmp_path / "cache", InThisProcess())
    assert tables["reviews"]["review_id"].to_list() == ["a", "c"]
    assert "table sections" in reasons(tables)["b"]
    assert "level" in reasons(tables)["b"]


def test_only_what_is_new_or_changed_is_read(tmp_path: Path) -> None:
    folder = add_files(tmp_path / "corpus", a__xml=xml(1), b__xml=xml(2), c__xml=xml(3), bad__txt=b"")
    first = run(folder, tmp_path / "cache")
    assert n_read(first) == 4
    assert n_read(run(folder, tmp_path / "cache")) == 0
    add_files(folder, b__xml=xml(2, "Corns are common."))
    second = run(folder, tmp_path / "cache")
    assert n_read(second) == 1
    said = second["sentences"].filter(pl.col("review_id") == "b")["text"].to_list()
    assert "Corns are common." in said
    assert (
        second["sentences"]
        .filter(pl.col("review_id") != "b")
        .equals(first["sentences"].filter(pl.col("review_id") != "b"))
    )
    whole = run(folder, tmp_path / "elsewhere")
    assert all(second[name].equals(whole[name]) for name in TABLES)
    assert n_read(run(folder, tmp_path / "cache", again=["a"])) == 1


def test_the_cache_holds_nothing_that_is_not_needed(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    folder = add_files(tmp_path / "corpus", a__xml=xml(1))
    (cache / "othercode" / "part").mkdir(parents=True)
    run(folder, cache)
    (code,) = [path for path in cache.iterdir() if path.is_dir()]
    # What a build that was killed left behind.
    (code / ".new-abc").mkdir()
    (folder / "a.xml").unlink()
    add_files(folder, b__xml=xml(2))
    run(folder, cache)
    assert len(list(code.iterdir())) == 1


def killed_at_c(parts: Path, batch: Sequence[Listed]) -> list[tuple[str, str, str]]:
    if any(listed.review_id == "c" for listed in batch):
        os.kill(os.getpid(), signal.SIGKILL)
    return ingest_module._ingest_batch(parts, batch)


class KilledAtC:
    """Processes, one of which is killed whenever it reads the review `c`."""

    def run(self, work: Any, batches: Any) -> Any:
        return Processes(2).run(partial(killed_at_c, work.args[0]), batches)


def test_a_review_that_kills_its_worker_is_left_out_with_the_reason(tmp_path: Path) -> None:
    folder = add_files(tmp_path / "corpus", a__xml=xml(1), b__xml=xml(2), c__xml=xml(3), d__xml=xml(4))
    tables = run(folder, tmp_path / "cache", KilledAtC())
    assert tables["reviews"]["review_id"].to_list() == ["a", "b", "d"]
    assert "killed by signal 9" in reasons(tables)["c"]
    assert n_read(run(folder, tmp_path / "cache")) == 1


def test_any_number_of_workers_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_module, "BATCH_REVIEWS", 3)
    folder = add_files(tmp_path / "corpus", **{f"r{number:02}__xml": xml(number) for number in range(11)})
    written = []
    engines: list[Engine] = [InThisProcess(), Processes(1), Processes(2)]
    if find_spec("distributed"):
        engines.append(Dask(workers=2))
    for workers, engine in enumerate(engines):
        tables = run(folder, tmp_path / f"cache{workers}", engine)
        assert tables["reviews"].height == 11
        files = {}
        for name in TABLES:
            path = tmp_path / f"{workers}-{name}.parquet"
            tables[name].write_parquet(path)
            files[name] = path.read_bytes()
        written.append(files)
    assert all(files == written[0] for files in written)


def test_progress_goes_from_what_is_known_to_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_module, "BATCH_REVIEWS", 1)
    folder = add_files(tmp_path / "corpus", a__xml=xml(1))
    run(folder, tmp_path / "cache")
    add_files(folder, b__xml=xml(2), c__xml=xml(3))
    told: list[tuple[int, int]] = []
    with ingested(list_sources(folder), tmp_path / "cache", progress=lambda done, total: told.append((done, total))):
        pass
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_source_toml_and_plain_files_may_stand_side_by_side(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    folder = add_source(raw, "heel", mini_review.text().encode())
    add_files(raw, heel__xml=xml(1))
    assert tomllib.loads((folder / "source.toml").read_text())["format"] == "text"
    reviews = run(raw, tmp_path / "cache")["reviews"]
    assert reviews["source_format"].to_list() == ["text", "jats"]
    assert reviews["review_id"].to_list()[0] == "heel"
