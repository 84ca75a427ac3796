"""A column is described once, in schemas/, and every format in a release has the same description."""

import json
import re
from html import unescape
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from schemas.tables import SPECS

COLUMNS = [(table.name, column) for table in SPECS.values() for column in table.columns]
DESCRIPTIONS = {(table, column.name): column.description for table, column in COLUMNS}


@pytest.fixture(scope="module")
def release(outputs: Path) -> Path:
    return outputs / "latest"


def in_parquet(release: Path) -> dict[tuple[str, str], str]:
    return {
        (name, field.name): field.metadata[b"description"].decode()
        for name in SPECS
        for field in pq.read_schema(release / "parquet" / f"{name}.parquet")
    }


def in_codebook_table(release: Path) -> dict[tuple[str, str], str]:
    frame = pl.read_parquet(release / "parquet" / "codebook.parquet")
    return {
        (table, column): text for table, column, text in frame.select("table_name", "column_name", "description").rows()
    }


def in_database(release: Path) -> dict[tuple[str, str], str]:
    with duckdb.connect(str(release / "reviewmart.duckdb"), read_only=True) as mart:
        rows = mart.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    columns = {(name, column.name): column for name, table in SPECS.items() for column in table.columns}
    descriptions = {}
    for table, name, comment in rows:
        if table in SPECS:
            # The comment ends with the unit and the vocabulary.
            column = columns[table, name]
            text = comment.removesuffix(f" (vocabulary: {column.vocabulary})")
            descriptions[table, name] = text.removesuffix(f" [{column.unit}]")
    return descriptions


def in_datapackage(release: Path) -> dict[tuple[str, str], str]:
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    return {
        (resource["name"], field["name"]): field["description"]
        for resource in package["resources"]
        for field in resource.get("schema", {}).get("fields", ())
    }


def in_croissant(release: Path) -> dict[tuple[str, str], str]:
    document = json.loads((release / "croissant.json").read_text(encoding="utf-8"))
    return {
        (records["name"], field["name"]): field["description"]
        for records in document["recordSet"]
        for field in records["field"]
    }


def in_markdown(release: Path) -> dict[tuple[str, str], str]:
    descriptions, table = {}, ""
    for line in (release / "codebook.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("### "):
            table = line.removeprefix("### ")
        elif line == "## Views and macros":
            break
        elif line.startswith("| `"):
            cells = re.split(r"(?<!\\) \| ", line.removeprefix("| ").removesuffix(" |"))
            descriptions[table, cells[0].strip("`")] = re.sub(r"\\(.)", r"\1", cells[4])
    return descriptions


def in_html(release: Path) -> dict[tuple[str, str], str]:
    descriptions = {}
    page = (release / "codebook.html").read_text(encoding="utf-8")
    for table, section in re.findall(r'<section id="(\w+)">(.*?)</section>', page, re.DOTALL):
        for column, cells in re.findall(r'<th scope="row"><code>(\w+)</code></th>(.*)</tr>', section):
            descriptions[table, column] = unescape(re.findall(r"<td>(.*?)</td>", cells)[3])
    return descriptions


def in_r(release: Path) -> dict[tuple[str, str], str]:
    labels = (release / "csv" / "load.R").read_text(encoding="utf-8").split("reviewmart_labels <- list(")[1]
    descriptions = {}
    for table, columns in re.findall(r"^  (\w+) = c\(\n(.*?)\n  \)", labels, re.DOTALL | re.MULTILINE):
        for column, text in re.findall(r'^    (\w+) = "(.*?)",?$', columns, re.MULTILINE):
            unescaped = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), text)
            descriptions[table, column] = unescaped.replace('\\"', '"').replace("\\\\", "\\")
    return descriptions


@pytest.mark.parametrize(
    "read_descriptions",
    [in_parquet, in_codebook_table, in_database, in_datapackage, in_croissant, in_markdown, in_html, in_r],
    ids=lambda function: function.__name__,
)
def test_every_format_has_the_descriptions_of_the_models(read_descriptions, release: Path) -> None:  # type: ignore[no-untyped-def]
    assert read_descriptions(release) == DESCRIPTIONS


def test_every_table_view_and_column_of_the_database_has_a_comment(release: Path) -> None:
    with duckdb.connect(str(release / "reviewmart.duckdb"), read_only=True) as mart:
        for listing in ("duckdb_tables()", "duckdb_views()", "duckdb_columns()"):
            uncommented = mart.execute(f"SELECT * FROM {listing} WHERE NOT internal AND comment IS NULL").fetchall()
            assert uncommented == [], listing


def test_database_and_data_package_have_the_same_types_nullability_and_keys(release: Path) -> None:
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    tables = {resource["name"]: resource["schema"] for resource in package["resources"] if "schema" in resource}
    sql = {"string": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE", "number": "DOUBLE"}
    with duckdb.connect(str(release / "reviewmart.duckdb"), read_only=True) as mart:
        for name, schema in tables.items():
            in_mart = mart.execute(
                "SELECT column_name, data_type, is_nullable FROM duckdb_columns() "
                "WHERE table_name = ? ORDER BY column_index",
                [name],
            ).fetchall()
            in_package = [
                (field["name"], sql.get(field["type"]), not field.get("constraints", {}).get("required", False))
                for field in schema["fields"]
            ]
            # An integer of the package is an INTEGER or a BIGINT.
            assert [(column, None if "INT" in kind else kind, null) for column, kind, null in in_mart] == in_package
            constraints = mart.execute(
                "SELECT constraint_type, constraint_column_names, referenced_table, referenced_column_names "
                "FROM duckdb_constraints() WHERE table_name = ? AND constraint_type LIKE '% KEY'",
                [name],
            ).fetchall()
            keys = [schema["primaryKey"]]
            foreign = [
                (key["fields"], key["reference"]["resource"] or name, key["reference"]["fields"])
                for key in schema.get("foreignKeys", []) + schema.get("optionalForeignKeys", [])
            ]
            assert [columns for kind, columns, *_ in constraints if kind == "PRIMARY KEY"] == keys
            stored_keys = [tuple(rest) for kind, *rest in constraints if kind == "FOREIGN KEY"]
            assert sorted(stored_keys) == sorted(foreign)


def test_the_data_package_lists_concepts_and_labels_as_codes(release: Path) -> None:
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    claims = next(resource for resource in package["resources"] if resource["name"] == "claims")
    direction = next(field for field in claims["schema"]["fields"] if field["name"] == "direction")
    concepts = pl.read_parquet(release / "parquet" / "concepts.parquet").filter(scheme="direction").sort("concept_id")
    expected = [{"value": code, "label": label} for code, label in concepts.select("concept_id", "pref_label").rows()]
    assert direction["categories"] == expected
    assert direction["constraints"]["enum"] == [code["value"] for code in expected]


def test_the_codebook_counts_codes_and_missing_values(release: Path) -> None:
    text = (release / "codebook.md").read_text(encoding="utf-8")
    markers = text.split("\n### citation_markers\n")[1].split("\n### ")[0]
    # The review prints 83 citations in its prose and the rest in its two tables.
    frame = pl.read_parquet(release / "parquet" / "citation_markers.parquet")
    prose, table = (frame.filter(context=context).height for context in ("prose", "table"))
    listed = f"- `prose` ({prose}): Printed in a sentence\n- `table` ({table}): Printed in a table\n"
    assert f"Codes of `context`, with their rows:\n\n{listed}" in markers
    share = frame["sentence_id"].null_count() / frame.height
    assert f"| `sentence_id` | INTEGER | {share:.1%} | " in markers


def test_parquet_metadata_have_title_release_licence_and_citation(release: Path) -> None:
    for name in SPECS:
        metadata = pl.read_parquet_metadata(release / "parquet" / f"{name}.parquet")
        assert metadata["table"] == name
        assert metadata["grain"] == SPECS[name].grain
        assert metadata["release_id"] == release.resolve().name
        assert metadata["title"].startswith("reviewmart")
        assert "CC-BY-4.0" in metadata["licence"]
        assert metadata["release_id"] in metadata["citation"]
        chunk = pq.ParquetFile(release / "parquet" / f"{name}.parquet").metadata
        if chunk.num_row_groups:
            assert chunk.row_group(0).column(0).compression == "ZSTD"
