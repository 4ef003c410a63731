"""People: agency, vacancies, leavers, sickness, supervision, and children left uncovered by them."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures.dates import until
from sim.measures.measure import LOCAL, MODEL, WORKFORCE, Measure
from sim.measures.period_counts import Floats, percent
from sim.measures.recording_view import RecordingView
from sim.measures.workforce import Caseloads
from sim.model.recording import ABSENCE_KINDS, GRADES

__all__ = ["DEFINITIONS", "people"]

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="agency_pct",
        label="Agency social workers",
        unit="%",
        better="lower",
        kind="stock",
        breakdowns=("team",),
        numerator="Full-time equivalents of agency workers in post",
        denominator="Full-time equivalents of all social workers in post",
        clock="Last working day of the period",
        source=WORKFORCE,
        meaning="How much of the work agency workers do.",
    ),
    Measure(
        id="vacancy_pct",
        label="Vacancies",
        unit="%",
        better="lower",
        kind="stock",
        breakdowns=("team",),
        numerator="Permanent full-time equivalents that are vacant",
        denominator="Permanent full-time equivalents of the establishment",
        clock="Last month end of the period",
        source=WORKFORCE,
        meaning="How many permanent posts nobody holds; an agency worker may cover one.",
    ),
    Measure(
        id="turnover_pct",
        label="Turnover in a year",
        unit="%",
        better="lower",
        kind="flow",
        breakdowns=("team",),
        numerator=(
            "Full-time equivalents of permanent social workers whose last day after resigning is in the period, "
            "for a year"
        ),
        denominator="Full-time equivalents of permanent social workers in post on its last working day",
        clock="Last day in post",
        source=WORKFORCE,
        meaning="How much of the permanent workforce leaves in a year.",
    ),
    Measure(
        id="absence_pct",
        label="Sickness absence",
        unit="%",
        better="lower",
        kind="flow",
        breakdowns=("team",),
        numerator="Working days lost to sickness by social workers other than agency, times full-time equivalents",
        denominator="Working days in post of these social workers, times full-time equivalents",
        clock="Working days of the period",
        source=WORKFORCE,
        meaning="How much working time sickness takes; leave and parental leave are not in it.",
    ),
    Measure(
        id="nqsw_over_cap",
        label="Newly qualified social workers over their cap",
        unit="social workers",
        better="lower",
        kind="stock",
        breakdowns=("team",),
        numerator="Newly qualified social workers in post who hold more children than their cap of the day",
        clock="Last working day of the period",
        source=LOCAL,
        meaning="How many beginners carry more than was promised.",
    ),
    Measure(
        id="supervision_on_time_pct",
        label="Supervision on time",
        unit="%",
        better="higher",
        kind="flow",
        breakdowns=("team",),
        numerator="Supervisions held by 5 working days after they were due",
        denominator="Supervisions that fell due in the period and were held, or whose 5 working days have run out",
        clock="Due day to the day held, working days",
        source=LOCAL,
        meaning="How often a social worker was supervised when due.",
    ),
    Measure(
        id="uncovered_absence_child_days",
        label="Days of children whose absent worker nobody covered",
        unit="child-days",
        better="lower",
        kind="flow",
        breakdowns=("team",),
        numerator=(
            "Working days of absences long enough to be covered, times the children whose urgent work got no "
            "hours that day (where it got a part of them, in proportion) or whose visit, due by the calendar, "
            "nobody made"
        ),
        clock="Day of the absence, working days",
        source=MODEL,
        meaning="How long, all told, children were left by an absence.",
        simulated_in="uncovered",
    ),
)

SUPERVISION_GRACE = 5


def people(view: RecordingView, caseloads: Caseloads) -> dict[str, Floats]:
    """Measures of the workforce: each an array of (periods, columns)."""
    periods, recording = view.periods, view.recording
    posts, uncovered = recording.posts, recording.uncovered
    in_post = periods.at_period_end(caseloads.in_post_fte())
    agency = periods.at_period_end(caseloads.in_post_fte(GRADES.index("agency")))
    return {
        "agency_pct": percent(agency, in_post),
        "vacancy_pct": percent(
            periods.at_month_end(posts["month"], posts["vacant"], posts["team"]),
            periods.at_month_end(posts["month"], posts["establishment"], posts["team"]),
        ),
        "turnover_pct": _turnover(view, in_post - agency),
        "absence_pct": _sickness(view),
        "nqsw_over_cap": periods.at_period_end(caseloads.over_cap_of(GRADES.index("nqsw"))),
        "supervision_on_time_pct": _supervision(view),
        "uncovered_absence_child_days": periods.counts(
            uncovered["day"], uncovered["child_days"], None, uncovered["team"]
        ),
    }


def _turnover(view: RecordingView, permanent: Floats) -> Floats:
    """Permanent full-time equivalents who resigned, as a yearly share of those in post; missing where neither posts
    nor resignations are simulated.
    """
    periods, workers = view.periods, view.recording.workers
    if not len(view.recording.posts["month"]) and not workers["resigned"].any():
        return np.full_like(permanent, np.nan)
    left = workers["resigned"] & (workers["grade"] != GRADES.index("agency"))
    gone = periods.counts(np.where(left, workers["end"], -1), workers["fte"], None, workers["team"])
    return percent(gone / periods.years[:, None], permanent)


def _sickness(view: RecordingView) -> Floats:
    """Working days of full-time equivalents lost to sickness, agency workers left out; missing where absence is not
    simulated.
    """
    periods, workers, absences = view.periods, view.recording.workers, view.recording.absences
    last = until(workers["end"]) + 1  # the last day in post is one
    fte = np.where(workers["grade"] == GRADES.index("agency"), 0.0, workers["fte"])
    in_post = periods.days(workers["start"], last, fte, None, workers["team"])
    if not len(absences["worker"]):
        return np.full_like(in_post, np.nan)
    order = np.argsort(workers["worker"], kind="stable")
    numbers = workers["worker"][order]
    rows = np.flatnonzero((absences["kind"] == ABSENCE_KINDS.index("sickness")) & np.isin(absences["worker"], numbers))
    worker = order[np.searchsorted(numbers, absences["worker"][rows])]
    begin = np.maximum(absences["start"][rows], workers["start"][worker])
    back = np.minimum(until(absences["end"])[rows], last[worker])
    return percent(periods.days(begin, back, fte[worker], None, workers["team"][worker]), in_post)


def _supervision(view: RecordingView) -> Floats:
    """Percentage held in time, of those whose time has run out or that have been held."""
    periods, table = view.periods, view.recording.supervisions
    due, held, team = table["due"], table["held"], table["team"]
    on_time = (held >= 0) & (held - due <= SUPERVISION_GRACE)
    judged = (held >= 0) | (periods.horizon - 1 - due > SUPERVISION_GRACE)
    return percent(periods.counts(due, on_time, None, team), periods.counts(due, judged, None, team))
