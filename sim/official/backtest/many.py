"""Back-tests of every council at once: scenarios made of one year, uncalibrated, run through the next.

One council's year says little about a model. Over all of them a share of figures nearer than a forecast without one,
and a share inside the intervals, can be told from chance; and a choice in how scenarios are made can be tried on years
before the one that is to be foretold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.official.backtest.drift import learn
from sim.official.backtest.run import Mode, backtest
from sim.official.errors import OfficialError
from sim.official.forecast.predictors import PublishedYears
from sim.official.making.baseline import load_baseline, make_baseline
from sim.official.making.council_figures import Wanted
from sim.official.published.observed import YARDSTICKS
from sim.official.published.statistics import Statistics

if TYPE_CHECKING:
    from sim.experiment.running.executor import Executor
    from sim.official.backtest.score import Score
    from sim.official.forecast.weights import Weights
    from sim.official.published.areas import Area

__all__ = ["COLUMNS", "Council", "ForecastTally", "councils", "each", "tallies"]

Progress = Callable[[int, int], None]
COLUMNS = (
    "council", "year", "referrals", "measure", "published", "median", "low80", "high80", "low95", "high95", "same",
    "ratio", "forecast", "forecast_low80", "forecast_high80", "forecast_low95", "forecast_high95",
)  # fmt: skip
"""One row for each council, year and measure. The forecasts are the simulated `median`, `same` as last year, last
year's `ratio`, and the combined `forecast`, which is empty where no weights know so little of the future."""


@dataclass(frozen=True)
class Council:
    """One council's back-test with one kind of referrals."""

    name: str
    year: int
    referrals: float
    mode: Mode
    area: Area
    changes: Mapping[str, float]
    """The simulated change of each measure, as a logarithm."""
    failures: tuple[str, ...]

    def rows(self) -> list[list[object]]:
        """Its scores as rows of `COLUMNS`."""
        return [
            [
                self.name, self.year, self.referrals, score.yardstick.measure, round(score.observed, 2),
                round(score.median, 2), round(score.low80, 2), round(score.high80, 2), round(score.low95, 2),
                round(score.high95, 2), round(score.same, 2), round(score.ratio, 2), *_forecast_cells(score),
            ]
            for score in self.mode.scores
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


def _forecast_cells(score: Score) -> list[object]:
    expected = score.expected
    if expected is None:
        return [""] * 5
    return [
        round(figure, 2)
        for figure in (expected.value, expected.low80, expected.high80, expected.low95, expected.high95)
    ]


def councils(statistics: Statistics, fit_to: int, predict: int, part: int = 1) -> list[Area]:
    """Every council, or every so-manieth of them by size, whose referrals are published in both years."""
    known = []
    for area in statistics.areas.all():
        then, now = (statistics.cell("c1", "referrals", area, year).value for year in (fit_to, predict))
        if area.level == "local authority" and then and now:
            known.append((then, area.key, area))
    return [area for _, _, area in sorted(known, key=lambda known_area: known_area[:2])][::part]


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
    weights: Weights | None = None,
    left_out: list[str] | None = None,
) -> Iterator[Council]:
    """Make, run and score each council, given the referrals that came; leave out those with too few figures, and those
    of which no replication comes out; `left_out` gathers why, a sentence each. `executor` runs them in place of
    `workers` processes. With `weights` each score carries the combined forecast.
    """
    from sim.experiment.errors import RunError
    from sim.scenario.errors.problems import ScenarioError

    published = PublishedYears(statistics) if weights is not None else None
    for done, area in enumerate(areas, 1):
        try:
            loaded = load_baseline(make_baseline(statistics, Wanted(area, fit_to, years=2)))
            result = backtest(
                loaded, statistics, area, fit_to, predict, replications, seed, workers,
                drift=learn(statistics, area, fit_to), only_actual=True, executor=executor,
                weights=weights, published=published,
            )  # fmt: skip
        except (OfficialError, RunError, ScenarioError) as error:
            if left_out is not None:
                left_out.append(f"{area.name}, {predict}: {str(error).splitlines()[0]}")
            continue
        finally:
            if progress is not None:
                progress(done, len(areas))
        referrals = statistics.cell("c1", "referrals", area, predict).value or 0.0
        yield Council(area.name, predict, referrals, result.modes[0], area, result.changes, result.failures)


def tallies(tested: Sequence[Council]) -> list[ForecastTally]:
    """Each measure over all councils, in the order of the page."""
    listed = []
    for yardstick in YARDSTICKS:
        scores = [score for council in tested for score in council.mode.scores if score.yardstick is yardstick]
        if scores:
            listed.append(_tally(yardstick.label, scores))
    return listed


def _tally(label: str, scores: Sequence[Score]) -> ForecastTally:
    from statistics import median

    def share(true: Sequence[bool]) -> float:
        return 100 * sum(true) / len(true)

    return ForecastTally(
        label,
        scores[0].unit,
        len(scores),
        median(abs(score.error(score.median)) for score in scores),
        median(abs(score.error(score.same)) for score in scores),
        median(abs(score.error(score.ratio)) for score in scores),
        share([score.beats(score.same) for score in scores]),
        share([score.beats(score.ratio) for score in scores]),
        share([score.inside80 for score in scores]),
        share([score.inside95 for score in scores]),
        share([score.median > score.observed for score in scores]),
    )
