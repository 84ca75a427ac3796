"""The linked tables: the works that the reviews of a corpus cite, and the overlap of reviews by their works."""

from typing import Any

import polars as pl

from schemas.tables import code_lists
from schemas.tables.base import REVIEW_ID, ForeignKey, ReviewTable, TableModel, column, table
from schemas.tables.extracted import DOI, TO_REFERENCE, TO_REVIEW

WORK_ID = r"^w_[0-9a-f]{16}$"
TO_WORK = ForeignKey(("work_id",), "works")


def _work_id(description: str) -> Any:
    return column(description, str_matches=WORK_ID)


def _source(field: str) -> Any:
    return column(
        f"Where {field} is printed like this first: review_id/ref_no, or the review_id of a review about itself",
        nullable=True,
    )


def _count(description: str) -> Any:
    return column(description, ge=0)


@table(
    layer="linked",
    grain="distinct work that a review of the corpus cites or is",
    note=(
        "References of all reviews that are the same publication are one work, by identifier or by what they print "
        "(reference_works has the rule and the score). Errata, replies, preprints, abstracts and editions stay apart "
        "from the work they belong to, unless an identifier says otherwise. Each value is the one that most reviews "
        "print; for a review of the corpus it is what the review prints about itself. work_id is derived from the DOI, "
        "without one from the PubMed id, else from title, year and first author, so it stays when reviews are added."
    ),
    key=("work_id",),
    foreign_keys=(ForeignKey(("journal_id",), "journals"),),
    column_sources={
        "work_id": "work_members.work_id",
        " ".join(code_lists.WORK_FIELDS): "work_values.field work_values.value work_values.is_chosen",
        " ".join(f"{field}_source" for field in code_lists.WORK_FIELDS): (
            "work_values.field work_values.place work_values.is_chosen"
        ),
        "n_reviews n_references": "work_members.review_id work_members.ref_no",
    },
)
class Works(TableModel):
    work_id: pl.String = _work_id("The work")
    title: pl.String = column("Title; of a book its name", nullable=True)
    first_author: pl.String = column("Surname of the first author, or the name of a group", nullable=True)
    year: pl.Int32 = column("Year of publication", nullable=True, unit="year", ge=1500, le=2100)
    journal_id: pl.String = column("The journal, if it is known", nullable=True, vocabulary="journals")
    volume: pl.String = column("Volume", nullable=True)
    first_page: pl.String = column("First page or article number", nullable=True)
    doi: pl.String = column("DOI in lower case, without a resolver in front", nullable=True, str_matches=DOI)
    pmid: pl.String = column("PubMed id", nullable=True, str_matches=r"^[0-9]{1,9}$")
    n_reviews: pl.Int32 = _count("Reviews that cite the work; 0 for a review of the corpus that no other one cites")
    n_references: pl.Int32 = _count("References to the work; more than n_reviews if a review lists it twice")
    title_source: pl.String = _source("title")
    first_author_source: pl.String = _source("first_author")
    year_source: pl.String = _source("year")
    journal_id_source: pl.String = _source("journal_id")
    volume_source: pl.String = _source("volume")
    first_page_source: pl.String = _source("first_page")
    doi_source: pl.String = _source("doi")
    pmid_source: pl.String = _source("pmid")


_RULE = "How the work was found"
_SCORE = (
    "How far title, first author, year, journal, volume and page agree with another reference to the work, from 0 to "
    "1, fields that one of them lacks left out; a low score with same_doi or same_pmid is a sign of a wrong identifier"
)


@table(
    layer="linked",
    grain="reference",
    key=("review_id", "ref_no"),
    foreign_keys=(TO_REFERENCE, TO_WORK),
    column_sources={
        "review_id": "work_members.review_id",
        "ref_no": "work_members.ref_no",
        "work_id": "work_members.work_id",
        "rule_id": "work_members.rule_id",
        "score": "work_members.score",
    },
)
class ReferenceWorks(ReviewTable):
    ref_no: pl.Int32 = column("The reference", ge=1)
    work_id: pl.String = _work_id("The work that it cites")
    rule_id: pl.String = column(_RULE, codes=code_lists.WORK_RULES)
    score: pl.Float64 = column(_SCORE, ge=0, le=1, unit="proportion")


@table(
    layer="linked",
    grain="review",
    note="A review is a work too: join work_id with reference_works to find the reviews that cite it.",
    key=("review_id",),
    foreign_keys=(TO_REVIEW, TO_WORK),
    column_sources={
        "review_id": "work_members.review_id",
        "work_id": "work_members.work_id",
        "rule_id": "work_members.rule_id",
        "score": "work_members.score",
    },
)
class ReviewWorks(ReviewTable):
    work_id: pl.String = _work_id("The review as a work")
    rule_id: pl.String = column(_RULE, codes=code_lists.WORK_RULES)
    score: pl.Float64 = column(_SCORE, ge=0, le=1, unit="proportion")


@table(
    layer="linked",
    grain="value of a work that its references print differently",
    note=(
        "Has the fields of a work in which at least two references disagree by more than case, accents and "
        "punctuation, with every printed value. Join value with the reference's own column to find the references that "
        "print it."
    ),
    key=("work_id", "field", "value"),
    foreign_keys=(TO_WORK,),
    column_sources={
        "work_id": "work_values.work_id",
        "field": "work_values.field",
        "value": "work_values.value",
        "n_reviews": "work_values.n_reviews",
        "n_references": "work_values.n_references",
        "is_majority": "work_values.is_majority",
        "value_source": "work_values.place",
    },
)
class WorkVariants(TableModel):
    work_id: pl.String = _work_id("The work")
    field: pl.String = column("Name of the column of works", codes=code_lists.WORK_FIELDS)
    value: pl.String = column("Value as printed; a journal by its id", str_length={"min_value": 1})
    n_reviews: pl.Int32 = column("Reviews that print this value", ge=1)
    n_references: pl.Int32 = column("References that print this value", ge=1)
    is_majority: pl.Boolean = column("Whether it is the value in works, but for case, accents and punctuation")
    value_source: pl.String = column("Where it is printed first: review_id/ref_no")


_SCOPE = "Which works count"


@table(
    layer="linked",
    grain="pair of reviews that share a work, and scope",
    note=(
        "The cca of a pair without a row is 0. Each pair occurs once, review_id before other_review_id; "
        "v_review_overlap has it in both directions."
    ),
    key=("review_id", "other_review_id", "scope"),
    foreign_keys=(TO_REVIEW, ForeignKey(("other_review_id",), "reviews", ("review_id",))),
    column_sources={
        "review_id other_review_id": "reference_works.review_id reference_works.work_id",
        "scope": "study_references.ref_no",
        "n_works n_other_works n_shared cca": "reference_works.work_id study_references.ref_no",
    },
)
class ReviewOverlap(ReviewTable):
    other_review_id: pl.String = column("The other review", str_matches=REVIEW_ID)
    scope: pl.String = column(_SCOPE, codes=code_lists.OVERLAP_SCOPES)
    n_works: pl.Int32 = column("Works of the review in this scope", ge=1)
    n_other_works: pl.Int32 = column("Works of the other review in this scope", ge=1)
    n_shared: pl.Int32 = column("Works of both", ge=1)
    cca: pl.Float64 = column(
        "Corrected covered area of the two (Pieper et al. 2014): n_shared / (n_works + n_other_works - n_shared)",
        ge=0,
        le=1,
        unit="proportion",
    )


@table(
    layer="linked",
    grain="scope and assumption",
    note=(
        "How often the reviews of the corpus include the same works again. The measure counts works, not participants, "
        "and it falls when reviews on other subjects are added."
    ),
    key=("scope", "assumption"),
    column_sources={
        "scope": "study_references.ref_no",
        "assumption": "studies.study_label works.first_author works.year reviews.publication_year",
        "n_reviews n_works n_occurrences n_impossible cca": (
            "reference_works.work_id study_references.ref_no study_references.is_from_range studies.study_label "
            "works.first_author works.year reviews.publication_year"
        ),
    },
)
class CorpusOverlap(TableModel):
    scope: pl.String = column(_SCOPE, codes=code_lists.OVERLAP_SCOPES)
    assumption: pl.String = column("What is counted", codes=code_lists.OVERLAP_ASSUMPTIONS)
    n_reviews: pl.Int32 = _count("Reviews with at least one work in this scope")
    n_works: pl.Int32 = _count("Distinct works; under one_per_study, studies")
    n_occurrences: pl.Int32 = _count("Pairs of a review and a work that it includes")
    n_impossible: pl.Int64 = _count(
        "Pairs of a review and a work of a later year that it does not include; 0 except under chronological"
    )
    cca: pl.Float64 = column(
        "Corrected covered area (Pieper et al. 2014): (n_occurrences - n_works) / (n_works * n_reviews - n_works - "
        "n_impossible); NULL if that is a division by 0, as with one review",
        nullable=True,
        ge=0,
        le=1,
        unit="proportion",
    )
