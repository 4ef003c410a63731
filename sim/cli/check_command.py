"""`frontdoor check`: is a scenario sound, what does it say, and can its teams do the work?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

SHOWN = 20

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario


@click.command("check", short_help="Check a scenario and forecast each team's load.")
@click.argument("scenario")
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="Change a value first.")
@click.option("--defaults", is_flag=True, help="Print the scenario with every figure that it leaves to its default.")
def command(scenario: str, changes: tuple[str, ...], defaults: bool) -> int:
    """Validate SCENARIO; print it resolved, its register of figures, and a forecast of each team's load.

    The forecast is arithmetic, not simulation: hours that a steady flow of children asks of each team
    against the hours that it has, on the first day and by quarter.
    """
    from sim.experiment.analysis.targets import check_targets
    from sim.experiment.cost import cost_of, set_up_once
    from sim.experiment.load_by_quarter import by_quarter, quarter_lines
    from sim.experiment.load_forecast import forecast
    from sim.scenario import load
    from sim.scenario.reading.written_out import written_out
    from sim.scenario.uncertainty.ensemble import NONE, settings_of

    loaded = load(scenario, changes)
    check_targets([loaded])
    settings = settings_of(loaded) if loaded.scenario.ensemble != NONE else ()
    tried = set_up_once(loaded.scenario)
    import yaml

    if defaults:
        click.echo(yaml.safe_dump(written_out(loaded.scenario), sort_keys=False, allow_unicode=True).rstrip())
        return 0
    click.echo(f"{loaded.name}: {loaded.scenario.title}")
    click.echo(f"Sound. Read from {' <- '.join(reversed(loaded.files))}")
    for row in loaded.overrides:
        click.echo(f"Set {row.path} = {row.new} (was {row.old})")
    if not tried:
        click.echo("Not tried: the opening caseload is too large to set up here.")
    click.echo(f"{cost_of(loaded.scenario, 1)} (a rough rule).")
    _doubts(loaded)
    _heading("The scenario, resolved")
    click.echo(yaml.safe_dump(loaded.resolved, sort_keys=False, allow_unicode=True).rstrip())
    _heading("Where its figures come from")
    _register(loaded)
    if loaded.uncertain:
        _heading("Figures that are ranges")
        for figure in loaded.uncertain:
            click.echo(f"{figure.path}: {figure.low} to {figure.high}, {figure.distribution}, central {figure.central}")
    if settings:
        _heading("Settings of its calibration")
        click.echo(f"{loaded.scenario.ensemble}: {len(settings)} settings; each run takes one with --ensemble")
    _heading("Rough load of each team, in a steady state")
    for line in forecast(loaded.scenario).lines():
        click.echo(line)
    _heading("Rough load of each team by quarter, levers and teams to come included")
    for line in quarter_lines(by_quarter(loaded.scenario)):
        click.echo(line)
    return 0


def _doubts(loaded: LoadedScenario) -> None:
    """Say what may not be meant: first what a run would ask about."""
    from sim.scenario.doubts import doubts_of

    doubts = doubts_of(loaded)
    for ask, heading in ((True, "Is this meant?"), (False, "What changes nothing, or is missing")):
        rows = [doubt for doubt in doubts if doubt.ask == ask]
        if rows:
            _heading(heading)
        for doubt in rows[:SHOWN]:
            click.echo(str(doubt))
        if len(rows) > SHOWN:
            click.echo(f"and {len(rows) - SHOWN} more")


def _heading(text: str) -> None:
    click.echo(f"\n{text}\n{'-' * len(text)}")


def _register(loaded: LoadedScenario) -> None:
    for row in loaded.register:
        source = " ".join(part for part in (row.source, f"({row.date})" if row.date else "") if part)
        click.echo(f"{row.path} = {row.shown}  [{row.confidence}] {source}".rstrip())
    click.echo(f"{len(loaded.register)} entries with a source; {loaded.unsourced} figures have none.")
