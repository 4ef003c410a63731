"""The page as one file, opened from disk in a browser without a network; its results are equal to native ones.

`FRONTDOOR_PYODIDE` names the folder of Pyodide that the file is built from (docs/planner/share.md); without it these
tests are left out.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(not os.environ.get("FRONTDOOR_PYODIDE"), reason="FRONTDOOR_PYODIDE names no folder of Pyodide"),
]

_SPEC = importlib.util.spec_from_file_location("page_in_browser", Path(__file__).with_name("page_in_browser.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
browsing = importlib.util.module_from_spec(_SPEC)
sys.modules["page_in_browser"] = browsing
_SPEC.loader.exec_module(browsing)

TEXT = "extends: croydon-2017\ntitle: A short Croydon\nperiod: {start: 2017-04-01, end: 2017-09-30}\n"
SLOW = 240_000
"""Milliseconds that a busy machine may take to start Python in the browser."""


@pytest.fixture(scope="module")
def one_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from sim.serve.one_file.build import main

    path = tmp_path_factory.mktemp("one") / "frontdoor.html"
    assert main([os.environ["FRONTDOOR_PYODIDE"], str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing.chromium() as running:
        yield running


@browsing.needs_chromium
def test_the_whole_way_without_a_network(one_file: Path, browser: Any, tmp_path: Path) -> None:
    from sim.experiment.running.executor import InProcess
    from sim.scenario import load
    from sim.serve.desk import Desk

    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    tab = context.new_page()
    asked: list[str] = []
    seen: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: seen.append(message.text))
    tab.on("pageerror", lambda error: seen.append(str(error)))
    tab.goto(one_file.as_uri())
    tab.wait_for_selector("#start-form", timeout=SLOW)
    assert browsing.broken_rules(tab) == []
    tab.check("#start-file")
    tab.set_input_files("#file", {"name": "short.yaml", "mimeType": "text/yaml", "buffer": TEXT.encode()})
    tab.click("#start-button")
    tab.wait_for_selector("#look li", timeout=60_000)
    browsing.set_control(tab, "surge.size", "40")
    browsing.set_control(tab, "surge.at", "2017-05-01")
    browsing.set_control(tab, "team.0.cap", "12")
    tab.select_option("#runs", "5")
    tab.click("#run")
    tab.wait_for_selector("#decision", timeout=SLOW)
    tab.wait_for_selector("#progress", state="hidden", timeout=SLOW)
    tab.wait_for_selector("#charts .main-svg", timeout=60_000)
    assert browsing.broken_rules(tab) == []
    yaml = browsing.saved_to(tab, '[data-yaml="B"]', tmp_path)
    (tmp_path / "short.yaml").write_text(TEXT, encoding="utf-8")
    assert load(yaml).scenario.levers[0].lever == "referral_surge"
    workbook = browsing.saved_to(tab, '[data-away="xlsx"]', tmp_path)
    assert browsing.saved_to(tab, '[data-away="report"]', tmp_path).stat().st_size > 1_000_000
    # The same comparison here: every figure of the workbook is the same.
    comparison = {
        "start": {"kind": "file", "name": "short.yaml", "text": TEXT},
        "options": [
            {"name": "As it is", "changes": {}},
            {"name": tab.input_value("#option-name"),
             "changes": {"surge.size": 40, "surge.at": "2017-05-01", "team.0.cap": 12}},
        ],
        "runs": 5,
    }  # fmt: skip
    desk = Desk(tmp_path / "scratch")
    list(desk.events(json.loads(json.dumps(comparison)), InProcess()))
    native = tmp_path / "native.xlsx"
    native.write_bytes(desk.exported(comparison, "xlsx"))
    mine, theirs = figures(workbook), figures(native)
    assert mine.keys() == theirs.keys()
    assert len(mine) > 10_000
    apart = {at: (mine[at], theirs[at]) for at in mine if not same(mine[at], theirs[at])}
    assert apart == {}
    # Save it, open the file anew, and find it.
    tab.fill("#save-name", "Kept by the browser")
    tab.click("#save-button")
    browsing.says(tab, "#saved-said", "Saved as")
    answer = tab.inner_text("#answer")
    tab.reload()
    tab.wait_for_selector("#saved strong", timeout=SLOW)
    tab.click("#saved strong")
    tab.wait_for_selector("#decision", timeout=60_000)
    assert tab.inner_text("#answer") == answer
    # A council's own workbook is read in the browser as it is here.
    annex_a = browsing.simulated_annex_a(tmp_path / "returns")
    tab.click("#leave")
    tab.check("#start-returns")
    tab.set_input_files("#returns", annex_a)
    tab.click("#start-button")
    tab.wait_for_selector("#notes", timeout=SLOW)
    assert browsing.broken_rules(tab) == []
    tab.click("#notes summary")
    told = desk.ask("returns", {"data": base64.b64encode(annex_a.read_bytes()).decode()})["notes"]
    assert tab.locator("#notes li").all_inner_texts() == told
    tab.wait_for_selector("#look li", timeout=60_000)
    assert {address.split(":")[0] for address in asked} <= {"file", "blob", "data"}
    assert seen == []
    context.close()


def figures(path: Path) -> dict[tuple[str, int, int], Any]:
    """Every figure and word of the tables of a workbook, by sheet and cell."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    return {
        (sheet.title, row, column): value
        for sheet in book.worksheets
        if sheet.title not in ("Cover", "Contents", "Notes")
        for row, cells in enumerate(sheet.iter_rows(values_only=True))
        for column, value in enumerate(cells)
        if row > 2 and value is not None
    }


def same(mine: Any, theirs: Any) -> bool:
    """Whether two cells hold the same, figures to twelve places."""
    if isinstance(mine, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(mine, theirs, rel_tol=1e-12, abs_tol=1e-12)
    return bool(mine == theirs)
