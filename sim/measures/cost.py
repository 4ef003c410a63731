"""Cost: money spent, and the child-days of delay that it may save."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures.dates import until
from sim.measures.measure import LOCAL, MODEL, Measure
from sim.measures.open_cases import ASSESSMENT_STANDARD
from sim.measures.order import order
from sim.measures.period_counts import AnyArray, Floats
from sim.measures.recording_view import RecordingView
from sim.model.recording import MONEY

__all__ = ["DEFINITIONS", "cost"]

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="staff_cost",
        label="Cost of staff",
        unit="£",
        better="lower",
        kind="flow",
        numerator="Pounds paid for social workers and managers in post",
        clock="Months that begin in the period",
        source=LOCAL,
        meaning="What the workforce costs, agency premium left out.",
        simulated_in="money",
    ),
    Measure(
        id="agency_premium",
        label="Agency premium",
        unit="£",
        better="lower",
        kind="flow",
        numerator="Pounds paid for agency workers beyond what permanent staff would cost",
        clock="Months that begin in the period",
        source=LOCAL,
        meaning="What it costs that posts are filled by agencies.",
        simulated_in="money",
    ),
    Measure(
        id="lever_cost",
        label="Cost of levers",
        unit="£",
        better="lower",
        kind="flow",
        numerator="Pounds spent on the levers of the scenario",
        clock="Months that begin in the period",
        source=LOCAL,
        meaning="What the changes themselves cost.",
        simulated_in="money",
    ),
    Measure(
        id="cost_total",
        label="Cost",
        unit="£",
        better="lower",
        kind="flow",
        numerator="Staff, agency premium and levers, pounds",
        clock="Months that begin in the period",
        source=LOCAL,
        meaning="What it all costs.",
        simulated_in="money",
    ),
    Measure(
        id="cost_per_delay_day_avoided",
        label="Cost of a child-day of delay avoided",
        unit="£",
        better="neither",
        kind="flow",
        numerator="Difference in cost from the baseline, pounds",
        denominator=(
            "Fall in the child-days of delay (`delay_child_days`) from the baseline, where it is clear of chance"
        ),
        clock="Reporting years and the whole run; only in differences from a baseline",
        source=MODEL,
        meaning="What it cost to spare one child one working day of delay; below 0 where less delay cost less.",
    ),
    Measure(
        id="delay_child_days",
        label="Child-days of delay",
        unit="child-days",
        better="lower",
        kind="flow",
        breakdowns=("locality",),
        numerator=(
            "Working days, times children, of assessments open beyond 45 working days, and of children open "
            "beyond the front door without a social worker; a day of both counts twice"
        ),
        clock="Working days of the period",
        source=MODEL,
        meaning="How long, all told, children waited too long for an assessment or had no social worker.",
    ),
)


def cost(view: RecordingView) -> dict[str, Floats]:
    """Measures of cost: each an array of (periods, columns), pounds in `all` only."""
    periods, money = view.periods, view.recording.money
    spent = {
        measure: periods.months(money["month"], money["pounds"] * (money["kind"] == MONEY.index(kind)))
        for measure, kind in (("staff_cost", "staff"), ("agency_premium", "agency_premium"), ("lever_cost", "lever"))
    }
    delayed = _delay_child_days(view)
    return {
        **spent,
        "cost_total": spent["staff_cost"] + spent["agency_premium"] + spent["lever_cost"],
        # A comparison: `sim.experiment.results.tables` works it out between two scenarios.
        "cost_per_delay_day_avoided": np.full_like(delayed, np.nan),
        "delay_child_days": delayed,
    }


def _delay_child_days(view: RecordingView) -> Floats:
    """Child working days of assessments open beyond 45 working days, and without a social worker: (periods,
    columns). A day of both counts twice.
    """
    periods, spells = view.periods, view.spells("assessment")
    late = np.maximum(spells.clock_start + ASSESSMENT_STANDARD + 1, spells.entered)
    start, stop, children, locality = _without_worker(view)
    return periods.days(late, spells.until, spells.children, spells.locality) + periods.days(
        start, stop, children, locality
    )


def _without_worker(view: RecordingView) -> tuple[AnyArray, AnyArray, AnyArray, AnyArray]:
    """Stretches in which a case is open beyond the front door and nobody holds it: first day, day after the last,
    children and locality.
    """
    horizon, spells, holdings, beyond = (
        view.periods.horizon,
        view.recording.spells,
        view.holdings,
        view.beyond,
    )
    opens, closes = spells["entered"][beyond], until(spells["ended"])[beyond]
    open_case = view.case("spells")[beyond]
    case = np.concatenate([open_case, open_case, holdings.case, holdings.case])
    day = np.clip(np.concatenate([opens, closes, holdings.start, holdings.stop]), 0, horizon)
    kinds, many = ((1, 0), (-1, 0), (0, 1), (0, -1)), [len(beyond)] * 2 + [len(holdings.case)] * 2
    rows = order(day, case)
    case, day = case[rows], day[rows]
    # Every case ends where it began, so that the running totals of one do not spill into the next.
    opened, held = (np.cumsum(np.repeat([kind[which] for kind in kinds], many)[rows]) for which in (0, 1))
    waits = (opened > 0) & (held == 0)
    rows = np.flatnonzero(waits[:-1] & (case[1:] == case[:-1]) & (day[1:] > day[:-1]))
    chosen = case[rows]
    return day[rows], day[rows + 1], view.of_case("children", chosen), view.of_case("locality", chosen)
