"""Which stages children can reach, whatever the levers do to the ways out, and which of them no team serves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, get_args

from sim.scenario.sections.levers import RoutingChange
from sim.scenario.sections.stages import StageWithWorkers
from sim.scenario.sections.targeted_review import TargetedReview

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

__all__ = ["impossible_routing", "needed_stages", "shares_on"]

STAGES_WITH_WORKERS: tuple[str, ...] = get_args(StageWithWorkers)
Shares = dict[str, float]


def needed_stages(scenario: Scenario) -> list[str]:
    """Stages that children can reach from the front door or the opening caseload and that need a worker.

    They are in pathway order. A way out counts if it is open on any day of the run.
    """
    ways = _ways_out(scenario)
    leads = _leads(scenario, ways)
    reached: set[str] = set()
    coming = {stage for stage in STAGES_WITH_WORKERS if getattr(scenario.opening, stage).children > 0}
    if ways["front_door"].get("assessment"):
        coming.add("assessment")
    if ways["front_door"].get("strategy_discussion"):
        coming |= {"assessment", "section_47"}
    while coming:
        stage = coming.pop()
        reached.add(stage)
        coming |= leads[stage] - reached
    return [stage for stage in STAGES_WITH_WORKERS if stage in reached]


def _leads(scenario: Scenario, ways: Mapping[str, Shares]) -> dict[str, set[str]]:
    """The stages that each stage can lead to."""
    stages, risk = scenario.stages, scenario.risk
    leads = {stage: {way for way in ways[stage] if way in STAGES_WITH_WORKERS} for stage in STAGES_WITH_WORKERS}
    if ways["section_47"].get("conference"):
        leads["section_47"] |= {way for way in ways["conference"] if way in STAGES_WITH_WORKERS}
    if ways["court"].get("home_with_plan"):
        leads["court"].add("child_in_need")
    if stages.child_in_need.step_up_a_year > 0:
        leads["child_in_need"].add("section_47")
    if stages.child_protection.pre_proceedings_share > 0:
        leads["child_protection"].add("pre_proceedings")
    if risk != "none" and any(risk.rises_a_year.values()):
        leads["assessment"].add("section_47")
        leads["child_in_need"].add("section_47")
        if risk.legal_planning > 0:
            leads["child_protection"].add("pre_proceedings")
    for lever in scenario.levers_of(TargetedReview):
        # A review that steps cases up names its own fault (`Scenario._check_review`).
        if lever.outcomes.step_down > 0 and "child_protection" in lever.stages:
            leads["child_protection"].add("child_in_need")
    return leads


def _ways_out(scenario: Scenario) -> dict[str, Shares]:
    """The ways out of each stage that are open on any day, each with its largest share."""
    largest: dict[str, Shares] = {}
    for _, shares in _by_date(scenario):
        for stage, ways in shares.items():
            known = largest.setdefault(stage, {})
            for way, share in (ways or {}).items():
                if share > 0:
                    known[way] = max(known.get(way, 0.0), share)
    return largest


def impossible_routing(scenario: Scenario) -> list[tuple[int, str]]:
    """Routing levers, by their place in the list, that leave no way out of their stage on some day."""
    levers = scenario.numbered_levers_of(RoutingChange)
    closed = {(day, stage) for day, shares in _by_date(scenario) for stage, ways in shares.items() if ways is None}
    # The last lever of those in force is the one that takes the last way out.
    last = {
        (stage, max(n for n, lever in levers if lever.stage == stage and _holds(lever, day))) for day, stage in closed
    }
    return sorted((number, stage) for stage, number in last)


def _by_date(scenario: Scenario) -> list[tuple[date, dict[str, Shares | None]]]:
    """The shares of the ways out of each stage from each date on which they change; None where none is left."""
    levers = scenario.levers_of(RoutingChange)
    dates = {scenario.period.start} | {lever.at for lever in levers} | {lever.until for lever in levers if lever.until}
    stages = scenario.stages
    plain: dict[str, Shares] = {name: getattr(stages, name).outcomes.model_dump() for name in type(stages).model_fields}
    plain["conference"] = stages.section_47.conference_outcomes.model_dump()
    result: list[tuple[date, dict[str, Shares | None]]] = []
    for day in sorted(dates):
        shares: dict[str, Shares | None] = dict(plain)
        for lever in levers:
            before = shares[lever.stage]
            if before is not None and _holds(lever, day):
                shares[lever.stage] = _changed(before, lever.outcomes)
        result.append((day, shares))
    return result


def _holds(lever: RoutingChange, day: date) -> bool:
    return lever.at <= day and (lever.until is None or day < lever.until)


def _changed(shares: Shares, new: Mapping[str, float]) -> Shares | None:
    """Shares after a routing lever: the named ways out take theirs, the others keep their proportions.

    Where no other way out is open, the named ones share all of it; None where each of them is 0.
    """
    rest = 1.0 - sum(new.values())
    others = sum(share for way, share in shares.items() if way not in new)
    if others > 0:
        return {way: new.get(way, share * rest / others) for way, share in shares.items()}
    total = sum(new.get(way, 0.0) for way in shares)
    return {way: new.get(way, 0.0) / total for way in shares} if total > 0 else None


def shares_on(scenario: Scenario, day: date) -> dict[str, Shares]:
    """The shares of the ways out of each stage, and of `conference`, that hold on a day."""
    held: dict[str, Shares] = {}
    for begins, shares in _by_date(scenario):
        if begins <= day or not held:
            held |= {stage: ways for stage, ways in shares.items() if ways is not None}
    return held
