"""Take the pictures of the page "what if" again: `python docs/take_page_pictures.py`.

Serves the page, changes Croydon as a planner would, runs it and takes docs/pictures/page*.png. Needs Chromium and
playwright (test extra); takes a few minutes. No connection is used.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"


def control(tab: Any, name: str, value: str) -> None:
    """Write a figure into a control."""
    field = f"#control-{name.replace('.', '-')}"
    tab.evaluate(f"document.querySelector('{field}').closest('details').open = true")
    tab.fill(field, value)
    tab.press(field, "Tab")


def take(address: str) -> None:
    """Go a planner's way, and take a picture of its levers, its answer, and both on a phone."""
    from playwright.sync_api import sync_playwright

    chromium = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width, height in ((1280, 900), (390, 844)):
            tab = browser.new_page(viewport={"width": width, "height": height}, locale="en-GB")
            tab.goto(address)
            tab.wait_for_selector("#start-form")
            tab.select_option("#shipped", "croydon-2017")
            tab.click("#start-button")
            tab.wait_for_selector("#look li")
            control(tab, "surge.size", "40")
            tab.click("#add")
            control(tab, "extra.size", "6")
            control(tab, "extra.at", "2018-01-02")
            tab.wait_for_selector("#look li:nth-child(4)")
            tab.click("#run")
            tab.wait_for_selector("#decision", timeout=300_000)
            tab.wait_for_selector("#progress", state="hidden", timeout=900_000)
            tab.wait_for_timeout(1500)
            if width > 400:
                tab.evaluate("window.scrollTo(0, 0)")
                tab.screenshot(path=PICTURES / "page.png")
                tab.evaluate("document.querySelector('#answer-section').scrollIntoView()")
                tab.screenshot(path=PICTURES / "page-answer.png")
            else:
                tab.evaluate("document.querySelector('#answer').scrollIntoView()")
                tab.screenshot(path=PICTURES / "page-narrow.png")
            tab.close()
        browser.close()


def main() -> None:
    """Serve the page and take its pictures."""
    with TemporaryDirectory() as library:
        command = [sys.executable, str(ROOT / "cli.py"), "serve", "--no-browser", "--library", library]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1) as server:
            assert server.stdout is not None
            try:
                address = re.search(r"http://\S+", server.stdout.readline())
                assert address is not None
                take(address[0])
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
