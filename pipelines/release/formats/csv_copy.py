"""The CSV copy of the tables, and `load.R`, which reads it in base R with the right column types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from schemas.tables.base import Spec

R_CLASSES: Mapping[type[pl.DataType], str] = {
    pl.String: "character",
    pl.Int32: "integer",
    pl.Int64: "numeric",
    pl.Float64: "numeric",
    pl.Boolean: "logical",
    pl.Date: "Date",
}

_R_FUNCTION = """\
# Reads the tables in this folder with the right column types; the label of a column is its description.
# Needs base R only. Example:
#   source("load.R", chdir = TRUE)
#   mart <- read_reviewmart()
#   attr(mart$bib_references$year, "label")
#
# If you have a Parquet package, you can read the files in ../parquet instead:
#   arrow::read_parquet("../parquet/bib_references.parquet")
#   nanoparquet::read_parquet("../parquet/bib_references.parquet")

reviewmart_folder <- getwd()

read_reviewmart <- function(folder = reviewmart_folder, tables = names(reviewmart_types)) {
  unknown <- setdiff(tables, names(reviewmart_types))
  if (length(unknown) > 0) {
    stop("no such table: ", paste(unknown, collapse = ", "), "; the tables are ",
         paste(names(reviewmart_types), collapse = ", "))
  }
  sapply(tables, function(table) {
    frame <- read.csv(
      file.path(folder, paste0(table, ".csv")),
      colClasses = reviewmart_types[[table]], na.strings = "", encoding = "UTF-8",
      check.names = FALSE, strip.white = FALSE, fill = FALSE
    )
    for (name in names(frame)) attr(frame[[name]], "label") <- reviewmart_labels[[table]][[name]]
    frame
  }, simplify = FALSE)
}
"""


def write_csv(frame: pl.LazyFrame, table: Spec, path: Path) -> None:
    """Write a table as CSV: UTF-8, separated by commas, NULL as an empty field. Rows are in the order of the key."""
    frame.select([column.name for column in table.columns]).sink_csv(path)


def render_r_loader(tables: Iterable[Spec]) -> str:
    """Render `load.R`, the script that reads the CSV copy."""
    tables = list(tables)
    types = {table.name: {column.name: R_CLASSES[column.dtype] for column in table.columns} for table in tables}
    labels = {table.name: {column.name: column.description for column in table.columns} for table in tables}
    return "\n".join([_R_FUNCTION, _r_list("reviewmart_types", types), _r_list("reviewmart_labels", labels)])


def _r_list(name: str, values: Mapping[str, Mapping[str, str]]) -> str:
    tables = ",\n".join(
        f"  {table} = c(\n" + ",\n".join(f"    {key} = {_r_string(value)}" for key, value in columns.items()) + "\n  )"
        for table, columns in values.items()
    )
    return f"{name} <- list(\n{tables}\n)\n"


def _r_string(value: str) -> str:
    """An R string. Non-ASCII characters are escaped, so that the script can be read in any locale."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isascii() else f"\\u{{{ord(char):x}}}" for char in escaped) + '"'
