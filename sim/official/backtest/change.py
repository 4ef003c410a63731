"""A scenario with its period, referrals and shares changed for a back-test."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from sim.official.errors import OfficialError
from sim.official.making.arrivals import monthly
from sim.official.published.areas import Area
from sim.official.published.statistics import Statistics
from sim.scenario.distributions.distribution import Gamma
from sim.scenario.uncertainty.free_figures import LATE_ASSESSMENT, LATE_CONFERENCE, later
from sim.scenario.values.durations import Duration

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

__all__ = [
    "drifted",
    "with_actual_referrals",
    "with_forecast_referrals",
    "with_slots_for",
]

MOST = 0.97


def with_actual_referrals(scenario: Scenario, statistics: Statistics, area: Area, until: int) -> Scenario:
    """The scenario up to 31 March of the year `until`, given the referrals that came in each month.

    Actual referrals contain those who came back, so coming back is a label only.

    Raises:
        OfficialError: when a year's referrals are not published.
    """
    first = scenario.period.start.year + (scenario.period.start.month >= 4)
    months: dict[str, float] = {}
    for year in range(first, until + 1):
        months |= _months(scenario, statistics, area, year)
    demand = scenario.demand
    returned = demand.rereferral.model_copy(update={"mode": "label", "label_share": demand.rereferral.share})
    changed = demand.model_copy(update={"monthly_referrals": months, "referrals_a_year": None, "rereferral": returned})
    return _until(scenario, until).model_copy(update={"demand": changed})


def with_slots_for(scenario: Scenario, growth: float) -> Scenario:
    """The scenario with conference slots for a year of `growth` times the referrals."""
    return _more_slots(scenario, growth)


def with_forecast_referrals(
    scenario: Scenario, statistics: Statistics, area: Area, fit_to: int, until: int, level: float
) -> Scenario:
    """The same with the referrals that came up to `fit_to`; after that its yearly level of that year times `level`."""
    referrals = statistics.cell("c1", "referrals", area, fit_to).value
    if referrals is None:
        raise OfficialError(f"{statistics.file('c1')}, column Referrals, {area.name}, {fit_to}: not published")
    demand = scenario.demand
    months: dict[str, float] = {}
    first = scenario.period.start.year + (scenario.period.start.month >= 4)
    for year in range(first, fit_to + 1):
        months |= _months(scenario, statistics, area, year)
    # The level includes those who come back: as with actual referrals, coming back is a label.
    returned = demand.rereferral.model_copy(update={"mode": "label", "label_share": demand.rereferral.share})
    changed = demand.model_copy(
        update={"monthly_referrals": months, "referrals_a_year": referrals * level, "rereferral": returned}
    )
    return _until(scenario, until).model_copy(update={"demand": changed})


def drifted(scenario: Scenario, factors: Mapping[str, float]) -> Scenario:
    """The scenario with its shares moved as shares move from year to year; see `drift.DRIFTS`."""
    stages = scenario.stages
    door, enquiry, plan = stages.front_door, stages.section_47, stages.child_protection
    stopped = min(door.outcomes.no_further_action * factors["no_further_action"], 0.6)
    strategy = door.outcomes.strategy_discussion * factors["enquiries"]
    assessed = (door.outcomes.assessment + door.outcomes.strategy_discussion) * factors["assessed"]
    assessed = min(assessed, 1 - stopped)
    strategy = min(strategy, 0.5 * assessed)
    rest = (1 - stopped - assessed) / 2
    moved_door = door.outcomes.model_copy(
        update={
            "no_further_action": stopped, "advice": rest, "early_help": rest, "assessment": assessed - strategy,
            "strategy_discussion": strategy,
        }
    )  # fmt: skip
    # Enquiries are counted to referrals: fewer assessments with as many enquiries lead to one more often.
    ways = stages.assessment.outcomes
    share = factors["enquiries"] * (door.outcomes.assessment / max(assessed - strategy, 0.01))
    section_47 = min(ways.section_47 * share, 0.7)
    others = (1 - section_47) / (1 - ways.section_47) if ways.section_47 < 1 else 0.0
    moved_ways = ways.model_copy(
        update={
            "section_47": section_47, "close": ways.close * others, "early_help": ways.early_help * others,
            "child_in_need": ways.child_in_need * others,
        }
    )  # fmt: skip
    conference = min(enquiry.outcomes.conference * factors["conferences"], MOST)
    planned = min(enquiry.conference_outcomes.child_protection * factors["plans"], MOST)
    assessment_habit = later(stages.assessment.habit, LATE_ASSESSMENT, factors["late_assessments"])
    conference_habit = later(enquiry.habit, LATE_CONFERENCE, factors["late_conferences"])
    work = plan.intervention
    if isinstance(work, Gamma):
        mean = Duration(amount=max(20.0, work.mean_working_days * factors["stay"]), unit="working days")
        work = Gamma(mean=mean, cv=work.cv)
    changed = stages.model_copy(
        update={
            "front_door": door.model_copy(update={"outcomes": moved_door}),
            "assessment": stages.assessment.model_copy(update={"outcomes": moved_ways, "habit": assessment_habit}),
            "section_47": enquiry.model_copy(
                update={
                    "habit": conference_habit,
                    "outcomes": enquiry.outcomes.model_copy(
                        update={"conference": conference, "no_further_action": 1 - conference}
                    ),
                    "conference_outcomes": enquiry.conference_outcomes.model_copy(
                        update={"child_protection": planned, "child_in_need": 1 - planned}
                    ),
                }
            ),
            "child_protection": plan.model_copy(update={"intervention": work}),
        }
    )
    # Chairs and rooms follow the number of conferences: a diary that does not would be a queue that no council keeps.
    more = (section_47 / ways.section_47 if ways.section_47 else 1.0) * (conference / enquiry.outcomes.conference)
    return _more_slots(scenario.model_copy(update={"stages": changed}), more)


def _more_slots(scenario: Scenario, factor: float) -> Scenario:
    """As many conference slots more as there are conferences; never fewer than the scenario's."""
    slots = scenario.capacities.conference_slots_a_week
    if slots == "none" or factor <= 1:
        return scenario
    more = {day: math.ceil(count * factor) for day, count in slots.items()}
    return scenario.model_copy(
        update={"capacities": scenario.capacities.model_copy(update={"conference_slots_a_week": more})}
    )


def _until(scenario: Scenario, year: int) -> Scenario:
    end = date(year, 3, 31)
    levers = [lever for lever in scenario.levers if lever.at <= end]
    period = scenario.period.model_copy(update={"end": end})
    return scenario.model_copy(update={"period": period, "levers": levers})


def _months(scenario: Scenario, statistics: Statistics, area: Area, year: int) -> dict[str, float]:
    """A year's referrals by month, to the year's total; where a month is suppressed, by the scenario's season."""
    keys = [f"{year - (month >= 4)}-{month:02d}" for month in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)]
    counts = monthly(statistics, area, year)
    total = statistics.cell("c1", "referrals", area, year).value
    if counts is not None and total and abs(sum(counts) - total) > 0.5:
        # The months of file c6 and the year of file c1 do not agree: the year counts, the months share it out.
        counts = [count * total / sum(counts) for count in counts]
    if counts is None:
        if total is None:
            raise OfficialError(f"{statistics.file('c1')}, column Referrals, {area.name}, {year}: not published")
        counts = [total * scenario.demand.month_weight(int(key[-2:])) for key in keys]
    return dict(zip(keys, counts, strict=True))
