"""The references of a release that a user's query selects, for exports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.release.database import connect_duckdb
from pipelines.release.files import DATABASE

ALL_REFERENCES = "SELECT review_id, ref_no FROM bib_references"


class SelectionError(ValueError):
    """References cannot be selected or exported; the message says why and what to change."""


@contextmanager
def open_selection(release: Path, select: str = ALL_REFERENCES) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database of a release for reading, with the references that `select` returns in the table `selected`.

    `select` is a query that returns review_id and ref_no. Raises SelectionError if it fails, lacks these columns or
    selects no reference, or if the release has no database.
    """
    database = release / DATABASE
    if not database.is_file():
        raise SelectionError(f"{database}: missing; name the folder of a release")
    with connect_duckdb(database) as connection:
        try:
            connection.execute(f"CREATE TEMP TABLE selected AS SELECT review_id, ref_no FROM ({select.rstrip(' ;')}\n)")
        except duckdb.Error as error:
            raise SelectionError(
                f"{error}\nThe query must return review_id and ref_no, such as: {ALL_REFERENCES}"
            ) from error
        if not connection.execute(
            "FROM bib_references SEMI JOIN selected USING (review_id, ref_no) LIMIT 1"
        ).fetchone():
            raise SelectionError(f"No reference is selected by: {select}")
        yield connection
