"""`frontdoor backtest`: would the model have foretold a year that it never saw?"""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.entry import FAILED
from sim.cli.failures import tell_failures
from sim.cli.options import AREA, DATA, option_of


@click.command("backtest", short_help="Test a scenario on a year that it never saw.")
@click.argument("scenario")
@DATA
@click.option("--fit-to", required=True, type=int, help="Last reporting year that the scenario knows.")
@click.option("--predict", required=True, type=int, help="Reporting year to foretell: the next.")
@AREA
@click.option("--ensemble", type=click.Path(path_type=Path), help="Settings that fit, made by frontdoor calibrate.")
@click.option("-n", "--replications", type=click.IntRange(min=2), default=40, show_default=True, help="Runs of each.")
@option_of("seed")
@option_of("workers")
@option_of("executor")
@click.option("--out", type=click.Path(path_type=Path), help="Folder.  [default: outputs/backtest-<scenario>-<year>]")
def command(
    scenario: str,
    data: Path,
    fit_to: int,
    predict: int,
    area: str | None,
    ensemble: Path | None,
    replications: int,
    seed: int,
    workers: int | None,
    executor: str,
    out: Path | None,
) -> int:
    """Run SCENARIO through the year after the last one it knows, and score it against what was published.

    The scenario starts on or before 1 April of --fit-to. It is run with the referrals that came and with forecast
    ones, beside two forecasts that need no model. The combined forecast starts from last year's figure; its
    weights know no year after --fit-to. Writes backtest.html and backtest.csv.
    """
    from sim.cli.progress import progress_bar
    from sim.experiment.running.executor import available_cpus, choose
    from sim.official.backtest.page import render, sentences, table
    from sim.official.backtest.run import backtest, check
    from sim.official.calibrate.ensemble import read_ensemble
    from sim.official.forecast.weights import shipped_weights
    from sim.official.making.writing import check_folder, write_together
    from sim.official.published.naming import council_of
    from sim.official.published.statistics import Statistics
    from sim.scenario import load

    loaded = load(scenario)
    statistics = Statistics(data)
    council = council_of(loaded, statistics, area, fit_to)
    check(loaded, statistics, council, fit_to, predict)
    settings = read_ensemble(ensemble, loaded) if ensemble is not None else ()
    weights = shipped_weights()
    runs_on = choose(workers or available_cpus(), executor)
    folder = out or Path("outputs") / f"backtest-{loaded.name.replace('/', '-')}-{predict}"
    check_folder(folder)
    with progress_bar(2 * replications, shown=True) as progress:
        result = backtest(
            loaded,
            statistics,
            council,
            fit_to,
            predict,
            replications,
            seed,
            progress=progress,
            settings=settings,
            executor=runs_on,
            weights=weights if weights.knows(fit_to) else None,
        )
    write_together(folder, {"backtest.html": render(result), "backtest.csv": table(result)})
    for sentence in sentences(result):
        click.echo(sentence)
    tell_failures(result.failures, result.runs, runs_on)
    if not weights.knows(fit_to):
        click.echo(f"- No combined forecast: its weights were learned from years after {fit_to}.")
    for reason in result.missing:
        click.echo(f"- Not scored: {reason}")
    click.echo(f"Page:  {folder / 'backtest.html'}")
    click.echo(f"Table: {folder / 'backtest.csv'}")
    return FAILED if result.failures else 0
