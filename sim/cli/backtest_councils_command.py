"""`frontdoor backtest-councils`: would the model have foretold a year in councils all over England?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import DATA, option_of

if TYPE_CHECKING:
    from sim.official.backtest.many import Council, ForecastTally
    from sim.official.forecast.assess import Assessment

Progress = Callable[[int, int], None]
HEADINGS = (
    "Measure", "councils", "error", "same as last year", "last year's ratio", "nearer than same", "nearer than ratio",
    "inside 8 in 10", "inside 95 in 100", "foretold too many",
)  # fmt: skip
FORECAST_HEADINGS = (
    "Combined forecast", "councils", "error", "same as last year", "last year's ratio", "nearer than the better", "p",
    "CRPS", "of same", "of ratio", "inside 8 in 10", "inside 95 in 100",
)  # fmt: skip


@click.command("backtest-councils", short_help="Test uncalibrated scenarios of all councils on one or more years.")
@DATA
@click.option("--fit-to", type=int, help="Last reporting year that the scenarios know.")
@click.option("--predict", type=int, help="Reporting year to foretell: the next.")
@click.option("--years", help="In place of both: years to foretell, such as 2014:2018.")
@click.option(
    "--one-in", type=click.IntRange(min=1), default=1, show_default=True, help="One council in so many, by size."
)
@click.option("-n", "--replications", type=click.IntRange(min=2), default=12, show_default=True, help="Runs of each.")
@option_of("seed")
@option_of("workers")
@click.option(
    "--executor", default="local", show_default=True, metavar="WHERE", help="local, or dask://HOST:PORT for a cluster."
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder.  [default: outputs/backtest-councils-<year>]")
def command(
    data: Path, fit_to: int | None, predict: int | None, years: str | None, one_in: int, replications: int, seed: int,
    workers: int | None, executor: str, out: Path | None,
) -> int:  # fmt: skip
    """Make a scenario of every council as baseline does, run each through the next year with the referrals that came,
    and score all of them beside two forecasts that need no model.

    Nothing is calibrated. Errors are medians over the councils; the other figures are shares of the councils. A second
    table scores the combined forecast, whose weights know no year after --fit-to. Writes councils.csv, one row for each
    council, year and measure.
    """
    from sim.cli.progress import progress_bar
    from sim.experiment.running.executor import available_cpus, choose
    from sim.official.backtest.many import COLUMNS, councils, each, tallies
    from sim.official.errors import OfficialError
    from sim.official.forecast.assess import assess, from_scores
    from sim.official.forecast.weights import shipped_weights
    from sim.official.making.writing import check_folder, write_together
    from sim.official.published.statistics import Statistics

    foretold = _foretold(fit_to, predict, years)
    statistics = Statistics(data)
    areas = {year: councils(statistics, year - 1, year, one_in) for year in foretold}
    empty = next((year for year in foretold if not areas[year]), None)
    if empty is not None:
        raise OfficialError(
            f"{statistics.file('c1')} has no council with referrals in both {empty - 1} and {empty}; give other years"
        )
    named = str(foretold[0]) if len(foretold) == 1 else f"{foretold[0]}-{foretold[-1]}"
    folder = out or Path("outputs") / f"backtest-councils-{named}"
    check_folder(folder)
    weights, runs_on = shipped_weights(), choose(workers or available_cpus(), executor)
    asked = sum(len(listed) for listed in areas.values())
    scored: list[Council] = []
    left_out: list[str] = []
    with progress_bar(asked, shown=True) as progress:
        done = 0
        for year in foretold:
            scored += each(
                statistics, areas[year], year - 1, year, replications, seed,
                progress=_after(done, asked, progress), executor=runs_on,
                weights=weights if weights.knows(year - 1) else None, left_out=left_out,
            )  # fmt: skip
            done += len(areas[year])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for council in scored:
        writer.writerows(council.rows())
    write_together(folder, {"councils.csv": text.getvalue()})
    for year in foretold:
        mine = [council for council in scored if council.year == year]
        if len(foretold) > 1:
            click.echo(f"Reporting year {year}")
        _table([HEADINGS, *(_cells(tally) for tally in tallies(mine))])
        combined = assess(from_scores([(council.name, year, council.mode.scores) for council in mine]))
        if combined:
            click.echo()
            _table([FORECAST_HEADINGS, *(_forecast_cells(line) for line in combined)])
        else:
            click.echo(f"No combined forecast: its weights were learned from years after {year - 1}.")
    click.echo(f"{len(scored)} of {asked} councils; the others publish too little.")
    for reason in left_out:
        click.echo(f"- Left out: {reason}")
    for council in scored:
        for failure in council.failures:
            click.echo(f"- {council.name}, {council.year}: left out {failure}")
    click.echo(f"Table: {folder / 'councils.csv'}")
    return 0


def _after(done: int, asked: int, progress: Progress | None) -> Progress | None:
    """Progress of one year among several: `done` councils came before it."""
    if progress is None:
        return None

    def advance(mine: int, _: int) -> None:
        progress(done + mine, asked)

    return advance


def _foretold(fit_to: int | None, predict: int | None, years: str | None) -> list[int]:
    """The years to foretell, from either way of asking."""
    from sim.official.errors import OfficialError

    if years is not None:
        if fit_to is not None or predict is not None:
            raise OfficialError("--years stands in place of --fit-to and --predict; give one or the other")
        first, _, last = years.partition(":")
        if not first.isdigit() or not (last or first).isdigit() or int(last or first) < int(first):
            raise OfficialError(f"--years {years}: write the first and the last year to foretell, such as 2014:2018")
        return list(range(int(first), int(last or first) + 1))
    if fit_to is None or predict is None:
        raise OfficialError("say which year to foretell: --fit-to 2017 --predict 2018, or --years 2014:2018")
    if predict != fit_to + 1:
        raise OfficialError(
            f"--predict {predict} does not follow --fit-to {fit_to}; a back-test foretells the next year"
        )
    return [predict]


def _cells(tally: ForecastTally) -> tuple[str, ...]:
    errors = [
        f"{value:.1f}{'%' if tally.unit == '%' else ''}" for value in (tally.error, tally.error_same, tally.error_ratio)
    ]
    shares = (tally.nearer_same, tally.nearer_ratio, tally.inside80, tally.inside95, tally.above)
    return (tally.label, str(tally.councils), *errors, *(f"{share:.0f}%" for share in shares))


def _forecast_cells(line: Assessment) -> tuple[str, ...]:
    unit = "%" if line.yardstick.counts else ""
    errors = [f"{value:.1f}{unit}" for value in (line.error, line.error_same, line.error_ratio)]
    scores = [f"{value:.1f}{unit}" for value in (line.crps, line.crps_same, line.crps_ratio)]
    label = line.yardstick.label if line.informed else f"{line.yardstick.label} (last year's figure)"
    shares = (f"{line.inside80:.0f}%", f"{line.inside95:.0f}%")
    return (label, str(line.councils), *errors, f"{line.nearer:.0f}%", f"{line.p_value:.3f}", *scores, *shares)


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        click.echo("  ".join(cells).rstrip())
