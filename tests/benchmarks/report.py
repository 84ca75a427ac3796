"""The cost of a release's report: seconds and bytes to write it, and seconds until a browser has drawn each view.

python -m tests.benchmarks.report RELEASE
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
from playwright.sync_api import Page, sync_playwright

from pipelines.release.description import describe_release
from pipelines.release.report.write_report import write_report
from schemas.tables import SPECS

VIEWS = ("overview", "gap-map", "directions", "trends", "references", "overlap", "reader", "tables", "changes")


def measure(release: Path) -> None:
    """Print the figures of a release."""
    frames = {name: pl.scan_parquet(release / "parquet" / f"{name}.parquet") for name in SPECS}
    is_verbatim = bool(frames["builds"].select("is_verbatim").collect().item())
    description = describe_release(frames, is_verbatim=is_verbatim)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        write_report(release, description, Path(folder))
        seconds = time.perf_counter() - started
        page = Path(folder) / "report.html"
        pictures = sum(path.stat().st_size for path in (Path(folder) / "report").iterdir())
        print(f"reviews             {len(description.sources):>10,}")
        print(f"written in          {seconds:>10.1f} s")
        print(f"report.html         {page.stat().st_size / 1e6:>10.1f} MB")
        print(f"report/             {pictures / 1e6:>10.1f} MB")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for view in VIEWS:
                opened = browser.new_context(offline=True).new_page()
                print(f"drawn: {view:<12} {seconds_until_drawn(opened, page, view):>10.2f} s")
            browser.close()


def seconds_until_drawn(browser_page: Page, report: Path, view: str) -> float:
    """Seconds from opening the file until the view and its charts are there."""
    started = time.perf_counter()
    browser_page.goto(f"file://{report}#/{view}")
    browser_page.wait_for_selector(f'main[data-view="{view}"]')
    browser_page.wait_for_function("[...document.querySelectorAll('.chart')].every((c) => c.dataset.drawn === 'yes')")
    return time.perf_counter() - started


if __name__ == "__main__":
    measure(Path(sys.argv[1]).resolve())
