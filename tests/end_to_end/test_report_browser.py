"""The report opened in a real browser with no network to reach: it draws, and asks for nothing."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.report import write_report

pytestmark = pytest.mark.end_to_end

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
needs_browser = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium on this machine: install chromium to have the report opened in it"
)


def _made_up() -> Any:
    path = Path(__file__).parents[1] / "unit" / "report" / "report_results.py"
    spec = importlib.util.spec_from_file_location("report_results", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Page:
    """What the browser made of a page: the document after its scripts, console lines, addresses asked for."""

    dom: str
    console: list[str]
    requests: list[str]

    def drawn(self, kind: str) -> int:
        """How many elements carry a class."""
        return len(re.findall(rf'class="[^"]*\b{kind}\b[^"]*"', self.dom))


def open_page(page: Path, folder: Path, width: int = 1280) -> Page:
    """Open a file in headless Chromium whose every name look-up fails."""
    assert BROWSER is not None
    log = folder / "net.json"
    done = subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-default-apps", "--disable-extensions", "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder / 'profile'}", f"--window-size={width},1200", f"--log-net-log={log}",
            "--enable-logging=stderr", "--v=0", "--virtual-time-budget=10000", "--dump-dom", page.as_uri(),
        ],
        capture_output=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    console = [line for line in done.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line]
    return Page(done.stdout.decode("utf-8"), console, _requests(log))


def _requests(log: Path) -> list[str]:
    """Addresses that the page asked for; the browser's own look-ups have no page as their origin."""
    text = log.read_text(encoding="utf-8", errors="replace")
    try:
        events = json.loads(text)["events"]
    except json.JSONDecodeError:  # the browser ended before it closed the list
        events = json.loads(text.rstrip().rstrip(",") + "]}")["events"]
    return [
        params["url"]
        for event in events
        if (params := event.get("params") or {}).get("url", "").startswith(("http:", "https:", "ws"))
        and params.get("initiator", "not an origin") != "not an origin"
    ]


@needs_browser
@pytest.mark.parametrize("width", [1280, 500])
def test_a_comparison_draws_and_asks_for_nothing(tmp_path: Path, width: int) -> None:
    report = tmp_path / "report.html"
    write_report(_made_up().make(replications=4, years=2), report)
    page = open_page(report, tmp_path, width)
    assert page.console == []
    assert page.requests == []
    charts = page.drawn("chart")
    assert charts == 12
    # A chart is drawn on one or more layers; the first carries the lines, bars and flows.
    assert page.drawn("js-plotly-plot") == charts
    assert page.drawn("main-svg") >= charts
    assert page.drawn("scatterlayer") >= 7
    assert page.drawn("sankey") >= 1
    assert page.dom.count("<table") >= charts + 3


@needs_browser
@pytest.mark.parametrize("width", [1280, 500])
def test_changes_one_by_one_and_what_is_not_known_draw(tmp_path: Path, width: int) -> None:
    from sim.experiment.analysis.variance import VARIANCE_COLUMNS
    from sim.experiment.studies.explain import EXPLAIN_COLUMNS

    made = _made_up().make(("base", "surge"), replications=4, years=1, journeys=False)
    steps = [("baseline", "", 90.0), ("own", "a team", -40.0), ("own", "a lever <b>", -30.0), ("interaction", "", 10.0)]
    steps += [
        ("scenario", "", 30.0),
        ("total", "", -60.0),
        ("last in", "a team", -9.0),
        ("last in", "a lever <b>", -8.0),
    ]
    rows = [
        ("unallocated", "2016-17", effect, name, value, value - 5, value + 5, value - 50, value + 6, None, 4)
        for effect, name, value in steps
    ]
    made.explained = pd.DataFrame(rows, columns=list(EXPLAIN_COLUMNS))
    made.manifest["explained"] = {"measures": ["unallocated"]}
    shares = [("demand.need.low", 0.5), ("pace.overtime", 0.2), ("chance", 0.3)]
    made.variance = pd.DataFrame(
        [("surge", "unallocated", "difference", path, share, 0.1, 0.9, 4, False) for path, share in shares],
        columns=list(VARIANCE_COLUMNS),
    )
    made.manifest["uncertainty"] = "on"
    report = tmp_path / "report.html"
    write_report(made, report)
    page = open_page(report, tmp_path, width)
    assert page.console == []
    assert page.requests == []
    assert 'data-chart="explain-unallocated"' in page.dom
    assert 'data-chart="unknowns-1"' in page.dom
    assert page.drawn("js-plotly-plot") == page.drawn("chart")


@needs_browser
def test_a_single_run_without_journeys_draws(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    write_report(_made_up().make(("base",), replications=1, years=1, journeys=False), report)
    page = open_page(report, tmp_path)
    assert page.console == []
    assert page.requests == []
    assert page.drawn("js-plotly-plot") == page.drawn("chart") == 12


@needs_browser
def test_hostile_titles_stay_text(tmp_path: Path) -> None:
    hostile = '</script><script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">'
    report = tmp_path / "report.html"
    write_report(_made_up().make(replications=3, years=1, titles={"surge": hostile}), report)
    page = open_page(report, tmp_path)
    assert page.console == []
    assert "<title>owned" not in page.dom
    assert "<img" not in page.dom.partition("<main")[2].partition("<script")[0]


@needs_browser
def test_the_browser_would_have_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<img src="http://example.org/a.png"><script>console.error("seen")</script>', encoding="utf-8")
    seen = open_page(page, tmp_path)
    assert any("seen" in line for line in seen.console)
    assert seen.requests == ["http://example.org/a.png"]
