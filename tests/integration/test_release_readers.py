"""The published files, read by pyarrow, pandas, Polars, R and older DuckDB clients."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from schemas.tables import SPECS

PANDAS_BACKENDS: tuple[Literal["numpy_nullable", "pyarrow"], ...] = ("numpy_nullable", "pyarrow")
PLAIN = {"large_string", "string", "int32", "int64", "double", "bool", "date32[day]"}


@pytest.fixture(scope="module")
def release(outputs: Path) -> Path:
    return (outputs / "latest").resolve()


@pytest.mark.parametrize("name", SPECS)
def test_all_parquet_readers_return_the_same_data(name: str, release: Path) -> None:
    file = release / "parquet" / f"{name}.parquet"
    frame = pl.read_parquet(file)
    assert {str(field.type) for field in pq.read_schema(file)} <= PLAIN
    from_arrow = pl.from_arrow(pq.read_table(file))
    assert isinstance(from_arrow, pl.DataFrame)
    assert from_arrow.equals(frame)
    for backend in PANDAS_BACKENDS:
        read = pd.read_parquet(file, dtype_backend=backend)
        assert read.shape == frame.shape
        assert read.isna().sum().to_list() == [frame[column].null_count() for column in frame.columns]
    relation = duckdb.sql(f"SELECT * FROM '{file}'")
    assert relation is not None
    assert relation.fetchall() == frame.rows()


def test_texts_are_never_empty(release: Path) -> None:
    for name in SPECS:
        frame = pl.read_parquet(release / "parquet" / f"{name}.parquet").select(pl.col(pl.String))
        for column in frame.columns:
            assert not (frame[column] == "").any(), f"{name}.{column}"


@pytest.mark.parametrize("name", SPECS)
def test_csv_and_parquet_have_the_same_data(name: str, release: Path) -> None:
    frame = pl.read_parquet(release / "parquet" / f"{name}.parquet")
    copy = pl.read_csv(release / "csv" / f"{name}.csv", schema=frame.schema)
    assert copy.equals(frame)


READ_IN_R = r"""
source(file.path(commandArgs(TRUE)[1], "load.R"), chdir = TRUE)
mart <- read_reviewmart()
for (name in names(mart)) {
  frame <- mart[[name]]
  for (column in names(frame)) {
    values <- frame[[column]]
    label <- attr(values, "label")
    total <- if (is.character(values)) sum(nchar(values, "chars"), na.rm = TRUE)
             else if (inherits(values, "Date")) sum(as.integer(values), na.rm = TRUE)
             else sum(values, na.rm = TRUE)
    cat(name, column, class(values)[1], length(values), sum(is.na(values)), sprintf("%.15g", total), nchar(label) > 0,
        sep = "\t")
    cat("\n")
  }
}
stopifnot(inherits(try(read_reviewmart(tables = "nothing"), silent = TRUE), "try-error"))
"""
R_CLASSES = {
    pl.String: "character",
    pl.Int32: "integer",
    pl.Int64: "numeric",
    pl.Float64: "numeric",
    pl.Boolean: "logical",
    pl.Date: "Date",
}


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_base_r_reads_the_csv_copy_with_the_right_types(locale: str, release: Path, tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed (r-base-core)")
    script = tmp_path / "read.R"
    script.write_text(READ_IN_R, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", str(script), str(release / "csv")],
        env={**os.environ, "LC_ALL": locale},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = {tuple(line.split("\t")[:2]): line.split("\t")[2:] for line in done.stdout.splitlines()}
    for name, table in SPECS.items():
        frame = pl.read_parquet(release / "parquet" / f"{name}.parquet")
        for column in table.columns:
            values = frame[column.name]
            if column.dtype is pl.String:
                total = values.str.len_chars().sum()
            elif column.dtype is pl.Date:
                total = values.cast(pl.Int32).sum()
            else:
                total = values.sum()
            kind, rows, missing, summed, labelled = seen[name, column.name]
            assert (kind, int(rows), int(missing), labelled) == (
                R_CLASSES[column.dtype],
                frame.height,
                values.null_count(),
                "TRUE",
            ), f"{name}.{column.name}"
            assert float(summed) == pytest.approx(float(total), rel=1e-9), f"{name}.{column.name}"


OPEN = """
import sys, duckdb
assert duckdb.__version__.startswith(sys.argv[2]), duckdb.__version__
with duckdb.connect(sys.argv[1], read_only=True) as mart:
    tables = [row[0] for row in mart.execute(
        "SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal "
        "ORDER BY 1").fetchall()]
    for name in tables:
        print(name, mart.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0])
    print(len(mart.execute("SELECT comment FROM duckdb_columns() WHERE comment IS NOT NULL").fetchall()))
"""


@pytest.mark.parametrize("version", ["1.2", "1.5", "2."])
def test_each_supported_duckdb_opens_the_file_read_only(version: str, release: Path) -> None:
    clients = os.environ.get("REVIEWMART_DUCKDB")
    environment = dict(os.environ)
    if version != "2.":
        if not clients or not (Path(clients) / version).is_dir():
            pytest.skip(f"set REVIEWMART_DUCKDB to a folder in which {version}/ is an installation of duckdb {version}")
        environment["PYTHONPATH"] = str(Path(clients) / version)
    file = release / "reviewmart.duckdb"
    command = [sys.executable, "-c", OPEN, str(file), version]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(file), read_only=True) as mart:
        expected = mart.execute(
            "SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal "
            "ORDER BY 1"
        ).fetchall()
        counts = [f"{name} {mart.sql(f'SELECT count(*) FROM {name}').fetchall()[0][0]}" for (name,) in expected]
    *lines, comments = done.stdout.splitlines()
    assert lines == counts
    assert int(comments) > len(SPECS)
