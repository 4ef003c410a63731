"""What a control shows, and the scenario file that its changes make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.scenario import load
from sim.scenario.sections import levers as kinds
from sim.serve.asked import Option, Start
from sim.serve.controls.catalogue import groups
from sim.serve.errors import PageError
from sim.serve.starts import Opened, Starts
from sim.serve.writing import changed, option_text, words

pytestmark = pytest.mark.unit


def written(opened: Opened, folder: Path, **changes: Any) -> Any:
    """The scenario of an option, read back from its file."""
    option = Option("Mine", {key.replace("__", "."): value for key, value in changes.items()})
    for name, text in opened.texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "option.yaml").write_text(option_text(opened, option, changed(opened.loaded, option)), encoding="utf-8")
    return load(folder / "option.yaml")


@pytest.fixture
def croydon(tmp_path: Path) -> Opened:
    return Starts(tmp_path / "scratch").open(Start("shipped", "croydon-2017"))


def test_every_shipped_scenario_has_controls_within_their_limits(tmp_path: Path) -> None:
    starts = Starts(tmp_path)
    for name in ("tiny", "croydon-2017", "croydon-surge-teams", "surrey-nqsw-20", "rutland-base", "england-average"):
        controls = [
            control for group in groups(starts.open(Start("shipped", name)).loaded) for control in group.controls
        ]
        assert len({control.id for control in controls}) == len(controls)
        for control in controls:
            assert control.label
            assert control.hint
            assert control.source
            if control.kind in ("number", "percent"):
                assert control.low <= float(control.value) <= control.high, (name, control.id)


def test_figures_of_the_start_carry_their_source(croydon: Opened) -> None:
    controls = {control.id: control for group in groups(croydon.loaded) for control in group.controls}
    assert controls["referrals"].source.startswith("Official statistics: 5,195 referrals")
    assert controls["team.0.span"].source.startswith("Local figure: 42 workers to spans of nine")
    assert controls["solicitors"].source.startswith("Assumption: ")


def test_an_option_without_changes_is_the_start(croydon: Opened, tmp_path: Path) -> None:
    loaded = written(croydon, tmp_path)
    assert loaded.scenario.model_copy(update={"title": "", "short_title": "", "description": "", "question": ""}) == (
        croydon.loaded.scenario.model_copy(update={"title": "", "short_title": "", "description": "", "question": ""})
    )


def test_every_lever_writes_what_it_says(croydon: Opened, tmp_path: Path) -> None:
    loaded = written(
        croydon, tmp_path, referrals=6000, surge__size=40, surge__at="2017-11-01", surge__months=6,
        team__0__workers=50, team__0__newly=5, team__0__cap=12, team__0__newly_cap=9, team__0__span=6,
        extra__size=6, extra__helps="1", extra__at="2018-01-01", extra__months=6, support__hours=2,
        solicitors=7, early_help__share=10, standard__target=85,
    )  # fmt: skip
    scenario = loaded.scenario
    assert scenario.demand.referrals_a_year == 6000
    by_kind = {type(lever): lever for lever in scenario.levers}
    surge = by_kind[kinds.ReferralSurge]
    assert (surge.size, surge.at.isoformat(), surge.until.isoformat()) == (0.4, "2017-11-01", "2018-05-01")
    team = scenario.teams["assessment"]
    assert [(group.count, group.grade, group.cap) for group in team.workers] == [
        (36, "social_worker", 12.0), (14, "agency", 12.0), (5, "nqsw", 9.0),
    ]  # fmt: skip
    assert team.managers == pytest.approx(55 / 6, abs=0.01)
    extra = scenario.teams["surge team"]
    assert extra.stages == scenario.teams["care planning"].stages
    assert (extra.start.isoformat(), extra.end.isoformat(), extra.managers) == ("2018-01-01", "2018-07-01", 1)
    assert next(iter(scenario.capacities.solicitors.values())) == 7
    assert by_kind[kinds.EarlyHelpDiversion].share == 0.1
    assert by_kind[kinds.PracticeStandard].target == 0.85
    support = [lever for lever in scenario.levers if isinstance(lever, kinds.BusinessSupport)]
    assert [(lever.team, lever.hours_a_week) for lever in support] == [("assessment", 2), ("care planning", 2)]
    assert support[0].cost_a_year == pytest.approx(55 * 2 / 14 * 30_000, abs=100)
    assert all(
        "set on the page" in row.source
        for row in loaded.register
        if row.path in ("demand.referrals_a_year", "levers.0.size")
    )


def test_a_surge_of_the_start_is_replaced_and_other_levers_stay_with_their_sources(tmp_path: Path) -> None:
    opened = Starts(tmp_path / "scratch").open(Start("shipped", "croydon-business-support"))
    loaded = written(opened, tmp_path, surge__size=20)
    kinds_of = [lever.lever for lever in loaded.scenario.levers]
    assert kinds_of == ["business_support", "business_support", "referral_surge"]
    before = {
        row.source for row in opened.loaded.register if row.path.startswith("levers") and "cost_a_year" in row.path
    }
    assert before
    assert before <= {row.source for row in loaded.register}
    surge = loaded.scenario.levers[-1]
    assert surge.until == opened.loaded.scenario.levers[0].until
    assert written(opened, tmp_path, surge__size=0).scenario.levers == loaded.scenario.levers[:2]


def test_a_fall_of_workers_is_taken_from_one_group_after_another(croydon: Opened, tmp_path: Path) -> None:
    counts = [
        group.count for group in written(croydon, tmp_path, team__0__workers=10).scenario.teams["assessment"].workers
    ]
    assert counts == [0, 10]


def test_a_cap_of_zero_is_none(croydon: Opened, tmp_path: Path) -> None:
    workers = written(croydon, tmp_path, team__0__cap=0).scenario.teams["assessment"].workers
    assert {group.cap for group in workers} == {"none"}


def test_what_only_matters_with_something_else_is_left_out(croydon: Opened) -> None:
    assert changed(croydon.loaded, Option("x", {"surge.at": "2018-01-01", "extra.months": 3.0})) == {}
    assert changed(croydon.loaded, Option("x", {"referrals": 5195.0})) == {}
    assert words(croydon.loaded, {"surge.size": 40.0}) == ["Surge: referrals change by: 40% (was 0%)"]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"teams.x": 1.0}, "no figure"),
        ({"surge.size": 900.0}, "not between"),
        ({"surge.size": "40"}, "not a number"),
        ({"surge.at": "soon"}, "not a date"),
        ({"surge.at": "1990-01-01"}, "not between"),
        ({"extra.helps": "9"}, "not one of the choices"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(croydon: Opened, changes: Any, wrong: str) -> None:
    with pytest.raises(PageError, match=wrong):
        changed(croydon.loaded, Option("x", changes))


def test_a_name_is_text_in_yaml_whatever_it_holds(croydon: Opened, tmp_path: Path) -> None:
    name = "': {a: !!x} #"
    text = option_text(croydon, Option(name, {}), {})
    (tmp_path / "hostile.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "hostile.yaml").scenario.short_title == name
