"""The tables about the data itself: sources, build, the checks that ran, and the dictionary of all columns."""

import polars as pl

from schemas.tables.base import CODE, OfReview, Table, column, table

SHA256 = r"^[0-9a-f]{64}$"


@table(layer="meta", grain="a build of a release", key=("release_id",))
class Builds(Table):
    release_id: pl.String = column(
        "The release; derived from inputs, code and vocabularies", str_matches=r"^r[0-9a-f]{12}$"
    )
    schema_version: pl.String = column("Version of the published schema", str_matches=r"^[0-9]+\.[0-9]+\.[0-9]+$")
    code_version: pl.String = column("Version of reviewmart")
    code_sha256: pl.String = column("SHA-256 over the code", str_matches=SHA256)
    vocabularies_sha256: pl.String = column("SHA-256 over the vocabularies", str_matches=SHA256)
    inputs_sha256: pl.String = column("SHA-256 over the sources and what source.toml says of them", str_matches=SHA256)
    is_verbatim: pl.Boolean = column(
        "Whether the release holds the sources' own wording; where not, the columns for it are NULL"
    )
    n_reviews: pl.Int32 = column("Reviews in the release", ge=0)
    n_quarantined: pl.Int32 = column("Sources that could not be read and are left out", ge=0)


@table(layer="meta", grain="a source that could not be read and is left out", key=("review_id",))
class QuarantinedSources(OfReview):
    source_path: pl.String = column("The source, relative to the folder raw/ it stands in")
    reason: pl.String = column("What is wrong, where, and what to do")


@table(layer="meta", grain="a check that ran over the release", key=("check_id",))
class QualityChecks(Table):
    check_id: pl.String = column("The check, named for what it guards", str_matches=CODE)
    subject_table: pl.String = column("The table it looks at", str_matches=CODE)
    description: pl.String = column("What it looks for")
    severity: pl.String = column("error stops a release; warning and info show", isin=["info", "warning", "error"])
    n_checked: pl.Int64 = column("Rows it looked at", ge=0)
    n_findings: pl.Int64 = column("Rows it found fault with", ge=0)
    passed: pl.Boolean = column("Whether it found nothing, or no more than it lets pass")
    message: pl.String = column(
        "What it found, the first of it; NULL where it found nothing", nullable=True, verbatim=True
    )


@table(layer="meta", grain="a column of a published table", key=("table_name", "column_name"))
class Codebook(Table):
    table_name: pl.String = column("The table", str_matches=CODE)
    column_name: pl.String = column("The column", str_matches=CODE)
    ordinal: pl.Int32 = column("Place in the table, from 1", ge=1)
    column_type: pl.String = column("SQL type")
    description: pl.String = column("What the column means")
    unit: pl.String = column("Unit of measurement", nullable=True)
    vocabulary: pl.String = column("The concept scheme its codes come from", nullable=True)
    is_nullable: pl.Boolean = column("Whether it may be NULL")
    is_key: pl.Boolean = column("Whether it belongs to the primary key")
    references_table: pl.String = column("The table a foreign key over it points at", nullable=True)
