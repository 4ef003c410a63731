"""Lever: a dated capacity (conference slots, legal panel, solicitors, final hearings) takes another value."""

from __future__ import annotations

from datetime import date

from sim.calendar import WorkingDayCalendar
from sim.model.levers.dated import DatedValues
from sim.scenario.schema import Scenario
from sim.scenario.sections.levers import CapacityChange, ChairAbsence


def capacity_by_day(scenario: Scenario, name: str, calendar: WorkingDayCalendar) -> DatedValues | None:
    """A capacity by working day with the levers on it; None where it is never scarce."""
    dated = getattr(scenario.capacities, name)
    if dated == "none":
        return None
    values = DatedValues(dated, calendar)
    for lever in scenario.levers_of(CapacityChange):
        if lever.capacity == name:
            until = None if lever.until is None else calendar.index(lever.until)
            values.change(calendar.index(lever.at), until, lever.value)
    return values


def chair_absence(scenario: Scenario, calendar: WorkingDayCalendar) -> DatedValues:
    """Share of the conference sessions lost, by working day, with the levers on it."""
    values = DatedValues({date.min: scenario.capacities.conference_chair_absence}, calendar)
    for lever in scenario.levers_of(ChairAbsence):
        until = None if lever.until is None else calendar.index(lever.until)
        values.change(calendar.index(lever.at), until, lever.share)
    return values
