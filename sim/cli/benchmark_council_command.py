"""`frontdoor benchmark-council`: a scenario's figures beside those of other councils."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.options import AREA, DATA, option_of


@click.command("benchmark-council", short_help="Set a scenario beside published figures of other councils.")
@click.argument("scenario")
@DATA
@AREA
@click.option("--year", type=int, help="Year of the published figures.  [default: the latest with most councils]")
@click.option("--neighbours", type=click.Path(path_type=Path), help="File of statistical neighbours (CSV).")
@click.option("-n", "--replications", type=click.IntRange(min=1), default=5, show_default=True, help="Runs.")
@option_of("seed")
@option_of("workers")
@click.option("--out", type=click.Path(path_type=Path), help="Write the table as CSV, too.")
def command(
    scenario: str,
    data: Path,
    area: str | None,
    year: int | None,
    neighbours: Path | None,
    replications: int,
    seed: int,
    workers: int | None,
    out: Path | None,
) -> int:
    """Run SCENARIO and set its first whole reporting year beside England, region and neighbours.

    The last column says in which quarter of all councils the simulated figure would lie.
    """
    from sim.calendar.periods import reporting_year_label
    from sim.cli.progress import progress_bar
    from sim.experiment.running.executor import available_cpus
    from sim.experiment.running.runner import run
    from sim.official.benchmark import as_csv, as_text, benchmark, council_year
    from sim.official.errors import OfficialError
    from sim.official.making.writing import write_together
    from sim.official.published.naming import council_of
    from sim.official.published.neighbours import read_neighbours
    from sim.official.published.statistics import Statistics
    from sim.scenario import load

    loaded = load(scenario)
    statistics = Statistics(data)
    council = council_of(loaded, statistics, area, year)
    ranked = council_year(statistics, year)
    near = read_neighbours(neighbours, statistics, council) if neighbours is not None else ()
    start, end = loaded.scenario.period.start, loaded.scenario.period.end
    first = start.year if (start.month, start.day) <= (4, 1) else start.year + 1
    if (end.year, end.month, end.day) < (first + 1, 3, 31):
        raise OfficialError(f"{loaded.name} holds no whole reporting year (April to March)")
    if out is not None and out.is_dir():
        raise OfficialError(f"{out} is a folder; give the name of a file with --out")
    with progress_bar(replications, shown=True) as progress:
        results = run(
            loaded, replications=replications, seed=seed, workers=workers or available_cpus(), progress=progress,
            journeys="none",
        )  # fmt: skip
    table = results.summary
    period = reporting_year_label(first)
    table = table[(table["period"] == period) & (table["breakdown"] == "all")]
    simulated = {str(name): float(value) for name, value in zip(table["measure"], table["mean"], strict=True)}
    rows = benchmark(statistics, council, ranked, simulated, near)
    click.echo(f"{loaded.name}, simulated {period}, beside published figures of reporting year {ranked}")
    region = council.region or "region"
    click.echo(as_text(rows, (loaded.name[:24], council.name, "neighbours", region, "England")))
    if out is not None:
        write_together(out.parent, {out.name: as_csv(rows)})
        click.echo(f"Table: {out}")
    return 0
