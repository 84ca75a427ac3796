"""The analysis tables: counts over the extracted and curated tables, each share beside the counts it is made from.

Everything is counted within a review. To combine several reviews, sum the counts and divide again; never average the
shares. Shares are proportions from 0 to 1. Lists of references are text ('3; 17; 42') for reading; each has a bridge
table for joins.
"""

from typing import Any

import polars as pl

from schemas.tables.base import CODE, ForeignKey, ReviewTable, column, table
from schemas.tables.extracted import TO_REFERENCE, TO_REVIEW

REF_LIST = r"^[0-9]+(; [0-9]+)*$"


def _count(description: str) -> Any:
    return column(description, ge=0)


def _share(description: str) -> Any:
    return column(description, nullable=True, ge=0, le=1, unit="proportion")


@table(
    layer="analysis",
    grain="year, modality and study design",
    note=(
        "Counts the references of that year whose title names the modality and whose words state the design. Each "
        "pair of modality and design that occurs in the review has a row for every year from its oldest to its newest "
        "reference, with n = 0 for years without one. A reference that names two modalities counts in two rows, so n "
        "does not add up to n_total. References without a year are left out. The numbers show what the review chose "
        "to cite, not what was published."
    ),
    key=("review_id", "year", "modality_group_id", "design_id"),
    foreign_keys=(TO_REVIEW,),
    column_sources={
        "review_id": "bib_references.review_id",
        "year": "bib_references.year",
        "modality_group_id": "reference_topics.concept_id concepts.parent_id concepts.level",
        "design_id": "reference_designs.design_id reference_designs.basis",
        "n share": "bib_references.year reference_topics.concept_id reference_designs.design_id",
        "n_total": "bib_references.year",
    },
)
class PublicationTrends(ReviewTable):
    year: pl.Int32 = column("Year of publication of the references", unit="year", ge=1500, le=2100)
    modality_group_id: pl.String = column(
        "The level-1 concept of the scheme modality that the title names; not_stated if it names none",
        str_matches=CODE,
    )
    design_id: pl.String = column(
        "The design stated in words about the reference (inferred designs do not count); not_stated without one",
        vocabulary="evidence",
        str_matches=CODE,
    )
    n: pl.Int32 = _count("References of this year, modality and design")
    n_total: pl.Int32 = _count("References of this year, of every modality and design, each counted once")
    share: pl.Float64 = _share("n / n_total; NULL for a year without references")


@table(
    layer="analysis",
    grain="year and modality",
    note=(
        "The table has all levels of the scheme: filter on level before summing. A broad modality counts what is "
        "coded to it or to a narrower one, once. Every modality that occurs in the review has a row for every year "
        "from the review's oldest to its newest reference or study, with zeros. A title need not name the treatment, "
        "so the references of a modality are a lower bound."
    ),
    key=("review_id", "year", "modality_id"),
    foreign_keys=(TO_REVIEW,),
    column_sources={
        "review_id": "bib_references.review_id studies.review_id",
        "year": "bib_references.year studies.year",
        "modality_id": "reference_topics.concept_id study_modalities.concept_id concepts.parent_id",
        "level": "concepts.level",
        "n_references share_references": "bib_references.year reference_topics.concept_id",
        "n_references_total": "bib_references.year",
        "n_studies share_studies": "studies.year study_modalities.concept_id study_modalities.role",
        "n_studies_total": "studies.year bib_references.year",
    },
)
class ModalityTrends(ReviewTable):
    year: pl.Int32 = column(
        "Year of publication of the reference; for a study without a dated reference, the year in its label",
        unit="year",
        ge=1500,
        le=2100,
    )
    modality_id: pl.String = column("The modality", vocabulary="modality", str_matches=CODE)
    level: pl.Int32 = column("Depth of the modality in its scheme, 1 at the top", ge=1)
    n_references: pl.Int32 = _count("References of this year whose title names the modality")
    n_references_total: pl.Int32 = _count("References of this year")
    share_references: pl.Float64 = _share("n_references / n_references_total; NULL for a year without references")
    n_studies: pl.Int32 = _count(
        "Rows of evidence tables of this year that report the modality, in any role except comparator"
    )
    n_studies_total: pl.Int32 = _count("Rows of evidence tables of this year, coded or not")
    share_studies: pl.Float64 = _share("n_studies / n_studies_total; NULL for a year without studies")


@table(
    layer="analysis",
    grain="modality, outcome and direction of effect",
    note=(
        "Counts what the rows of the review's evidence tables claim. It counts statements as the review reports them, "
        "not effects, patients or quality. A direction is counted as the review words it, so a review that cites "
        "favourable results makes a favourable map. The bridge table is claim_modalities."
    ),
    key=("review_id", "modality_id", "outcome_id", "direction"),
    foreign_keys=(TO_REVIEW,),
    column_sources={
        "review_id": "claims.review_id",
        "modality_id": "claim_modalities.modality_id",
        "modality_group_id": "claim_modalities.modality_group_id",
        "outcome_id": "claims.outcome_id",
        "direction": "claims.direction",
        "n_claims n_claims_total share": "claims.claim_id",
        "n_hedged": "claims.is_hedged",
        "n_favourable n_unfavourable": "claims.polarity",
        "n_studies": "claims.table_no claims.row_no",
        "n_references ref_nos": "claims.ref_no",
        "n_design_stated": "reference_designs.design_id reference_designs.basis",
        "strongest_level": "reference_designs.ocebm_level reference_designs.basis",
        "strongest_designs": "reference_designs.design_id reference_designs.ocebm_level reference_designs.basis",
    },
)
class EvidenceMap(ReviewTable):
    modality_id: pl.String = column("The modality as coded; not_stated if the claim has none", str_matches=CODE)
    modality_group_id: pl.String = column("Its level-1 concept, or not_stated", str_matches=CODE)
    outcome_id: pl.String = column("The outcome", vocabulary="outcome", str_matches=CODE)
    direction: pl.String = column("The direction of the effect", vocabulary="direction", str_matches=CODE)
    n_claims: pl.Int32 = column("Claims of this modality, outcome and direction", ge=1)
    n_claims_total: pl.Int32 = column("Claims of this modality and outcome, in every direction", ge=1)
    share: pl.Float64 = _share("n_claims / n_claims_total")
    n_hedged: pl.Int32 = _count("Claims among n_claims that are hedged (could, might, promising)")
    n_favourable: pl.Int32 = _count("Claims among n_claims that are favourable for the patient")
    n_unfavourable: pl.Int32 = _count("Claims among n_claims that are unfavourable for the patient")
    n_studies: pl.Int32 = column("Rows of evidence tables that make these claims", ge=1)
    n_references: pl.Int32 = _count(
        "References of those rows; fewer than n_studies if rows share a reference or cite none"
    )
    ref_nos: pl.String = column("Those references, in ascending order", nullable=True, str_matches=REF_LIST)
    n_design_stated: pl.Int32 = _count("References among n_references whose study design is stated")
    strongest_level: pl.Int32 = column(
        "Strongest OCEBM 2011 level among the stated designs (1 is the strongest); NULL if none has a level. It ranks "
        "designs by name and says nothing about how well a study was done",
        nullable=True,
        ge=1,
        le=5,
    )
    strongest_designs: pl.String = column(
        "The stated designs of that level, in alphabetical order, joined by '; '", nullable=True
    )


@table(
    layer="analysis",
    grain="reference, cited or not",
    note=(
        "Shows how the review uses each entry of its reference list. A mention is a marker that points at the "
        "reference, ranges expanded; a group is a marker that points at more than one reference. Mentions measure "
        "use, not influence or agreement."
    ),
    key=("review_id", "ref_no"),
    foreign_keys=(TO_REFERENCE, ForeignKey(("review_id", "first_section_id"), "sections", ("review_id", "section_id"))),
    column_sources={
        "review_id": "bib_references.review_id",
        "ref_no": "bib_references.ref_no",
        "n_mentions n_mentions_total share_mentions": "citation_mentions.ref_no",
        "n_mentions_prose n_mentions_table": "citation_mentions.ref_no citation_markers.context",
        "n_mentions_alone only_in_groups smallest_group": "citation_mentions.ref_no citation_markers.n_refs",
        "n_mentions_alone_prose only_in_groups_prose": (
            "citation_mentions.ref_no citation_markers.n_refs citation_markers.context"
        ),
        "n_sentences": "citation_mentions.ref_no citation_markers.sentence_id",
        "n_sections first_section_id": "citation_mentions.ref_no citation_markers.section_id",
        "first_section": "citation_markers.section_id sections.heading",
        "n_table_rows has_table_row": "citation_mentions.ref_no citation_markers.table_no citation_markers.row_no",
        "n_study_rows has_study_row": (
            "citation_mentions.ref_no citation_markers.row_no studies.table_no studies.row_no"
        ),
    },
)
class ReferenceUsage(ReviewTable):
    ref_no: pl.Int32 = column("The reference", ge=1)
    n_mentions: pl.Int32 = _count("Mentions in prose and in tables")
    n_mentions_total: pl.Int32 = _count("Mentions of all references of the review")
    share_mentions: pl.Float64 = _share("n_mentions / n_mentions_total; NULL for a review without mentions")
    n_mentions_prose: pl.Int32 = _count("Mentions in prose")
    n_mentions_table: pl.Int32 = _count("Mentions in tables")
    n_mentions_alone: pl.Int32 = _count("Mentions by a marker that points at this reference only")
    n_mentions_alone_prose: pl.Int32 = _count("Mentions in prose by a marker that points at this reference only")
    n_sentences: pl.Int32 = _count("Sentences that mention it")
    n_sections: pl.Int32 = _count("Sections whose prose mentions it, subsections counted separately")
    first_section_id: pl.Int32 = column("Section of its first mention in prose", nullable=True, ge=1)
    first_section: pl.String = column("Heading of that section as printed", nullable=True)
    smallest_group: pl.Int32 = column(
        "References in the smallest marker that mentions it; NULL if it is never mentioned", nullable=True, ge=1
    )
    only_in_groups: pl.Boolean = column(
        "Whether every mention, in prose and tables, is in a group; NULL if it is never mentioned", nullable=True
    )
    only_in_groups_prose: pl.Boolean = column(
        "Whether every mention in prose is in a group, ignoring tables (a sign, not proof, of perfunctory citation); "
        "NULL if it is never mentioned in prose",
        nullable=True,
    )
    n_table_rows: pl.Int32 = _count("Rows of any table that mention it")
    n_study_rows: pl.Int32 = _count("Rows of evidence tables that mention it")
    has_table_row: pl.Boolean = column("Whether a row of any table mentions it")
    has_study_row: pl.Boolean = column("Whether a row of an evidence table mentions it")


@table(
    layer="analysis",
    grain="review",
    note=(
        "Shows how old the references were when the review was published. Age is the review's year minus the "
        "reference's, in whole years, so an age of 1 may be one month. Old references do not make a review outdated: "
        "it may cover the whole history of its field."
    ),
    key=("review_id",),
    foreign_keys=(TO_REVIEW,),
    column_sources={
        "review_id": "reviews.review_id",
        "publication_year": "reviews.publication_year",
        "n_references": "bib_references.ref_no",
        "n_dated oldest_year newest_year": "bib_references.year",
        "median_age mean_age n_after_publication": "bib_references.year reviews.publication_year",
        "n_within_5_years price_index": "bib_references.year reviews.publication_year",
        "n_within_10_years share_within_10_years": "bib_references.year reviews.publication_year",
    },
)
class ReviewCurrency(ReviewTable):
    publication_year: pl.Int32 = column(
        "Year of the review's publication, from which ages are counted; if it is NULL, so are the ages",
        nullable=True,
        unit="year",
        ge=1500,
        le=2100,
    )
    n_references: pl.Int32 = _count("References of the review")
    n_dated: pl.Int32 = _count("References with a year: the base of every share in this table")
    oldest_year: pl.Int32 = column("Year of the oldest reference", nullable=True, unit="year", ge=1500, le=2100)
    newest_year: pl.Int32 = column("Year of the newest reference", nullable=True, unit="year", ge=1500, le=2100)
    median_age: pl.Float64 = column(
        "Median age: the citing half-life (Burton and Kebler 1960), without interpolation within a year",
        nullable=True,
        unit="year",
    )
    mean_age: pl.Float64 = column("Mean age", nullable=True, unit="year")
    n_within_5_years: pl.Int32 = column("References with an age of at most 5 years", nullable=True, ge=0)
    price_index: pl.Float64 = _share("Price index (Price 1970): n_within_5_years / n_dated")
    n_within_10_years: pl.Int32 = column("References with an age of at most 10 years", nullable=True, ge=0)
    share_within_10_years: pl.Float64 = _share("n_within_10_years / n_dated")
    n_after_publication: pl.Int32 = column(
        "References dated after the review's year; they also count as within 5 and 10 years", nullable=True, ge=0
    )


@table(
    layer="analysis",
    grain="journal that the review cites",
    note=(
        "A journal that the vocabulary does not list is counted by its printed name: two spellings of one journal "
        "count as two, and different journals are never merged."
    ),
    key=("review_id", "journal"),
    foreign_keys=(TO_REVIEW, ForeignKey(("journal_id",), "journals")),
    column_sources={
        "review_id": "bib_references.review_id",
        "journal": "journals.abbreviation bib_references.journal_raw bib_references.journal_id",
        "journal_id": "bib_references.journal_id",
        "n n_total rank share": "bib_references.journal_id bib_references.journal_raw",
        "n_mentions": "citation_mentions.ref_no",
        "first_year last_year": "bib_references.year",
    },
)
class JournalRanking(ReviewTable):
    journal: pl.String = column(
        "Title abbreviation of the journal; as printed if the vocabulary does not list it",
        str_length={"min_value": 1},
    )
    journal_id: pl.String = column(
        "The journal, if it is known", nullable=True, vocabulary="journals", str_matches=CODE
    )
    rank: pl.Int32 = column("Rank by n, 1 for the most cited; journals with the same n share a rank", ge=1)
    n: pl.Int32 = column("References to the journal", ge=1)
    n_total: pl.Int32 = column("References of the review that name a journal, book or site", ge=1)
    share: pl.Float64 = _share("n / n_total")
    n_mentions: pl.Int32 = _count("Mentions of those references in prose and in tables")
    first_year: pl.Int32 = column("Year of the oldest of them", nullable=True, unit="year", ge=1500, le=2100)
    last_year: pl.Int32 = column("Year of the newest of them", nullable=True, unit="year", ge=1500, le=2100)
