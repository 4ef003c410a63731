"""A planner's whole way through the served page, in Chromium."""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.end_to_end


def _helper(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


server, browsing = _helper("served"), _helper("page_in_browser")
needs_chromium = browsing.needs_chromium
TEXT = "extends: tiny\ntitle: A short year\nperiod: {start: 2016-04-01, end: 2016-12-31}\n"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("page")
    (folder / "short.yaml").write_text(TEXT, encoding="utf-8")
    with server.served(folder / "library", "short.yaml", folder=folder) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing.chromium() as running:
        yield running


def choose_short(tab: Any) -> None:
    tab.check("#start-given")
    tab.click("#start-button")
    tab.wait_for_selector("#look li")


@needs_chromium
def test_a_planners_whole_way(page: Any, browser: Any, tmp_path: Path) -> None:
    from sim.scenario import load

    tab, seen = browsing.opened(browser, page.address)
    choose_short(tab)
    assert tab.inner_text("h1") == "A short year"
    browsing.set_control(tab, "surge.size", "40")
    assert tab.inner_text('[data-option="B"]').startswith("B Surge +40%")
    tab.click("#add")
    assert tab.inner_text("#levers-h") == "Change option C"
    browsing.set_control(tab, "extra.size", "3")
    browsing.set_control(tab, "team.0.cap", "12")
    browsing.says(tab, "#look", "Surge team")
    tab.select_option("#runs", "5")
    tab.click("#run")
    tab.wait_for_selector("#decision")
    assert tab.inner_text("#run") in ("Stop", "Run")
    tab.wait_for_selector("#progress", state="hidden", timeout=120_000)
    assert tab.locator("#decision thead th").count() == 4
    title = tab.inner_text("#answer")
    assert "delay" in title
    assert "5 runs of each option" in tab.inner_text("#results")
    tab.wait_for_selector("#charts .main-svg")
    assert tab.locator("#charts figure").count() == tab.locator("#charts .js-plotly-plot").count() == 4
    tab.select_option("#against", "1")  # the surge, with and without the team
    browsing.says(tab, "#decision thead", "against B")
    # Leave with everything.
    report = browsing.saved_to(tab, '[data-away="report"]', tmp_path)
    assert report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert zipfile.ZipFile(browsing.saved_to(tab, '[data-away="xlsx"]', tmp_path)).testzip() is None
    assert "<script" not in browsing.saved_to(tab, '[data-away="page"]', tmp_path).read_text(encoding="utf-8")
    yaml = browsing.saved_to(tab, '[data-yaml="C"]', tmp_path)
    (tmp_path / "short.yaml").write_text(TEXT, encoding="utf-8")
    scenario = load(yaml).scenario
    assert scenario.teams["surge team"].workers[0].count == 3
    assert {group.cap for group in scenario.teams["locality team"].workers} == {12}
    assert scenario.levers[0].lever == "referral_surge"
    # Save, come back, and find it as it was.
    tab.fill("#save-name", "Surge and team")
    tab.fill("#save-description", "What a team of three does")
    tab.click("#save-button")
    browsing.says(tab, "#saved-said", "Saved as")
    answer = tab.inner_text("#answer")
    tab.reload()
    tab.wait_for_selector("#saved")
    assert "What a team of three does" in tab.inner_text("#saved")
    tab.click("#saved strong")
    tab.wait_for_selector("#decision")
    assert tab.inner_text("#answer") == answer
    assert tab.locator("#decision thead th").count() == 4
    tab.click("#leave")
    tab.wait_for_selector("#saved")
    tab.get_by_role("button", name="Delete Surge and team").click()
    tab.get_by_role("button", name="Yes, delete").click()
    browsing.says(tab, "#library", "Nothing is saved yet")
    assert seen == []
    tab.close()


@pytest.fixture(scope="module")
def annex_a(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return browsing.simulated_annex_a(tmp_path_factory.mktemp("returns"))


@needs_chromium
def test_a_councils_own_workbook_is_a_start(page: Any, browser: Any, annex_a: Path) -> None:
    tab, seen = browsing.opened(browser, page.address)
    tab.check("#start-returns")
    tab.click("#start-button")
    browsing.says(tab, "#problem", "Choose an Annex A workbook")
    tab.set_input_files("#returns", annex_a)
    tab.click("#start-button")
    tab.wait_for_selector("#look li", timeout=120_000)
    assert tab.inner_text("h1").startswith("Your council, carried on from")
    assert "What the returns do not tell" in tab.inner_text("#notes")
    tab.click("#notes summary")
    assert "no return holds" in tab.inner_text("#notes")
    assert browsing.broken_rules(tab) == []
    assert "SIM" not in tab.inner_text("body")
    assert seen == []
    tab.close()


@needs_chromium
def test_undo_stop_and_going_on(page: Any, browser: Any) -> None:
    tab, seen = browsing.opened(browser, page.address)
    choose_short(tab)
    assert tab.is_disabled("#undo")
    browsing.set_control(tab, "referrals", "700")
    browsing.set_control(tab, "referrals", "800")
    tab.click("#undo")
    assert tab.input_value("#control-referrals") == "700"
    tab.click("#undo")
    assert tab.input_value("#control-referrals") == "480"
    tab.click("#redo")
    assert tab.input_value("#control-referrals") == "700"
    tab.select_option("#runs", "100")
    tab.click("#run")
    tab.wait_for_selector("#decision")
    assert "oo early to tell" in tab.inner_text("#results")
    tab.click("#run")  # it says Stop
    tab.wait_for_selector("#progress", state="hidden")
    tab.select_option("#runs", "5")
    browsing.set_control(tab, "referrals", "700")
    tab.wait_for_selector("#go-on:not([hidden])")
    browsing.set_control(tab, "referrals", "900")
    assert tab.is_visible("#stale")
    browsing.run_to_the_end(tab)
    assert not tab.is_visible("#stale")
    tab.select_option("#earlier", label="700 referrals")
    tab.click("#bring-back")
    assert tab.inner_text('[data-option="C"]').startswith("C 700 referrals")
    assert tab.is_visible("#stale")
    tab.click("#undo")
    assert not tab.is_visible("#stale")
    tab.click("#go-on")
    browsing.says(tab, "#results", "15 runs of each option")
    assert seen == []
    tab.close()


@needs_chromium
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_any_state_and_nothing_runs_over_the_edge(page: Any, browser: Any, width: int) -> None:
    tab, seen = browsing.opened(browser, page.address, width)

    def sound() -> None:
        assert browsing.broken_rules(tab) == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width

    tab.check("#start-new")
    sound()
    tab.check("#start-file")
    tab.click("#start-button")  # no file is chosen
    assert "Choose a scenario file" in tab.inner_text("#problem-summary")
    assert tab.evaluate("document.activeElement.id") == "problem-summary"
    tab.set_input_files(
        "#file", {"name": "bad.yaml", "mimeType": "text/yaml", "buffer": b"title: x\nperiod: {start: soon}\n"}
    )
    tab.click("#start-button")
    browsing.says(tab, "#problem", "bad.yaml, line 2")
    sound()
    choose_short(tab)
    assert tab.inner_text("#problem") == ""
    tab.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    sound()
    browsing.set_control(tab, "surge.size", "60")
    tab.select_option("#runs", "5")
    browsing.run_to_the_end(tab)
    tab.wait_for_selector("#charts .main-svg")
    tab.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    sound()
    assert [line for line in seen if "400 (Bad Request)" not in line] == []  # the browser names what was refused
    tab.close()


@needs_chromium
def test_the_whole_way_by_keyboard(page: Any, browser: Any) -> None:
    tab, seen = browsing.opened(browser, page.address)

    def tab_to(id_: str) -> None:
        for _ in range(80):
            if tab.evaluate("document.activeElement.id") == id_:
                return
            tab.keyboard.press("Tab")
        raise AssertionError(f"{id_} cannot be reached by keyboard")

    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to main content"
    tab_to("start-shipped")
    tab.keyboard.press("ArrowDown")  # the file named on the command line
    tab_to("start-button")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#look li")
    assert tab.evaluate("document.activeElement.tagName") == "H1"
    tab_to("control-surge-size-slider")
    for _ in range(4):
        tab.keyboard.press("ArrowRight")
    assert tab.input_value("#control-surge-size") == "20"
    assert tab.evaluate("document.activeElement.id") == "control-surge-size-slider"
    tab_to("control-surge-at")
    tab_to("run")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#decision")
    tab.wait_for_selector("#progress", state="hidden", timeout=120_000)
    assert "Done." in tab.inner_text("#spoken")
    assert seen == []
    tab.close()


@needs_chromium
def test_what_a_scenario_says_stays_text(page: Any, browser: Any) -> None:
    hostile = "<img src=x onerror=document.title=1></script><script>document.title=2</script>"
    text = f"extends: tiny\ntitle: '{hostile}'\nquestion: '{hostile}'\nperiod: {{start: 2016-04-01, end: 2016-06-30}}\n"
    tab, seen = browsing.opened(browser, page.address)
    tab.check("#start-file")
    tab.set_input_files("#file", {"name": "x.yaml", "mimeType": "text/yaml", "buffer": text.encode()})
    tab.click("#start-button")
    tab.wait_for_selector("#look li")
    tab.select_option("#runs", "5")
    tab.fill("#option-name", "<b onclick=x>&lt;")
    tab.press("#option-name", "Tab")
    browsing.run_to_the_end(tab)
    assert tab.inner_text("h1") == hostile
    assert tab.locator("main img, main script").count() == 0
    assert tab.title() not in ("1", "2")
    assert seen == []
    tab.close()
