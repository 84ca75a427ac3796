"""The tables about the release: the build, the sources left out, the checks that ran, and a dictionary of columns."""

import polars as pl

from schemas.tables import code_lists
from schemas.tables.base import CODE, ReviewTable, TableModel, column, table

SHA256 = r"^[0-9a-f]{64}$"


@table(layer="meta", grain="build of a release", key=("release_id",))
class Builds(TableModel):
    release_id: pl.String = column(
        "Id of the release, derived from inputs, code and vocabularies", str_matches=r"^r[0-9a-f]{12}$"
    )
    schema_version: pl.String = column("Version of the published schema", str_matches=r"^[0-9]+\.[0-9]+\.[0-9]+$")
    code_version: pl.String = column("Version of reviewmart")
    code_sha256: pl.String = column("SHA-256 over the code", str_matches=SHA256)
    vocabularies_sha256: pl.String = column("SHA-256 over the vocabularies", str_matches=SHA256)
    inputs_sha256: pl.String = column("SHA-256 over the sources and their source.toml", str_matches=SHA256)
    is_verbatim: pl.Boolean = column(
        "Whether the release contains the sources' own wording; if not, the columns for it are NULL"
    )
    n_reviews: pl.Int32 = column("Reviews in the release", ge=0)
    n_quarantined: pl.Int32 = column("Sources that could not be read and were left out", ge=0)


@table(layer="meta", grain="source that could not be read and was left out", key=("review_id",))
class QuarantinedSources(ReviewTable):
    source_path: pl.String = column("Path of the source, relative to the folder raw/")
    reason: pl.String = column("The problem, its place and the remedy")


@table(layer="meta", grain="check that ran on the release", key=("check_id",))
class QualityChecks(TableModel):
    check_id: pl.String = column("Id of the check, named after what it protects", str_matches=CODE)
    subject_table: pl.String = column("The table it checks", str_matches=CODE)
    description: pl.String = column("The rule that it checks")
    severity: pl.String = column("Importance of a finding", codes=code_lists.SEVERITIES)
    n_checked: pl.Int64 = column("Rows it checked", ge=0)
    n_findings: pl.Int64 = column("Number of findings", ge=0)
    passed: pl.Boolean = column("Whether it found nothing, or no more than it tolerates")
    message: pl.String = column("The first findings in words; NULL without findings", nullable=True, verbatim=True)


@table(layer="meta", grain="column of a published table", key=("table_name", "column_name"))
class Codebook(TableModel):
    table_name: pl.String = column("The table", str_matches=CODE)
    column_name: pl.String = column("The column", str_matches=CODE)
    position: pl.Int32 = column("Position in the table, from 1", ge=1)
    column_type: pl.String = column("SQL type")
    description: pl.String = column("Meaning of the column")
    unit: pl.String = column("Unit of measurement", nullable=True)
    vocabulary: pl.String = column("Concept scheme of its codes", nullable=True)
    is_nullable: pl.Boolean = column("Whether it may be NULL")
    is_key: pl.Boolean = column("Whether it is part of the primary key")
    references_table: pl.String = column("The table that a foreign key on it refers to", nullable=True)


@table(
    layer="meta", grain="code of a closed list, and column that may hold it", key=("table_name", "column_name", "code")
)
class Codes(TableModel):
    table_name: pl.String = column("The table", str_matches=CODE)
    column_name: pl.String = column("The column", str_matches=CODE)
    code: pl.String = column("The code")
    position: pl.Int32 = column("Position in the list, from 1", ge=1)
    meaning: pl.String = column("Meaning of the code")
