"""The first screen and the one rule of verdicts, on results made up to mislead."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.experiment.analysis.best import BEST_COLUMNS
from sim.measures.definitions import MEASURES
from sim.report import assumptions, decision, scope
from sim.report.events import events
from sim.report.options import option_words, value_table
from sim.report.page import render
from sim.report.results_view import ResultsView
from sim.report.run_figures import Difference
from sim.report.wording import formats, phrases
from sim.report.wording.figures_in_words import figure_in_words
from sim.report.wording.sureness import sureness
from sim.report.wording.verdict import judge, runs_needed
from tests.unit.report.test_report_page import made_up, without_library

pytestmark = pytest.mark.unit


def set_difference(results: Any, measure: str, mean: float, half: float, base: float, period: str = "2017-18") -> None:
    """Make a measure of the second scenario differ from the first by `mean` on average, the interval `half` wide."""
    table, name = results.measures, results.written["scenarios"][1]["name"]
    at = (table["measure"] == measure) & (table["period"] == period)
    table.loc[at & (table["scenario"] == results.written["baseline"]), "value"] = base
    ours = at & (table["scenario"] == name)
    table.loc[ours, "value"] = base + mean + 1.5 * half * np.where(np.arange(ours.sum()) % 2, 1.0, -1.0)
    gaps = results.differences
    mine = (gaps["measure"] == measure) & (gaps["period"] == period) & (gaps["scenario"] == name)
    columns = ["baseline_mean", "scenario_mean", "difference", "ci95_low", "ci95_high"]
    gaps.loc[mine, columns] = [base, base + mean, mean, mean - half, mean + half]
    levels = results.summary
    for scenario, value in ((results.written["baseline"], base), (name, base + mean)):
        there = (levels["measure"] == measure) & (levels["period"] == period) & (levels["scenario"] == scenario)
        levels.loc[there, ["mean", "low80", "high80"]] = value


def pair(replications: int = 12, years: int = 2) -> Any:
    return made_up.make(("base", "surge"), replications=replications, years=years, journeys=False)


def judged(results: Any, measure: str, period: str = "2017-18") -> Any:
    return judge(ResultsView(results), "surge", MEASURES[measure], period, "base")


def test_a_share_that_falls_while_its_children_rise_is_not_better() -> None:
    results = pair()
    set_difference(results, "cpp_open_2y_pct", -0.7, 0.2, 3.3)
    set_difference(results, "cpp_open_band_2y_plus", 4.0, 1.0, 20.0)
    mixed = judged(results, "cpp_open_2y_pct")
    assert (mixed.verdict, mixed.reason) == ("mixed", "the share falls, but 4 more children are counted in it")
    set_difference(results, "cpp_open_band_2y_plus", -4.0, 1.0, 20.0)
    assert judged(results, "cpp_open_2y_pct").verdict == "better"


def test_a_measure_that_queueing_flatters_is_not_better() -> None:
    results = pair()
    set_difference(results, "children_3plus_workers_pct", -5.0, 1.0, 15.0)
    set_difference(results, "unallocated", 739.0, 100.0, 0.0)
    mixed = judged(results, "children_3plus_workers_pct")
    assert mixed.verdict == "mixed"
    assert mixed.reason == "it looks better because 739 more children are without a social worker"
    set_difference(results, "unallocated", -2.0, 1.0, 5.0)
    assert judged(results, "children_3plus_workers_pct").verdict == "better"


def test_a_sign_that_changes_between_years_is_said() -> None:
    results = pair(years=3)
    set_difference(results, "cin_open_over_12m", 40.0, 5.0, 100.0)
    set_difference(results, "cin_open_over_12m", -30.0, 5.0, 100.0, period="2018-19")
    assert judged(results, "cin_open_over_12m").turn == (
        "at the end of 2018-19 it is the other way: 30 fewer children have been on a child in need plan for more than "
        "12 months"
    )


@pytest.mark.parametrize(("runs", "verdict"), [(4, "unknown"), (12, "unclear")])
def test_an_interval_across_zero_is_said_in_one_way_everywhere(runs: int, verdict: str) -> None:
    results = pair(replications=runs)
    set_difference(results, "assessments_open_over_45wd", 132.0, 200.0, 30.0)
    rows = [(m, "whole", n, 1.0, p, p, runs) for m in ("unallocated",) for n, p in (("base", 0.96), ("surge", 0.04))]
    import pandas as pd

    results.best = pd.DataFrame(rows, columns=list(BEST_COLUMNS))
    set_difference(results, "unallocated", 132.0, 200.0, 30.0, period="whole")
    data = ResultsView(results)
    assert judged(results, "assessments_open_over_45wd").verdict == verdict
    (overdue,) = [row for row in decision.decision(data).rows if row.label == "Overdue assessments"]
    words = "too few runs to tell" if verdict == "unknown" else "no clear difference"
    assert (overdue.cells[1].word, overdue.cells[1].difference) == (words, "(162 against 30)")
    sure = sureness(data)
    assert sure is not None
    assert not any("is the best of them" in line for line in sure.sentences)
    assert all(word not in (overdue.cells[1].word, overdue.cells[1].arrow) for word in ("lower", "higher", "▲", "▼"))


def test_the_runs_that_would_do_are_said() -> None:
    gap = Difference(30, 162, 132.0, -132.0, 396.0, 0, 0)
    assert runs_needed(gap, 4) == 16  # twice as wide as the difference: four times the runs
    assert runs_needed(replace(gap, mean=0.1), 4) is None
    results = pair(replications=4)
    set_difference(results, "assessments_open_over_45wd", 132.0, 264.0, 30.0)
    assert re.search(r"about \d+ runs would settle", decision.decision(ResultsView(results)).sure)


@pytest.mark.parametrize(
    ("difference", "value", "base"), [(1643.2, 1696.4, 53.2), (12.6, 50.5, 37.9), (-4.4, 95.5, 99.9)]
)
def test_rounded_figures_agree_with_their_difference(difference: float, value: float, base: float) -> None:
    changed, levels = phrases.against(MEASURES["unallocated"], difference, value, base)
    shown, beside = (float(part.replace(",", "")) for part in levels.split(" against "))
    said = float(changed.split()[0].replace(",", ""))
    assert said == abs(shown - beside)
    assert abs(beside - base) < 1  # the same figure as in a table
    assert abs(shown - value) < 1


def test_the_differences_of_the_first_screen_are_those_of_its_figures() -> None:
    data = ResultsView(made_up.make(replications=12, years=3))
    answer = decision.decision(data)
    letters = {scenario.letter: place for place, (scenario, _) in enumerate(answer.columns)}
    compared = 0
    for row in answer.rows:
        for (_, against), cell in zip(answer.columns, row.cells, strict=True):
            if (
                cell.verdict in ("worse", "better", "higher", "lower")
                and "Cost" not in row.label
                and "cost" not in row.label
            ):
                level, base = (
                    float(c.figure.replace(",", "").rstrip("%")) for c in (cell, row.cells[letters[against]])
                )
                assert float(cell.difference.split()[0].replace(",", "")) == pytest.approx(abs(level - base), abs=0.051)
                compared += 1
    assert compared > 5


def test_delay_avoided_is_the_difference_of_the_figures_that_are_shown() -> None:
    """66,875.8 against 72,229.4 are shown as 66,876 against 72,229, which is 5,353 less and not 5,354."""
    results = pair(replications=12)
    set_difference(results, "delay_child_days", -5353.6, 1.0, 72229.4, "whole")
    data = ResultsView(results)
    table = value_table(data)
    assert table is not None
    assert table.rows[0][1][1] == "+5,353"
    assert decision.decision(data).lead.startswith("66,876 child-days of delay over the whole run, against 72,229 ")


def test_each_option_is_compared_with_what_it_builds_on_or_with_a_named_one() -> None:
    results = made_up.make(("base", "surge", "surge-teams"), replications=12, years=2)
    assert [letter for _, letter in decision.decision(ResultsView(results)).columns] == ["", "A", "B"]
    named = ResultsView(results, "surge-teams")
    assert [letter for _, letter in decision.decision(named).columns] == ["C", "C", ""]
    assert decision.decision(named).caption.endswith(f" is compared with “{named.scenarios[2].short}”.")
    with pytest.raises(ValueError, match="there is no scenario 'other'"):
        render(results, "other")
    results.written["against"] = "surge"
    assert "against B" in render(results)


def test_the_title_states_the_result_and_its_cost() -> None:
    results = made_up.make(("base", "surge", "surge-teams"), replications=12, years=2)
    title = decision.decision(ResultsView(results)).title
    assert re.fullmatch(r"“.+” cuts delay by \d+% for £[\d.,]+( million)? (more|less)", title)
    assert title.replace("“", "") in without_library(render(results)).replace("“", "")


@pytest.mark.parametrize("replications", [1, 4])
def test_small_results_say_nothing_wrong(replications: int) -> None:
    alone = made_up.make(("base",), replications=replications, years=1, journeys=False)
    answer = decision.decision(ResultsView(alone))
    assert answer.title.startswith("Croydon, demand of 2016-17 carried on: ")
    page = without_library(render(alone))
    main = re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("<script")[0])
    for wrong in ("option", "baseline", "against", "cuts delay", "comparison"):
        assert wrong not in main.lower(), wrong
    once = made_up.make(("base", "surge"), replications=1, years=1, journeys=False)
    assert "run once" in decision.decision(ResultsView(once)).sure
    assert not option_words(ResultsView(alone))
    assert value_table(ResultsView(alone)) is None


def test_an_empty_summary_still_makes_a_page() -> None:
    results = made_up.make(("base", "surge"), replications=2, years=1, journeys=False)
    for name in ("measures", "summary", "differences"):
        table = getattr(results, name)
        setattr(results, name, table[table["measure"] == "referrals"])
    assert "What changes, compared with" in render(results)


def test_what_is_left_out_is_what_these_scenarios_leave_out() -> None:
    results = pair(replications=3)
    simulated, left_out = scope.scope(ResultsView(results))
    assert "leave and sickness" in left_out
    for entry in results.written["scenarios"]:
        entry["resolved"] |= {"people": {"absence": {"sickness": {}}, "turnover": "none"}, "risk": {}}
    simulated, left_out = scope.scope(ResultsView(results))
    assert "leave and sickness" in simulated
    assert "risk that rises" in simulated
    assert "leave and sickness" not in left_out
    assert "risk that rises" not in left_out
    assert "workers who resign" in left_out
    results.written["scenarios"][0]["resolved"].pop("risk")
    assert "risk that rises while a child waits (only in B)" in scope.scope(ResultsView(results))[0]


def test_days_on_which_something_happens_are_marked() -> None:
    results = pair(replications=3)
    results.written["scenarios"][1]["resolved"] |= {
        "levers": [{"lever": "referral_surge", "at": "2017-10-01", "until": "2018-10-01", "decay": "12 months"}],
        "teams": {"assessment": {}, "summer team": {"start": "2018-07-30", "end": {"value": "2018-10-26"}}},
    }
    assert [(str(event.day), event.text) for event in events(ResultsView(results))] == [
        ("2017-10-01", "the surge begins (B)"),
        ("2018-07-30", "summer team arrives (B)"),
        ("2018-10-01", "the surge begins to fall (B)"),
        ("2018-10-26", "summer team leaves (B)"),
    ]


def test_an_option_says_what_is_good_what_is_bad_and_what_it_costs() -> None:
    results = made_up.make(("base", "surge", "surge-teams"), replications=12, years=3)
    surge, teams = option_words(ResultsView(results))
    assert teams.against == surge.scenario
    assert surge.good == "Nothing gets clearly better."
    assert re.search(r"\d+ more children have an assessment open past 45 working days at the end of 20", surge.bad)
    assert re.search(r"It costs £\S+ more over the whole run\. Its worst year is 20\d\d-\d\d", surge.cost)
    assert "fewer" in teams.good


def test_the_assumption_that_matters_is_named() -> None:
    data = ResultsView(pair(replications=3))
    line = assumptions.first_line(data, data.scenarios[1])
    assert line == (
        "1 figure of the scenarios is an assumption that these runs do not test; "
        "an analyst can (frontdoor sensitivity)."
    )
    _, lines = assumptions.top_five(data, data.scenarios[1])
    assert lines == ("Floor: 0.05",)
    own = made_up.make(("base", "surge"), replications=3, years=1, journeys=False)
    levers = [{"lever": "referral_surge", "ramp": "3 months"}]
    for entry in own.written["scenarios"][1:]:
        entry["resolved"]["levers"] = levers
        entry["register"].append(
            {"path": "levers.0.ramp", "value": "3 months", "confidence": "assumption"}
        )  # fmt: skip
    data = ResultsView(own)
    assert assumptions.first_line(data, data.scenarios[1]) == (
        f"“{data.scenarios[1].short}” rests on 1 assumption of its own, such as time in which the change is reached "
        "(referral surge): 3 months. These runs do not test it or the 1 that every option shares; an analyst can "
        "(frontdoor sensitivity)."
    )


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("teams.summer.takes_held_cases.children", "100",
         "the most children who move to the team on its first day (“summer”): 100"),
        ("people.absence.sickness.by_load", "low: 0.4, high: 1.3, value: 0.87, distribution: triangular",
         "exponent of load (sickness): 0.87 (0.4 to 1.3)"),
        ("teams.summer.end", "2018-10-26", "last day of a team that comes for a time (“summer”): 26 October 2018"),
        ("stages.assessment.habit", "x" * 41, "duration from referral to the end where nobody waits (assessment)"),
        ("levers.7.size", "40%", "relative change of referrals: 40%"),
        ("nothing.known_of_it", "3", "known of it: 3"),
    ],
)  # fmt: skip
def test_a_figure_is_said_in_the_words_of_its_key(path: str, value: str, words: str) -> None:
    assert figure_in_words(path, value, {}) == words


def test_every_companion_of_a_measure_is_a_measure() -> None:
    for measure in MEASURES.values():
        assert measure.short
        assert set(measure.flattered_by) <= set(MEASURES)
        assert measure.count in {"", *MEASURES}
        assert measure.id not in measure.flattered_by
    assert [(f.year, f.value) for f in MEASURES["icpc_15wd_pct"].england] == [(2018, 76.9), (2024, 79.7)]


def test_few_runs_are_too_few_to_tell() -> None:
    assert formats.verdict(-1.0, 2.0, "lower", 4) == "unknown"
    assert formats.verdict(-1.0, 2.0, "lower", 10) == "unclear"
    assert formats.verdict(1.0, 2.0, "lower", 4) == "worse"
    assert np.isfinite(formats.FEW)
