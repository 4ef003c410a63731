"""The free figures of a calibration, as factors on what a scenario says, and what each of them changes.

They are few, because published tables cannot tell more apart: hours of an assessment stand for hours and workers (only
the ratio acts), and share of the work, manager minutes and child in need plans before 2022 are left as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.distributions.distribution import Bands, DurationDistribution, Gamma
from sim.scenario.values.durations import Duration

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

__all__ = ["FREE", "LATE_ASSESSMENT", "LATE_CONFERENCE", "Free", "applied", "later"]

LATE_ASSESSMENT = ("46-50", "51-60", "61+")
LATE_CONFERENCE = ("16-20", "21+")


@dataclass(frozen=True)
class Free:
    """A free figure: its id, what it is, and the range of the factor that is searched."""

    id: str
    label: str
    low: float
    high: float
    apply: Callable[[Scenario, float], Scenario]


def _hours(scenario: Scenario, factor: float) -> Scenario:
    stages = scenario.stages
    rules = stages.assessment.model_copy(update={"hours_a_week": stages.assessment.hours_a_week * factor})
    return scenario.model_copy(update={"stages": stages.model_copy(update={"assessment": rules})})


def _late(scenario: Scenario, factor: float) -> Scenario:
    stages = scenario.stages
    rules = stages.assessment.model_copy(update={"habit": later(stages.assessment.habit, LATE_ASSESSMENT, factor)})
    return scenario.model_copy(update={"stages": stages.model_copy(update={"assessment": rules})})


def _late_conferences(scenario: Scenario, factor: float) -> Scenario:
    stages = scenario.stages
    rules = stages.section_47.model_copy(update={"habit": later(stages.section_47.habit, LATE_CONFERENCE, factor)})
    return scenario.model_copy(update={"stages": stages.model_copy(update={"section_47": rules})})


def _caps(scenario: Scenario, factor: float) -> Scenario:
    # No cap may fall below the largest sibling group, or that group could never be allocated.
    least = max(size for size, share in scenario.demand.sibling_groups.items() if share > 0)
    teams = {}
    for name, team in scenario.teams.items():
        groups = [
            group if group.cap == "none" else group.model_copy(
                update={"cap": max(float(least), round(float(group.cap) * factor, 2))}
            )
            for group in team.workers
        ]  # fmt: skip
        teams[name] = team.model_copy(update={"workers": groups})
    return scenario.model_copy(update={"teams": teams})


def _plan_work(scenario: Scenario, factor: float) -> Scenario:
    stages = scenario.stages
    work = stages.child_protection.intervention
    if not isinstance(work, Gamma):
        return scenario
    mean = Duration(amount=work.mean_working_days * factor, unit="working days")
    rules = stages.child_protection.model_copy(update={"intervention": Gamma(mean=mean, cv=work.cv)})
    return scenario.model_copy(update={"stages": stages.model_copy(update={"child_protection": rules})})


def _slots(scenario: Scenario, factor: float) -> Scenario:
    slots = scenario.capacities.conference_slots_a_week
    if slots == "none":
        return scenario
    more = {day: max(1, round(count * factor)) for day, count in slots.items()}
    return scenario.model_copy(
        update={"capacities": scenario.capacities.model_copy(update={"conference_slots_a_week": more})}
    )


FREE: tuple[Free, ...] = (
    Free("assessment_hours", "Hours of an assessment (given the workers)", 0.7, 1.35, _hours),
    Free("late_habits", "Share of assessments with a habit beyond 45 working days", 0.4, 1.7, _late),
    Free("caps", "Caseload caps", 0.8, 1.4, _caps),
    Free("plan_work", "Work in a child protection plan", 0.6, 1.6, _plan_work),
    Free("conference_slots", "Conference slots", 0.7, 1.5, _slots),
    Free("late_conferences", "Share of conferences with a habit beyond 15 working days", 0.3, 2.0, _late_conferences),
)
"""In this order everywhere: columns of designs, keys of an ensemble."""


def applied(scenario: Scenario, setting: Mapping[str, float]) -> Scenario:
    """The scenario with each free figure multiplied by its factor; figures that are not named stay."""
    for free in FREE:
        factor = setting.get(free.id, 1.0)
        if factor != 1.0:
            scenario = free.apply(scenario, factor)
    return scenario


def later(habit: DurationDistribution | str, late: tuple[str, ...], factor: float) -> DurationDistribution | str:
    """Bands whose late share is `factor` times what it was; other habits stay."""
    if not isinstance(habit, Bands) or not all(band in habit.bands for band in late):
        return habit
    whole = sum(habit.bands.values())
    share = sum(habit.bands[band] for band in late) / whole
    if not 0 < share < 1:
        return habit
    wanted = min(share * factor, 0.8)
    up, down = wanted / share, (1 - wanted) / (1 - share)
    bands = {band: count * (up if band in late else down) for band, count in habit.bands.items()}
    return Bands(bands=bands, tail_mean=habit.tail_mean, unit=habit.unit)
