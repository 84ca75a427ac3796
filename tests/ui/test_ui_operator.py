"""An operator's way through Dagster's pages, in a real browser: from `dagster dev` to a release and a red check."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.common.settings import VOCABULARIES
from tests import mini_review
from tests.mini_review import add_source

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [
    pytest.mark.ui,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; install it (Debian: chromium) to test the pages"),
]

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLOW = 240
"""Seconds that a run or a start may take on a busy machine."""


@dataclass(frozen=True)
class Site:
    """A running `dagster dev`, and the folder of its world."""

    url: str
    folder: Path

    def ask(self, query: str) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.url}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            data: dict[str, Any] = json.load(answer)["data"]
            return data

    def runs(self) -> list[dict[str, Any]]:
        """The runs, newest first."""
        answer = self.ask("{runsOrError{... on Runs{results{runId status jobName}}}}")
        runs: list[dict[str, Any]] = answer["runsOrError"]["results"]
        return runs

    def wait_for_run(self, n_before: int) -> dict[str, Any]:
        """The run that comes after `n_before` others, when it has ended."""
        until = time.monotonic() + SLOW
        while time.monotonic() < until:
            runs = self.runs()
            if len(runs) > n_before and runs[0]["status"] in ("SUCCESS", "FAILURE", "CANCELED"):
                return runs[0]
            time.sleep(1)
        raise AssertionError(f"no run ended within {SLOW} s: {self.runs()}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`dagster dev -w` started in an empty folder, on a world of its own."""
    world = tmp_path_factory.mktemp("world")
    add_source(world / "raw", "heel", mini_review.text().encode())
    shutil.copytree(VOCABULARIES, world / "vocabularies")
    start = world / "start"
    start.mkdir()
    shutil.copy(ROOT / "dagster.yaml", start)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key != "DAGSTER_HOME"} | {
        "REVIEWMART_RAW": str(world / "raw"),
        "REVIEWMART_OUT": str(world / "outputs"),
        "REVIEWMART_SENSOR_SECONDS": "5",
        "REVIEWMART_VOCABULARIES": str(world / "vocabularies"),
    }
    before = {path for path in ROOT.iterdir() if path.name != ".git"}
    started = time.monotonic()
    with (world / "dagster.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "dagster", "dev", "-w", ROOT / "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)],
            cwd=start,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    site = Site(f"http://127.0.0.1:{port}", world)
    try:
        while True:
            try:
                if site.ask("{assetNodes{id}}")["assetNodes"]:
                    break
            except (OSError, urllib.error.URLError, KeyError):
                pass
            assert server.poll() is None, (world / "dagster.log").read_text()
            assert time.monotonic() - started < SLOW, (world / "dagster.log").read_text()
            time.sleep(0.5)
        yield site
    finally:
        os.killpg(server.pid, signal.SIGINT)
        try:
            server.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
    assert [path.name for path in start.iterdir()] == ["dagster.yaml"], "dagster dev leaves something behind"
    assert {path for path in ROOT.iterdir() if path.name != ".git"} - before <= {ROOT / ".pytest_cache"}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=CHROMIUM,
            args=FLAGS,
            viewport={"width": 1600, "height": 1200},
        )
        # A dialog that Dagster shows once, over the page and whenever it comes to load.
        browser.add_init_script("localStorage.setItem('communityNux', JSON.stringify('1'))")
        page = browser.new_page()
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def read(page: Any, *words: str) -> None:
    """Wait until each of these words can be read in the page."""
    for word in words:
        page.get_by_text(word).first.wait_for(state="visible")


def test_lineage_shows_every_layer_and_materialize_all_publishes(site: Site, page: Any) -> None:
    page.goto(f"{site.url}/asset-groups")
    read(page, "sources", "vocabulary", "extracted", "curated", "analysis", "meta", "release")
    page.get_by_role("button", name="Materialize all").click()
    run = site.wait_for_run(0)
    assert run["status"] == "SUCCESS"
    page.goto(f"{site.url}/runs/{run['runId']}")
    read(page, "Success")
    assert (site.folder / "outputs" / "latest" / "reviewmart.duckdb").is_file()


def test_an_assets_page_tells_grain_columns_and_numbers_of_checks(site: Site, page: Any) -> None:
    page.goto(f"{site.url}/assets/bib_references")
    read(page, "One row is an entry of the review's reference list", "Title of the cited work", "primary key")
    page.goto(f"{site.url}/assets/bib_references?view=checks&checkDetail=spans")
    read(page, "The words stand in the source where the row says", "A failure stops the release", "Passed", "checked")


def test_an_analysis_shows_its_chart(site: Site, page: Any) -> None:
    page.goto(f"{site.url}/assets/journal_ranking?view=events")
    page.get_by_role("row", name="chart").get_by_text("Show Markdown").click()
    picture = page.locator("img[src^='data:image/png']").first
    picture.wait_for(state="visible")
    assert picture.evaluate("image => image.naturalWidth") > 200


def test_a_bad_value_is_refused_in_the_launchpad(site: Site, page: Any) -> None:
    n_runs = len(site.runs())
    page.goto(f"{site.url}/locations/reviewmart/jobs/rebuild_one_review/playground")
    read(page, 'Missing required config entry "review_id"', "The review: the name of its folder in raw/")
    page.locator(".CodeMirror").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("review_id: no-such-review")
    read(page, "No errors")
    page.get_by_role("button", name="Launch Run").click()
    read(page, "'no-such-review' is no review in")
    assert len(site.runs()) == n_runs


def test_sensor_takes_up_a_source_and_a_broken_one_is_read_in_the_page(site: Site, page: Any) -> None:
    page.goto(f"{site.url}/automation")
    read(page, "changes_in_raw", "changes_in_vocabularies", "weekly_rebuild")
    for name in ("weekly_rebuild", "changes_in_raw"):
        switch = page.locator(f"xpath=//*[text()='{name}']/following::input[@type='checkbox'][1]")
        assert not switch.is_checked()
        # The input itself is hidden behind the label that is drawn.
        switch.locator("xpath=..").click()
        playwright.expect(switch).to_be_checked(timeout=30_000)
    n_runs = len(site.runs())
    other = mini_review.text(front=mini_review.FRONT.replace("heel.2021.1", "toe.2022.7"))
    add_source(site.folder / "raw", "toe", other.encode())
    add_source(site.folder / "raw", "broken", b"\xff\xfe nothing that could be read \x00")
    run = site.wait_for_run(n_runs)
    assert run["status"] == "SUCCESS"
    assert run["jobName"] == "rebuild_changed"
    parquet = site.folder / "outputs" / "latest" / "parquet"
    assert pl.read_parquet(parquet / "reviews.parquet")["review_id"].to_list() == ["heel", "toe"]
    page.goto(f"{site.url}/assets/quarantined_sources?view=checks&checkDetail=all_sources_read")
    read(page, "all_sources_read", "broken/source.txt", "is not UTF-8", "Convert the file to UTF-8")
    read(page, "Failed")
