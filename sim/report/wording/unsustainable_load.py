"""Loads that a service could not sustain, said in words.

Rules, each per scenario: a team's cases ask for more than 115% of its case hours over a reporting year (beyond
usual overtime: work slows down and slips); managers' time or conference slots used beyond 85% in a reporting year
(decisions and conferences begin to queue well before all of the time is used); more than 5% of social workers over
their cap at the end of a reporting year; open work that is still growing at the end of the run, by more than a
tenth over the last twelve months in at least 9 runs out of 10. What the run itself warned of comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.report.charts.over_time import LINES
from sim.report.results_view import ResultsView
from sim.report.scenario_view import ScenarioView
from sim.report.wording import formats

BUSY: Final = 85.0
"""Utilisation, in percent, above which waiting grows quickly."""
OVER_CAP: Final = 5.0
"""Share of social workers over their cap, in percent, that is worth a warning."""
STRETCH: Final = 115.0
"""Hours asked, in percent of those there are, that no usual overtime covers."""
GROWTH: Final = 0.10
"""Growth of open work over the last twelve months that counts as still growing."""


@dataclass(frozen=True)
class Warnings:
    """Warnings of one scenario; `scenario` is None for those of the whole run."""

    scenario: ScenarioView | None
    lines: tuple[str, ...]


def warnings(data: ResultsView) -> tuple[Warnings, ...]:
    """Return the warnings that hold, those of the run first, then scenario by scenario."""
    by_name: dict[str, list[str]] = {s.name: [] for s in data.scenarios}
    general: list[str] = []
    for warning in data.manifest.warnings:
        by_name.get(warning.scenario, general).append(warning.message)
    for scenario in data.scenarios:
        lines = by_name[scenario.name]
        lines += _overloaded(data, scenario)
        lines += _busy(data, scenario, "manager_utilisation", "Decisions and supervision take up")
        lines += _busy(data, scenario, "conference_utilisation", "Child protection conferences take up")
        lines += _over_cap(data, scenario)
        lines += _growing(data, scenario)
    blocks = [Warnings(None, tuple(general))] if general else []
    return (*blocks, *(Warnings(s, tuple(by_name[s.name])) for s in data.scenarios if by_name[s.name]))


def _busy(data: ResultsView, scenario: ScenarioView, measure: str, words: str) -> list[str]:
    noun = "of the time managers have" if measure.startswith("manager") else "of the slots offered"
    busy = {y: lv.mean for y in data.years if (lv := data.level(scenario.name, measure, y)) and lv.mean > BUSY}
    lines = []
    if busy:
        worst = max(busy, key=lambda y: busy[y])
        lines.append(
            f"{words} {busy[worst]:.0f}% {noun} in {worst}"
            f"{'' if len(busy) == 1 else f', and more than {BUSY:.0f}% in {formats.listed(list(busy))}'}: "
            "waits for them grow quickly beyond 85%."
        )
    teams = []
    for breakdown in data.breakdowns(measure, "team"):
        peak = max(
            ((lv.mean, y) for y in data.years if (lv := data.level(scenario.name, measure, y, breakdown))),
            default=None,
        )
        if peak is not None and peak[0] > BUSY:
            teams.append(f"{breakdown.partition(':')[2]} ({peak[0]:.0f}% in {peak[1]})")
    if teams:
        lines.append(f"Teams whose managers are beyond {BUSY:.0f}% of their time in a year: {formats.listed(teams)}.")
    return lines


def _overloaded(data: ResultsView, scenario: ScenarioView) -> list[str]:
    lines = []
    for breakdown in data.breakdowns("hours_asked_pct", "team"):
        over = {
            y: lv.mean
            for y in data.years
            if (lv := data.level(scenario.name, "hours_asked_pct", y, breakdown)) and lv.mean > STRETCH
        }
        if over:
            worst = max(over, key=lambda y: over[y])
            others = "" if len(over) == 1 else f" (more than {STRETCH:.0f}% in {formats.listed(list(over))})"
            lines.append(
                f"In {worst} the cases held by the team “{breakdown.partition(':')[2]}” ask for {over[worst]:.0f}% "
                f"of its social workers' hours{others}: work slows down, and visits and decisions slip."
            )
    return lines


def _over_cap(data: ResultsView, scenario: ScenarioView) -> list[str]:
    over = {
        y: lv.mean
        for y in data.years
        if (lv := data.level(scenario.name, "workers_over_cap_pct", y)) and lv.mean > OVER_CAP
    }
    if not over:
        return []
    worst = max(over, key=lambda y: over[y])
    return [f"{over[worst]:.0f}% of social workers hold more children than their cap at the end of {worst}."]


def _growing(data: ResultsView, scenario: ScenarioView) -> list[str]:
    lines = []
    for line in LINES:
        band = None if line.measure else line.band(data, scenario)
        if band is None or len(band.days) < 13:
            continue
        before, after = band.runs[:, -13], band.runs[:, -1]
        started, ended = float(np.mean(before)), float(np.mean(after))
        grown = ended - started
        if grown > max(GROWTH * started, 5.0) and float(np.mean(after > before)) >= 0.9:
            lines.append(
                f"Still growing at the end: {formats.spoken(ended)} {line.subject}, up from "
                f"{formats.spoken(started)} twelve months before. The run ends before this settles, so later "
                "years would be worse than shown."
            )
    return lines
