"""A rough forecast of each team's load: arithmetic on a scenario, before anything is simulated.

A steady flow of children is followed along the pathway at the shares of the scenario; each stage asks the hours
that its work takes at full pace, and those hours are set against the hours of the teams that serve it. Levers,
opening caseload, transfers, managers, panels and courts are left out: it says which teams cannot keep up, not when.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.counted_twice import share_at_work
from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario
    from sim.scenario.sections.stages import PlanStage
    from sim.scenario.sections.workforce import TeamSection

__all__ = ["Forecast", "StageLoad", "TeamLoad", "forecast", "stage_loads"]

WEEKS_A_YEAR = 365.25 / 7
WEEKS_A_MONTH = WEEKS_A_YEAR / 12
DAYS_A_WEEK = 5.0
MOST_A_WEEK = 1e6
"""Children in need a week at which a flow that grows at each turn through the plans is cut off."""


@dataclass(frozen=True)
class StageLoad:
    """What a stage gets in a steady state: children a week, hours a child, and weeks that one stays."""

    children_a_week: float
    hours_a_child: float
    weeks: float

    @property
    def hours_a_week(self) -> float:
        """Hours that the stage asks in a week."""
        return self.children_a_week * self.hours_a_child

    @property
    def children_held(self) -> float:
        """Children in the stage at any time, by Little's law, if nobody waits."""
        return self.children_a_week * self.weeks


@dataclass(frozen=True)
class TeamLoad:
    """Hours a week that a team has and is asked for, and the children it would hold against its caps."""

    team: str
    workers_fte: float
    available: float
    asked: float
    children_a_week: float
    children_held: float
    places: float
    paced: bool = True

    @property
    def load(self) -> float:
        """Asked over available; infinite for a team without hours that is asked for some, 0 when nobody asks."""
        if self.available > 0:
            return self.asked / self.available
        return math.inf if self.asked > 0 else 0.0

    @property
    def growth_a_month(self) -> float:
        """Children a month by which the backlog grows; 0 when the team can keep up."""
        if self.load <= 1.0:
            return 0.0
        return self.children_a_week * (1.0 - 1.0 / self.load) * WEEKS_A_MONTH

    def line(self) -> str:
        """The load in one line."""
        if not self.paced:
            room = "no caps" if math.isinf(self.places) else f"{self.places:,.0f} places under the caps"
            return f"{self.team}: {self.children_held:,.1f} children held at any time, {room}; hours do not bind"
        if self.available <= 0:
            tail = f"asked {self.asked:,.0f}" if self.asked > 0 else "nothing asked"
            return f"{self.team}: no case hours; {tail}"
        each = self.available / self.workers_fte
        sentence = (
            f"{self.team}: {each:.1f} case hours × {self.workers_fte:g} workers (full-time equivalents) = "
            f"{self.available:,.0f} a week against {self.asked:,.0f} asked: {100 * self.load:.0f}%"
        )
        if self.load > 1.0:
            sentence += f" — backlog will grow by about {_about(self.growth_a_month)} children a month"
        if math.isfinite(self.places) and self.children_held > self.places:
            sentence += (
                f"; about {_about(self.children_held)} children to hold against {self.places:,.0f} places under "
                "the caps — children will wait for a worker"
            )
        return sentence


@dataclass(frozen=True)
class Forecast:
    """The load of each team in post on the first day."""

    teams: tuple[TeamLoad, ...]
    referred_a_year: float

    def lines(self) -> list[str]:
        """The forecast in a few lines."""
        first = f"{self.referred_a_year:,.0f} children referred a year, re-referrals included"
        return [first, *(team.line() for team in self.teams)]


def forecast(scenario: Scenario) -> Forecast:
    """Forecast the load of each team that is in post on the first day of the run."""
    stages = stage_loads(scenario)
    teams = {name: team for name, team in scenario.teams.items() if _present(scenario, team)}
    asked = dict.fromkeys(teams, 0.0)
    held = dict.fromkeys(teams, 0.0)
    flow = dict.fromkeys(teams, 0.0)
    for stage, load in stages.items():
        for locality, share in scenario.localities.items():
            serving = [
                name for name, team in teams.items() if stage in team.stages and team.locality in (None, locality)
            ]
            weights = {name: _hours(scenario, teams[name]) for name in serving}
            total = sum(weights.values())
            for name in serving:
                part = share * (weights[name] / total if total > 0 else 1.0 / len(serving))
                asked[name] += part * load.hours_a_week
                # Screening holds nobody.
                held[name] += part * (load.children_held if stage != "front_door" else 0.0)
                flow[name] = max(flow[name], part * load.children_a_week)
    loads = tuple(
        TeamLoad(
            name,
            _fte(scenario, team),
            _hours(scenario, team),
            asked[name],
            flow[name],
            held[name],
            _places(scenario, team),
            scenario.pace != "off",
        )
        for name, team in teams.items()
    )
    return Forecast(loads, stages["front_door"].children_a_week * WEEKS_A_YEAR / _contacts(scenario))


def stage_loads(scenario: Scenario, referred_a_week: float | None = None) -> dict[str, StageLoad]:
    """Follow a steady flow of children along the pathway; the front door counts children in contacts.

    If `referred_a_week` (children) is None, the flow is the mean over the run.
    """
    stages = scenario.stages
    door, assessment, enquiry = stages.front_door, stages.assessment, stages.section_47
    in_need, protection = stages.child_in_need, stages.child_protection
    planning, court = stages.pre_proceedings, stages.court
    # Hours grow by half for each further child of a sibling group, so a child of a group asks for less.
    groups = scenario.demand.sibling_groups
    cases = sum(share * (1.0 + 0.5 * (size - 1)) for size, share in groups.items())
    per_child = cases / scenario.demand.mean_group

    referred = _referred_a_week(scenario) if referred_a_week is None else referred_a_week
    if assessment.habit == "none":
        assert assessment.work is not None  # a scenario without either is refused
        assessed_days = work_days = assessment.work.mean_working_days
    else:
        assessed_days = assessment.habit.mean_working_days
        work_days = assessed_days * assessment.work_share
    assess_hours = work_days * assessment.hours_a_week + (assessed_days - work_days) * (assessment.hours_a_week_waiting)
    enquiry_days = enquiry.work.mean_working_days
    enquiry_work = enquiry_days
    if enquiry.habit != "none":
        enquiry_days = enquiry.habit.mean_working_days
        enquiry_work = enquiry_days * enquiry.work_share
    need_days, need_hours = _plan(in_need)
    plan_days, plan_hours = _plan(protection)

    to_assessment = referred * (door.outcomes.assessment + door.outcomes.strategy_discussion)
    enquiries = plans = in_needs = planned = to_court = 0.0
    # Plans step up and down into one another: go round until the flows settle.
    for _ in range(500):
        stepped_up = in_needs * (need_days / WORKING_DAYS_A_YEAR) * in_need.step_up_a_year
        enquiries = (
            referred * door.outcomes.strategy_discussion + to_assessment * assessment.outcomes.section_47 + stepped_up
        )
        conferences = enquiries * enquiry.outcomes.conference
        plans = conferences * enquiry.conference_outcomes.child_protection
        planned = plans * protection.pre_proceedings_share
        to_court = planned * planning.outcomes.court + enquiries * enquiry.outcomes.court
        in_needs = (
            to_assessment * assessment.outcomes.child_in_need
            + conferences * enquiry.conference_outcomes.child_in_need
            + (plans - planned) * protection.outcomes.child_in_need
            + planned * planning.outcomes.child_in_need
            + to_court * court.outcomes.home_with_plan
        )
        in_needs = min(in_needs, MOST_A_WEEK)
    planning_days, court_days = planning.work.mean_working_days, court.habit.mean_working_days
    court_hours = court_days * court.hours_a_week * (court.work_share + 0.5 * (1.0 - court.work_share))
    contacts = _contacts(scenario)

    def load(children: float, days: float, day_hours: float) -> StageLoad:
        return StageLoad(children, per_child * day_hours / DAYS_A_WEEK, days / DAYS_A_WEEK)

    return {
        "front_door": StageLoad(referred * contacts, door.time_per_contact, 0.0),
        "assessment": load(to_assessment, assessed_days, assess_hours),
        "section_47": load(enquiries, enquiry_days, enquiry_work * enquiry.hours_a_week),
        "child_in_need": load(in_needs, need_days, need_hours),
        "child_protection": load(plans, plan_days, plan_hours),
        "pre_proceedings": load(planned, planning_days, planning_days * planning.hours_a_week),
        "court": load(to_court, court_days, court_hours),
    }


def _plan(rules: PlanStage) -> tuple[float, float]:
    """Mean working days of a plan, and hours a week summed over them.

    After its work is done a plan waits for half a review interval, less where reviews are brought forward; other
    exits, at a constant rate, cut both short.
    """
    work = rules.intervention.mean_working_days
    wait = 0.0
    if rules.first_review != "none":
        brought = rules.brought_forward
        wait = (1.0 - brought) * rules.review_interval.working_days / 2
        wait += brought * rules.brought_forward_notice.working_days
    rate = rules.other_exits_a_year / WORKING_DAYS_A_YEAR

    def stayed(days: float) -> float:
        return days if rate == 0 else (1.0 - math.exp(-rate * days)) / rate

    days, at_work = stayed(work + wait), stayed(work)
    return days, at_work * rules.hours_a_week + (days - at_work) * rules.hours_a_week_waiting


def _referred_a_week(scenario: Scenario) -> float:
    """Children referred in a week, on average over the months of the run; months that are listed win."""
    period = scenario.period
    first, last = (day.year * 12 + day.month - 1 for day in (period.start, period.end))
    total = sum(referred_in_month(scenario, number // 12, number % 12 + 1) for number in range(first, last + 1))
    # Season weights the months of a part of a year; over whole years they cancel out.
    return total / ((last - first + 1) * WEEKS_A_MONTH)


def referred_in_month(scenario: Scenario, year: int, month: int) -> float:
    """Children referred in a month without levers; a month that is listed wins."""
    demand = scenario.demand
    listed = demand.monthly_referrals.get(f"{year}-{month:02d}")
    if listed is not None:
        return listed
    if demand.referrals_a_working_day is not None:
        return demand.referrals_a_working_day * WORKING_DAYS_A_YEAR / 12
    return (demand.referrals_a_year or 0.0) * demand.month_weight(month)


def _contacts(scenario: Scenario) -> float:
    return scenario.demand.contacts_per_referral


def _present(scenario: Scenario, team: TeamSection) -> bool:
    start = scenario.period.start
    return (team.start is None or team.start <= start) and (team.end is None or team.end >= start)


def _groups(scenario: Scenario, team: TeamSection) -> Iterable[tuple[int, float, float, float]]:
    """Heads, FTE, weekly hours and cap of the workers in post on the first day."""
    start = scenario.period.start
    usual = 27.0 if scenario.pace == "off" else scenario.pace.hours_a_week
    for group in team.workers:
        if (group.start is None or group.start <= start) and (group.end is None or group.end >= start):
            hours = usual if group.hours_a_week is None else group.hours_a_week
            yield group.count, group.fte, hours, math.inf if group.cap == "none" else float(group.cap)


def _fte(scenario: Scenario, team: TeamSection) -> float:
    return sum(count * fte for count, fte, _, _ in _groups(scenario, team))


def _hours(scenario: Scenario, team: TeamSection) -> float:
    hours = sum(count * fte * each for count, fte, each, _ in _groups(scenario, team))
    return max(0.0, hours - (team.background_hours_a_week or 0.0)) * share_at_work(scenario)


def _places(scenario: Scenario, team: TeamSection) -> float:
    return sum(count * fte * cap for count, fte, _, cap in _groups(scenario, team) if count)


def _about(number: float) -> str:
    """A figure as rough as the forecast: two figures."""
    if number < 1:
        return "1" if number > 0 else "0"
    step = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return f"{round(number / step) * step:,.0f}"
