"""Take the picture of the report that the README shows.

python -m tests.ui.report_screenshot RELEASE FILE.png
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser import CHROMIUM


def take_screenshot(release: Path, file: Path) -> None:
    """Save the evidence gap map of a release as a picture of 1,440 by 1,060 pixels."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1440, "height": 1060}, offline=True).new_page()
        page.goto(f"file://{(release / 'report.html').resolve()}#/gap-map")
        page.locator(".gap-map button.dot").first.wait_for()
        taken = page.screenshot()
        browser.close()
    # Few colours make a small file.
    Image.open(BytesIO(taken)).quantize(96).save(file, optimize=True)


if __name__ == "__main__":
    take_screenshot(Path(sys.argv[1]), Path(sys.argv[2]))
