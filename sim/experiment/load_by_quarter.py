"""A rough forecast of each team's load by quarter, with the levers and the teams to come.

The arithmetic is that of `load_forecast`, taken anew in each quarter: the children referred in it, surge included, the
ways out that hold in the middle of it, and the hours of the teams and workers in post then. It follows a flow as if it
had settled, so that plans begun in a surge come up in the quarter of their referral and not months later. Staffing,
routing, early help, business support and team ends are in it; retention, vacancies, absence beyond its mean and
the opening caseload are not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sim.calendar import calendar_of
from sim.experiment.load_forecast import WEEKS_A_MONTH, referred_in_month, stage_loads
from sim.scenario.counted_twice import share_at_work
from sim.scenario.sections.dated_lever import DatedLever
from sim.scenario.sections.levers import (
    BusinessSupport,
    EarlyHelpDiversion,
    ReferralSurge,
    Staffing,
    TeamEnd,
)
from sim.scenario.stages_reached import shares_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.schema import Scenario
    from sim.scenario.sections.workforce import TeamSection, Workers

__all__ = ["QuarterLoad", "by_quarter", "quarter_lines"]

USUAL_HOURS = 27.0
MOST_YEARS = 10
"""Years that the table shows."""


@dataclass(frozen=True)
class QuarterLoad:
    """Hours a week of one team in one quarter: those there, and those asked. `label` is such as `2016-17 Q1`."""

    team: str
    label: str
    available: float
    asked: float

    @property
    def load(self) -> float:
        """Asked over available; infinite for a team without hours that is asked for some, 0 when nobody asks."""
        if self.available > 0:
            return self.asked / self.available
        return math.inf if self.asked > 0 else 0.0


def by_quarter(scenario: Scenario) -> list[QuarterLoad]:
    """Forecast hours asked and hours there for each team and quarter of the run; empty quarters of a team included."""
    calendar = calendar_of(scenario.period.start, scenario.period.end)
    rows: list[QuarterLoad] = []
    for quarter in calendar.quarters():
        days = (quarter.end - quarter.start).days
        middle = quarter.start + timedelta(days=days // 2)
        loads = stage_loads(_as_on(scenario, middle), _referred_a_week(scenario, quarter.start, quarter.end))
        hours = {name: _hours(scenario, name, team, middle) for name, team in scenario.teams.items()}
        asked = dict.fromkeys(scenario.teams, 0.0)
        for stage, load in loads.items():
            for locality, share in scenario.localities.items():
                serving = [
                    name
                    for name, team in scenario.teams.items()
                    if stage in team.stages
                    and team.locality in (None, locality)
                    and team.takes in ("all", "new")
                    and _in_post(scenario, name, team, middle)
                ]
                total = sum(hours[name] for name in serving)
                for name in serving:
                    part = hours[name] / total if total > 0 else 1.0 / len(serving)
                    asked[name] += share * part * load.hours_a_week
        rows += [QuarterLoad(name, quarter.label, hours[name], asked[name]) for name in scenario.teams]
    return rows


def quarter_lines(rows: Sequence[QuarterLoad]) -> list[str]:
    """Return the forecast as a table of at most 80 columns: a block for each team, a line for each year."""
    years = list(dict.fromkeys(row.label.split()[0] for row in rows))
    lines = ["In a week: hours asked / hours there, and the load (Q1 is April to June)"]
    for team in dict.fromkeys(row.team for row in rows):
        lines += [team[:80], "  year     " + "".join(f"{f'Q{number}':>17}" for number in range(1, 5))]
        mine = {row.label: row for row in rows if row.team == team}
        for year in years[:MOST_YEARS]:
            cells = [_cell(mine.get(f"{year} Q{number}")) for number in range(1, 5)]
            lines.append(f"  {year:<9}" + "".join(f"{cell:>17}" for cell in cells))
    if len(years) > MOST_YEARS:
        lines.append(f"and {len(years) - MOST_YEARS} more years")
    return [line.rstrip() for line in lines]


def _cell(row: QuarterLoad | None) -> str:
    if row is None:
        return ""
    if row.available <= 0 and row.asked <= 0:
        return "-"
    load = "" if math.isinf(row.load) else f" {min(999, round(100 * row.load))}%"
    return f"{_hundreds(row.asked)}/{_hundreds(row.available)}{load}"


def _hundreds(hours: float) -> str:
    if hours < 9_999.5:
        return f"{hours:,.0f}"
    return f"{hours / 1000:,.0f}k" if hours < 9_999_500 else "10m+"


def _referred_a_week(scenario: Scenario, start: date, end: date) -> float:
    """Children referred in a week of a quarter, with its surges: months that it touches count whole."""
    first, last = (day.year * 12 + day.month - 1 for day in (start, end))
    total = 0.0
    for number in range(first, last + 1):
        year, month = number // 12, number % 12 + 1
        factor = 1.0
        for lever in scenario.levers:
            if isinstance(lever, ReferralSurge):
                factor *= max(0.0, 1.0 + lever.size * _reached(lever, date(year, month, 15)))
        total += referred_in_month(scenario, year, month) * factor
    return total / ((last - first + 1) * WEEKS_A_MONTH)


def _reached(surge: ReferralSurge, day: date) -> float:
    """The share of its size that a surge has on a day: rising over its ramp, falling over its decay."""
    if day < surge.at:
        return 0.0
    risen = _share(surge.at, day, surge.ramp.working_days)
    if surge.until is None or day < surge.until:
        return risen
    return _share(surge.at, surge.until, surge.ramp.working_days) * (
        1.0 - _share(surge.until, day, surge.decay.working_days)
    )


def _share(begin: date, day: date, working_days: float) -> float:
    return 1.0 if working_days <= 0 else min(1.0, (day - begin).days * 5.0 / 7.0 / working_days)


def _holds(lever: DatedLever, day: date) -> bool:
    return lever.at <= day and (lever.until is None or day < lever.until)


def _as_on(scenario: Scenario, day: date) -> Scenario:
    """The scenario with the ways out that hold on a day; diverted referrals go to early help."""
    shares = shares_on(scenario, day)
    door = shares["front_door"]
    for lever in scenario.levers:
        if isinstance(lever, EarlyHelpDiversion) and _holds(lever, day):
            moved = door["assessment"] * lever.share
            door = {**door, "assessment": door["assessment"] - moved, "early_help": door["early_help"] + moved}
    shares["front_door"] = door
    changed = {}
    for name in type(scenario.stages).model_fields:
        stage = getattr(scenario.stages, name)
        update = {"outcomes": stage.outcomes.model_copy(update=shares[name])}
        if name == "section_47":
            update["conference_outcomes"] = stage.conference_outcomes.model_copy(update=shares["conference"])
        changed[name] = stage.model_copy(update=update)
    return scenario.model_copy(update={"stages": scenario.stages.model_copy(update=changed)})


def _in_post(scenario: Scenario, name: str, team: TeamSection, day: date) -> bool:
    end = team.end
    for lever in scenario.levers:
        if isinstance(lever, TeamEnd) and lever.team == name:
            end = lever.at - timedelta(days=1)
    return (team.start is None or team.start <= day) and (end is None or day <= end)


def _hours(scenario: Scenario, name: str, team: TeamSection, day: date) -> float:
    """Case hours a week of a team on a day."""
    if not _in_post(scenario, name, team, day):
        return 0.0
    here = [lever for lever in scenario.levers if getattr(lever, "team", None) == name and _holds(lever, day)]
    groups = [group for group in team.workers if _at_work(group, day)]
    groups += [lever.add for lever in here if isinstance(lever, Staffing) and _at_work(lever.add, day)]
    usual = USUAL_HOURS if scenario.pace == "off" else scenario.pace.hours_a_week
    support = sum(lever.hours_a_week for lever in here if isinstance(lever, BusinessSupport))
    hours = sum(
        group.count * group.fte * ((usual if group.hours_a_week is None else group.hours_a_week) + support)
        for group in groups
    )
    left = max(0.0, hours - (team.background_hours_a_week or 0.0))
    return left * team.productivity * share_at_work(scenario)


def _at_work(group: Workers, day: date) -> bool:
    return (group.start is None or group.start <= day) and (group.end is None or day <= group.end)
