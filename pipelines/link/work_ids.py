"""The id of each work, from its strongest identifier, so that it stays when reviews are added.

Takes records with the group of their work; ids are hashes, so they have one shape whatever they are derived from.
"""

from __future__ import annotations

from hashlib import sha256

import polars as pl

_IDENTITIES: dict[str, tuple[str, ...]] = {
    "doi": ("doi",),
    "pmid": ("pmid",),
    "title": ("title", "year", "author"),
    "place": ("journal", "volume", "page", "year", "author"),
}
"""What an id is derived from, the strongest first; a work without the first field of one has the next."""


def name_works(grouped: pl.DataFrame) -> pl.DataFrame:
    """One row per work: `group_no` and `work_id`.

    `grouped` has the fields of `work_records` and `group_no`. Of each kind of identity the work has the one that most
    of its records print. If two works have the same (a wrong DOI), it is that of the work with more records, and the
    other one has its next; a work without any is named after its first record.
    """
    records = grouped.with_columns(record=pl.concat_str("review_id", pl.col("ref_no").cast(pl.String), separator="/"))
    candidates = pl.concat(
        [
            _most_printed(records, fields).select(
                "group_no", "n", "first_record", rank=pl.lit(rank), identity=pl.format(f"{kind}:{{}}", "identity")
            )
            for rank, (kind, fields) in enumerate(_IDENTITIES.items())
        ]
        + [
            records.group_by("group_no")
            .agg(first_record=pl.col("record").min(), n=pl.len())
            .select(
                "group_no",
                "n",
                "first_record",
                rank=pl.lit(len(_IDENTITIES)),
                identity=pl.format("record:{}", "first_record"),
            )
        ]
    )
    named = (
        candidates.sort("identity", "n", "first_record", descending=[False, True, False])
        .unique("identity", keep="first", maintain_order=True)
        .sort("group_no", "rank")
        .unique("group_no", keep="first", maintain_order=True)
    )
    return named.select(
        "group_no",
        work_id=pl.Series(
            [f"w_{sha256(identity.encode()).hexdigest()[:16]}" for identity in named["identity"]], dtype=pl.String
        ),
    )


def _most_printed(records: pl.DataFrame, fields: tuple[str, ...]) -> pl.DataFrame:
    """Per work the value of `fields` that most of its records print: group_no, identity, n, first_record."""
    identity = pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in fields], separator="|")
    return (
        records.drop_nulls(fields[0])
        .with_columns(identity=identity)
        .group_by("group_no", "identity")
        .agg(n=pl.len(), first_record=pl.col("record").min())
        .sort("group_no", "n", "identity", descending=[False, True, False])
        .unique("group_no", keep="first", maintain_order=True)
    )
