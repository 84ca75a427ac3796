"""The analysis tables: counts over the extracted and curated tables, each share beside the counts it is made of.

Every table is counted within a review; over several reviews, sum the counts and divide again, never average the shares.
A share is a proportion from 0 to 1. Lists of references stand as text ('3; 17; 42') for reading; for joining there is a
bridge table. What a number cannot say stands in the grain or in the column's description.
"""

from typing import Any

import polars as pl

from schemas.tables.base import CODE, ForeignKey, OfReview, column, table
from schemas.tables.extracted import TO_REFERENCE, TO_REVIEW

REF_LIST = r"^[0-9]+(; [0-9]+)*$"


def _count(description: str) -> Any:
    return column(description, ge=0)


def _share(description: str) -> Any:
    return column(description, nullable=True, ge=0, le=1, unit="proportion")


@table(
    layer="analysis",
    grain=(
        "a year, a modality and a study design: the references of that year whose title names the modality and whose "
        "words state the design. Each pair of modality and design that occurs in the review has a row for every year "
        "between its oldest and its newest reference, with n = 0 where there is none. A reference that names two "
        "modalities counts in two rows, so n does not add up to n_total; references without a year are left out. The "
        "numbers show what the review chose to cite, not what was published"
    ),
    key=("review_id", "year", "modality_id", "design_id"),
    foreign_keys=(TO_REVIEW,),
)
class PublicationTrends(OfReview):
    year: pl.Int32 = column("Year of publication of the references", unit="year", ge=1500, le=2100)
    modality_id: pl.String = column(
        "A level-1 concept of the scheme modality that the title names, or not_stated where it names none",
        str_matches=CODE,
    )
    design_id: pl.String = column(
        "The design that the words on the reference state (an inferred one is not counted), or not_stated",
        vocabulary="evidence",
        str_matches=CODE,
    )
    n: pl.Int32 = _count("References of this year, modality and design")
    n_total: pl.Int32 = _count("References of this year, of every modality and design, each counted once")
    share: pl.Float64 = _share("n / n_total; NULL in a year without references")


@table(
    layer="analysis",
    grain=(
        "a year and a modality, for both levels of the scheme: filter on level before adding up. A broad modality "
        "counts what is coded to it or to a narrower one, once. Every modality that occurs in the review has a row for "
        "every year between its oldest and its newest reference or study, with zeros. A title need not name the "
        "treatment, so the references of a modality are a lower bound"
    ),
    key=("review_id", "year", "modality_id"),
    foreign_keys=(TO_REVIEW,),
)
class ModalityTrends(OfReview):
    year: pl.Int32 = column(
        "Year of publication of the reference; of a study without one, the year its label names",
        unit="year",
        ge=1500,
        le=2100,
    )
    modality_id: pl.String = column("The modality", vocabulary="modality", str_matches=CODE)
    level: pl.Int32 = column("Depth of the modality in its scheme, 1 at the top", ge=1)
    n_references: pl.Int32 = _count("References of this year whose title names the modality")
    n_references_total: pl.Int32 = _count("References of this year")
    share_references: pl.Float64 = _share("n_references / n_references_total; NULL in a year without references")
    n_studies: pl.Int32 = _count(
        "Rows of evidence tables of this year that report the modality, in any role but that of a comparator"
    )
    n_studies_total: pl.Int32 = _count("Rows of evidence tables of this year, coded or not")
    share_studies: pl.Float64 = _share("n_studies / n_studies_total; NULL in a year without studies")


@table(
    layer="analysis",
    grain=(
        "a modality, an outcome and a direction of effect: what the rows of the review's evidence tables claim. It "
        "counts statements as the review reports them, not effects, patients or quality; its bridge is "
        "claim_modalities. A direction is counted as the review words it, so a review that cites favourable results "
        "makes a favourable map"
    ),
    key=("review_id", "modality_id", "outcome_id", "direction"),
    foreign_keys=(TO_REVIEW,),
)
class EvidenceMap(OfReview):
    modality_id: pl.String = column(
        "The modality as coded, or not_stated where the study is coded to none", str_matches=CODE
    )
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
    n_references: pl.Int32 = _count("References of those rows; fewer than n_studies where rows share one or cite none")
    ref_nos: pl.String = column("Those references, in ascending order", nullable=True, str_matches=REF_LIST)
    n_design_stated: pl.Int32 = _count("References among n_references whose words state a study design")
    strongest_level: pl.Int32 = column(
        "Strongest OCEBM 2011 level among the stated designs, 1 being the strongest; NULL where none carries a level. "
        "It ranks designs by name and knows nothing of how well a study was done",
        nullable=True,
        ge=1,
        le=5,
    )
    strongest_designs: pl.String = column(
        "The stated designs of that level, in alphabetical order, joined by '; '", nullable=True
    )


@table(
    layer="analysis",
    grain=(
        "an entry of the reference list, cited or not, and how the review uses it. A mention is a marker that points "
        "at the reference, ranges expanded; a group is a marker that points at more than one. Mentions measure use, "
        "not influence or agreement"
    ),
    key=("review_id", "ref_no"),
    foreign_keys=(TO_REFERENCE, ForeignKey(("review_id", "first_section_id"), "sections", ("review_id", "section_id"))),
)
class ReferenceUsage(OfReview):
    ref_no: pl.Int32 = column("The reference", ge=1)
    n_mentions: pl.Int32 = _count("Mentions in prose and in tables")
    n_mentions_total: pl.Int32 = _count("Mentions of all references of the review")
    share_mentions: pl.Float64 = _share("n_mentions / n_mentions_total; NULL in a review without mentions")
    n_mentions_prose: pl.Int32 = _count("Mentions in prose")
    n_mentions_table: pl.Int32 = _count("Mentions in tables")
    n_mentions_alone: pl.Int32 = _count("Mentions by a marker that points at this reference only")
    n_mentions_alone_prose: pl.Int32 = _count("Mentions in prose by a marker that points at this reference only")
    n_sentences: pl.Int32 = _count("Sentences that mention it")
    n_sections: pl.Int32 = _count("Sections whose own prose mentions it")
    first_section_id: pl.Int32 = column("Section of its first mention in prose", nullable=True, ge=1)
    first_section: pl.String = column("Heading of that section as printed", nullable=True)
    smallest_group: pl.Int32 = column(
        "References in the smallest marker that mentions it; NULL where it is never mentioned", nullable=True, ge=1
    )
    only_in_groups: pl.Boolean = column(
        "Whether every mention, in prose and tables, is in a group; NULL where it is never mentioned", nullable=True
    )
    only_in_groups_prose: pl.Boolean = column(
        "Whether every mention in prose is in a group, tables left aside (a sign of perfunctory citation, no proof); "
        "NULL where it is never mentioned in prose",
        nullable=True,
    )
    n_table_rows: pl.Int32 = _count("Rows of any table that mention it")
    n_study_rows: pl.Int32 = _count("Rows of evidence tables that mention it")
    has_table_row: pl.Boolean = column("Whether a row of any table mentions it")
    has_study_row: pl.Boolean = column("Whether a row of an evidence table mentions it")


@table(
    layer="analysis",
    grain=(
        "a review: how old its references were when it was published. Age is the review's year less the reference's, "
        "in whole years, so an age of 1 may be a month. An old reference list may be a young field's whole history"
    ),
    key=("review_id",),
    foreign_keys=(TO_REVIEW,),
)
class ReviewCurrency(OfReview):
    publication_year: pl.Int32 = column(
        "Year of the review's publication, from which ages are counted; where it is NULL, so are they",
        nullable=True,
        unit="year",
        ge=1500,
        le=2100,
    )
    n_references: pl.Int32 = _count("References of the review")
    n_dated: pl.Int32 = _count("References with a year: the base of every share here")
    oldest_year: pl.Int32 = column("Year of the oldest reference", nullable=True, unit="year", ge=1500, le=2100)
    newest_year: pl.Int32 = column("Year of the newest reference", nullable=True, unit="year", ge=1500, le=2100)
    median_age: pl.Float64 = column(
        "Median age: the citing half-life (Burton and Kebler 1960), without interpolation within a year",
        nullable=True,
        unit="year",
    )
    mean_age: pl.Float64 = column("Mean age", nullable=True, unit="year")
    n_within_5_years: pl.Int32 = column("References of an age of at most 5 years", nullable=True, ge=0)
    price_index: pl.Float64 = _share("Price index (Price 1970): n_within_5_years / n_dated")
    n_within_10_years: pl.Int32 = column("References of an age of at most 10 years", nullable=True, ge=0)
    share_within_10_years: pl.Float64 = _share("n_within_10_years / n_dated")
    n_after_publication: pl.Int32 = column(
        "References dated after the review's year, counted within 5 and 10 years too", nullable=True, ge=0
    )


@table(
    layer="analysis",
    grain=(
        "a journal that the review cites. A journal that the vocabulary does not know is counted by its name as "
        "printed: two spellings of one are two journals, and two journals are never one"
    ),
    key=("review_id", "journal"),
    foreign_keys=(TO_REVIEW, ForeignKey(("journal_id",), "journals")),
)
class JournalRanking(OfReview):
    journal: pl.String = column(
        "Title abbreviation of the journal; as printed where the vocabulary does not know it",
        str_length={"min_value": 1},
    )
    journal_id: pl.String = column(
        "The journal, where the vocabulary knows it", nullable=True, vocabulary="journals", str_matches=CODE
    )
    rank: pl.Int32 = column("Rank by n, 1 for the most cited; journals with as many share one", ge=1)
    n: pl.Int32 = column("References to the journal", ge=1)
    n_total: pl.Int32 = column("References of the review that name a journal, book or site", ge=1)
    share: pl.Float64 = _share("n / n_total")
    n_mentions: pl.Int32 = _count("Mentions of those references in prose and in tables")
    first_year: pl.Int32 = column("Year of the oldest of them", nullable=True, unit="year", ge=1500, le=2100)
    last_year: pl.Int32 = column("Year of the newest of them", nullable=True, unit="year", ge=1500, le=2100)


@table(
    layer="analysis",
    grain=(
        "two references that one marker or one sentence of the review cites together (co-citation after Small 1973, "
        "at the distance of a marker and of a sentence). A marker or sentence that cites more than 200 references is "
        "left out: it lists and does not relate"
    ),
    key=("review_id", "ref_no_a", "ref_no_b"),
    foreign_keys=(
        ForeignKey(("review_id", "ref_no_a"), "bib_references", ("review_id", "ref_no")),
        ForeignKey(("review_id", "ref_no_b"), "bib_references", ("review_id", "ref_no")),
    ),
)
class Cocitations(OfReview):
    ref_no_a: pl.Int32 = column("The reference with the lower number", ge=1)
    ref_no_b: pl.Int32 = column("The reference with the higher number", ge=1)
    n_markers_prose: pl.Int32 = _count("Markers in prose that cite both")
    n_markers_table: pl.Int32 = _count("Markers in tables that cite both")
    n_sentences: pl.Int32 = _count("Sentences that cite both, by one marker or by several")
    n_sentences_either: pl.Int32 = _count("Sentences that cite the one or the other: the base of jaccard")
    jaccard: pl.Float64 = _share("n_sentences / n_sentences_either; NULL where no sentence cites either")


@table(
    layer="analysis",
    grain=(
        "two authors listed on one reference. A lower bound: reference lists cut author lists off ('et al.'), so most "
        "co-authors are not there to be counted. Authors are told apart by surname, initials and suffix as printed: "
        "two people of one name are one here, and one person in two spellings is two. A reference that lists more "
        "than 200 authors is left out"
    ),
    key=("review_id", "author_a", "author_b"),
    foreign_keys=(TO_REVIEW,),
)
class Coauthorships(OfReview):
    author_a: pl.String = column("The author first in alphabetical order", str_length={"min_value": 1})
    author_b: pl.String = column("The other author", str_length={"min_value": 1})
    n_references: pl.Int32 = column("References that list both", ge=1)
    n_truncated: pl.Int32 = _count("References among them whose author list is cut off")
    ref_nos: pl.String = column(
        "Those references, in ascending order; the bridge is reference_authors", str_matches=REF_LIST
    )
    first_year: pl.Int32 = column("Year of the oldest of them", nullable=True, unit="year", ge=1500, le=2100)
    last_year: pl.Int32 = column("Year of the newest of them", nullable=True, unit="year", ge=1500, le=2100)
