from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.report import figures, write_report
from sim.report.headline import GROUPS, QUIET, headline
from sim.report.page import render, script_safe
from sim.report.results_view import ResultsView
from sim.report.tables import key_tables, register
from sim.report.wording import formats
from sim.report.wording.unsustainable_load import warnings

pytestmark = pytest.mark.unit

HOSTILE = '</script><script>alert(1)</script><b onmouseover="alert(2)">'


def _made_up() -> Any:
    spec = importlib.util.spec_from_file_location("report_results", Path(__file__).parent / "report_results.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


made_up = _made_up()


@pytest.fixture(scope="module")
def results() -> Any:
    return made_up.make(replications=6, years=3)


@pytest.fixture(scope="module")
def page(results: Any) -> str:
    return render(results)


def without_library(page: str) -> str:
    """The page less the Plotly library, which names addresses that it never fetches here."""
    library = re.search(r"<script>(?=\s*/\*\*\s*\* plotly\.js).*?</script>", page, flags=re.DOTALL)
    assert library is not None
    return page.replace(library.group(), "")


class Elements(HTMLParser):
    """Names and attributes of every element, and the ids that are used twice."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_the_library_is_embedded_once_and_nothing_is_fetched(page: str) -> None:
    assert page.count("* plotly.js v") == 1
    rest = without_library(page)
    for elsewhere in ('src="http', 'href="http', "src=//", "@import", "url(http", '<link rel="stylesheet'):
        assert elsewhere not in rest
    assert "http" not in re.sub(r"http-equiv|http://www\.w3\.org/2000/svg", "", rest)
    assert "default-src 'none'" in rest.replace("&#39;", "'")


@pytest.mark.parametrize("names", [("base",), ("base", "surge")])
def test_the_page_says_what_exposure_is_wherever_it_says_exposure(names: tuple[str, ...]) -> None:
    with_risk = made_up.make(names, replications=4, years=2)  # the scenarios differ from the second year on
    page = without_library(render(with_risk))
    assert re.search(r"child-days pass|more child-days", page)
    said = re.search(r'id="exposure".*?</p>', page, flags=re.DOTALL)
    assert said is not None
    for part in ("(assumption)", "not harm", "nor a forecast", "assumed rates"):
        assert part in said.group()
    without = made_up.make(names, replications=4, years=2)
    for name in ("measures", "summary", "differences"):
        table = getattr(without, name)
        if table is not None:
            setattr(without, name, table[~table["measure"].str.contains("exposure|step_up|need_rises")])
    assert 'id="exposure"' not in without_library(render(without))


def test_ids_are_unique_and_links_lead_somewhere(page: str) -> None:
    elements = Elements(without_library(page))
    ids = [a["id"] for _, a in elements.found if a.get("id")]
    assert len(ids) == len(set(ids))
    for link in elements.named("a"):
        assert link["href"] is not None
        assert link["href"].removeprefix("#") in ids


def test_tables_have_headers_with_a_scope_and_a_caption(page: str) -> None:
    elements = Elements(without_library(page))
    assert all(header.get("scope") for header in elements.named("th"))
    assert len(elements.named("table")) == len(elements.named("caption"))


def test_every_chart_has_words_and_a_table(page: str) -> None:
    elements = Elements(without_library(page))
    charts = [a for a in elements.named("div") if "data-chart" in a]
    assert len(charts) == 15
    assert all(chart.get("role") == "img" and chart.get("aria-label") for chart in charts)
    for figure in re.findall(r"<figure.*?</figure>", page, flags=re.DOTALL):
        assert "<table" in figure


def test_hostile_titles_are_only_text() -> None:
    results = made_up.make(replications=3, years=1, titles={"surge": HOSTILE})
    page = without_library(render(results))
    assert "alert(1)</script" not in page
    assert "<b onmouseover" not in page
    elements = Elements(page)
    assert len(elements.named("script")) == 2
    assert not any("onmouseover" in attributes for _, attributes in elements.found)
    drawings = page.partition('id="drawings">')[2].partition("</script>")[0]
    assert "<" not in drawings
    # Plotly reads markup in its texts: a title reaches it with its brackets as entities.
    assert "<b onmouseover" not in json.dumps(json.loads(drawings))


def test_json_in_a_script_cannot_end_it() -> None:
    text = script_safe({"a": "</script><!-- & \u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!-- & \u2028"}


def test_no_claim_where_the_interval_holds_zero() -> None:
    results = made_up.make(("base", "hours"), replications=12, years=2)
    results.differences["ci95_low"] = -abs(results.differences["difference"]) - 1
    results.differences["ci95_high"] = abs(results.differences["difference"]) + 1
    (block,) = headline(ResultsView(results))
    assert [s.verdict for s in block.sentences] == ["unclear"] * 3
    assert all("no clear difference" in s.text for s in block.sentences)
    assert not any(word in s.text for s in block.sentences for word in ("more", "fewer", "higher", "lower"))
    for table in key_tables(ResultsView(results)):
        assert {row.verdict for m in table.measures for row in m.rows[1:]} == {"unclear"}


def test_the_headline_says_what_is_clear_with_its_range(results: Any) -> None:
    against_base, teams_against_base, teams_against_surge = headline(ResultsView(results))
    first = against_base.sentences[0]
    assert first.verdict == "worse"
    assert re.match(
        r"\d+ more children have an assessment open past 45 working days at the end of 20\d\d-\d\d: "
        r"\d+ against \d+, and in 8 runs out of 10 (between \d+ and \d+|about \d+)\.",
        first.text,
    )
    assert teams_against_base.scenario == teams_against_surge.scenario
    assert teams_against_surge.against == against_base.scenario
    assert {s.verdict for s in teams_against_surge.sentences} == {"better"}


def test_the_headline_leaves_out_what_is_clear_and_next_to_nothing() -> None:
    results = made_up.make(("base", "surge"), years=2)
    columns = ["difference", "ci95_low", "ci95_high"]
    late, share = (results.differences["measure"] == m for m in ("assessments_open_over_45wd", "assessments_45wd_pct"))
    results.differences.loc[share, columns] = [-0.4, -0.5, -0.3]
    results.differences.loc[late, columns] = results.differences.loc[late, ["baseline_mean"]].to_numpy() * [
        0.009,
        0.008,
        0.01,
    ]
    spoken = [s.text for s in headline(ResultsView(results))[0].sentences]
    assert not any("past 45 working days" in text or "within 45 working days" in text for text in spoken)
    results.differences.loc[share, columns] = [-0.6, -0.7, -0.5]
    spoken = [s.text for s in headline(ResultsView(results))[0].sentences]
    assert any("within 45 working days" in text for text in spoken)


def test_a_group_says_so_where_all_that_is_clear_is_small() -> None:
    results = made_up.make(("base", "surge"), years=2)
    delay = results.differences["measure"].isin(GROUPS["delay"])
    sizes = results.differences.loc[delay, ["baseline_mean"]].to_numpy() * [0.001, 0.0005, 0.0015]
    results.differences.loc[delay, ["difference", "ci95_low", "ci95_high"]] = sizes
    first, *_ = headline(ResultsView(results))[0].sentences
    assert (first.verdict, first.text[:45]) == (None, "Delay: what differs by more than chance diffe")


def test_the_difference_of_a_headline_is_that_of_the_table(results: Any) -> None:
    data = ResultsView(results)
    for _, row in results.differences.iterrows():
        found = data.difference(row["scenario"], row["measure"], row["period"])
        assert found is not None
        assert found.mean == row["difference"]
        assert found.low95 == row["ci95_low"]
        assert found.low80 <= found.mean <= found.high80 or found.low80 <= found.high80


def test_one_replication_makes_no_claim() -> None:
    results = made_up.make(replications=1, years=1)
    for block in headline(ResultsView(results)):
        assert {s.verdict for s in block.sentences} == {"unknown"}
    page = render(results)
    assert "cannot be told from chance" in page


def test_a_single_run_has_levels_and_no_differences() -> None:
    page = without_library(render(made_up.make(("base",), replications=4, years=2)))
    assert "95% interval" not in page
    plain = page.replace('<span class="year">', "")
    assert "children have an assessment open past 45 working days at the end of 2017-18" in plain


def test_missing_tables_leave_their_part_out(results: Any) -> None:
    class Bare:
        manifest = results.manifest
        summary = results.summary
        differences = results.differences
        measures = results.measures
        stocks = None

    page = without_library(render(Bare()))  # type: ignore[arg-type]
    assert 'data-chart="assessments_open"' not in page
    assert 'data-chart="caseload_mean"' in page  # from the quarters
    assert 'data-chart="pathway"' in page  # from the counts


def test_shared_assumptions_are_shown_once(results: Any) -> None:
    rows = register(results.manifest.scenarios, {"base": "Base", "surge": "Surge", "surge-teams": "Teams"})
    assert [row.path for row in rows] == ["demand.referrals_a_year", "levers[0].size", "pace.floor"]
    assert rows[0].scenarios == ()
    assert rows[1].scenarios == ("Surge", "Teams")


def test_loads_beyond_what_can_last_are_warned_of(results: Any) -> None:
    results.written["warnings"] = [{"scenario": "surge", "message": "a lever did nothing"}]
    said = {group.scenario.name if group.scenario else "": group.lines for group in warnings(ResultsView(results))}
    results.written["warnings"] = []
    assert said["surge"][0] == "a lever did nothing"
    assert any("Decisions and supervision take up" in line for line in said["surge"])
    assert any(line.startswith("Still growing at the end") for line in said["surge"])


def test_figures_carry_their_message_and_axes(results: Any) -> None:
    made = figures(results)
    assert list(made)[:2] == ["unallocated", "assessments_open_over_45wd"]
    for name, figure in made.items():
        assert figure.layout.title.text
        if name != "pathway":
            assert figure.layout.xaxis.title.text
            assert figure.layout.yaxis.title.text


def test_a_report_appears_whole_or_not_at_all(results: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = tmp_path / "new" / "report.html"
    write_report(results, report)
    before = report.read_bytes()
    assert before.rstrip().endswith(b"</html>")

    def fails(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises(OSError, match="no space"):
        write_report(results, report)
    assert report.read_bytes() == before
    assert [path.name for path in report.parent.iterdir()] == ["report.html"]


def test_the_package_imports_nothing_heavy() -> None:
    heavy = ("pandas", "plotly", "jinja2", "pyarrow")
    code = f"import sys, sim.report; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _without(results: Any, measures: set[str]) -> None:
    for table in ("measures", "differences"):
        frame = getattr(results, table)
        setattr(results, table, frame[~frame["measure"].isin(measures)])
    results.summary = results.summary[~results.summary["measure"].isin(measures)]


def test_groups_that_are_not_simulated_say_nothing() -> None:
    results = made_up.make(("base", "surge"), years=2)
    spoken = [s.text for s in headline(ResultsView(results))[0].sentences]
    assert any("protective step" in text for text in spoken)
    assert any("£" in text for text in spoken)
    assert "Exposure (assumption)" in render(results)
    quiet = {m for group in QUIET for m in GROUPS[group]} | {"cost_per_delay_day_avoided", "review_completion_date"}
    _without(results, quiet)
    silent = [s.text for s in headline(ResultsView(results))[0].sentences]
    assert silent
    assert not any("protective step" in text or "£" in text for text in silent)
    assert "Exposure (assumption)" not in render(results)


def test_the_price_of_delay_avoided_is_said_only_when_clear() -> None:
    results = made_up.make(("base", "surge"), years=2)
    mine = (results.differences["measure"] == "cost_per_delay_day_avoided") & (results.differences["period"] == "whole")
    results.differences.loc[mine, ["difference", "ci95_low", "ci95_high"]] = [41.5, 30.2, 61.8]
    spoken = [s.text for s in headline(ResultsView(results))[0].sentences]
    assert any("each child-day of delay avoided costs £42" in text and "£30 to £62" not in text for text in spoken)
    results.differences.loc[mine, ["difference", "ci95_low", "ci95_high"]] = np.nan
    spoken = [s.text for s in headline(ResultsView(results))[0].sentences]
    assert not any("delay avoided" in text for text in spoken)


@pytest.mark.parametrize(
    ("names", "without"),
    [(("base",), "the whole run"), (("base", "surge"), "the whole run"), (("base",), "the last months")],
)
def test_a_service_without_workers_has_a_report(names: tuple[str, ...], without: str) -> None:
    """Nobody is there to hold a case: the mean caseload is missing, and the report says nothing of it."""
    results = made_up.make(names, replications=3, years=2, journeys=False)
    months = sorted(results.stocks["month"].unique())
    missing = months if without == "the whole run" else months[-3:]
    results.stocks.loc[results.stocks["month"].isin(missing), "caseload"] = np.nan
    if without == "the whole run":
        results.stocks.loc[results.stocks["stage"] == "front_door", "open"] = np.nan
    page = without_library(render(results))
    assert re.search(r"\bnan\b", page, re.IGNORECASE) is None
    for chart in ("caseload_mean", "front_door_open"):
        assert (f'id="chart-{chart}"' in page) == (without != "the whole run"), chart
    if without == "the last months":
        assert f"average full-time social worker in {formats.month_name(months[-4])}" in page
