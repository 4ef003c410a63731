"""A whole scenario from the returns: every figure theirs where they tell, and said where they do not."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sim.official.making.writing import quoted
from sim.returns.making.arrivals import count_arrivals
from sim.returns.making.base import Base
from sim.returns.making.caseload import Caseload, open_caseload
from sim.returns.making.demand import Counted, demand_figures, routing_figures, said_day
from sim.returns.making.lengths import Length, find_lengths
from sim.returns.making.people import people_figures
from sim.returns.making.routes import find_routes
from sim.returns.making.staff import DOOR, TeamCaseloads, held_by_workers, team_figures
from sim.returns.making.stages import length_figures, opening_figures
from sim.returns.making.writing import Figure, Tree
from sim.returns.records import Returns
from sim.returns.workforce_census.census import Staff

if TYPE_CHECKING:
    from sim.experiment.load_forecast import StageLoad

__all__ = ["ScenarioDetails", "make_scenario"]

YEARS = 4
FEWEST_OPEN = 50
LOADS_USUAL = (0.6, 1.15)


@dataclass
class ScenarioDetails:
    """The scenario, and what a page shows beside it. `notes` say what was missing, one sentence each."""

    text: str
    notes: list[str]
    as_at: date
    label: str
    counted: list[Counted]
    lengths: list[Length]
    load: Caseload | None
    load_of: Returns | None
    held: dict[str, TeamCaseloads] | None
    staff: Staff | None
    sources: list[str] = field(default_factory=list)


def make_scenario(
    all_returns: list[Returns], staff: Staff | None, base: Base, name: str = "Your council"
) -> ScenarioDetails:
    """Make the scenario. Annex A tells the day, the caseload and the workers; the fuller return tells each share."""
    counted = [Counted(returns, count_arrivals(returns), find_routes(returns)) for returns in all_returns]
    lengths = [length for returns in all_returns for length in find_lengths(returns)]
    main = all_returns[0] if all_returns else None
    load = open_caseload(main) if main is not None else None
    beneath, label = base.scenario, base.label

    demand, notes, size = demand_figures(counted, beneath, label)
    size, size_said = _size(demand, size, load, base, staff)
    if "referrals_a_year" not in demand and abs(size - 1) > 0.005:
        level = (beneath.demand.referrals_a_year or 0.0) * size
        source = f"as in {label}, times {size:.2f} for {size_said}; the returns count too few referrals"
        demand["referrals_a_year"] = Figure(f"{level:.0f}", source, None, "assumption")
        closed = beneath.demand.rereferral.closed_before_start * size
        demand.setdefault("rereferral", {})["closed_before_start"] = Figure(f"{closed:.0f}", source, None, "assumption")
    if load is not None and size_said.startswith("want"):
        caution = "the returns hold too few children to tell the size of the council"
        notes.insert(0, f"CAUTION: {caution}: it has the demand and staff of {label}, and the returns' open cases.")
    routes, more = routing_figures(counted, beneath, label, lengths)
    notes += more
    stages, more = length_figures(lengths, beneath, label)
    notes += more
    for stage, figures in routes.items():
        stages[stage] = {**stages.get(stage, {}), **figures}
    flows: Tree = {"demand": demand, "stages": stages}
    before, loads = base.loads({}), base.loads(flows)

    held = held_by_workers(load) if load is not None else None
    whose = None
    if held is not None and main is not None and main.as_at is not None:
        whose = (held, f"your {main.name}, as at {said_day(main.as_at)}", main.as_at)
    teams, more = team_figures(beneath, before, loads, label, whose, staff)
    notes += more
    people, more = people_figures(staff, label)
    notes += more
    opening, more = opening_figures(load, main, beneath, label, size, size_said)
    notes += more
    capacities = _capacities(base, before, loads)
    what = "Conference slots, legal panels, solicitors, hearings"
    notes.append(f"{what}: from {label}, for these flows; no return holds them.")
    notes.append(f"Hours of each step, visits, reviews, other figures that are not named above: from {label}.")
    notes += [f"Official statistics: {note}" for note in base.notes]

    everything: Tree = {**flows, "teams": teams, **people, **capacities, "opening": opening}
    notes += _loads_said(base, everything)
    as_at = main.as_at if main is not None and main.as_at is not None else staff.as_at if staff else date.today()
    own: Tree = {**_heading(name, as_at, label), **everything}
    sources = _sources(all_returns, staff)
    text = base.file_text(own, _comments(as_at, sources, notes))
    return ScenarioDetails(text, notes, as_at, label, counted, lengths, load, main, held, staff, sources)


def _loads_said(base: Base, own: Tree) -> list[str]:
    """A caution for each team whose hours and work are far apart: an hour of a step is an assumption."""
    from sim.experiment.load_forecast import forecast

    lines = []
    for team in forecast(base.with_figures(own)).teams:
        if team.team != DOOR and not LOADS_USUAL[0] <= team.load <= LOADS_USUAL[1]:
            lines.append(
                f"CAUTION: the flows ask for {100 * team.load:.0f}% of the hours of {team.team} in a steady state: see "
                "that its workers are all there and no others, or change the hours of its steps, which are assumptions."
            )
    return lines


def _size(
    demand: Tree, size: float, load: Caseload | None, base: Base, staff: Staff | None
) -> tuple[float, str]:  # fmt: skip
    """How large the council is beside the one beneath: by referrals, else by open cases, else by case holders."""
    if "referrals_a_year" in demand:
        return size, "the referrals of this council"
    beneath = base.scenario
    if load is not None:
        open_there = sum(getattr(beneath.opening, stage).children for stage in load.recorded)
        if load.total >= FEWEST_OPEN and open_there > 0:
            return load.total / open_there, "the open cases of this council"
    workers = sum(group.count for name in ("assessment", "care planning") for group in beneath.teams[name].workers)
    if staff is not None and len(staff.case_holders) >= 10:
        from sim.returns.making.staff import PATHWAY_SHARE

        return PATHWAY_SHARE * len(staff.case_holders) / workers, "the case holders of this council"
    return 1.0, "want of a figure that tells the council's size"


def _capacities(base: Base, before: dict[str, StageLoad], loads: dict[str, StageLoad]) -> Tree:
    beneath = base.scenario.capacities

    def part(stage: str) -> float:
        usual = before[stage].children_a_week
        return loads[stage].children_a_week / usual if usual > 0 else 1.0

    own: Tree = {}
    plans, court = part("child_protection"), part("court")

    def assumed(value: float, times: float) -> Figure:
        source = f"as in {base.label}, times {times:.2f} for the flow; no return holds it"
        return Figure(f"{value:g}", source, None, "assumption")

    slots = beneath.conference_slots_a_week
    if isinstance(slots, dict) and slots:
        count = max(3, math.ceil(next(iter(slots.values())) * plans - 1e-9))
        session = 3 if count >= 9 else 2 if count >= 6 else 1
        own["conference_slots_a_week"] = assumed(-(-count // session) * session, plans)
        own["conference_session_slots"] = str(session)
    for name in ("legal_panel_slots_a_week", "solicitors", "final_hearings_a_week"):
        there = getattr(beneath, name)
        if isinstance(there, dict) and there:
            wanted = next(iter(there.values())) * court
            own[name] = assumed(round(wanted + 0.35) if wanted >= 1 else max(0.25, math.ceil(wanted * 4) / 4), court)
    return {"capacities": own} if own else {}


def _heading(name: str, as_at: date, label: str) -> Tree:
    start = as_at + timedelta(days=1)
    end = date(start.year + YEARS, start.month, min(start.day, 28)) - timedelta(days=1)
    description = (
        f"{name}: the open caseload of {said_day(as_at)} from its own returns, then {YEARS} years in which referrals, "
        f"thresholds and staff stay as they were. What the returns do not hold is from {label}."
    )
    question = "What happens to delay and drift if referrals, thresholds and staff stay as they are?"
    return {
        "title": quoted(f"{name}, carried on from {said_day(start)}"),
        "description": quoted(description),
        "question": quoted(question),
        "period": f"{{start: {start.isoformat()}, end: {end.isoformat()}}}",
    }


def _sources(all_returns: list[Returns], staff: Staff | None) -> list[str]:
    lines = [
        f"Your {returns.name}, as at {said_day(returns.as_at)} ({returns.as_at_how}); {returns.window_months:g} months "
        "of activity."
        for returns in all_returns
        if returns.as_at is not None
    ]
    if staff is not None:
        lines.append(f"Your workforce census, as at {said_day(staff.as_at)}.")
    return lines


def _comments(as_at: date, sources: list[str], notes: list[str]) -> str:
    lines = [
        "# Question: what happens to delay and drift if referrals, thresholds and staff stay as they are?",
        "# Look at: assessments within 45 working days, open over 45, plans open, children without a worker.",
        f"# Made by frontdoor from-returns. It holds counts, shares and fitted lengths as at {said_day(as_at)}: no",
        "# name, identifier, date of birth or other detail of a child or worker.",
        "#",
        "# Read from:",
        *(f"# - {line}" for line in sources),
        "#",
        "# What the returns do not tell, and where it is from instead:",
        *(f"# - {line}" for line in notes),
        "",
    ]
    return "\n".join(lines) + "\n"
