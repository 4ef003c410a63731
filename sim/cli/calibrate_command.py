"""`frontdoor calibrate`: which settings of a scenario fit the council's own last year?"""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.failures import tell_failures
from sim.cli.options import AREA, DATA, option_of


@click.command("calibrate", short_help="Fit a scenario's unpublished figures to its council's last year.")
@click.argument("scenario")
@DATA
@AREA
@click.option("--budget", type=click.IntRange(min=20), default=120, show_default=True, help="Runs of a year, in all.")
@option_of("seed")
@option_of("workers")
@option_of("executor")
@click.option("--out", type=click.Path(path_type=Path), help="Folder.  [default: that of the scenario]")
def command(
    scenario: str,
    data: Path,
    area: str | None,
    budget: int,
    seed: int,
    workers: int | None,
    executor: str,
    out: Path | None,
) -> int:
    """Search the few free figures of SCENARIO for every setting that the published figures cannot rule out.

    The scenario starts on 1 April; the year before is run again with the referrals that came. Writes calibration.html
    and the ensemble of settings beside the scenario.
    """
    from sim.cli.progress import progress_bar
    from sim.experiment.running.executor import available_cpus, choose
    from sim.official.calibrate.council import calibrate_council
    from sim.official.making.writing import check_folder, write_together
    from sim.official.published.naming import council_of
    from sim.official.published.statistics import Statistics
    from sim.scenario import load

    loaded = load(scenario)
    statistics = Statistics(data)
    council = council_of(loaded, statistics, area)
    folder = out or Path(loaded.path).parent
    check_folder(folder)
    runs_on = choose(workers or available_cpus(), executor)
    with progress_bar(budget, shown=True) as progress:
        found = calibrate_council(loaded, statistics, council, budget, seed, progress=progress, executor=runs_on)
    texts = found.texts()
    write_together(folder, texts)
    for sentence in found.sentences:
        click.echo(sentence)
    tell_failures(found.failures, len(found.result.tried), runs_on)
    for reason in found.missing:
        click.echo(f"- Not held to: {reason}")
    for name in texts:
        click.echo(f"Wrote {folder / name}")
    if found.result.accepted:
        click.echo(f"Next:  write  ensemble: {found.ensemble_name}  in the scenario, and run it with --ensemble")
    return 0 if found.result.accepted else 1
