"""The report in a real browser, opened as a file without a network: what a reader sees, and what must not happen."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.release.description import describe_release
from pipelines.release.report import page as page_module
from pipelines.release.report.write_report import write_report
from schemas.tables import SPECS
from tests.browser import CHROMIUM
from tests.conftest import ROOT
from tests.mini_corpus import make_study_article
from tests.report_chunks import read_chunks

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

pytestmark = [
    pytest.mark.ui,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: chromium)"),
]

VIEWS = ("overview", "gap-map", "directions", "trends", "references", "reader", "tables", "changes")
WIDTHS = (375, 1440)
REVIEW = "spine-metastases-review"
HOSTILE = "<script>alert('owned')</script> \"quoted\" &amp; \u202egnidaer\u202c"
N_CORPUS = 200


@dataclass
class Reader:
    """A page of the browser, with all that it complained about and asked for."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def dismiss(self, dialog: Any) -> None:
        """Close a dialog, such as the alert of a script that should not run."""
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def open(self, report: Path, view: str) -> None:
        """Open a view and wait until it is drawn, charts included."""
        self.page.goto("about:blank")
        self.page.goto(f"file://{report}#/{view}")
        self.page.wait_for_selector(f'main[data-view="{view.partition("/")[0]}"]')
        self.page.wait_for_function(
            "[...document.querySelectorAll('.chart')].every((chart) => chart.dataset.drawn === 'yes')"
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(params=WIDTHS)
def reader(browser: Any, request: pytest.FixtureRequest) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": request.param, "height": 900}, offline=True)
    opened = Reader(context.new_page())
    opened.page.on("console", lambda message: opened.complaints.append(message.text))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.on("dialog", opened.dismiss)
    opened.page.on("request", lambda asked: opened.requests.append(asked.url))
    yield opened
    foreign = [url for url in opened.requests if not url.startswith(("file://", "data:", "blob:", "about:"))]
    context.close()
    assert (opened.complaints, foreign) == ([], [])


@pytest.fixture(scope="module")
def report(outputs: Path) -> Path:
    return (outputs / "latest" / "report.html").resolve()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of 200 invented articles; one of them has words that try to act as markup."""
    folder = tmp_path_factory.mktemp("corpus")
    raw = folder / "articles"
    raw.mkdir()
    for number in range(N_CORPUS):
        hostile = HOSTILE if number == 0 else ""
        (raw / f"corns{number:03}.xml").write_bytes(make_study_article(number, hostile))
    build("--corpus", raw, "--out", folder / "outputs")
    return (folder / "outputs" / "latest").resolve()


def build(*arguments: str | Path) -> None:
    """Build a release in a process of its own: Dagster does not run beside the event loop of the browser."""
    command = [sys.executable, "-m", "pipelines.cli", "build", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)


def assert_accessible(page: Any) -> None:
    found = axe.Axe().run(page).response["violations"]
    serious = [
        (violation["id"], violation["nodes"][0]["html"][:200])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == []


def fits_the_width(page: Any) -> bool:
    fits: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return fits


@pytest.mark.parametrize("view", VIEWS)
def test_view_of_first_review(reader: Reader, report: Path, view: str) -> None:
    reader.open(report, view)
    assert fits_the_width(reader.page)
    assert_accessible(reader.page)
    assert reader.page.locator("main").inner_text().strip().count("\n") > 1 or view == "changes"


def test_dark_page_is_accessible(browser: Any, report: Path) -> None:
    context = browser.new_context(color_scheme="dark", offline=True)
    opened = Reader(context.new_page())
    for view in ("overview", "gap-map", "reader"):
        opened.open(report, view)
        assert_accessible(opened.page)
    context.close()


def test_numbers_are_those_of_the_database(reader: Reader, report: Path, mart: duckdb.DuckDBPyConnection) -> None:
    reader.open(report, "overview")
    tiles = reader.page.locator(".tiles b").all_inner_texts()
    query = (
        "SELECT (SELECT count(*) FROM bib_references), (SELECT count(DISTINCT work_id) FROM reference_works), "
        "(SELECT count(*) FROM citation_mentions), (SELECT count(*) FROM studies), (SELECT count(*) FROM claims)"
    )
    counted = mart.execute(query).fetchone()
    assert counted is not None
    assert [int(tile.replace(",", "")) for tile in tiles[:5]] == list(counted)


def test_two_clicks_lead_from_the_map_to_the_words(
    reader: Reader, report: Path, mart: duckdb.DuckDBPyConnection
) -> None:
    reader.open(report, "gap-map")
    page = reader.page
    cells = mart.execute("SELECT sum(n_studies)::INTEGER FROM v_evidence_gap_map").fetchone()
    shown = [int(number) for number in page.locator(".gap-map button.dot").all_inner_texts()]
    assert (sum(shown),) == cells
    page.get_by_role("button", name="Surgery (open or approach unspecified), Pain: 6 studies, level 4").click()
    assert page.locator("dialog .study-list li").count() == 6
    page.get_by_role("button", name="Jonsson 1994").click()
    card = page.locator("dialog")
    card.locator(".printed").wait_for()
    assert "Surgery was well tolerated and could relieve the pain caused by spine metastases." in card.inner_text()
    # The words of the claim and of its outcome overlap, so they are marked in two runs.
    assert "relieve the pain" in "".join(card.locator("mark.m-claim").all_inner_texts())
    assert "4 Jonsson B" in card.locator(".reference").inner_text()
    card.get_by_text("Show it in the text").click()
    page.wait_for_selector("#row-1-4.found")
    assert page.locator("#row-1-4").inner_text().startswith("Jonsson 1994")


def test_map_unfolds_with_the_keyboard(reader: Reader, report: Path) -> None:
    reader.open(report, "gap-map")
    page = reader.page
    rows = page.locator(".gap-map tbody tr").count()
    page.locator(".gap-map button.fold").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".gap-map tbody tr").count() > rows
    assert page.locator(".gap-map button.fold").first.get_attribute("aria-expanded") == "true"


def test_citation_leads_to_its_references(reader: Reader, report: Path) -> None:
    reader.open(report, "reader")
    reader.page.locator(".text mark.m-citation").first.click()
    entry = reader.page.locator("dialog .reference").inner_text()
    assert entry.startswith("1 ")


def test_claim_in_the_text_leads_to_its_study(reader: Reader, report: Path) -> None:
    reader.open(report, "reader")
    reader.page.locator("#row-1-1 mark.m-claim").first.click()
    reader.page.get_by_role("button", name="Study: Danzig 1980").click()
    reader.page.wait_for_selector("dialog .printed")
    assert reader.page.locator("#card-title").inner_text() == "Danzig 1980"


def test_trends_by_intervention_and_cumulated(reader: Reader, report: Path) -> None:
    reader.open(report, "trends")
    reader.page.get_by_role("button", name="By intervention").click()
    reader.page.get_by_role("button", name="Cumulated").click()
    reader.page.wait_for_selector("#figure-studies_by_intervention_cumulated .chart[data-drawn]")
    reader.page.locator("#figure-studies_by_intervention_cumulated summary").click()
    lines = reader.page.locator("#figure-studies_by_intervention_cumulated tbody tr")
    lines.first.wait_for()
    rows = lines.all_inner_texts()
    assert "1980\tExternal stabilisation\t1" in rows


def test_finding_leads_to_its_place(reader: Reader, report: Path) -> None:
    reader.open(report, "overview")
    reader.page.locator(".issues li", has_text="Reference cut").get_by_role("link").click()
    reader.page.wait_for_selector("#ref-31.found")


def test_table_is_searched_sorted_and_downloaded(reader: Reader, report: Path, tmp_path: Path) -> None:
    reader.open(report, "tables")
    page = reader.page
    page.locator("#table-choice").select_option("bib_references")
    page.wait_for_selector("text=71 rows")
    page.locator("#table-search").fill("Jonsson")
    page.wait_for_selector("text=2 rows")
    page.get_by_role("button", name="year", exact=True).click()
    page.get_by_role("button", name="year", exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download as CSV").click()
    started.value.save_as(tmp_path / "found.csv")
    found = pl.read_csv(tmp_path / "found.csv").select("ref_no", "year")
    assert found.rows() == [(5, 1996), (4, 1994)]


def test_truncated_link_opens_the_overview(reader: Reader, report: Path) -> None:
    reader.page.goto(f"file://{report}#/nosuch/%E0%A4%A/row-1")
    reader.page.wait_for_selector('main[data-view="overview"] .tiles')


def test_old_browser_is_told_so(browser: Any, report: Path) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(f"file://{report}")
    page.wait_for_selector("text=This browser is too old")
    context.close()


def test_first_review_is_drawn_in_two_seconds(browser: Any, report: Path) -> None:
    context = browser.new_context(offline=True)
    opened = Reader(context.new_page())
    started = time.monotonic()
    opened.open(report, "references")
    assert time.monotonic() - started <= 2
    context.close()


@pytest.mark.parametrize("view", [*VIEWS, "overlap"])
def test_view_of_a_corpus(reader: Reader, corpus: Path, view: str) -> None:
    reader.open(corpus / "report.html", view)
    assert fits_the_width(reader.page)
    assert_accessible(reader.page)


def test_corpus_fits_and_counts(reader: Reader, corpus: Path) -> None:
    assert (corpus / "report.html").stat().st_size <= 12_000_000
    with duckdb.connect(str(corpus / "reviewmart.duckdb"), read_only=True) as database:
        n_studies = database.execute("SELECT count(*) FROM studies").fetchone()
        n_shared = database.execute("SELECT count(*) FROM works WHERE n_reviews > 1").fetchone()
    reader.open(corpus / "report.html", "overview")
    tiles = reader.page.locator(".tiles li").all_inner_texts()
    assert n_studies is not None
    assert n_shared is not None
    assert tiles[3].startswith(f"{n_studies[0]:,}")
    assert f"{n_shared[0]:,} work" in tiles[1]


def test_arrows_are_sized_by_participants(reader: Reader, corpus: Path) -> None:
    # The two studies of each article have 40 and 400 participants.
    reader.open(corpus / "report.html", "directions/corns007")
    widths = {
        row.locator("th").inner_text(): float(row.locator("svg").first.get_attribute("width"))
        for row in reader.page.locator(".directions tbody tr").all()
        if row.locator("svg").count()
    }
    assert widths["Heel 2004"] == 30


def test_selector_shows_one_review_of_a_corpus(reader: Reader, corpus: Path) -> None:
    reader.open(corpus / "report.html", "overview")
    reader.page.locator("#scope").select_option("corns007")
    reader.page.wait_for_selector("text=doi:10.9999/corns.7")
    assert reader.page.locator(".tiles b").first.inner_text() == "3"
    reader.page.get_by_role("link", name="Reader").click()
    reader.page.wait_for_selector("text=Corns hurt")


def test_corpus_is_drawn_in_two_seconds(browser: Any, corpus: Path) -> None:
    context = browser.new_context(offline=True)
    opened = Reader(context.new_page())
    started = time.monotonic()
    opened.open(corpus / "report.html", "trends")
    assert time.monotonic() - started <= 2
    context.close()


def test_cell_of_100000_characters_is_shown(reader: Reader, corpus: Path) -> None:
    reader.open(corpus / "report.html", "reader/corns000")
    cell = reader.page.locator("#row-1-2 td").last.inner_text()
    assert cell.startswith("Quality of life was improved, but adverse events increased. corn corn")
    assert len(cell) > 99_000
    assert fits_the_width(reader.page)


def test_hostile_words_are_shown_as_words(reader: Reader, corpus: Path) -> None:
    reader.open(corpus / "report.html", "reader/corns000")
    assert "<script>alert('owned')</script> \"quoted\" &" in reader.page.locator("main").inner_text()
    assert reader.page.locator("main script").count() == 0


def test_page_says_what_did_not_fit(
    browser: Any, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "MAX_SCOPES_BYTES", 60_000)
    monkeypatch.setattr(page_module, "MAX_TEXTS_BYTES", 30_000)
    monkeypatch.setattr(page_module, "MAX_TABLES_BYTES", 1_000)
    frames = {name: pl.scan_parquet(corpus / "parquet" / f"{name}.parquet") for name in SPECS}
    write_report(corpus, describe_release(frames, is_verbatim=True), tmp_path)
    chunks = read_chunks(tmp_path / "report.html")
    n_scopes, n_texts = (sum(name.startswith(f"{kind}-") for name in chunks) for kind in ("scope", "text"))
    assert 1 < n_texts < n_scopes < N_CORPUS
    context = browser.new_context(offline=True)
    opened = Reader(context.new_page())
    opened.open(tmp_path / "report.html", "overview")
    said = opened.page.locator("main").inner_text()
    # One of the scopes is that of all reviews.
    assert f"it shows {n_scopes - 1} of them one by one and holds the text of {n_texts}," in said
    opened.open(tmp_path / "report.html", "reader")
    assert opened.page.locator("main li").count() == n_texts
    opened.open(tmp_path / "report.html", "overview/corns199")
    assert "The numbers of this review did not fit" in opened.page.locator("main").inner_text()
    opened.open(tmp_path / "report.html", "reader/corns199")
    assert "FROM sentences WHERE review_id = 'corns199'" in opened.page.locator("main").inner_text()
    opened.open(tmp_path / "report.html", "tables")
    assert "400 rows did not fit into this page" in opened.page.locator("main").inner_text()
    context.close()


def test_page_without_verbatim_text_says_so(browser: Any, tmp_path: Path) -> None:
    build("--raw", ROOT / "raw", "--out", tmp_path / "outputs", "--no-verbatim")
    context = browser.new_context(offline=True)
    opened = Reader(context.new_page())
    page_file = (tmp_path / "outputs" / "latest" / "report.html").resolve()
    opened.open(page_file, "reader")
    assert "without the sources' own wording" in opened.page.locator("main").inner_text()
    opened.open(page_file, "gap-map")
    opened.page.locator(".gap-map button.dot").first.click()
    opened.page.locator("dialog .study-list button").first.click()
    assert "leaves out the sources' own wording" in opened.page.locator("dialog").inner_text()
    context.close()
