"""Workforce: caseloads, caps, and the use made of managers and conference slots."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures.dates import until
from sim.measures.measure import LOCAL, MODEL, WORKFORCE, Measure, england_figures
from sim.measures.period_counts import AnyArray, Floats, percent, ratio, sum_by
from sim.measures.recording_view import RecordingView

__all__ = ["DEFINITIONS", "Caseloads", "workforce"]

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="caseload_mean",
        label="Caseload, mean",
        unit="children per full-time equivalent",
        better="lower",
        kind="stock",
        breakdowns=("team",),
        numerator="Children held by social workers",
        denominator="Full-time equivalents of social workers in post who hold at least one case",
        clock="Last working day of the period",
        source=WORKFORCE,
        meaning="How many children the average social worker holds.",
        headline=True,
        flattered_by=("unallocated",),
        england=england_figures(WORKFORCE, {2018: 17.4}),
    ),
    Measure(
        id="caseload_p90",
        label="Caseload, 90th percentile",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("team",),
        numerator="Children held, social worker at 90% of those in post who hold at least one case",
        clock="Last working day of the period",
        source=WORKFORCE,
        meaning="One social worker in ten holds more children than this.",
        flattered_by=("unallocated",),
    ),
    Measure(
        id="workers_over_cap_pct",
        label="Social workers over their cap",
        unit="%",
        better="lower",
        kind="stock",
        breakdowns=("team",),
        numerator="Social workers in post who hold more children than their cap",
        denominator="Social workers in post who have a cap",
        clock="Last working day of the period",
        source=LOCAL,
        meaning="How often the caseload limit is broken.",
        flattered_by=("unallocated",),
    ),
    Measure(
        id="manager_utilisation",
        label="Managers' time used",
        unit="%",
        better="lower",
        kind="flow",
        breakdowns=("team",),
        numerator="Manager hours used for decisions, allocation and supervision",
        denominator="Manager hours of usual days, less oversight of workers and the children whom managers hold",
        clock="Months that begin in the period",
        source=MODEL,
        meaning="Towards 100% supervision slips; beyond it, decisions take from the oversight of workers.",
        flattered_by=("assessments_open_over_45wd",),
    ),
    Measure(
        id="conference_utilisation",
        label="Conference slots used",
        unit="%",
        better="neither",
        kind="flow",
        numerator="Conference slots used",
        denominator="Conference slots offered",
        clock="Months that begin in the period",
        source=MODEL,
        meaning="How full the conference diary is.",
    ),
    Measure(
        id="hours_asked_pct",
        label="Hours asked of social workers",
        unit="%",
        better="lower",
        kind="flow",
        breakdowns=("team",),
        numerator="Case hours that the cases held ask for",
        denominator="Case hours there are, overtime left out",
        clock="Months that begin in the period",
        source=MODEL,
        meaning="Above 100% work slows down and visits and decisions slip.",
        flattered_by=("unallocated",),
    ),
)


def workforce(view: RecordingView, caseloads: Caseloads) -> dict[str, Floats]:
    """Measures of workload: each an array of (periods, columns)."""
    periods, recording = view.periods, view.recording
    managers, conferences, work = recording.managers, recording.conferences, recording.work
    return {
        "caseload_mean": periods.at_period_end(caseloads.mean()),
        "caseload_p90": periods.at_period_end(caseloads.quantile(0.9)),
        "workers_over_cap_pct": periods.at_period_end(caseloads.over_cap()),
        "manager_utilisation": percent(
            periods.months(managers["month"], managers["used"], managers["team"]),
            periods.months(managers["month"], managers["available"], managers["team"]),
        ),
        "conference_utilisation": percent(
            periods.months(conferences["month"], conferences["used"]),
            periods.months(conferences["month"], conferences["offered"]),
        ),
        "hours_asked_pct": percent(
            periods.months(work["month"], work["asked"], work["team"]),
            periods.months(work["month"], work["available"], work["team"]),
        ),
    }


class Caseloads:
    """Children held by each worker in post on each snapshot."""

    def __init__(self, view: RecordingView) -> None:
        periods, workers, holdings = view.periods, view.recording.workers, view.recording.holdings
        self._layout = periods.layout
        self._fte, self._team = workers["fte"], workers["team"]
        days, many = periods.snapshots, len(workers["worker"])
        order = np.argsort(workers["worker"], kind="stable")
        numbers = workers["worker"][order]
        known = np.flatnonzero(np.isin(holdings["worker"], numbers))
        worker = order[np.searchsorted(numbers, holdings["worker"][known])]
        children = holdings["children"][known].astype(np.float64)
        steps = len(days) + 1
        change = np.zeros(steps * many)
        for when, sign in ((holdings["start"], 1.0), (until(holdings["end"]), -1.0)):
            row = periods.snapshot_from(when[known])
            change += sign * sum_by(row * many + worker, children, steps * many)
        self.held = np.cumsum(change.reshape(steps, many), axis=0)[:-1]
        self.in_post = (workers["start"][None, :] <= days[:, None]) & (
            days[:, None] <= until(workers["end"])[None, :]  # the last day in post is one
        )
        self.holds = self.in_post & (self.held > 0)
        self._cap, self.grade = self._caps_of_the_day(view, order, numbers)

    def _caps_of_the_day(self, view: RecordingView, order: AnyArray, numbers: AnyArray) -> tuple[Floats, AnyArray]:
        """Cap and grade of each worker on each snapshot: as the table of workers has them until a change of them."""
        caps, workers, days = view.recording.caps, view.recording.workers, view.periods.snapshots
        shape = (len(days), len(workers["worker"]))
        cap = np.broadcast_to(workers["cap"], shape).copy()
        grade = np.broadcast_to(workers["grade"], shape).astype(np.int64)
        rows = np.flatnonzero(np.isin(caps["worker"], numbers))
        if not len(rows):
            return cap, grade
        span = np.int64(view.periods.horizon + 1)
        place = order[np.searchsorted(numbers, caps["worker"][rows])].astype(np.int64)
        key = place * span + np.clip(caps["day"][rows], 0, span - 1)
        sort = np.argsort(key, kind="stable")
        key, rows, place = key[sort], rows[sort], place[sort]
        changed = np.unique(place)
        last = np.searchsorted(key, changed[None, :] * span + days[:, None], side="right") - 1
        known = (last >= 0) & (place[last] == changed[None, :])
        hundredths = caps["hundredths"][rows][last]
        cap[:, changed] = np.where(known, np.where(hundredths < 0, np.inf, hundredths / 100.0), cap[:, changed])
        grade[:, changed] = np.where(known, caps["grade"][rows][last], grade[:, changed])
        return cap, grade

    def in_post_fte(self, grade: int | None = None) -> Floats:
        """Full-time equivalents in post, all or of one grade: (snapshots, columns)."""
        chosen = self.in_post if grade is None else self.in_post & (self.grade == grade)
        return self.by_team(self._fte[None, :] * chosen)

    def by_team(self, values: Floats) -> Floats:
        """Sum (snapshots, workers) into (snapshots, columns): all, nothing for localities, then teams."""
        teams = len(self._layout.teams)
        of_team = (self._team[:, None] == np.arange(teams)[None, :]).astype(np.float64)
        blank = np.zeros((len(values), len(self._layout.localities)))
        return np.concatenate([values.sum(axis=1)[:, None], blank, values @ of_team], axis=1)

    def mean(self) -> Floats:
        """Children per full-time equivalent of those who hold a case: (snapshots, columns)."""
        return ratio(self.by_team(self.held * self.holds), self.by_team(self._fte[None, :] * self.holds))

    def quantile(self, share: float) -> Floats:
        """Quantile over workers who hold a case of the children each holds: (snapshots, columns)."""
        quantiles = np.full((len(self.held), len(self._layout.columns)), np.nan)
        first_team = self._layout.first_team
        groups = [(0, np.ones(len(self._team), dtype=bool))]
        groups += [(first_team + code, self._team == code) for code in range(len(self._layout.teams))]
        for column, group in groups:
            holds = self.holds[:, group]
            many = holds.sum(axis=1)
            some = np.flatnonzero(many)
            ranked = np.sort(np.where(holds, self.held[:, group], np.inf)[some], axis=1)
            position = (many[some] - 1) * share
            low = np.floor(position).astype(np.int64)
            high = np.minimum(low + 1, many[some] - 1)
            rows = np.arange(len(some))
            quantiles[some, column] = ranked[rows, low] + (position - low) * (ranked[rows, high] - ranked[rows, low])
        return quantiles

    def over_cap(self) -> Floats:
        """Percentage of workers in post with a cap who hold more children than it: (snapshots, columns)."""
        capped = self.in_post & np.isfinite(self._cap)
        return percent(self.by_team(self._over().astype(np.float64)), self.by_team(capped.astype(np.float64)))

    def over_cap_of(self, grade: int) -> Floats:
        """Workers of a grade in post who hold more children than their cap: (snapshots, columns)."""
        return self.by_team((self._over() & (self.grade == grade)).astype(np.float64))

    def _over(self) -> AnyArray:
        return np.asarray(self.in_post & (self.held > self._cap + 1e-9))
