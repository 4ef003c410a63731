"""Back-tests of every council at once: scenarios made of one year, uncalibrated, run through the next.

One council's year says little about a model. Over all of them a share of figures nearer than a forecast without one,
and a share inside the intervals, can be told from chance; and a choice in how scenarios are made can be tried on years
before the one that is to be foretold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.official.backtest.drift import learn
from sim.official.backtest.run import Mode, backtest
from sim.official.errors import OfficialError
from sim.official.making.baseline import load_baseline, make_baseline
from sim.official.making.council_figures import Wanted
from sim.official.published.observed import YARDSTICKS
from sim.official.published.statistics import Statistics

if TYPE_CHECKING:
    from sim.experiment.running.executor import Executor
    from sim.official.backtest.score import Score
    from sim.official.published.areas import Area

__all__ = ["COLUMNS", "Council", "ForecastTally", "councils", "each", "tallies"]

Progress = Callable[[int, int], None]
COLUMNS = (
    "council", "referrals", "measure", "published", "median", "low80", "high80", "low95", "high95", "same", "ratio",
)  # fmt: skip
"""One row for each council and measure; the forecasts are `median`, `same` as last year, and last year's `ratio`."""


@dataclass(frozen=True)
class Council:
    """One council's back-test with one kind of referrals."""

    name: str
    referrals: float
    mode: Mode

    def rows(self) -> list[list[object]]:
        """Its scores as rows of `COLUMNS`."""
        return [
            [
                self.name, self.referrals, one.yardstick.measure, round(one.observed, 2), round(one.median, 2),
                round(one.low80, 2), round(one.high80, 2), round(one.low95, 2), round(one.high95, 2),
                round(one.same, 2), round(one.ratio, 2),
            ]
            for one in self.mode.scores
        ]  # fmt: skip


@dataclass(frozen=True)
class ForecastTally:
    """A measure over all councils: how many, the typical errors, and shares of councils in %.

    `error`, `error_same` and `error_ratio` are median absolute errors, in % or points; `nearer_same` and `nearer_ratio`
    the share of councils in which the model is nearer, `inside80` and `inside95` in which its interval held, and
    `above` in which it foretold too much.
    """

    label: str
    unit: str
    councils: int
    error: float
    error_same: float
    error_ratio: float
    nearer_same: float
    nearer_ratio: float
    inside80: float
    inside95: float
    above: float


def councils(statistics: Statistics, fit_to: int, predict: int, part: int = 1) -> list[Area]:
    """Every council, or every so-manieth of them by size, whose referrals are published in both years."""
    known = []
    for area in statistics.areas.all():
        then, now = (statistics.cell("c1", "referrals", area, year).value for year in (fit_to, predict))
        if area.level == "local authority" and then and now:
            known.append((then, area.key, area))
    return [area for _, _, area in sorted(known, key=lambda one: one[:2])][::part]


def each(
    statistics: Statistics,
    areas: Sequence[Area],
    fit_to: int,
    predict: int,
    replications: int = 4,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Iterator[Council]:
    """Make, run and score each council, given the referrals that came; leave out those with too few figures, and those
    of which no replication comes out. `executor` runs them in place of `workers` processes.
    """
    from sim.experiment.errors import RunError

    for done, area in enumerate(areas, 1):
        try:
            loaded = load_baseline(make_baseline(statistics, Wanted(area, fit_to, years=2)))
            result = backtest(
                loaded, statistics, area, fit_to, predict, replications, seed, workers,
                drift=learn(statistics, area, fit_to), only_actual=True, executor=executor,
            )  # fmt: skip
        except (OfficialError, RunError):
            continue
        finally:
            if progress is not None:
                progress(done, len(areas))
        yield Council(area.name, statistics.cell("c1", "referrals", area, predict).value or 0.0, result.modes[0])


def tallies(found: Sequence[Council]) -> list[ForecastTally]:
    """Each measure over all councils, in the order of the page."""
    made = []
    for yardstick in YARDSTICKS:
        scores = [one for council in found for one in council.mode.scores if one.yardstick is yardstick]
        if scores:
            made.append(_tally(yardstick.label, scores))
    return made


def _tally(label: str, scores: Sequence[Score]) -> ForecastTally:
    from statistics import median

    def share(true: Sequence[bool]) -> float:
        return 100 * sum(true) / len(true)

    return ForecastTally(
        label,
        scores[0].unit,
        len(scores),
        median(abs(one.error(one.median)) for one in scores),
        median(abs(one.error(one.same)) for one in scores),
        median(abs(one.error(one.ratio)) for one in scores),
        share([one.beats(one.same) for one in scores]),
        share([one.beats(one.ratio) for one in scores]),
        share([one.inside80 for one in scores]),
        share([one.inside95 for one in scores]),
        share([one.median > one.observed for one in scores]),
    )
