"""The table at the end of a run fits a terminal of 80 letters."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sim.cli.summary import headline
from tests.unit.report.test_report_page import made_up

pytestmark = pytest.mark.unit


def table(names: tuple[str, ...], width: int = 80, *, called: dict[str, str] | None = None) -> str:
    made = made_up.make(names, replications=3, years=1, journeys=False)
    summary, differences = made.summary, made.differences
    if differences is not None:
        differences = differences.assign(clear_of_chance=differences["measure"] == "referrals")
    for frame in (summary, differences):
        if called and frame is not None:
            frame["scenario"] = frame["scenario"].replace(called)
    shown: Any = SimpleNamespace(
        summary=summary, differences=differences, manifest=SimpleNamespace(replications=made.written["replications"])
    )
    return headline(shown, width)


def widest(text: str) -> int:
    return max(map(len, text.splitlines()))


def test_two_scenarios_fit_80_letters_with_their_ranges() -> None:
    text = table(("base", "surge"), called={"base": "croydon-2017", "surge": "croydon-nqsw-no-cap"})
    assert widest(text) <= 80
    referrals = next(line for line in text.splitlines() if line.startswith("Referrals"))
    assert referrals.endswith("] *")
    assert "[in 8 runs out of 10 between]" in text
    assert "* differs from croydon-2017 by more than chance" in text


def test_five_scenarios_are_letters_without_ranges() -> None:
    names = ("base", "surge", "surge-teams", "nqsw-caps", "hours")
    text = table(names, called={name: f"croydon-{name}-long" for name in names})
    assert widest(text) <= 80
    assert "D: croydon-nqsw-caps-long" in text
    assert "[" not in text
    assert "summary.csv" in text


def test_labels_are_broken_only_where_a_terminal_is_narrow() -> None:
    wide, narrow = (table(("base", "surge"), width) for width in (140, 60))
    assert "Initial conferences within 15 working days  " in wide
    assert widest(narrow) <= 60


def test_one_scenario_has_no_marks() -> None:
    text = table(("base",))
    assert "*" not in text
    assert "Means of 3 replications" in text
