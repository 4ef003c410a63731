"""`frontdoor backtest-councils`: would the model have foretold a year in councils all over England?"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.official.backtest.many import ForecastTally

HEADINGS = (
    "Measure", "councils", "error", "same as last year", "last year's ratio", "nearer than same", "nearer than ratio",
    "inside 8 in 10", "inside 95 in 100", "foretold too many",
)  # fmt: skip


@click.command("backtest-councils", short_help="Test uncalibrated scenarios of all councils on a year.")
@click.option("--data", required=True, type=click.Path(path_type=Path), help="Folder with the DfE's files.")
@click.option("--fit-to", required=True, type=int, help="Last reporting year that the scenarios know.")
@click.option("--predict", required=True, type=int, help="Reporting year to foretell: the next.")
@click.option(
    "--one-in", type=click.IntRange(min=1), default=1, show_default=True, help="One council in so many, by size."
)
@click.option("-n", "--replications", type=click.IntRange(min=2), default=12, show_default=True, help="Runs of each.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Master seed.")
@click.option("-w", "--workers", type=click.IntRange(min=1), help="Processes.  [default: one for each processor]")
@click.option("--out", type=click.Path(path_type=Path), help="Folder.  [default: outputs/backtest-councils-<year>]")
def command(
    data: Path, fit_to: int, predict: int, one_in: int, replications: int, seed: int, workers: int | None,
    out: Path | None,
) -> int:  # fmt: skip
    """Make a scenario of every council as baseline does, run each through the next year with the referrals that came,
    and score all of them beside two forecasts that need no model.

    Nothing is calibrated. Errors are medians over the councils; the other figures are shares of the councils. Writes
    councils.csv, one row for each council and measure.
    """
    from sim.cli.progress import progress_bar
    from sim.experiment.running.executor import available_cpus
    from sim.official.backtest.many import COLUMNS, councils, each, tallies
    from sim.official.errors import OfficialError
    from sim.official.making.writing import check_folder, write_together
    from sim.official.published.statistics import Statistics

    if predict != fit_to + 1:
        raise OfficialError(
            f"--predict {predict} does not follow --fit-to {fit_to}; a back-test foretells the next year"
        )
    statistics = Statistics(data)
    areas = councils(statistics, fit_to, predict, one_in)
    if not areas:
        raise OfficialError(
            f"{statistics.file('c1')} has no council with referrals in both {fit_to} and {predict}; give other years"
        )
    folder = out or Path("outputs") / f"backtest-councils-{predict}"
    check_folder(folder)
    with progress_bar(len(areas), shown=True) as progress:
        scored = list(
            each(statistics, areas, fit_to, predict, replications, seed, workers or available_cpus(), progress)
        )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for council in scored:
        writer.writerows(council.rows())
    write_together(folder, {"councils.csv": text.getvalue()})
    _table([HEADINGS, *(_cells(tally) for tally in tallies(scored))])
    click.echo(f"{len(scored)} of {len(areas)} councils; the others publish too little.")
    click.echo(f"Table: {folder / 'councils.csv'}")
    return 0


def _cells(tally: ForecastTally) -> tuple[str, ...]:
    errors = [
        f"{value:.1f}{'%' if tally.unit == '%' else ''}" for value in (tally.error, tally.error_same, tally.error_ratio)
    ]
    shares = (tally.nearer_same, tally.nearer_ratio, tally.inside80, tally.inside95, tally.above)
    return (tally.label, str(tally.councils), *errors, *(f"{share:.0f}%" for share in shares))


def _table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        click.echo("  ".join(cells).rstrip())
