"""Teams: from who holds whom in Annex A, from the workforce census, or as many as the flows ask for.

A scenario has three teams: front door, assessment, care planning. A council's own teams are put into one of the two
that hold cases by the stage that most of each worker's children are in; the page shows the council's teams.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sim.returns.making.caseload import Caseload
from sim.returns.making.writing import Figure, Tree, few
from sim.returns.workforce_census.census import Staff

if TYPE_CHECKING:
    from sim.experiment.load_forecast import StageLoad
    from sim.scenario.schema import Scenario

__all__ = [
    "ASSESSMENT",
    "CARE",
    "DOOR",
    "TEAM_STAGES",
    "TeamCaseloads",
    "held_by_workers",
    "team_figures",
    "workers_in_post",
]

ASSESSMENT, CARE, DOOR = "assessment", "care planning", "front door"
TEAM_STAGES = {
    ASSESSMENT: ("assessment", "section_47"),
    CARE: ("child_in_need", "child_protection", "pre_proceedings", "court"),
}
FEWEST_HELD = 3
"""A worker who holds fewer children is not taken as a case holder: a manager, duty, or somebody who is leaving."""
FEWEST_WORKERS, FEWEST_CASES = 10, 100
PATHWAY_SHARE = 0.8
"""Share of the census's case holders who hold children on the pathway; the others hold children looked after. In the
average council of England 109 of 136 do (assumption)."""
OUTSIDE_HOURS = 1.2
"""Hours a week for a child outside the pathway, as for a child in need (assumption)."""
WIDEST_SPAN = 8.0
LEAST_CAP = 8
FEW_WAIT = 0.03
PLACES_USED = 0.8
"""Where fewer than 3 children wait for 100 that are held, caps do not bind: what workers hold is taken as 80% of them
(assumption, as in `frontdoor baseline`). A day's caseload does not show a cap that nobody has reached."""
FEWEST_NEW = 5
ENOUGH_STAFF_FTE = 20.0


@dataclass
class TeamCaseloads:
    """Workers of one of the two teams as Annex A shows them: children each holds, children outside the
    pathway that they hold too, and children of the team's stages who wait for a worker.
    """

    children: list[int] = field(default_factory=list)
    outside: int = 0
    waiting: int = 0

    @property
    def workers(self) -> int:
        """Workers who hold cases."""
        return len(self.children)

    @property
    def mean(self) -> float:
        """Children each."""
        return sum(self.children) / len(self.children) if self.children else 0.0

    @property
    def high(self) -> int:
        """The caseload that one worker in ten exceeds."""
        ranked = sorted(self.children)
        return ranked[min(len(ranked) - 1, math.ceil(0.9 * len(ranked)) - 1)] if ranked else 0

    @property
    def few_wait(self) -> bool:
        """Whether so few wait for a worker that there must be room under the caps."""
        return self.waiting < FEW_WAIT * sum(self.children)

    @property
    def cap(self) -> int:
        """The cap: what one worker in ten exceeds, and a quarter more where hardly anybody waits."""
        return max(LEAST_CAP, math.ceil(self.high / PLACES_USED) if self.few_wait else self.high)


def held_by_workers(load: Caseload) -> dict[str, TeamCaseloads] | None:
    """Case holders of the pathway, by team; None where too few to tell."""
    teams = {name: TeamCaseloads() for name in TEAM_STAGES}
    for counts in load.workers().values():
        by_team = {name: sum(counts[stage] for stage in stages) for name, stages in TEAM_STAGES.items()}
        inside = sum(by_team.values())
        if inside < FEWEST_HELD or counts["outside"] > inside:
            continue
        team = max(by_team, key=lambda name: (by_team[name], name))
        teams[team].children.append(inside)
        teams[team].outside += counts["outside"]
    for name, stages in TEAM_STAGES.items():
        waiting = [load.unallocated(stage) or 0.0 for stage in stages]
        teams[name].waiting = round(
            sum(share * len(load.stages[stage]) for share, stage in zip(waiting, stages, strict=True))
        )
    enough = sum(held.workers for held in teams.values()) >= FEWEST_WORKERS
    cases = sum(sum(held.children) for held in teams.values())
    both = all(held.workers >= 2 for held in teams.values())
    return teams if enough and both and cases >= FEWEST_CASES else None


@dataclass(frozen=True)
class TeamStaff:
    """Workers of a team, their full-time share, the cap, and why."""

    workers: int
    fte: float
    cap: int
    source: str
    day: date | None
    confidence: str
    outside: int = 0


def workers_in_post(staff: Staff | None) -> bool:
    """Whether the census holds enough staff to be used."""
    return staff is not None and sum(worker.fte for worker in staff.in_post) >= ENOUGH_STAFF_FTE


def team_figures(
    base: Scenario,
    base_loads: Mapping[str, StageLoad],
    loads: Mapping[str, StageLoad],
    label: str,
    held: tuple[dict[str, TeamCaseloads], str, date] | None,
    staff: Staff | None,
) -> tuple[Tree, list[str]]:
    """Return the teams of the scenario, and a sentence for each part that the returns did not hold."""
    notes: list[str] = []
    use = staff if workers_in_post(staff) else None
    teams: Tree = {DOOR: _door(base, base_loads, loads, label)}
    notes.append(f"Front door team: as many workers for each contact as in {label}; no return holds them.")
    plans = _plans(base, base_loads, loads, label, held, use, notes)
    managers = _managers(plans, use, notes)
    for name, plan in plans.items():
        teams[name] = {
            "workers": Figure(_groups(name, plan, base, use, notes), plan.source, plan.day, plan.confidence),
            "managers": managers[name],
        }
        background = base.teams[name].background_hours_a_week if name in base.teams else None
        if held is not None:
            hours = OUTSIDE_HOURS * plan.outside
            source = (
                f"{few(plan.outside)} children outside the pathway are held by these workers ({held[1]}), at "
                f"{OUTSIDE_HOURS:g} hours a week each, an assumption"
            )
            teams[name]["background_hours_a_week"] = Figure(f"{hours:.0f}", source, held[2])
        elif background is not None:
            part = _ratio(base_loads, loads, TEAM_STAGES[name])
            source = f"as in {label}, times {part:.2f} for the hours that these flows ask for"
            teams[name]["background_hours_a_week"] = Figure(f"{background * part:.0f}", source, None, "assumption")
    return teams, notes


def _door(base: Scenario, before: Mapping[str, StageLoad], loads: Mapping[str, StageLoad], label: str) -> Tree:
    part = _ratio(before, loads, ("front_door",))
    workers = sum(group.count for group in base.teams[DOOR].workers) if DOOR in base.teams else 6
    count = max(1, math.ceil(workers * part - 0.25))
    source = f"as many for each contact as in {label} (times {part:.2f}); no return holds it"
    return {
        "workers": Figure(f"[{{count: {count}}}]", source, None, "assumption"),
        "managers": Figure(_half(max(1.0, count / 9)), "a span of about 9; no return holds it", None, "assumption"),
    }


def _plans(
    base: Scenario, before: Mapping[str, StageLoad], loads: Mapping[str, StageLoad], label: str,
    held: tuple[dict[str, TeamCaseloads], str, date] | None, staff: Staff | None, notes: list[str],
) -> dict[str, TeamStaff]:  # fmt: skip
    names = [name for name in TEAM_STAGES if name in base.teams]
    heads = {name: sum(group.count for group in base.teams[name].workers) for name in names}
    caps = {name: _cap(base, name) for name in names}
    asked = {name: heads[name] * _ratio(before, loads, TEAM_STAGES[name]) for name in names}
    holders = staff.case_holders if staff is not None else []
    fte = _mean_fte([worker.fte for worker in holders])
    if held is not None:
        by_team, source, day = held
        notes.append(f"Teams: workers who hold {FEWEST_HELD} children or more in {source}, by where most of them are.")
        return {
            name: TeamStaff(
                by_team[name].workers, fte, by_team[name].cap,
                f"{few(by_team[name].workers)} workers hold {FEWEST_HELD} children or more, {by_team[name].mean:.1f} "
                "each; "
                f"one in ten holds more than {by_team[name].high}{_room(by_team[name])} ({source})"
                + (f"; full-time share from the workforce census of {_month(staff.as_at)}" if staff else ""),
                day, "local", by_team[name].outside,
            )
            for name in names
        }  # fmt: skip
    total = sum(asked.values())
    if staff is not None and len(holders) >= FEWEST_WORKERS and total > 0:
        inside = PATHWAY_SHARE * len(holders)
        notes.append("Teams: case holders of the workforce census, split by the hours that each stage asks for.")
        source = (
            f"{few(len(holders))} case holders in your workforce census; {100 * PATHWAY_SHARE:.0f}% of them on the "
            "pathway, split by the hours that each stage asks for (assumptions)"
        )
        return {
            name: TeamStaff(max(2, round(inside * asked[name] / total)), fte, caps[name], source, staff.as_at, "local")
            for name in names
        }
    notes.append(f"Workers and caps: as many for each hour of work as in {label}; no return holds enough of them.")
    return {
        name: TeamStaff(
            max(2, math.ceil(asked[name] - 0.25)), fte, caps[name],
            f"as many for each hour that these flows ask for as in {label}", None, "assumption",
        )
        for name in names
    }  # fmt: skip


def _room(held: TeamCaseloads) -> str:
    if not held.few_wait:
        return ", which is the cap: children wait"
    return ", and hardly anybody waits, so the cap is taken a quarter above (assumption)"


def _groups(name: str, plan: TeamStaff, base: Scenario, staff: Staff | None, notes: list[str]) -> str:
    """Workers by grade, on one line."""
    fte = f", fte: {plan.fte:g}" if plan.fte < 1 else ""
    usual = base.teams[name].workers
    heads = sum(group.count for group in usual) or 1
    agency = sum(group.count for group in usual if group.grade == "agency") / heads
    new = 0.0
    if staff is not None:
        holders = staff.case_holders or staff.in_post
        agency = sum(worker.agency for worker in holders) / len(holders)
        new = sum(worker.newly_qualified and not worker.agency for worker in holders) / len(holders)
    elif name == ASSESSMENT:
        notes.append(f"Agency share of workers: {100 * agency:.0f}%, as in the scenario beneath.")
    counts = {"agency": round(plan.workers * agency), "nqsw": round(plan.workers * new)}
    if counts["nqsw"] < FEWEST_NEW:
        counts["nqsw"] = 0
    counts["agency"] = min(counts["agency"], plan.workers - 1 - counts["nqsw"])
    counts = {"social_worker": plan.workers - sum(counts.values()), **counts}
    months = {"nqsw": ", months_since_qualifying: 6"}
    rows = [
        f"{{count: {count}, grade: {grade}{fte}, cap: {plan.cap}{months.get(grade, '')}}}"
        for grade, count in counts.items()
        if count
    ]
    return f"[{', '.join(rows)}]"


def _managers(plans: Mapping[str, TeamStaff], staff: Staff | None, notes: list[str]) -> dict[str, Figure]:
    first_line = [worker for worker in staff.in_post if worker.role == "3"] if staff is not None else []
    total = sum(plan.workers for plan in plans.values())
    if staff is not None and len(first_line) >= FEWEST_NEW:
        fte = PATHWAY_SHARE * sum(worker.fte for worker in first_line)
        source = f"{few(len(first_line))} first-line managers in your workforce census, shared out by workers"
        return {
            name: Figure(_half(max(0.5, fte * plan.workers / total)), source, staff.as_at)
            for name, plan in plans.items()
        }
    notes.append(f"Managers: a span of {WIDEST_SPAN:.0f} workers; no return holds enough of them.")
    source = f"a span of {WIDEST_SPAN:.0f}; no return holds it"
    return {
        name: Figure(_half(plan.workers / WIDEST_SPAN + 0.5), source, None, "assumption")
        for name, plan in plans.items()
    }


def _cap(base: Scenario, name: str) -> int:
    caps = [float(group.cap) for group in base.teams[name].workers if group.cap != "none"]
    return round(caps[0]) if caps else 18


def _ratio(before: Mapping[str, StageLoad], loads: Mapping[str, StageLoad], stages: tuple[str, ...]) -> float:
    asked = sum(before[stage].hours_a_week for stage in stages)
    return sum(loads[stage].hours_a_week for stage in stages) / asked if asked > 0 else 1.0


def _mean_fte(ftes: list[float]) -> float:
    if len(ftes) < FEWEST_WORKERS:
        return 1.0
    return min(1.0, max(0.1, round(20 * sum(ftes) / len(ftes)) / 20))


def _half(number: float) -> str:
    return f"{max(0.5, math.ceil(number * 2 - 1e-9) / 2):g}"


def _month(day: date) -> str:
    return f"{day:%B} {day.year}"
