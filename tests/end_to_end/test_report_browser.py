"""The report opened in a real browser with no network to reach: it draws, and asks for nothing."""

from __future__ import annotations

import html
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
from sim.report.results_list import write_results_list

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


def opened(page: Path) -> None:
    """Open every fold of a page: a chart in a closed one is drawn when a reader opens it."""
    page.write_text(page.read_text(encoding="utf-8").replace("<details", "<details open"), encoding="utf-8")


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
    opened(report)
    page = open_page(report, tmp_path, width)
    assert page.console == []
    assert page.requests == []
    charts = page.drawn("chart")
    assert charts == 15
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
    made.written["explained"] = {"measures": ["unallocated"]}
    shares = [("demand.need.low", 0.5), ("pace.overtime", 0.2), ("chance", 0.3)]
    made.variance = pd.DataFrame(
        [("surge", "unallocated", "difference", path, share, 0.1, 0.9, 4, False) for path, share in shares],
        columns=list(VARIANCE_COLUMNS),
    )
    made.written["uncertainty"] = "on"
    report = tmp_path / "report.html"
    write_report(made, report)
    opened(report)
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
    opened(report)
    page = open_page(report, tmp_path)
    assert page.console == []
    assert page.requests == []
    assert page.drawn("js-plotly-plot") == page.drawn("chart") == 15


@needs_browser
def test_hostile_titles_stay_text(tmp_path: Path) -> None:
    hostile = '</script><script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">'
    report = tmp_path / "report.html"
    write_report(_made_up().make(replications=3, years=1, titles={"surge": hostile}), report)
    page = open_page(report, tmp_path)
    assert page.console == []
    assert "<title>owned" not in page.dom
    assert "<img" not in page.dom.partition("<main")[2].partition("<script")[0]


AXE = importlib.util.find_spec("axe_core_python")
needs_axe = pytest.mark.skipif(AXE is None, reason="axe-core-python is not installed: the test extra has it")

_CHECK = """
<script>window.addEventListener("load", function () { setTimeout(function () {
  axe.run(document, {resultTypes: ["violations"]}).then(function (result) {
    parent.postMessage(JSON.stringify(result.violations.map(function (violation) {
      return violation.id + ": " + violation.nodes.map(function (node) { return node.html.slice(0, 150); }).join(" | ");
    })), "*");
  });
}, 500); });</script></body>"""
_FRAME = """<!DOCTYPE html><title>frame</title><pre id="axe">no answer</pre>
<script>
window.addEventListener("message", function (event) { document.getElementById("axe").textContent = event.data; });
</script>
<iframe src="page.html" width="%d" height="900"></iframe>"""


def broken_rules(report: Path, folder: Path, width: int, *, folds_open: bool) -> list[str]:
    """Rules of axe-core that a page breaks in a window of `width` pixels, each with the elements."""
    assert AXE is not None
    assert AXE.origin is not None
    axe = (Path(AXE.origin).parent / "axe.min.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    text = report.read_text(encoding="utf-8").replace("</body>", f"<script>{axe}</script>{_CHECK}")
    (folder / "page.html").write_text(text.replace("<details", "<details open") if folds_open else text, "utf-8")
    frame = folder / "frame.html"
    frame.write_text(_FRAME % width, encoding="utf-8")
    dom = open_page(frame, folder, 1400).dom
    answer = re.search(r'<pre id="axe">(.*?)</pre>', dom, flags=re.DOTALL)
    assert answer is not None
    rules: list[str] = json.loads(html.unescape(answer[1]))
    return rules


@needs_browser
@needs_axe
@pytest.mark.parametrize("folds_open", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(tmp_path: Path, width: int, folds_open: bool) -> None:
    report = tmp_path / "report.html"
    write_report(_made_up().make(replications=4, years=2), report)
    assert broken_rules(report, tmp_path, width, folds_open=folds_open) == []


@needs_browser
@needs_axe
def test_axe_finds_nothing_in_a_list_of_results(tmp_path: Path) -> None:
    for name, heading in (("first", "<h1>Delay falls</h1>"), ("second", "")):
        (tmp_path / name).mkdir()
        manifest = {"product": "frontdoor", "started": "2026-11-22", "scenarios": [{"name": name, "question": "Why?"}]}
        (tmp_path / name / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        (tmp_path / name / "report.html").write_text(heading, encoding="utf-8")
    listed = write_results_list(tmp_path)
    assert listed is not None
    text = listed.read_text(encoding="utf-8")
    assert "script-src" not in text  # the page has no scripts: axe-core needs leave to run
    listed.write_text(text.replace("style-src", "script-src 'unsafe-inline'; style-src"), encoding="utf-8")
    assert broken_rules(listed, tmp_path, 390, folds_open=False) == []


@needs_browser
@needs_axe
def test_axe_would_have_noticed(tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text("<!DOCTYPE html><html><body><img src='data:,'></body></html>", encoding="utf-8")
    assert any(rule.startswith("image-alt") for rule in broken_rules(page, tmp_path, 390, folds_open=False))


@needs_browser
def test_the_answer_is_on_the_first_screen(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    write_report(_made_up().make(("base", "surge", "surge-teams", "nqsw-caps", "hours"), 4, 2, journeys=False), report)
    probe = """<script>window.addEventListener("load", function () {
      const last = document.querySelector("#headline .line + .line");
      document.title = "end " + Math.round(last.getBoundingClientRect().bottom);
    });</script></body>"""
    report.write_text(report.read_text(encoding="utf-8").replace("</body>", probe), encoding="utf-8")
    bottom = re.search(r"<title>end (\d+)</title>", open_page(report, tmp_path, 1280).dom)
    assert bottom is not None
    assert int(bottom[1]) <= 900


@needs_browser
def test_on_a_telephone_nothing_of_the_first_screen_is_beside_it(tmp_path: Path) -> None:
    """Five options fit a width of 390 pixels, and no figure or word runs out of its cell by more than a letter."""
    page = tmp_path / "page.html"
    results = _made_up().make(("base", "surge", "surge-teams", "nqsw-caps", "hours"), 4, 2, journeys=False)
    write_report(results, page)
    probe = """<script>window.addEventListener("load", function () {
      const box = document.querySelector("#headline .scroll");
      const cells = [...box.querySelectorAll("td, th[scope=row]")];
      const wide = cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 8);
      parent.postMessage(JSON.stringify([document.documentElement.scrollWidth, box.scrollWidth - box.clientWidth,
        wide.length, getComputedStyle(box.querySelector("tr")).display]), "*");
    });</script></body>"""
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", probe), encoding="utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(_FRAME % (390 + 15), encoding="utf-8")  # the bar that scrolls a page takes 15 pixels
    answer = re.search(r'<pre id="axe">(.*?)</pre>', open_page(frame, tmp_path, 1400).dom)
    assert answer is not None
    assert json.loads(html.unescape(answer[1])) == [390, 0, 0, "grid"]


@needs_browser
@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_chart_is_saved_from_the_page(tmp_path: Path, kind: str) -> None:
    report = tmp_path / "report.html"
    write_report(_made_up().make(replications=3, years=1, journeys=False), report)
    probe = f"""<script>HTMLAnchorElement.prototype.click = function () {{
      document.title = this.download + " " + this.href.slice(0, 22); }};
      window.addEventListener("load", function () {{
        document.querySelector('[data-save="{kind}"][data-of="unallocated"]').click(); }});</script></body>"""
    report.write_text(report.read_text(encoding="utf-8").replace("</body>", probe), encoding="utf-8")
    page = open_page(report, tmp_path)
    assert page.console == []
    begins = "data:image/png;base64," if kind == "png" else "data:image/svg+xml"
    assert f"<title>simulated-unallocated.{kind} {begins}" in page.dom


@needs_browser
def test_in_print_it_is_at_most_four_pages(tmp_path: Path) -> None:
    assert BROWSER is not None
    report, paper = tmp_path / "report.html", tmp_path / "report.pdf"
    results = _made_up().make(("base", "surge", "surge-teams", "nqsw-caps", "hours"), 4, 2)
    for entry in results.written["scenarios"]:
        entry["resolved"]["targets"] = [
            {"measure": "assessments_45wd_pct", "at_least": 80},
            {"measure": "unallocated_over_14d", "at_most": 20},
        ]
    write_report(results, report)
    subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=10000", "--no-pdf-header-footer",
            f"--print-to-pdf={paper}", report.as_uri(),
        ],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    pages = re.findall(rb"/Type\s*/Page[^s]", paper.read_bytes())
    assert 1 <= len(pages) <= 4


@needs_browser
def test_the_browser_would_have_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<img src="http://example.org/a.png"><script>console.error("seen")</script>', encoding="utf-8")
    seen = open_page(page, tmp_path)
    assert any("seen" in line for line in seen.console)
    assert seen.requests == ["http://example.org/a.png"]
