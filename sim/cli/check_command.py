"""`frontdoor check`: is a scenario sound, what does it say, and can its teams do the work?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario


@click.command("check", short_help="Check a scenario and forecast each team's load.")
@click.argument("scenario")
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="Change a value first.")
def command(scenario: str, changes: tuple[str, ...]) -> int:
    """Validate SCENARIO; print it resolved, its register of figures, and a forecast of each team's load.

    The forecast is arithmetic, not simulation: hours that a steady flow of children asks of each team
    against the hours that it has.
    """
    from sim.experiment.analysis.targets import check_targets
    from sim.experiment.load_forecast import forecast
    from sim.scenario import load
    from sim.scenario.uncertainty.ensemble import NONE, settings_of

    loaded = load(scenario, changes)
    check_targets([loaded])
    click.echo(f"{loaded.name}: {loaded.scenario.title}")
    click.echo(f"Sound. Read from {' <- '.join(reversed(loaded.files))}")
    for row in loaded.overrides:
        click.echo(f"Set {row.path} = {row.new} (was {row.old})")
    _heading("The scenario, resolved")
    import yaml

    click.echo(yaml.safe_dump(loaded.resolved, sort_keys=False, allow_unicode=True).rstrip())
    _heading("Where its figures come from")
    _register(loaded)
    if loaded.uncertain:
        _heading("Figures that are ranges")
        for figure in loaded.uncertain:
            click.echo(f"{figure.path}: {figure.low} to {figure.high}, {figure.distribution}, central {figure.central}")
    if loaded.scenario.ensemble != NONE:
        count = len(settings_of(loaded))
        _heading("Settings of its calibration")
        click.echo(f"{loaded.scenario.ensemble}: {count} settings; each run takes one with --ensemble")
    _heading("Rough load of each team, in a steady state")
    for line in forecast(loaded.scenario).lines():
        click.echo(line)
    return 0


def _heading(text: str) -> None:
    click.echo(f"\n{text}\n{'-' * len(text)}")


def _register(loaded: LoadedScenario) -> None:
    for row in loaded.register:
        said = " ".join(part for part in (row.source, f"({row.date})" if row.date else "") if part)
        click.echo(f"{row.path} = {row.shown}  [{row.confidence}] {said}".rstrip())
    click.echo(f"{len(loaded.register)} entries with a source; {loaded.unsourced} figures have none.")
