"""How much a council's shares move from one year to the next: thresholds and recording change, unforeseen by any model.

The spread of year-on-year changes among the councils of about the same size, up to the year that was seen, is what a
forecast from last year's shares has to allow for. Each replication of a back-test takes its own change of each share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.official.areas import Area
from sim.official.finder import Finder
from sim.official.layout import ASSESSMENT_BANDS, CONFERENCE_BANDS
from sim.official.lengths import LATE
from sim.official.statistics import Statistics
from sim.streams.named import Streams

__all__ = ["DRIFTS", "Drift", "learn"]

PEERS = 50
YEARS = 3
LARGEST = 1.0
DRIFTS = (
    "referrals", "no_further_action", "assessed", "enquiries", "conferences", "plans", "late_assessments",
    "late_conferences", "stay",
)  # fmt: skip
"""Figures that drift: referrals, five ratios of the pathway, two shares that are late, and how long plans last."""


@dataclass(frozen=True)
class Drift:
    """Year-on-year changes of like councils: one row for each council and year, one column for each of `DRIFTS`.

    Changes are logarithms about their median. A row stays together, because ratios move against one another: where more
    enquiries are opened, fewer of each hundred lead to a conference.
    """

    changes: NDArray[np.float64]

    def factors(self, seed: int, replication: int, replications: int) -> dict[str, float]:
        """The changes of one council in one year, as factors; the same for a seed, replication and their number.

        Replications take rows spread evenly over how much plans started to referrals moved, so that a few dozen stand
        for all of them.
        """
        if not len(self.changes):
            return dict.fromkeys(DRIFTS, 1.0)
        started = sum(self.changes[:, DRIFTS.index(name)] for name in ("enquiries", "conferences", "plans"))
        order = np.argsort(started, kind="stable")
        place = Streams(seed, 0).generator("drift").permutation(replications)[replication]
        row = self.changes[order[int((place + 0.5) / replications * len(order))]]
        return {name: float(np.exp(change)) for name, change in zip(DRIFTS, row, strict=True)}


def learn(statistics: Statistics, area: Area, until: int) -> Drift:
    """Learn the changes up to the year `until` from the councils nearest in number of referrals."""
    size = statistics.cell("c1", "referrals", area, until).value or 2000.0

    def distance(one: Area) -> float:
        other = statistics.cell("c1", "referrals", one, until).value
        return abs(math.log(other / size)) if other else math.inf

    # The council itself is one of its peers: its own past says as much as theirs.
    peers = sorted(statistics.areas.all(), key=lambda one: (distance(one), one.key))[:PEERS]
    rows = []
    for one in peers:
        series = {year: _figures(statistics, one, year) for year in range(until - YEARS, until + 1)}
        for year in range(until - YEARS + 1, until + 1):
            before, now = series[year - 1], series[year]
            rows.append([_change(before[name], now[name]) for name in DRIFTS])
    table = np.array(rows)
    table = table[~np.isnan(table[:, 0])]
    if not len(table):
        return Drift(np.zeros((0, len(DRIFTS))))
    about = np.array([np.median(column[~np.isnan(column)]) if (~np.isnan(column)).any() else 0.0 for column in table.T])
    return Drift(np.nan_to_num(table - about, nan=0.0))


def _change(before: float | None, now: float | None) -> float:
    return float(np.clip(math.log(now / before), -LARGEST, LARGEST)) if before and now else math.nan


def _figures(statistics: Statistics, area: Area, year: int) -> dict[str, float | None]:
    def value(topic: str, column: str, at: int = year) -> float | None:
        return statistics.cell(topic, column, area, at).value

    def over(top: float | None, base: float | None) -> float | None:
        return top / base if top and base else None

    referrals, enquiries = value("c1", "referrals"), value("c4", "enquiries")
    conferences, started, ended = value("c4", "conferences"), value("d1", "started"), value("d1", "ended")
    stock = [value("d1", "open", year - 1), value("d1", "open")]
    finder = Finder(statistics, area, year, note=False)
    lengths, waits = finder.bands("c2", ASSESSMENT_BANDS, year), finder.bands("c4", CONFERENCE_BANDS, year)
    return {
        "referrals": referrals,
        "no_further_action": over(value("c1", "no_further_action"), referrals),
        "assessed": over(value("c2", "completed"), referrals),
        "enquiries": over(enquiries, referrals),
        "conferences": over(conferences, enquiries),
        "plans": over(started, conferences),
        "late_assessments": over(sum(lengths[band] for band in LATE), sum(lengths.values())) if lengths else None,
        "late_conferences": over(waits["16-20"] + waits["21+"], sum(waits.values())) if waits else None,
        "stay": over((stock[0] or 0) + (stock[1] or 0), (started or 0) + (ended or 0)) if all(stock) else None,
    }
