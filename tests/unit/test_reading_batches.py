"""Ingestion of sources in this process: plain files, duplicates, failures and the cache."""

import gzip
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.common.workers import SerialEngine
from pipelines.document import Document
from pipelines.extract import reading_batches
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.reading_batches import ingest_sources
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_types import FINDINGS, TABLES, ReviewRows
from pipelines.extract.value_formats import (
    normalise_doi,
    normalise_email,
    normalise_language,
    normalise_pmid,
    normalise_year,
)
from pipelines.readers.errors import ReadError
from pipelines.readers.formats import FORMATS, sniff_format
from pipelines.sources.source_folder import (
    MAX_SOURCE_BYTES,
    REVIEW_ID,
    ListedSource,
    SourceError,
    list_sources,
    load_source,
)
from tests import mini_review
from tests.mini_corpus import add_files, collect_tables, count_read, ingest_folder, make_article, quarantine_reasons
from tests.mini_review import add_source

TOE = "toe@corns.example"


def test_describes_plain_files_by_name_and_contents(tmp_path: Path) -> None:
    folder = add_files(
        tmp_path / "corpus",
        **{
            "PMC12 (Corns, Übersicht)__XML": make_article(1),
            "heel__txt": mini_review.text().encode(),
            "packed__nxml__gz": gzip.compress(make_article(2), mtime=0),
            "README__md": b"no review",
            "__hidden__xml": make_article(3),
        },
    )
    reviews = ingest_folder(folder, tmp_path / "cache")["reviews"]
    assert reviews.select("review_id", "source_path", "source_format", "doi", "language").rows() == [
        ("heel", "heel.txt", "text", "10.9999/heel.2021.1", None),
        ("packed", "packed.nxml.gz", "jats", "10.9999/corns.2", "en"),
        ("pmc12-corns-ubersicht-", "PMC12 (Corns, Übersicht).XML", "jats", "10.9999/corns.1", "en"),
    ]
    assert reviews["licence"].to_list()[1:] == ["CC BY 4.0", "CC BY 4.0"]


def test_names_with_the_same_id_get_distinct_ids(tmp_path: Path) -> None:
    folder = add_files(
        tmp_path / "corpus", **{"a b__xml": make_article(1), "a-b__xml": make_article(2), "ß__xml": make_article(3)}
    )
    ids = [listed.review_id for listed in list_sources(folder)]
    assert len(set(ids)) == 3
    assert "a-b" in ids
    assert list_sources(folder) == list_sources(folder)
    assert ingest_folder(folder, tmp_path / "cache")["reviews"].height == 3


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbf \n<article/>", "jats"),
        ("<article/>".encode("utf-16"), "jats"),
        (gzip.compress(b"<article/>", mtime=0), "jats"),
        (b"A review < of > things", "text"),
        (b"", "text"),
    ],
)
def test_detects_the_format_from_the_bytes(data: bytes, expected: str) -> None:
    assert sniff_format(data).name == expected


def test_quarantines_a_file_that_is_too_large_without_reading_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = add_files(tmp_path / "corpus", good__xml=make_article(1), vast__xml=b"")
    with (folder / "vast.xml").open("r+b") as file:
        file.truncate(MAX_SOURCE_BYTES + 1)
    tables = ingest_folder(folder, tmp_path / "cache", SerialEngine())
    assert tables["reviews"]["review_id"].to_list() == ["good"]
    (reason,) = tables["quarantined_sources"]["reason"]
    assert reason.endswith(
        "vast.xml: larger than 64 MB, which is more than any article; split it into one file per article, or remove it"
    )
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read whole"))
    with pytest.raises(SourceError, match="larger than 64 MB"):
        load_source(list_sources(folder)[1])


@pytest.mark.parametrize("name", ["x%2f..%2fetc%2fpasswd.xml", "a..xml", "~root.xml", "-rf.xml", "…∕…∕x.xml"])
def test_a_file_name_cannot_escape_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / name).write_bytes(make_article(1))
    (review_id,) = ingest_folder(folder, tmp_path / "cache")["reviews"]["review_id"]
    assert REVIEW_ID.fullmatch(review_id)
    assert {path.name for path in tmp_path.iterdir()} == {"cache", "corpus"}


def test_rejects_a_backslash_in_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "x..\\y.xml").write_bytes(make_article(1))
    (reason,) = ingest_folder(folder, tmp_path / "cache")["quarantined_sources"]["reason"]
    assert reason.endswith("has a backslash, which separates folders on other machines; rename the file")


@pytest.mark.parametrize("file", ["..", "../secret.txt", "/etc/hostname", "a\\\\..\\\\b"])
def test_source_toml_cannot_name_a_file_elsewhere(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "raw" / "one"
    folder.mkdir(parents=True)
    (tmp_path / "raw" / "secret.txt").write_text("secret")
    (folder / "source.toml").write_text(f"file = '{file}'\nformat = 'text'\nsha256 = '{'0' * 64}'\n")
    with pytest.raises(SourceError, match=r"source\.toml"):
        load_source(ListedSource("one", folder, "", 0))


def test_rejects_a_source_that_changed_after_it_was_listed(tmp_path: Path) -> None:
    folder = add_files(tmp_path / "corpus", one__xml=make_article(1))
    (listed,) = list_sources(folder)
    (folder / "one.xml").write_bytes(make_article(2))
    with pytest.raises(SourceError, match="changed while it was read"):
        load_source(listed)


def test_quarantines_only_the_review_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = add_files(tmp_path / "corpus", good__xml=make_article(1), locked__xml=make_article(2), notes__md=b"")
    (folder / "linked.xml").symlink_to(folder / "nowhere.xml")
    (folder / "linked-folder").symlink_to(folder / "nowhere")
    refuse(monkeypatch, "locked.xml", PermissionError(13, "Permission denied", str(folder / "locked.xml")))
    tables = ingest_folder(folder, tmp_path / "cache", SerialEngine())
    assert tables["reviews"]["review_id"].to_list() == ["good"]
    fix = "; fix its permissions, restore it or remove it"
    assert quarantine_reasons(tables) == {
        "linked": f"linked.xml: cannot be read (No such file or directory){fix}",
        "linked-folder": f"linked-folder: cannot be read (No such file or directory){fix}",
        "locked": f"locked.xml: cannot be read (Permission denied){fix}",
    }
    monkeypatch.undo()
    (folder / "linked.xml").unlink()
    (folder / "linked-folder").unlink()
    tables = ingest_folder(folder, tmp_path / "cache", SerialEngine())
    assert tables["reviews"]["review_id"].to_list() == ["good", "locked"]
    assert count_read(tables) == 1


def test_retries_a_failed_read_in_the_next_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = add_files(tmp_path / "corpus", good__xml=make_article(1), flaky__xml=make_article(2))
    listed = list_sources(folder)
    refuse(monkeypatch, "flaky.xml", OSError(5, "Input/output error"))
    with ingest_sources(listed, tmp_path / "cache", engine=SerialEngine()) as ingestion:
        assert quarantine_reasons(collect_tables(ingestion)) == {
            "flaky": "flaky.xml: cannot be read (Input/output error); fix its permissions"
        }
    monkeypatch.undo()
    tables = ingest_folder(folder, tmp_path / "cache", SerialEngine())
    assert tables["reviews"]["review_id"].to_list() == ["flaky", "good"]
    assert count_read(tables) == 1


def test_an_unavailable_folder_is_not_a_source_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = add_files(tmp_path / "corpus", one__xml=make_article(1), two__xml=make_article(2))
    for name in ("one.xml", "two.xml"):
        refuse(monkeypatch, name, OSError(116, "Stale file handle"))
    with pytest.raises(OSError, match="no review in it can be read") as raised:
        list_sources(folder)
    assert "two.xml: cannot be read (Stale file handle)" in str(raised.value)

    def refuses(path: Path) -> None:
        raise OSError(112, "Host is down", str(path))

    monkeypatch.setattr(Path, "iterdir", refuses)
    with pytest.raises(OSError, match=r"corpus: cannot be read \(Host is down\); fix its permissions"):
        list_sources(folder)
    monkeypatch.undo()
    for missing in (folder / "none", folder / "one.xml"):
        with pytest.raises(SourceError, match="no such folder"):
            list_sources(missing)


def refuse(patch: pytest.MonkeyPatch, name: str, error: OSError) -> None:
    """Make every attempt to open a file of this name raise the error."""
    original_open = Path.open

    def open_(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == name:
            raise error
        return original_open(path, *arguments, **options)

    patch.setattr(Path, "open", open_)


def test_reasons_do_not_depend_on_the_location_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing_read(data: bytes, *, name: str) -> Document:
        if name == "bug.xml":
            raise FileNotFoundError(2, "No such file or directory", str(folder / "bug.dtd"))
        return original_read(data, name=name)

    original_read = FORMATS["jats"].read
    monkeypatch.setitem(FORMATS, "jats", replace(FORMATS["jats"], read=failing_read))
    quarantined = []
    for place in ("here", "elsewhere"):
        folder = add_files(tmp_path / place, good__xml=make_article(1), bug__xml=make_article(2), empty__txt=b"")
        (folder / "x\\y.xml").write_bytes(make_article(3))
        (folder / "gone.xml").symlink_to("nowhere.xml")
        (folder / "No Id").mkdir()
        (folder / "bare").mkdir()
        add_source(folder, "broken", b"", toml="file =")
        add_source(folder, "lacking", b"", toml=f'file = "gone.txt"\nformat = "text"\nsha256 = "{"0" * 64}"\n')
        (add_source(folder, "other", mini_review.text().encode()) / "source.txt").write_bytes(b"other")
        quarantined.append(ingest_folder(folder, tmp_path / f"{place}-cache", SerialEngine())["quarantined_sources"])
    assert quarantined[0].height == 9
    assert [reason for reason in quarantined[0]["reason"] if str(tmp_path) in reason] == []
    assert quarantined[0].equals(quarantined[1])
    # A folder whose name is not a valid id is reported under a valid one.
    assert quarantined[0].filter(pl.col("source_path") == "No Id").select("review_id", "reason").row(0) == (
        "no-id",
        "No Id: 'No Id' is not a valid review id; name the folder with a-z, 0-9, '.', '_' and '-'",
    )


def test_quarantines_reviews_with_the_same_bytes_or_doi(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    add_source(raw, "c-bytes", mini_review.text().encode())
    add_source(raw, "a-first", mini_review.text().encode())
    add_source(raw, "d-doi", mini_review.text(body="\nIntroduction\n\nAnother text.¹\n").encode())
    add_files(raw, other__xml=make_article(1))
    tables = ingest_folder(raw, tmp_path / "cache")
    assert tables["reviews"]["review_id"].to_list() == ["a-first", "other"]
    assert set(tables["sentences"]["review_id"]) == {"a-first", "other"}
    assert quarantine_reasons(tables).keys() == {"c-bytes", "d-doi"}
    assert "its bytes are those of review a-first" in quarantine_reasons(tables)["c-bytes"]
    assert "its DOI 10.9999/heel.2021.1 is that of review a-first" in quarantine_reasons(tables)["d-doi"]


def test_finds_duplicates_of_cached_reviews_and_readmits_them_when_the_first_is_removed(tmp_path: Path) -> None:
    folder = add_files(tmp_path / "corpus", b__xml=make_article(1))
    assert ingest_folder(folder, tmp_path / "cache")["reviews"]["review_id"].to_list() == ["b"]
    add_files(folder, a__xml=make_article(1))
    tables = ingest_folder(folder, tmp_path / "cache")
    assert tables["reviews"]["review_id"].to_list() == ["a"]
    assert quarantine_reasons(tables).keys() == {"b"}
    (folder / "a.xml").unlink()
    tables = ingest_folder(folder, tmp_path / "cache")
    assert (tables["reviews"]["review_id"].to_list(), count_read(tables)) == (["b"], 0)


def test_leaves_out_and_reports_malformed_values(tmp_path: Path) -> None:
    tables = ingest_folder(add_files(tmp_path / "corpus", one__xml=make_article(1)), tmp_path / "cache")
    assert tables["bib_references"].select("doi", "pmid", "year").row(0) == ("10.9999/corn.1", "123456", 1999)
    findings = tables[FINDINGS].filter(pl.col("code") == "malformed_value")
    assert findings.select("subject_table", "subject_key", "message").rows() == [
        ("bib_references", "2", "'n. a.' is not a valid pmid; left out")
    ]


@pytest.mark.parametrize(
    ("flaw", "table", "column", "expected"),
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
def test_a_single_flaw_does_not_quarantine_the_review(
    tmp_path: Path, flaw: tuple[str, str], table: str, column: str, expected: list[Any]
) -> None:
    author = "<name><surname>Toe</surname><given-names>Ann</given-names></name><email/>"
    group = f"<contrib-group><contrib contrib-type='author'>{author}</contrib></contrib-group><permissions>"
    source = make_article(1).decode().replace("<permissions>", group).replace('id="r2">', 'id="r2"><label>1</label>')
    assert flaw[0] in source
    tables = ingest_folder(add_files(tmp_path / "corpus", one__xml=source.replace(*flaw).encode()), tmp_path / "cache")
    assert quarantine_reasons(tables) == {}
    assert tables[table][column].to_list() == expected


@pytest.mark.parametrize(("tagged", "language"), [("EN", "en"), ("pt-BR", "pt"), ("English", None), ("", None)])
def test_the_language_of_a_reference_is_a_code_or_null(tmp_path: Path, tagged: str, language: str | None) -> None:
    source = make_article(1).replace(b"<element-citation>", f'<element-citation xml:lang="{tagged}">'.encode(), 1)
    tables = ingest_folder(add_files(tmp_path / "corpus", one__xml=source), tmp_path / "cache")
    assert tables["bib_references"]["language"].to_list() == [language, None]
    messages = tables[FINDINGS].filter(pl.col("message").str.contains("not a valid language"))["message"].to_list()
    assert messages == (["'English' is not a valid language; left out"] if tagged == "English" else [])


def test_the_language_of_a_reference_is_read_from_a_tagged_note(tmp_path: Path) -> None:
    note = b"<comment>(In Japanese)</comment></element-citation>"
    source = make_article(1).replace(b"</element-citation>", note, 1)
    tables = ingest_folder(add_files(tmp_path / "corpus", one__xml=source), tmp_path / "cache")
    assert tables["bib_references"].select("language", "note").row(0) == ("ja", "(In Japanese)")


def test_stores_empty_values_as_null(tmp_path: Path) -> None:
    source = (
        make_article(1)
        .decode()
        .replace("<article ", '<article article-type="" ')
        .replace('xml:lang="EN"', 'xml:lang=""')
    )
    source = source.replace("<license>", '<license license-type=" ">').replace("<license-p>CC BY 4.0</license-p>", "")
    add_files(tmp_path / "raw", one__xml=source.encode())
    (add_source(tmp_path / "raw", "heel", mini_review.text().encode()) / "source.toml").open("a").write('licence = ""')
    tables = ingest_folder(tmp_path / "raw", tmp_path / "cache")
    assert quarantine_reasons(tables) == {}
    assert tables["reviews"].select("review_id", "article_type", "language", "licence").rows() == [
        ("heel", None, None, None),
        ("one", None, None, None),
    ]


def test_normalises_values_without_guessing() -> None:
    assert normalise_doi("https://doi.org/10.1000/a(b)c") == "10.1000/a(b)c"
    assert normalise_doi("10.1211.jpp/62") is None
    assert normalise_doi("10.1007/s10658- 013-0193-8") == "10.1007/s10658-013-0193-8"
    assert normalise_doi("10. 1016/ j.foodchem.2010.01.001 (open)") == "10.1016/j.foodchem.2010.01.001"
    assert normalise_doi("10.1000/ab. 25954052") == "10.1000/ab."
    assert (normalise_pmid("PMID: 123."), normalise_pmid("PMC123"), normalise_pmid("")) == ("123", None, None)
    assert (normalise_language("pt-BR"), normalise_language("EN"), normalise_language("english")) == ("pt", "en", None)
    assert (normalise_email("mailto:a.b@c.example."), normalise_email("a@..."), normalise_email("@")) == (
        "a.b@c.example",
        None,
        None,
    )
    assert (normalise_year(2019), normalise_year(20199)) == (2019, None)
    assert [normalise_year(year) for year in (1499, 1500, 2100, 2101)] == [None, 1500, 2100, None]


def test_a_header_cell_over_two_columns_gives_each_its_role(tmp_path: Path) -> None:
    cells = ingest_folder(add_files(tmp_path / "corpus", one__xml=make_article(1)), tmp_path / "cache")["table_cells"]
    body = cells.filter(~pl.col("is_header"))
    assert body.select("column_no", "column_name", "role", "text").rows() == [
        (1, "Author", "study", "Toe 1999"),
        (2, "Treatment | Technique", "intervention", "Balm"),
        (3, "Treatment | Outcome", "result", "Better"),
    ]


def test_an_error_in_one_review_does_not_affect_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing_read(data: bytes, *, name: str) -> Document:
        if name == "bug.xml":
            raise IndexError("list index out of range")
        if name == "bad.xml":
            raise ReadError("bad.xml: line 3 is malformed")
        return original_read(data, name=name)

    original_read = FORMATS["jats"].read
    monkeypatch.setitem(FORMATS, "jats", replace(FORMATS["jats"], read=failing_read))
    folder = add_files(
        tmp_path / "corpus",
        bug__xml=make_article(1),
        bad__xml=make_article(2),
        good__xml=make_article(3),
        empty__txt=b"",
    )
    tables = ingest_folder(folder, tmp_path / "cache", SerialEngine())
    assert tables["reviews"]["review_id"].to_list() == ["good"]
    reason_by_review = quarantine_reasons(tables)
    assert reason_by_review.keys() == {"bad", "bug", "empty"}
    assert reason_by_review["bad"] == "bad.xml: line 3 is malformed"
    assert (
        "IndexError: list index out of range, in failing_read (test_reading_batches.py, line "
        in reason_by_review["bug"]
    )
    # Errors of the source are cached; errors with another cause are retried.
    assert count_read(ingest_folder(folder, tmp_path / "cache", SerialEngine())) == 1


def test_quarantines_only_the_review_whose_rows_violate_a_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def extract_with_level_0(source: SourceFacts, document: Document) -> ReviewRows:
        rows = extract_review(source, document)
        if source.review_id == "b":
            rows.sections = [row._replace(level=0) for row in rows.sections]
        return rows

    monkeypatch.setattr(reading_batches, "extract_review", extract_with_level_0)
    folder = add_files(tmp_path / "corpus", a__xml=make_article(1), b__xml=make_article(2), c__xml=make_article(3))
    tables = ingest_folder(folder, tmp_path / "cache", SerialEngine())
    assert tables["reviews"]["review_id"].to_list() == ["a", "c"]
    assert "table sections" in quarantine_reasons(tables)["b"]
    assert "level" in quarantine_reasons(tables)["b"]


def test_reads_only_new_and_changed_sources(tmp_path: Path) -> None:
    folder = add_files(
        tmp_path / "corpus", a__xml=make_article(1), b__xml=make_article(2), c__xml=make_article(3), bad__txt=b""
    )
    first = ingest_folder(folder, tmp_path / "cache")
    assert count_read(first) == 4
    assert count_read(ingest_folder(folder, tmp_path / "cache")) == 0
    add_files(folder, b__xml=make_article(2, "Corns are common."))
    second = ingest_folder(folder, tmp_path / "cache")
    assert count_read(second) == 1
    sentences = second["sentences"].filter(pl.col("review_id") == "b")["text"].to_list()
    assert "Corns are common." in sentences
    assert (
        second["sentences"]
        .filter(pl.col("review_id") != "b")
        .equals(first["sentences"].filter(pl.col("review_id") != "b"))
    )
    without_cache = ingest_folder(folder, tmp_path / "elsewhere")
    assert all(second[name].equals(without_cache[name]) for name in TABLES)
    assert count_read(ingest_folder(folder, tmp_path / "cache", reread=["a"])) == 1


def test_removes_unneeded_parts_from_the_cache(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    folder = add_files(tmp_path / "corpus", a__xml=make_article(1))
    (cache / "othercode" / "part").mkdir(parents=True)
    ingest_folder(folder, cache)
    (code,) = [path for path in cache.iterdir() if path.is_dir()]
    # Left behind by a killed build.
    (code / ".new-abc").mkdir()
    (folder / "a.xml").unlink()
    add_files(folder, b__xml=make_article(2))
    ingest_folder(folder, cache)
    assert len(list(code.iterdir())) == 1


def test_progress_starts_at_the_number_of_cached_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_batches, "MAX_REVIEWS_PER_READING_BATCH", 1)
    folder = add_files(tmp_path / "corpus", a__xml=make_article(1))
    ingest_folder(folder, tmp_path / "cache")
    add_files(folder, b__xml=make_article(2), c__xml=make_article(3))
    steps: list[tuple[int, int]] = []
    with ingest_sources(
        list_sources(folder), tmp_path / "cache", progress=lambda done, total: steps.append((done, total))
    ):
        pass
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_reads_folders_with_source_toml_and_plain_files_side_by_side(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    folder = add_source(raw, "heel", mini_review.text().encode())
    add_files(raw, heel__xml=make_article(1))
    assert tomllib.loads((folder / "source.toml").read_text())["format"] == "text"
    reviews = ingest_folder(raw, tmp_path / "cache")["reviews"]
    assert reviews["source_format"].to_list() == ["text", "jats"]
    assert reviews["review_id"].to_list()[0] == "heel"
