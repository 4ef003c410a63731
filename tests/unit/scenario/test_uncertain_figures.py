"""Figures that are known only as a range: how they are written, drawn and refused."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.scenario.errors.problems import ScenarioError
from sim.scenario.reading.editor_schema import schema_of
from sim.scenario.reading.loader import LoadedScenario
from sim.scenario.uncertainty.uncertain_figure import UncertainFigure
from tests.unit.conftest import Tiny

pytestmark = pytest.mark.unit


def one(files: Any, before: str, after: str) -> UncertainFigure:
    """The only uncertain figure of the good file with a line replaced."""
    loaded = files.load(files.write(files.good.replace(before, after)))
    (figure,) = loaded.uncertain
    return figure


def test_central_figure_holds(files: Any) -> None:
    """With no draw a range stands for its middle, or for the value it names."""
    text = files.good.replace("5,195", "{low: 4000, high: '6,000'}").replace(
        "cap: 16", "cap: {low: 14, high: 20, value: 15}"
    )
    loaded = files.load(files.write(text))
    assert loaded.scenario.demand.referrals == 5000
    assert loaded.scenario.teams["assessment"].workers[0].cap == 15
    assert [(f.path, f.central, f.distribution) for f in loaded.uncertain] == [
        ("demand.referrals", 5000.0, "uniform"),
        ("teams.assessment.workers.0.cap", 15, "uniform"),
    ]
    assert loaded.resolved["demand"]["referrals"] == {"low": 4000, "high": "6,000"}


def test_source_makes_one_row_of_the_register(files: Any) -> None:
    figure = (
        "{low: 4000, high: 6000, distribution: triangular, value: 5195, source: file c1, date: 2017, confidence: local}"
    )
    loaded = files.load(files.write(files.good.replace("5,195", figure)))
    (row,) = loaded.register
    assert (row.path, row.source, row.date, row.confidence) == ("demand.referrals", "file c1", "2017", "local")
    assert row.shown == "4000 to 6000 (triangular, central 5195)"
    plain = files.load(files.write(files.good))
    assert loaded.unsourced == plain.unsourced - 1
    unsourced = files.load(files.write(files.good.replace("5,195", "{low: 4000, high: 6000, value: 5195}")))
    assert unsourced.unsourced == plain.unsourced


@pytest.mark.parametrize(
    ("figure", "at_ends", "middle"),
    [
        ("{low: 10%, high: 30%}", ("10%", "30%"), "20%"),
        ("{low: 0.1, high: 0.3}", (0.1, 0.3), 0.2),
        ("{low: 10%, high: 30%, distribution: normal}", ("10%", "30%"), "20%"),
        ("{low: 10%, high: 40%, distribution: lognormal}", ("10%", "40%"), "20%"),
    ],
)
def test_quantiles_keep_the_writing(files: Any, figure: str, at_ends: tuple[Any, Any], middle: Any) -> None:
    """The unit stays, nothing is drawn outside the range, and the median is where it should be."""
    found = one(files, "title: Tiny", f"title: Tiny\npace: {{strength: {figure}}}")
    assert (found.quantile(0.0), found.quantile(1.0)) == at_ends
    assert found.quantile(0.5) == middle == found.central


def test_triangular_by_hand() -> None:
    """From 0 to 10 with its peak at 2: a fifth lies below 2, and the upper half falls off as a square."""
    figure = UncertainFigure("a", 2, 0, 10, "triangular", peak=2.0)
    assert figure.number(0.2) == pytest.approx(2.0)
    assert figure.number(0.05) == pytest.approx(1.0)  # 1 / (10 * 2) * 1 squared
    assert figure.number(0.8) == pytest.approx(10 - (0.2 * 10 * 8) ** 0.5)


def test_normal_holds_95_of_100_between_low_and_high_before_the_cut() -> None:
    """Half a standard deviation above the middle is the quantile that the cut distribution says."""
    figure = UncertainFigure("a", 0, -1.959963984540054, 1.959963984540054, "normal")
    share = (0.6914624612740131 - 0.025) / 0.95  # the standard normal at 0.5, the tails cut off
    assert figure.number(share) == pytest.approx(0.5)


def test_whole_figures_are_rounded_and_evenly_likely(files: Any) -> None:
    found = one(files, "count: 4", "count: {low: 3, high: 6}")
    draws = [found.quantile((n + 0.5) / 1000) for n in range(1000)]
    assert {number: draws.count(number) for number in sorted(set(draws))} == {3: 250, 4: 250, 5: 250, 6: 250}
    assert all(isinstance(number, int) for number in draws)
    assert found.central == 5  # the middle, 4.5, rounded half up


def test_inner_figures_of_a_distribution_may_be_ranges(files: Any) -> None:
    text = "title: Tiny\ntime: {distribution: gamma, mean: {low: 8 weeks, high: 12 weeks}, cv: 0.8}"
    found = one(files, "title: Tiny", text)
    assert (found.path, found.quantile(0.25)) == ("time.mean", "9 weeks")


def test_uniform_lengths_are_not_a_range(files: Any) -> None:
    text = "title: Tiny\ntime: {distribution: uniform, low: 1 working day, high: 9 working days}"
    loaded = files.load(files.write(files.good.replace("title: Tiny", text)))
    assert loaded.uncertain == ()
    assert loaded.scenario.time.mean_working_days == 5


def test_names_low_and_high_are_not_a_range(files: Any) -> None:
    text = "title: Tiny\nlocalities: {low: 40%, high: 60%}"
    loaded = files.load(files.write(files.good.replace("title: Tiny", text)))
    assert loaded.uncertain == ()
    assert loaded.scenario.localities == {"low": 0.4, "high": 0.6}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "5,195",
            "{low: 5}",
            "tiny.yaml:3: demand.referrals: 'low' is given without 'high'; add high, or write one figure",
        ),
        (
            "5,195",
            "{low: 6, high: 5}",
            "tiny.yaml:3: demand.referrals.high: 5 is not above low, 6; write low below high",
        ),
        (
            "5,195",
            "{low: 4, high: 5, value: 9}",
            "tiny.yaml:3: demand.referrals.value: 9 is not from low, 4, to high, 5; write a central figure inside",
        ),
        (
            "5,195",
            "{low: 4, high: 5, distribution: trianglar}",
            "tiny.yaml:3: demand.referrals.distribution: 'trianglar' is not a distribution of a range; "
            "did you mean 'triangular'?",
        ),
        (
            "5,195",
            "{low: 0, high: 5, distribution: lognormal}",
            "tiny.yaml:3: demand.referrals.low: a lognormal range from 0; write a low above 0, or use triangular",
        ),
        (
            "5,195",
            "{low: 4, high: 5, mode: 4}",
            "tiny.yaml:3: demand.referrals.mode: 'mode' is not a known key of a range; "
            "use one of low, high, distribution, value",
        ),
        ("5,195", "{low: 4, high: lots}", "tiny.yaml:3: demand.referrals.high: 'lots' is not a figure; write a figure"),
        ("5,195", "{low: -4, high: 5}", "tiny.yaml:3: demand.referrals.low: -4 is below 0; write a number, 0 or more"),
        (
            "5,195",
            "{low: 4, high: 5, sorce: x}",
            "tiny.yaml:3: demand.referrals.sorce: 'sorce' is not a known key of a",
        ),
        ("count: 4", "count: {low: 3.5, high: 6}", "assessment.workers.0.count: this figure is a whole number; write"),
        ("at: 2017-10-01", "at: {low: 2017-10-01, high: 2017-12-01}", "levers.0.at: only a figure can be a range;"),
        (
            "title: Tiny",
            "title: Tiny\ntime: {low: 1 week, high: 2 weeks}",
            "tiny.yaml:2: time: low and high could mean how children differ or what is not known; "
            "write distribution: uniform (and no value) for lengths",
        ),
        ("title: Tiny", "title: Tiny\ntime: {distribution: triangular, low: 1 week, high: 2 weeks}", "could mean how"),
        (
            "title: Tiny",
            "title: Tiny\ntime: {distribution: fixed, value: {low: 1 week, high: 2 months}}",
            "time.value.high: '2 months' is not in the unit of low, '1 week'; write low, high and value in the same",
        ),
        (
            "title: Tiny",
            "title: Tiny\npace: {strength: {low: 50%, high: 120%}}",
            "tiny.yaml:2: pace.strength.high: '120%' is not between 0 and 1; write a share from 0 to 1",
        ),
    ],
)
def test_refusals(files: Any, before: str, after: str, said: str) -> None:
    """One line for each, with its place."""
    (line,) = files.lines(files.write(files.good.replace(before, after, 1)))
    assert said in line


def test_a_later_file_replaces_the_whole_range(files: Any) -> None:
    """No central figure or source of the old range is left."""
    files.write(files.good.replace("5,195", "{low: 4000, high: 6000, value: 5195, source: file c1}"), "base.yaml")
    loaded = files.load(files.write("extends: base.yaml\ndemand: {referrals: {low: 100, high: 200}}", "own.yaml"))
    assert loaded.scenario.demand.referrals == 150
    assert loaded.register == ()
    plain = files.load(files.write("extends: base.yaml\ndemand: {referrals: 300}", "plain.yaml"))
    assert (plain.scenario.demand.referrals, plain.uncertain) == (300, ())


def test_override_makes_moves_and_ends_a_range(files: Any) -> None:
    path = files.write(files.good.replace("5,195", "{low: 4000, high: 6000}"))
    assert files.load(path, ["demand.referrals.low=5000"]).scenario.demand.referrals == 5500
    assert files.load(path, ["demand.referrals=5000"]).uncertain == ()
    (_, added) = files.load(path, ["pace.strength={low: 20%, high: 40%}"]).uncertain
    assert (added.path, added.central) == ("pace.strength", "30%")


def test_at_is_what_set_makes(files: Any) -> None:
    """The same scenario, checks and hash as an override on the command line, and the rest stays uncertain."""
    text = files.good.replace("5,195", "{low: 4000, high: 6000}").replace("cap: 16", "cap: {low: 14, high: 20}")
    path = files.write(text)
    loaded = files.load(path)
    made = loaded.at({"demand.referrals": 4500})
    wanted = files.load(path, ["demand.referrals=4500"])
    assert made.scenario == wanted.scenario
    assert (made.content_hash, made.overrides) == (wanted.content_hash, wanted.overrides)
    assert [figure.path for figure in made.uncertain] == ["teams.assessment.workers.0.cap"]
    assert len(loaded.uncertain) == 2
    assert made.at({"teams.assessment.workers.0.cap": 18}).uncertain == ()
    with pytest.raises(ScenarioError, match="-1 is below 0"):
        loaded.at({"demand.referrals": -1})
    with pytest.raises(ScenarioError, match="there is no 'referals'"):
        loaded.at({"demand.referals": 1})


class TestSharesOfAWhole:
    """A share drawn takes from, or gives to, the others of its whole."""

    def loaded(self) -> LoadedScenario:
        return sim.load("tiny", stages__assessment__outcomes__close={"low": "35%", "high": "55%"})

    def test_the_others_keep_their_proportions(self) -> None:
        loaded = self.loaded()
        assert loaded.scenario.stages.assessment.outcomes.close == 0.45
        found = loaded.at({"stages.assessment.outcomes.close": "56%"}).scenario.stages.assessment.outcomes
        assert found.close == 0.56
        assert found.early_help == pytest.approx(0.08 * 0.44 / 0.55)
        assert found.child_in_need == pytest.approx(0.32 * 0.44 / 0.55)
        assert found.section_47 == pytest.approx(0.15 * 0.44 / 0.55)

    def test_scenario_alone_is_the_same(self) -> None:
        loaded = self.loaded()
        values = {"stages.assessment.outcomes.close": "50%", "teams.locality team.managers": 1.5}
        assert loaded.scenario_at(values) == loaded.at(values).scenario
        assert loaded.scenario_at({"costs.agency": 1}) == loaded.at({"costs.agency": 1}).scenario
        with pytest.raises(ScenarioError, match="is not between 0 and 1"):
            loaded.scenario_at({"stages.assessment.outcomes.close": "110%"})

    def test_no_rest_to_give(self) -> None:
        """A need called low and one called high are names, and 75% each is scaled to the half it can be."""
        found = self.loaded().at({"demand.need": {"low": 0.5, "high": 0.5}})
        made = found.at({"demand.need.low": 0.75, "demand.need.high": 0.75}).scenario.demand.need
        assert made == {"low": 0.5, "high": 0.5}


def test_schema_offers_ranges_for_figures_only() -> None:
    schema = schema_of(Tiny)
    assert schema["$defs"]["range"]["required"] == ["low", "high"]

    def takes_range(section: str, key: str) -> bool:
        found = schema["$defs"][section]["properties"][key]
        return {"$ref": "#/$defs/range"} in found.get("anyOf", [])

    assert takes_range("Pace", "strength")
    assert takes_range("Workers", "count")
    assert takes_range("Gamma", "mean")
    assert takes_range("Demand", "referrals")
    assert not takes_range("Demand", "season")
    assert not takes_range("Workers", "grade")
