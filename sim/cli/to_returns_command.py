"""`frontdoor to-returns`: a simulated council written as the returns that councils make."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click


@click.command("to-returns", short_help="Write a run as an Annex A workbook and a CIN census.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--to", "kinds", default="annex-a,cin-census", show_default=True, metavar="KIND,KIND", help="Returns.")
@click.option("--scenario", help="Scenario of the results.  [default: the first]")
@click.option("--replication", type=click.IntRange(min=0), default=0, show_default=True, help="Number, from 0.")
@click.option("--as-at", type=click.DateTime(["%Y-%m-%d"]), help="Day of the extract.  [default: the last 31 March]")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to.  [default: that of the results]")
def command(
    folder: Path, kinds: str, scenario: str | None, replication: int, as_at: datetime | None, out: Path | None
) -> int:
    """Write the simulated children of FOLDER, the results of a run, as returns that a council's tools can open.

    Every file says that its children are simulated, in its name and inside.
    """
    from sim.returns.export.write import export_returns

    wanted = [kind.strip() for kind in kinds.split(",") if kind.strip()]
    day = as_at.date() if as_at is not None else None
    for path in export_returns(folder, wanted, scenario=scenario, replication=replication, as_at=day, out=out):
        click.echo(f"Simulated: {path}")
    return 0
