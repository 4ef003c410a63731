"""How much a council's shares move from one year to the next: thresholds and recording change, unforeseen by any model.

Part of the move can be foreseen. A share far from that of councils of about the same size was partly chance or a
passing practice, and comes back some of the way (regression to the mean); where referrals rise, shares of them fall,
because those who would not have been referred before need less. How far is learned from the same councils' earlier
years, for each share, by least squares through nought. What is left of their year-on-year changes is what a forecast
has to allow for: each replication of a back-test takes its own change of each share.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.official.making.lengths import LATE, own_length
from sim.official.published.areas import Area
from sim.official.published.finder import Finder
from sim.official.published.layout import ASSESSMENT_BANDS, CONFERENCE_BANDS
from sim.official.published.statistics import Statistics
from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR
from sim.streams.named import Streams

__all__ = ["DRIFTS", "Drift", "learn"]

PEERS = 50
YEARS = 3
FEW = 5
"""One in so many of the peers must be published for the middle of a year."""
LARGEST = 1.0
DRIFTS = (
    "referrals", "no_further_action", "assessed", "enquiries", "conferences", "plans", "late_assessments",
    "late_conferences", "stay",
)  # fmt: skip
"""Figures that drift: referrals, five ratios of the pathway, two shares that are late, and how long plans last."""
RATIOS: dict[str, tuple[tuple[str, str], tuple[str, str], bool]] = {
    "no_further_action": (("c1", "no_further_action"), ("c1", "referrals"), True),
    "assessed": (("c2", "completed"), ("c1", "referrals"), False),
    "enquiries": (("c4", "enquiries"), ("c1", "referrals"), False),
    "conferences": (("c4", "conferences"), ("c4", "enquiries"), False),
    "plans": (("d1", "started"), ("c4", "conferences"), False),
}
"""The ratios among them: table and column over table and column, and whether nought is a figure."""
RETURNING = (*RATIOS, "stay")
"""Those that come back. Referrals do not: peers are chosen by them. What is late a scenario takes from the best of
several years, not from the last."""


@dataclass(frozen=True)
class Drift:
    """Year-on-year changes of like councils: one row for each council and year, one column for each of `DRIFTS`.

    Changes are logarithms about their median, without what could be foreseen. A row stays together, because ratios move
    against one another: where more enquiries are opened, fewer of each hundred lead to a conference. `foreseen` is how
    far each of the council's own figures is expected to come back towards those of like councils, as a logarithm;
    `growth` how much of a rise in referrals (as a logarithm) it follows, which is below nought where it is diluted.
    """

    changes: NDArray[np.float64]
    foreseen: Mapping[str, float] = field(default_factory=dict)
    growth: Mapping[str, float] = field(default_factory=dict)

    def factors(
        self, seed: int, replication: int, replications: int, referrals: float | None = None
    ) -> dict[str, float]:
        """The changes of one council in one year, as factors; the same for a seed, replication and their number.

        `referrals` is the factor by which referrals rose, where it is known. Replications take rows spread evenly over
        how much plans started to referrals moved, so that a few dozen stand for all of them.
        """
        if not len(self.changes):
            return self._with_foreseen(np.zeros(len(DRIFTS)), referrals)
        started = sum(self.changes[:, DRIFTS.index(name)] for name in ("enquiries", "conferences", "plans"))
        order = np.argsort(started, kind="stable")
        place = Streams(seed, 0).generator("drift").permutation(replications)[replication]
        row = self.changes[order[int((place + 0.5) / replications * len(order))]]
        return self._with_foreseen(row, referrals)

    def _with_foreseen(self, row: NDArray[np.float64], referrals: float | None) -> dict[str, float]:
        rise = float(row[DRIFTS.index("referrals")]) if referrals is None else math.log(referrals)
        return {
            name: math.exp(float(change) + self.foreseen.get(name, 0.0) + self.growth.get(name, 0.0) * rise)
            for name, change in zip(DRIFTS, row, strict=True)
        }


def learn(statistics: Statistics, area: Area, until: int) -> Drift:
    """Learn the changes up to the year `until` from the councils nearest in number of referrals."""

    def referrals(peer: Area) -> float | None:
        """Those of the last year that was seen and is published."""
        years = (year for year in range(until, until - YEARS - 1, -1))
        return next((count for year in years if (count := statistics.cell("c1", "referrals", peer, year).value)), None)

    size = referrals(area) or 2000.0

    def distance(peer: Area) -> float:
        other = referrals(peer)
        return abs(math.log(other / size)) if other else math.inf

    # The council itself is one of its peers: its own past says as much as theirs.
    peers = sorted(statistics.areas.all(), key=lambda peer: (distance(peer), peer.key))[:PEERS]
    if area not in peers:
        peers.append(area)
    moves, places = [], []
    here: list[float] = []
    middles = np.zeros(len(DRIFTS))
    for year in range(until - YEARS + 1, until + 2):
        # What a scenario of the year before would take, and what then came.
        taken = _column_logs([_taken(statistics, peer, year - 1) for peer in peers])
        middles = _middles(taken, middles)
        place = taken - middles
        if year > until:
            here = [float(log) for log in place[peers.index(area)]]
            break
        moves.append(_column_logs([_figures(statistics, peer, year) for peer in peers]) - taken)
        places.append(place)
    change, place = np.clip(np.concatenate(moves), -LARGEST, LARGEST), np.concatenate(places)
    known = ~np.isnan(change[:, 0])
    change, place = change[known], place[known]
    if not len(change):
        return Drift(np.zeros((0, len(DRIFTS))))
    change = change - _medians(change)
    rise = change[:, DRIFTS.index("referrals")]
    left, foreseen, growth = change.copy(), {}, {}
    for column, name in enumerate(DRIFTS):
        if name not in RETURNING:
            continue
        back, follows = _slopes(place[:, column], rise * (name in RATIOS), change[:, column])
        left[:, column] -= back * np.nan_to_num(place[:, column], nan=0.0) + follows * rise * (name in RATIOS)
        growth[name] = follows
        if math.isfinite(here[column]):
            foreseen[name] = float(np.clip(back * here[column], -LARGEST, LARGEST))
    return Drift(np.nan_to_num(left, nan=0.0), foreseen, growth)


def _slopes(place: NDArray[np.float64], rise: NDArray[np.float64], change: NDArray[np.float64]) -> tuple[float, float]:
    """How much of a distance from like councils is lost in a year (0 to -1), and of a rise in referrals followed."""
    known = np.isfinite(place) & np.isfinite(change)
    slopes = np.linalg.lstsq(np.stack([place[known], rise[known]], axis=1), change[known], rcond=None)[0]
    return float(np.clip(slopes[0], -1.0, 0.0)), float(np.clip(slopes[1], -1.0, 1.0))


def _medians(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The middle of each column's known figures; nought where none is."""
    known = [column[~np.isnan(column)] for column in table.T]
    return np.array([np.median(column) if len(column) else 0.0 for column in known])


def _middles(table: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """The medians of a year's columns; where too few councils are published, those of the year before."""
    enough = (~np.isnan(table)).sum(axis=0) >= max(2, len(table) // FEW)
    return np.where(enough, _medians(table), before)


def _column_logs(rows: Sequence[Mapping[str, float | None]]) -> NDArray[np.float64]:
    return np.array([[math.log(value) if (value := row[name]) else math.nan for name in DRIFTS] for row in rows])


def _taken(statistics: Statistics, area: Area, year: int) -> dict[str, float | None]:
    """The figures that a scenario made of a year takes: those of the year, pooled as `baseline` pools the few."""
    finder = Finder(statistics, area, year, note=False)
    figures = _figures(statistics, area, year)
    for name, (over, under, nought) in RATIOS.items():
        pooled = finder.own_ratio(over, under, nought=nought)
        figures[name] = figures[name] if pooled is None else pooled
    length = own_length(finder)
    figures["stay"] = figures["stay"] if length is None else length / WORKING_DAYS_A_YEAR
    return figures


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
