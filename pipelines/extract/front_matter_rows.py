"""Front matter → rows of `reviews`, its authors, affiliations, funding and keywords.

Values are stored as printed; identifiers, years and languages in their published form (`extract.value_formats`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pipelines.document import Document, FrontMatter
from pipelines.extract import value_formats
from pipelines.extract.row_collector import RowCollector


class ReviewRow(NamedTuple):
    review_id: str
    title: str | None
    journal: str | None
    journal_id: None
    volume: str | None
    issue: str | None
    pages: str | None
    publication_year: int | None
    publication_year_basis: str | None
    article_type: str | None
    doi: str | None
    date_received: date | None
    date_accepted: date | None
    language: str | None
    abstract: str | None
    source_format: str
    source_path: str
    source_sha256: str
    source_chars: int
    licence: str | None
    start_char: int
    end_char: int


class PageBoxRow(NamedTuple):
    review_id: str
    start_char: int
    end_char: int
    page_no: int
    x0: float
    y0: float
    x1: float
    y1: float


class SourceTextRow(NamedTuple):
    review_id: str
    text: str


class ReviewAuthorRow(NamedTuple):
    review_id: str
    position: int
    name: str
    surname: str
    given_names: str | None
    orcid: str | None
    email: str | None
    is_corresponding: bool
    is_equal_contribution: bool
    start_char: int | None
    end_char: int | None


class ReviewAffiliationRow(NamedTuple):
    review_id: str
    affiliation_no: int
    mark: str
    affiliation: str
    country: str | None
    start_char: int | None
    end_char: int | None


class ReviewAuthorAffiliationRow(NamedTuple):
    review_id: str
    position: int
    affiliation_no: int


class ReviewFundingRow(NamedTuple):
    review_id: str
    funding_no: int
    funder: str
    grant_number: str | None
    start_char: int | None
    end_char: int | None


class ReviewKeywordRow(NamedTuple):
    review_id: str
    position: int
    keyword: str
    start_char: int | None
    end_char: int | None


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The facts about a source that its contents do not give; `path` is relative to the folder of sources.

    `language`, `licence` and `doi` are those of `source.toml`, used if the source does not state its own.
    """

    review_id: str
    path: str
    sha256: str
    language: str | None = None
    licence: str | None = None
    doi: str | None = None


def add_front_matter_rows(collector: RowCollector, source: SourceFacts, document: Document) -> None:
    _add_review(collector, source, document)
    affiliation_nos = _add_affiliations(collector, document.front)
    _add_authors(collector, document.front, affiliation_nos)
    _add_awards(collector, document.front)
    _add_keywords(collector, document.front)


def _add_review(collector: RowCollector, source: SourceFacts, document: Document) -> None:
    front = document.front
    table, key = "reviews", source.review_id
    pages = "–".join(page for page in (front.first_page, front.last_page) if page)
    year = collector.normalise_or_report(
        value_formats.normalise_year, front.publication_year, table=table, key=key, column="publication_year"
    )
    doi = collector.normalise_or_report(value_formats.normalise_doi, front.doi, table=table, key=key, column="doi")
    language = collector.normalise_or_report(
        value_formats.normalise_language, front.language, table=table, key=key, column="language"
    )
    collector.rows.reviews.append(
        ReviewRow(
            review_id=source.review_id,
            title=front.title.value if front.title else None,
            journal=front.journal.value if front.journal else None,
            journal_id=None,
            volume=front.volume,
            issue=front.issue,
            pages=pages or None,
            publication_year=year,
            publication_year_basis=front.publication_year_basis,
            article_type=front.article_type,
            doi=doi or source.doi,
            date_received=_parse_date(front.date_received),
            date_accepted=_parse_date(front.date_accepted),
            language=language or source.language,
            abstract="\n".join(paragraph.value for paragraph in front.abstract) or None,
            source_format=document.format,
            source_path=source.path,
            source_sha256=source.sha256,
            source_chars=len(document.source),
            licence=front.licence or source.licence,
            start_char=0,
            end_char=len(document.source),
        )
    )
    collector.rows.source_texts.append(SourceTextRow(review_id=source.review_id, text=document.source))
    collector.rows.page_boxes.extend(
        PageBoxRow(
            review_id=source.review_id,
            start_char=box.start,
            end_char=box.end,
            page_no=box.page_no,
            x0=box.x0,
            y0=box.y0,
            x1=box.x1,
            y1=box.y1,
        )
        for box in document.page_boxes
    )


def _add_affiliations(collector: RowCollector, front: FrontMatter) -> dict[str, int]:
    """Add the affiliations; returns the number of each by the key that authors name it with."""
    affiliation_nos = {}
    for affiliation_no, affiliation in enumerate(front.affiliations, start=1):
        affiliation_nos[affiliation.key] = affiliation_no
        start, end = affiliation.text.bounds
        collector.rows.review_affiliations.append(
            ReviewAffiliationRow(
                review_id=collector.review_id,
                affiliation_no=affiliation_no,
                mark=affiliation.key,
                affiliation=affiliation.text.value,
                country=affiliation.country,
                start_char=start,
                end_char=end,
            )
        )
        collector.add_text_parts("review_affiliations", "affiliation", affiliation.text, affiliation_no)
    return affiliation_nos


def _add_authors(collector: RowCollector, front: FrontMatter, affiliation_nos: dict[str, int]) -> None:
    for position, author in enumerate(front.authors, start=1):
        start, end = author.name.bounds
        email = collector.normalise_or_report(
            value_formats.normalise_email,
            author.email,
            table="review_authors",
            key=str(position),
            column="email",
            span=author.name.span,
        )
        collector.rows.review_authors.append(
            ReviewAuthorRow(
                review_id=collector.review_id,
                position=position,
                name=author.name.value,
                surname=author.surname,
                given_names=author.given_names,
                orcid=author.orcid,
                email=email,
                is_corresponding=author.is_corresponding,
                is_equal_contribution=author.is_equal_contribution,
                start_char=start,
                end_char=end,
            )
        )
        collector.add_text_parts("review_authors", "name", author.name, position)
        numbers = {affiliation_nos[key] for key in author.affiliations if key in affiliation_nos}
        collector.rows.review_author_affiliations.extend(
            ReviewAuthorAffiliationRow(review_id=collector.review_id, position=position, affiliation_no=affiliation_no)
            for affiliation_no in sorted(numbers)
        )


def _add_awards(collector: RowCollector, front: FrontMatter) -> None:
    for funding_no, award in enumerate(front.awards, start=1):
        start, end = award.text.bounds
        collector.rows.review_funding.append(
            ReviewFundingRow(
                review_id=collector.review_id,
                funding_no=funding_no,
                funder=award.funder,
                grant_number=award.award_number,
                start_char=start,
                end_char=end,
            )
        )


def _add_keywords(collector: RowCollector, front: FrontMatter) -> None:
    for position, keyword in enumerate(front.keywords, start=1):
        start, end = keyword.bounds
        collector.rows.review_keywords.append(
            ReviewKeywordRow(
                review_id=collector.review_id, position=position, keyword=keyword.value, start_char=start, end_char=end
            )
        )
        collector.add_text_parts("review_keywords", "keyword", keyword, position)


def _parse_date(iso_date: str | None) -> date | None:
    return date.fromisoformat(iso_date) if iso_date else None
