"""A page in Chromium, driven as a planner would: clicks, keys and downloads, with axe-core on each state."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
AXE = importlib.util.find_spec("axe_core_python")
needs_chromium = pytest.mark.skipif(
    BROWSER is None or AXE is None or importlib.util.find_spec("playwright") is None,
    reason="needs Chromium, and playwright and axe-core-python of the test extra",
)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser whose every name look-up fails."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=BROWSER, args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        )
        try:
            yield browser
        finally:
            browser.close()


def opened(browser: Any, address: str, width: int = 1280) -> tuple[Any, list[str]]:
    """A tab with the page, and a list that its errors and console lines are added to."""
    tab = browser.new_page(viewport={"width": width, "height": 900})
    seen: list[str] = []
    tab.on("console", lambda message: seen.append(message.text))
    tab.on("pageerror", lambda error: seen.append(str(error)))
    tab.goto(address)
    tab.wait_for_selector("#start-form", timeout=120_000)
    return tab, seen


def broken_rules(tab: Any) -> list[str]:
    """Rules of axe-core that the page breaks as it stands, each with its elements."""
    assert AXE is not None
    assert AXE.origin is not None
    if not tab.evaluate("typeof axe !== 'undefined'"):
        tab.evaluate((Path(AXE.origin).parent / "axe.min.js").read_text(encoding="utf-8"))
    rules: list[str] = tab.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(result => result.violations.map(rule => "
        "rule.id + ': ' + rule.nodes.map(node => node.html.slice(0, 150)).join(' | ')))"
    )
    return rules


def says(tab: Any, selector: str, text: str) -> None:
    """Wait until an element says something (the page's own policy lets no test evaluate text meanwhile)."""
    tab.locator(selector, has_text=text).first.wait_for(timeout=60_000)


def set_control(tab: Any, control: str, value: str) -> None:
    """Write a figure into a control, opening its group, as a planner does by keyboard."""
    field = f"#control-{control.replace('.', '-')}"
    tab.evaluate(f"document.querySelector('{field}').closest('details').open = true")
    tab.fill(field, value)
    tab.press(field, "Tab")


def run_to_the_end(tab: Any, timeout: float = 120_000) -> None:
    """Press Run and wait until every run is done."""
    tab.click("#run")
    tab.wait_for_selector("#decision", timeout=timeout)
    tab.wait_for_selector("#progress", state="hidden", timeout=timeout)


def saved_to(tab: Any, selector: str, folder: Path) -> Path:
    """Click what downloads a file; return where it was put."""
    with tab.expect_download(timeout=120_000) as download:
        tab.click(selector)
    path = folder / str(download.value.suggested_filename)
    download.value.save_as(path)
    return path


def simulated_annex_a(folder: Path) -> Path:
    """The Annex A workbook of a small simulated council."""
    from sim import run
    from sim.returns.export.write import export_returns
    from sim.scenario import load

    years = {"period.start": "2022-04-01", "period.end": "2024-03-31", "demand.referrals_a_year": 900}
    results = run(load("tiny", years), replications=1, workers=1)
    results.save(folder / "results", report=False)
    return export_returns(folder / "results", ["annex-a"], out=folder)[0]
