"""Tables of pages that are written from result files."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import councils, performance
from benchmarks.figures import YARDSTICK, Report, higher, lower
from benchmarks.tables import replace
from sim.measures.definitions import MEASURES

ROOT = Path(__file__).parents[3]
PAGE = "before\n<!-- begin town (by hand) -->\nold\n<!-- end town -->\nafter\n"


@pytest.mark.unit
def test_a_table_takes_the_place_of_the_one_between_its_markers() -> None:
    assert replace(PAGE, "town", "new") == "before\n<!-- begin town (by hand) -->\n\nnew\n\n<!-- end town -->\nafter\n"


@pytest.mark.unit
def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="does not hold"):
        replace("no markers", "town", "new")


@pytest.mark.unit
def test_a_councils_table_gives_the_difference_or_says_what_is_to_be_run(tmp_path: Path) -> None:
    folder = tmp_path / "rutland"
    folder.mkdir()
    folder.joinpath("differences.csv").write_text(
        "baseline,scenario,measure,period,difference,simultaneous_low,simultaneous_high,clear_of_chance\n"
        "rutland-base,rutland-stricter-sign-off,assessments_45wd_pct,2019-20,-4.61,-5.7,-3.5,True\n",
        encoding="utf-8",
    )
    text = councils.answers("rutland", tmp_path)
    assert "| `assessments_45wd_pct` | -4.6 | -5.7 to -3.5 | clear of chance |" in text
    assert "| `rereferrals_12m_pct` | to be run |" in text


@pytest.mark.unit
def test_the_councils_questions_name_shipped_scenarios_and_measures() -> None:
    shipped = {path.stem for path in (ROOT / "scenarios").glob("*.yaml")}
    assert {question.scenario for question in councils.QUESTIONS} <= shipped
    assert {measure for question in councils.QUESTIONS for measure in question.measures} <= set(MEASURES)


@pytest.mark.unit
def test_a_benchmark_table_says_whether_a_target_is_met() -> None:
    figures = (
        lower(YARDSTICK, "s", (0.5,)),
        lower("start: --help, imports", "s", (0.05, 0.06, 0.07)),
        higher("parallel: two workers, times as fast as one", "", (1.5, 1.5)),
    )
    machine = {"processor": "a processor", "cores": 2, "python": "Python 3.11"}
    report = Report("2026-11-28T10:00:00", machine, figures, {"rounds": 3, "busy": {"start": {"before": 2.4}}})
    text = performance.rendered(report, None)
    assert "Processes that wanted a processor meanwhile: 2 to 2." in text
    # Seconds are ratios, and a target in seconds says nothing of another machine.
    assert "| start: --help, imports | of a million timeouts | 0.12 (0.1 to 0.14) |  |" in text
    assert "| parallel: two workers, times as fast as one |  | 1.5 | at least 1.75: missed |" in text
    quick = Report("2026-11-28T10:00:00", machine, figures, {"rounds": 3, "quick": True})
    assert "missed" not in performance.rendered(quick, None)


@pytest.mark.unit
@pytest.mark.parametrize(("page", "names"), [("councils.md", councils.RUNS), ("performance.md", [performance.NAME])])
def test_pages_hold_the_markers_of_their_tables(page: str, names: list[str]) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for name in names:
        assert "x y z" in replace(text, name, "x y z")
