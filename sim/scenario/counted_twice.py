"""Hours that a scenario takes off twice: once in a figure that has them off already, once by simulating them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.sections.workforce import Pace, SignOff
from sim.scenario.values.durations import WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

WEEK = 5.0


def share_at_work(scenario: Scenario) -> float:
    """Share of the working days of a year that the leave and sickness simulated let a worker be at work."""
    rules = scenario.people.absence
    if rules == "none":
        return 1.0
    leave = 0.0 if rules.annual_leave == "none" else rules.annual_leave.days_a_year
    sick = 0.0 if rules.sickness == "none" else rules.sickness.share
    return 1.0 - leave / WORKING_DAYS_A_YEAR - sick


def counted_twice(scenario: Scenario) -> tuple[str, ...]:
    """A sentence for each default that contains what the scenario also simulates, with the figure that does not."""
    sentences = []
    people, pace, sign_off = scenario.people, scenario.pace, scenario.sign_off
    usual = Pace().hours_a_week
    at_work = round(usual / share_at_work(scenario), 1)
    if pace != "off" and pace.hours_a_week == usual and at_work > usual:
        sentences.append(
            f"people.absence is simulated and pace.hours_a_week is {usual:g}, which has leave and sickness off "
            f"already: {at_work:g} hours of a week at work come to the same over a year"
        )
    usual = SignOff().hours_lost_per_worker
    if sign_off != "none" and people.supervision != "none" and sign_off.hours_lost_per_worker == usual:
        weeks = people.supervision.every["social_worker"].working_days / WEEK
        rest = round(max(0.0, usual - people.supervision.manager_hours / weeks), 1)
        if rest < usual:
            sentences.append(
                f"people.supervision is simulated and sign_off.hours_lost_per_worker is {usual:g}, which contains "
                f"supervision: set it to {rest:g}"
            )
    return tuple(sentences)
