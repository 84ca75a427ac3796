"""The work of an operator in Dagster's pages, in a real browser: from `dagster dev` to a release and a failed check."""

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
from tests.browser import CHROMIUM
from tests.mini_review import add_source

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [
    pytest.mark.ui,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: chromium)"),
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
    """A running `dagster dev`, and the folder with its raw/, outputs/ and vocabularies/."""

    url: str
    folder: Path

    def query(self, query: str) -> dict[str, Any]:
        """Return the data that answers a GraphQL query."""
        request = urllib.request.Request(
            f"{self.url}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            data: dict[str, Any] = json.load(response)["data"]
            return data

    def list_runs(self) -> list[dict[str, Any]]:
        """Return the runs, newest first."""
        data = self.query("{runsOrError{... on Runs{results{runId status jobName}}}}")
        runs: list[dict[str, Any]] = data["runsOrError"]["results"]
        return runs

    def wait_for_run(self, n_before: int) -> dict[str, Any]:
        """Wait until a run has finished that is newer than `n_before` others, and return it."""
        deadline = time.monotonic() + SLOW
        while time.monotonic() < deadline:
            runs = self.list_runs()
            if len(runs) > n_before and runs[0]["status"] in ("SUCCESS", "FAILURE", "CANCELED"):
                return runs[0]
            time.sleep(1)
        raise AssertionError(f"no run finished within {SLOW} s: {self.list_runs()}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start `dagster dev -w` in a folder with nothing but dagster.yaml, for a raw/ folder with one review."""
    folder = tmp_path_factory.mktemp("deployment")
    add_source(folder / "raw", "heel", mini_review.text().encode())
    shutil.copytree(VOCABULARIES, folder / "vocabularies")
    start = folder / "start"
    start.mkdir()
    shutil.copy(ROOT / "dagster.yaml", start)
    with socket.socket() as free_socket:
        free_socket.bind(("127.0.0.1", 0))
        port = free_socket.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key != "DAGSTER_HOME"} | {
        "REVIEWMART_RAW": str(folder / "raw"),
        "REVIEWMART_OUT": str(folder / "outputs"),
        "REVIEWMART_SENSOR_SECONDS": "5",
        "REVIEWMART_VOCABULARIES": str(folder / "vocabularies"),
    }
    before = {path for path in ROOT.iterdir() if path.name != ".git"}
    started = time.monotonic()
    with (folder / "dagster.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "dagster", "dev", "-w", ROOT / "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)],
            cwd=start,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    site = Site(f"http://127.0.0.1:{port}", folder)
    try:
        while True:
            try:
                if site.query("{assetNodes{id}}")["assetNodes"]:
                    break
            except (OSError, urllib.error.URLError, KeyError):
                pass
            assert server.poll() is None, (folder / "dagster.log").read_text()
            assert time.monotonic() - started < SLOW, (folder / "dagster.log").read_text()
            time.sleep(0.5)
        yield site
    finally:
        os.killpg(server.pid, signal.SIGINT)
        try:
            server.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
    assert [path.name for path in start.iterdir()] == ["dagster.yaml"], "dagster dev left files behind"
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
        # Suppresses a dialog that Dagster shows once, at an unpredictable moment, on top of the page.
        browser.add_init_script("localStorage.setItem('communityNux', JSON.stringify('1'))")
        page = browser.new_page()
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def expect_texts(page: Any, *texts: str) -> None:
    """Wait until each of these texts is visible in the page."""
    for text in texts:
        page.get_by_text(text).first.wait_for(state="visible")


def test_lineage_shows_every_layer_and_materialize_all_publishes_a_release(site: Site, page: Any) -> None:
    page.goto(f"{site.url}/asset-groups")
    expect_texts(page, "sources", "vocabulary", "extracted", "curated", "linked", "analysis", "meta", "release")
    page.get_by_role("button", name="Materialize all").click()
    run = site.wait_for_run(0)
    assert run["status"] == "SUCCESS"
    page.goto(f"{site.url}/runs/{run['runId']}")
    expect_texts(page, "Success")
    assert (site.folder / "outputs" / "latest" / "reviewmart.duckdb").is_file()


def test_an_asset_page_shows_grain_columns_and_check_results(site: Site, page: Any) -> None:
    page.goto(f"{site.url}/assets/bib_references")
    expect_texts(page, "One row per entry of the review's reference list", "Title of the cited work", "primary key")
    page.goto(f"{site.url}/assets/bib_references?view=checks&checkDetail=spans")
    expect_texts(page, "The words are in the source at their span", "A failure stops the release", "Passed", "checked")


def test_an_analysis_table_shows_its_chart(site: Site, page: Any) -> None:
    page.goto(f"{site.url}/assets/journal_ranking?view=events")
    page.get_by_role("row", name="chart").get_by_text("Show Markdown").click()
    picture = page.locator("img[src^='data:image/png']").first
    picture.wait_for(state="visible")
    assert picture.evaluate("image => image.naturalWidth") > 200


def test_the_launchpad_rejects_a_bad_value(site: Site, page: Any) -> None:
    n_runs = len(site.list_runs())
    page.goto(f"{site.url}/locations/reviewmart/jobs/rebuild_one_review/playground")
    expect_texts(
        page,
        'Missing required config entry "review_id"',
        "Id of the review to read again: the name of its folder in raw/",
    )
    page.locator(".CodeMirror").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("review_id: no-such-review")
    expect_texts(page, "No errors")
    page.get_by_role("button", name="Launch Run").click()
    expect_texts(page, "'no-such-review' is not a review in")
    assert len(site.list_runs()) == n_runs


def test_the_sensor_picks_up_sources_and_the_check_names_a_broken_one(site: Site, page: Any) -> None:
    page.goto(f"{site.url}/automation")
    expect_texts(page, "changes_in_raw", "changes_in_vocabularies", "weekly_rebuild")
    for name in ("weekly_rebuild", "changes_in_raw"):
        switch = page.locator(f"xpath=//*[text()='{name}']/following::input[@type='checkbox'][1]")
        assert not switch.is_checked()
        # The input is hidden; its label receives the click.
        switch.locator("xpath=..").click()
        playwright.expect(switch).to_be_checked(timeout=30_000)
    n_runs = len(site.list_runs())
    other = mini_review.text(front=mini_review.FRONT.replace("heel.2021.1", "toe.2022.7"))
    add_source(site.folder / "raw", "toe", other.encode())
    add_source(site.folder / "raw", "broken", b"\xff\xfe nothing that could be read \x00")
    run = site.wait_for_run(n_runs)
    assert run["status"] == "SUCCESS"
    assert run["jobName"] == "rebuild_changed"
    parquet = site.folder / "outputs" / "latest" / "parquet"
    assert pl.read_parquet(parquet / "reviews.parquet")["review_id"].to_list() == ["heel", "toe"]
    page.goto(f"{site.url}/assets/quarantined_sources?view=checks&checkDetail=all_sources_read")
    expect_texts(page, "all_sources_read", "broken/source.txt", "is not valid UTF-8", "convert the file to UTF-8")
    expect_texts(page, "Failed")
