"""`frontdoor forecast-weights`: the weights of the combined forecast, printed or learned anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import option_of

if TYPE_CHECKING:
    from sim.official.forecast.weights import MeasureWeights, Weights


@click.command("forecast-weights", short_help="Show what the combined forecast has learned, or learn it anew.")
@click.option("--data", type=click.Path(path_type=Path), help="Learn anew from this folder with the DfE's files.")
@click.option("--years", default="2015:2018", show_default=True, help="Reporting years to learn from.")
@click.option(
    "--changes", type=click.Path(path_type=Path), help="Simulated changes: read if the file is there, else written."
)
@click.option("--out", type=click.Path(path_type=Path), help="File for the learned weights.")
@option_of("seed")
@option_of("workers")
@click.option(
    "--executor", default="local", show_default=True, metavar="WHERE", help="local, or dask://HOST:PORT for a cluster."
)
def command(
    data: Path | None, years: str, changes: Path | None, out: Path | None, seed: int, workers: int | None,
    executor: str,
) -> int:  # fmt: skip
    """Print the weights that come with the product, with the years and councils that they were learned from.

    With --data they are learned anew: each council's two years are simulated once, or read from --changes, and a set of
    weights is learned from the first year up to each later one.
    """
    from sim.cli.progress import progress_bar
    from sim.experiment.running.executor import available_cpus, choose
    from sim.official.errors import OfficialError
    from sim.official.forecast.learning import all_changes, learn_sets
    from sim.official.forecast.simulated import changes_text, read_changes
    from sim.official.forecast.weights import shipped_weights
    from sim.official.making.writing import write_together
    from sim.official.published.statistics import Statistics

    if data is None:
        _show(shipped_weights())
        return 0
    first, _, last = years.partition(":")
    if not first.isdigit() or not last.isdigit() or int(last) < int(first):
        raise OfficialError(f"--years {years}: write the first and the last year to learn from, such as 2015:2018")
    learned_from = list(range(int(first), int(last) + 1))
    statistics = Statistics(data)
    if changes is not None and changes.exists():
        simulated = read_changes(changes)
    else:
        runs_on = choose(workers or available_cpus(), executor)
        with progress_bar(len(statistics.areas.all()) * len(learned_from), shown=True) as progress:
            rows, failures = all_changes(statistics, learned_from, runs_on, seed, progress)
        simulated = {(area.key, year, name): moved for area, year, by in rows for name, moved in by.items()}
        for failure in failures:
            click.echo(f"- Not simulated: {failure}")
        if changes is not None:
            write_together(changes.parent, {changes.name: changes_text(rows)})
    weights = learn_sets(statistics, learned_from, simulated)
    _show(weights)
    if out is not None:
        write_together(out.parent, {out.name: weights.text()})
        click.echo(f"Wrote {out}")
    return 0


def _show(weights: Weights) -> None:
    for name, value in weights.provenance.items():
        click.echo(f"{name}: {value}")
    for until, learned in sorted(weights.sets.items()):
        years = ", ".join(str(year) for year in learned.years)
        click.echo(f"\nTo foretell {until + 1} and later (learned from changes into {years}):")
        for measure, line in learned.measures.items():
            click.echo(f"  {measure}: {_line(line)}")


def _line(line: MeasureWeights) -> str:
    if not line.informed:
        return f"last year's figure; nothing tried was nearer ({line.councils} council-years)"
    parts = ", ".join(f"{name} {weight:+.2f}" for name, weight in line.weights.items())
    return (
        f"{parts}; part of the simulated change {line.simulated:.2f}; times {line.shrink}; error "
        f"{line.gain_median:.2f} of last year's figure's (median), {line.gain_mean:.2f} (mean); "
        f"{line.councils} council-years"
    )
