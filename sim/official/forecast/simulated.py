"""What the model says of a change: a council's last year and its next in one run, with the same children's draws."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sim.calendar.periods import reporting_year_label
from sim.official.backtest.change import with_actual_referrals, with_forecast_referrals, with_slots_for
from sim.official.calibrate.lookback import look_back
from sim.official.errors import OfficialError
from sim.official.forecast.scale import BEHIND, change
from sim.official.published.observed import YARDSTICKS

if TYPE_CHECKING:
    from sim.experiment.running.task import Outcome
    from sim.official.forecast.learn import SimulatedChanges
    from sim.official.published.areas import Area
    from sim.official.published.statistics import Statistics
    from sim.scenario.reading.loader import LoadedScenario
    from sim.scenario.schema import Scenario

__all__ = ["COLUMNS", "changes_text", "mean_changes", "outcome_changes", "read_changes", "two_years"]

COLUMNS = ("key", "council", "fit_to", "measure", "change")


def two_years(
    loaded: LoadedScenario, statistics: Statistics, area: Area, fit_to: int, *, forecast_referrals: bool = False
) -> Scenario | None:
    """The scenario from 1 April before `fit_to` ends to the end of the year after, or None when it cannot be run back.

    Both years are given the referrals that came; with `forecast_referrals` the second keeps the level of the first.
    Shares of the pathway are the same in both, so that what differs is what the service makes of its cases.
    """
    start = loaded.scenario.period.start
    if start == date(fit_to, 4, 1):
        scenario = look_back(loaded, statistics, area)[0]
    elif start <= date(fit_to - 1, 4, 1):
        scenario = loaded.scenario
    else:
        return None
    if forecast_referrals:
        return with_forecast_referrals(scenario, statistics, area, fit_to, fit_to + 1, 1.0)
    then, now = (statistics.cell("c1", "referrals", area, year).value for year in (fit_to, fit_to + 1))
    growth = now / then if then and now else 1.0
    return with_slots_for(with_actual_referrals(scenario, statistics, area, fit_to + 1), max(1.0, growth))


def outcome_changes(outcome: Outcome, fit_to: int) -> dict[str, float]:
    """The change of each measure from `fit_to` to the next year in a replication, as a logarithm; none if it failed."""
    if outcome.measured is None:
        return {}
    measured = outcome.measured
    years = [reporting_year_label(year - 1) for year in (fit_to, fit_to + 1)]

    def values(measure: str) -> list[float]:
        return [measured.value(measure, year) for year in years]

    changes = {}
    for yardstick in YARDSTICKS:
        behind = BEHIND.get(yardstick.measure)
        children = values(behind) if behind else [None, None]
        moved = change(yardstick, *values(yardstick.measure), *children)
        if math.isfinite(moved):
            changes[yardstick.measure] = moved
    return changes


def mean_changes(replications: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean change of each measure over replications."""
    measures = sorted({measure for changes in replications for measure in changes})
    return {
        measure: sum(values) / len(values)
        for measure in measures
        if (values := [changes[measure] for changes in replications if measure in changes])
    }


def changes_text(rows: Iterable[tuple[Area, int, Mapping[str, float]]]) -> str:
    """Simulated changes as CSV: area, last year known, and the change of each measure."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for area, fit_to, changes in rows:
        writer.writerows([area.key, area.name, fit_to, measure, f"{moved:.5f}"] for measure, moved in changes.items())
    return out.getvalue()


def read_changes(path: Path) -> SimulatedChanges:
    """Simulated changes from such a file.

    Raises:
        OfficialError: naming the line that is not one of them.
    """
    changes: dict[tuple[str, int, str], float] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                try:
                    changes[row["key"], int(row["fit_to"]), row["measure"]] = float(row["change"])
                except (KeyError, TypeError, ValueError):
                    raise OfficialError(
                        f"{path}:{number}: no simulated change; the columns are {', '.join(COLUMNS)}"
                    ) from None
    except OSError as error:
        raise OfficialError(f"{path} cannot be read: {error.strerror or error}") from None
    return changes
