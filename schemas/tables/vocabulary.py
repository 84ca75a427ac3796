"""The vocabulary tables: the concept schemes that codes come from, and the journals. All reviews share them."""

import polars as pl

from schemas.tables import code_lists
from schemas.tables.base import CODE, ForeignKey, TableModel, column, table

ISSN = r"^[0-9]{4}-[0-9]{3}[0-9X]$"
NLM_ID = r"^\w+$"

TO_CONCEPT = ForeignKey(("scheme", "concept_id"), "concepts")


@table(
    layer="vocabulary",
    grain="concept of a scheme",
    key=("scheme", "concept_id"),
    foreign_keys=(ForeignKey(("scheme", "parent_id"), "concepts", ("scheme", "concept_id")),),
)
class Concepts(TableModel):
    scheme: pl.String = column("The concept scheme", codes=code_lists.schemes_as_codes())
    concept_id: pl.String = column("The concept's id within its scheme", str_matches=CODE)
    pref_label: pl.String = column("Preferred label", str_length={"min_value": 1})
    parent_id: pl.String = column("The broader concept", nullable=True, str_matches=CODE)
    level: pl.Int32 = column("Depth in the scheme, 1 at the top", ge=1)
    definition: pl.String = column("Meaning of the concept", nullable=True)
    scope_note: pl.String = column("When to use it and when not", nullable=True)


@table(
    layer="vocabulary",
    grain="label of a concept",
    key=("scheme", "concept_id", "label"),
    foreign_keys=(TO_CONCEPT,),
)
class ConceptLabels(TableModel):
    scheme: pl.String = column("The concept scheme", codes=code_lists.schemes_as_codes())
    concept_id: pl.String = column("The concept", str_matches=CODE)
    label: pl.String = column("Words of the label", str_length={"min_value": 1})
    label_type: pl.String = column("Kind of label", codes=code_lists.LABEL_TYPES)


@table(
    layer="vocabulary",
    grain="mapping of a concept to a published vocabulary",
    key=("scheme", "concept_id", "predicate", "object_id"),
    foreign_keys=(TO_CONCEPT,),
)
class ConceptMappings(TableModel):
    scheme: pl.String = column("The concept scheme", codes=code_lists.schemes_as_codes())
    concept_id: pl.String = column("The concept", str_matches=CODE)
    predicate: pl.String = column("SKOS mapping property", codes=code_lists.MAPPING_PREDICATES)
    object_id: pl.String = column(
        "The concept it is mapped to, as a CURIE: mesh:, ncit:, comet:, ocebm: or drugbank:",
        str_matches=r"^(mesh:[DQ][0-9]{6,9}|ncit:C[0-9]+|comet:[0-9]{1,2}|drugbank:DB[0-9]{5}|ocebm:[\w.]+)$",
    )
    object_label: pl.String = column("Label of that concept in the published vocabulary", nullable=True)
    justification: pl.String = column("How the mapping was made, as a SEMAPV term", str_matches=r"^semapv:\w+$")


@table(
    layer="vocabulary",
    grain="journal that a review or a reference names",
    note="From the curated list, and from NLM's list of journals of October 2025 (J_Medline).",
    key=("journal_id",),
)
class Journals(TableModel):
    journal_id: pl.String = column("Id of the journal", str_matches=CODE)
    abbreviation: pl.String = column("Title abbreviation of the NLM Catalog", str_length={"min_value": 1})
    title: pl.String = column("Full title in the NLM Catalog", str_length={"min_value": 1})
    issn_print: pl.String = column("ISSN of the print edition", nullable=True, str_matches=ISSN)
    issn_online: pl.String = column("ISSN of the online edition", nullable=True, str_matches=ISSN)
    nlm_id: pl.String = column("NLM Unique ID", nullable=True, str_matches=NLM_ID)
    source: pl.String = column("The list that the journal is from", codes=code_lists.JOURNAL_SOURCES)
