"""`frontdoor from-returns`: a scenario from a council's own Annex A, CIN census and workforce census."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

MOST_PROBLEMS = 12


@click.command("from-returns", short_help="Make a scenario from a council's own returns.")
@click.option("--annex-a", type=click.Path(path_type=Path), help="Ofsted Annex A workbook: lists 1 to 8 are read.")
@click.option("--cin", type=click.Path(path_type=Path), help="Children in need census, XML, forms of 2019 to 2026.")
@click.option("--workforce", type=click.Path(path_type=Path), help="Children's social work workforce census, XML.")
@click.option("--as-at", type=click.DateTime(["%Y-%m-%d"]), help="Day of the extract.  [default: as the returns tell]")
@click.option("--data", type=click.Path(path_type=Path), help="Folder with the DfE's files, to fill what is missing.")
@click.option("--area", help="Council in those files, where no census names it: name, old code or new code.")
@click.option("--name", default="Your council", show_default=True, help="What the scenario calls the council.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Scenario file to write.")
@click.option("--page", type=click.Path(path_type=Path), help="Page of the fits (HTML).  [default: <out>-fits.html]")
@click.option("--report", type=click.Path(path_type=Path), help="Every problem of the files, as .xlsx or .csv.")
def command(
    annex_a: Path | None,
    cin: Path | None,
    workforce: Path | None,
    as_at: datetime | None,
    data: Path | None,
    area: str | None,
    name: str,
    out: Path,
    page: Path | None,
    report: Path | None,
) -> int:
    """Write a scenario that starts from today's open caseload. Any one return is enough.

    Rates, lengths and staff are the council's own where its returns tell them; the file says line by line what they do
    not tell and where it is from instead. No name, identifier or date of a child or worker is written.
    """
    from sim.returns.from_returns import from_returns

    shown = page or out.with_name(f"{out.stem}-fits.html")
    result = from_returns(
        annex_a=annex_a, cin=cin, workforce=workforce, as_at=as_at.date() if as_at else None, data=data, area=area,
        name=name, out=out, page=shown, report=report,
    )  # fmt: skip
    for line in result.details.sources:
        click.echo(line)
    lines = result.problems.summary()
    if lines:
        click.echo(f"\nRead with {len(result.problems):,} problem{'s' if len(result.problems) > 1 else ''}:")
        for line in lines[:MOST_PROBLEMS]:
            click.echo(f"- {line}")
        if len(lines) > MOST_PROBLEMS:
            click.echo(f"- {len(lines) - MOST_PROBLEMS} more kinds of problem; --report FILE.xlsx lists all.")
    click.echo("\nWhat the returns do not tell, and where it is from instead:")
    for note in result.notes:
        click.echo(f"- {note}")
    click.echo("\nWritten:")
    for path in result.written:
        click.echo(f"- {path}")
    click.echo(f"Next:  frontdoor check {out}")
    return 0
