"""From hours asked to teams: workers, caps and managers of a service that keeps up, set against the workforce census.

How many workers each stage has is not published, nor how long each step takes: only the product acts on waits. The
hours of each step are assumptions, the same for every council; workers are as many as a steady flow asks for at a usual
load, a little fewer where the council's caseload is above England's. The census says how many case holders there are
in all; those who remain hold children looked after, outside the pathway.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.official.published.finder import Finder, PublishedFigure

if TYPE_CHECKING:
    from sim.experiment.load_forecast import StageLoad

__all__ = ["Group", "StaffingPlan", "TeamPlan", "staffing"]

LOADS = {"assessment": 0.96, "care planning": 0.90}
SPARE = {"assessment": 0.35, "care planning": 0.3}
"""Hours asked over hours there are in a large team, and workers beyond that for each square root of the workers whom
the work fills: a small team needs more to spare, because chance weighs more (the square-root rule of queueing). Both
are assumptions that make Croydon's teams about as large as its census allows."""
PRESSURE = (0.94, 1.06)
DOOR_LOAD = 0.65
MOST_OF_CENSUS = 0.9
USUAL_HOURS = 27.0
USUAL_ABSENCE = 3.1
BACKGROUND_EACH = 2.0
PLACES_USED = 0.80
WIDEST_SPAN = 8.0
MANAGER_LOAD = 0.65
ASSESSMENT_STAGES = ("assessment", "section_47")
PLAN_STAGES = ("child_in_need", "child_protection", "pre_proceedings", "court")


@dataclass(frozen=True)
class Group:
    """Workers of one grade."""

    count: int
    grade: str


@dataclass(frozen=True)
class TeamPlan:
    """A team as it goes into the file."""

    name: str
    stages: tuple[str, ...]
    groups: tuple[Group, ...]
    cap: int
    managers: float
    background: float
    locality: str = ""

    @property
    def workers(self) -> int:
        """Workers in the team."""
        return sum(group.count for group in self.groups)


@dataclass(frozen=True)
class StaffingPlan:
    """The teams, the case hours of a worker, and what the census said.

    `usual_loads`: hours asked over the hours there are, of teams that assess and of those that hold plans.
    """

    teams: tuple[TeamPlan, ...]
    hours: float
    hours_source: str
    hours_own: bool
    workers_source: str
    background_source: str
    usual_loads: tuple[float, float]


def staffing(
    finder: Finder,
    loads: Mapping[str, StageLoad],
    extra_assessments: float,
    localities: Mapping[str, float],
    mean_group: float,
) -> StaffingPlan:
    """Plan the teams for steady flows; `extra_assessments` a year come from outside the pathway."""
    absence = finder.workforce("absence_pct", "% absence")
    hours = USUAL_HOURS
    hours_source = "37 hours less leave, sickness, training, supervision and team time"
    if absence is not None:
        away = min(max(absence.value, 0.5), 12.0)
        hours = round(USUAL_HOURS * (1 - away / 100) / (1 - USUAL_ABSENCE / 100), 1)
        hours_source += f": 27 at England's sickness of 3.1%; here {absence.source}"
    caseload, usual = finder.workforce("caseload", "children per case holder"), _england_caseload(finder)
    pressure = 1.0
    if caseload is not None and usual:
        pressure = min(max(caseload.value / usual, PRESSURE[0]), PRESSURE[1])

    assess = sum(loads[stage].hours_a_week for stage in ASSESSMENT_STAGES)
    extra = extra_assessments / 52.18 * loads["assessment"].hours_a_child
    plan = sum(loads[stage].hours_a_week for stage in PLAN_STAGES)
    filled = {"assessment": (assess + extra) / hours, "care planning": plan / (hours - BACKGROUND_EACH)}
    door = max(1, math.ceil(loads["front_door"].hours_a_week / hours / DOOR_LOAD))

    holders = finder.workforce("case_holders", "full-time equivalent case holders")
    agency = finder.workforce("agency_pct", "% agency workers")
    share = min((agency.value if agency is not None else 16.0) / 100, 0.7)
    source = _workers_source(finder, holders, agency, caseload, sum(filled.values()), pressure)

    teams = [TeamPlan("front door", ("front_door",), (Group(door, "social_worker"),), 0, max(1.0, _half(door / 9)), 0)]
    places = localities or {"": 1.0}
    for stem, stages, background in (("assessment", ASSESSMENT_STAGES, extra), ("care planning", PLAN_STAGES, None)):
        held = sum(loads[stage].children_held for stage in stages)
        decisions = _decision_hours(loads, stages, mean_group)
        for place, part in places.items():
            full = filled[stem] * part
            # Rounded up: half a worker in a small team is a large part of it.
            workers = max(2, math.ceil((full / LOADS[stem] + SPARE[stem] * math.sqrt(full)) / pressure - 0.25))
            name = f"{stem} {place}".strip()
            cap = max(12, math.ceil(held * part / workers / PLACES_USED))
            managers = _managers(workers, decisions * part)
            outside = BACKGROUND_EACH * workers if background is None else background * part
            teams.append(TeamPlan(name, stages, _groups(workers, share), cap, managers, float(round(outside)), place))
    background_source = (
        "some children looked after stay with the worker of the plan; the other case holders of the census hold the "
        "rest"
    )
    own = absence is not None and absence.own
    return StaffingPlan(
        tuple(teams), hours, hours_source, own, source, background_source, _usual_loads(teams, hours, assess, plan)
    )


def _usual_loads(teams: Sequence[TeamPlan], hours: float, assess: float, plan: float) -> tuple[float, float]:
    """Hours asked over the hours there are for them, of teams that assess and of those that hold plans."""
    there = [0.0, 0.0]
    for team in teams:
        if team.stages in (ASSESSMENT_STAGES, PLAN_STAGES):
            there[team.stages == PLAN_STAGES] += team.workers * hours - team.background
    return assess / there[0], plan / there[1]


def _workers_source(
    finder: Finder,
    holders: PublishedFigure | None,
    agency: PublishedFigure | None,
    caseload: PublishedFigure | None,
    needed: float,
    pressure: float,
) -> str:
    source = "as many as the flows ask for at the hours of each step"
    if pressure != 1.0 and caseload is not None:
        source += f" and {caseload.value:.1f} children to a case holder"
    if holders is not None:
        source += f"; {holders.source}, the others hold children looked after"
        if needed > MOST_OF_CENSUS * holders.value:
            finder.note(
                f"{finder.area.name}: the flows ask for about {needed:.0f} workers in assessment and plans, the census "
                f"counts {holders.value:.0f} case holders in all: hours of each step may be fewer here than assumed"
            )
    if agency is not None:
        source += f"; {agency.value:.0f}% of workers agency" if agency.own else f"; {agency.source}"
    return source + "; the split between teams and the cap are assumptions"


def _england_caseload(finder: Finder) -> float | None:
    england = Finder(finder.statistics, finder.england, finder.year, note=False)
    caseload = england.workforce("caseload", "children per case holder")
    return caseload.value if caseload is not None else None


def _groups(workers: int, agency: float) -> tuple[Group, ...]:
    temporary = min(round(workers * agency), workers - 1)
    groups = [Group(workers - temporary, "social_worker")]
    return tuple(groups + ([Group(temporary, "agency")] if temporary else []))


def _decision_hours(loads: Mapping[str, StageLoad], stages: tuple[str, ...], mean_group: float) -> float:
    """Manager hours a week that the cases of these stages ask, at the hours of `sign_off`."""
    each = {"assessment": 0.6 + 0.15, "section_47": 0.75 + 0.4}
    # Half as much again for strategy discussions in plans and for plans that are looked at twice.
    return sum(loads[stage].children_a_week / mean_group * each.get(stage, 0.4 + 0.15 + 0.3) for stage in stages)


def _managers(workers: int, decisions: float) -> float:
    """Managers for a team: a span of eight at most, and decisions within about two thirds of their hours."""
    return _half(max(workers / WIDEST_SPAN, (decisions / MANAGER_LOAD + 1.5 * workers) / 27.0))


def _half(number: float) -> float:
    return math.ceil(number * 2 - 1e-9) / 2
