"""Write the table of docs/performance.md from reports of `make bench`.

`python -m benchmarks.performance [WRITTEN [COMPILED]]`: each is the JSON file of one run; without one the newest of
outputs/benchmarks is taken.
"""

from __future__ import annotations

from pathlib import Path

import click

from benchmarks.figures import TARGETS, Figure, Report, met, read
from benchmarks.tables import table, write

CHECKOUT = Path(__file__).resolve().parent.parent
PAGE = CHECKOUT / "docs" / "performance.md"
KEPT = CHECKOUT / "outputs" / "benchmarks"
NAME = "performance"


def cell(figure: Figure | None) -> str:
    """The median, with the lowest and highest round where they differ."""
    if figure is None:
        return ""
    low, high = min(figure.runs), max(figure.runs)
    spread = "" if low == high else f" ({low:.3g} to {high:.3g})"
    return f"{figure.value:.3g}{spread}"


def target(figure: Figure) -> str:
    """What the figure should reach, and whether it does as written."""
    if figure.name not in TARGETS:
        return ""
    word = "at most" if figure.better == "lower" else "at least"
    return f"{word} {TARGETS[figure.name]:g}: {'met' if met(figure) else 'missed'}"


def rendered(written: Report, compiled: Report | None) -> str:
    """The table, with a line on the machine and the date."""
    also = {figure.name: figure for figure in compiled.figures} if compiled else {}
    headings = ["figure", "unit", "as written", *(["compiled"] if compiled else []), "target"]
    rows = [
        [figure.name, figure.unit, cell(figure), *([cell(also.get(figure.name))] if compiled else []), target(figure)]
        for figure in written.figures
    ]
    about = written.machine
    line = (
        f"{about['processor']}, {about['cores']} cores, {about['python']}, {written.made[:10]}; "
        f"median of {written.details['rounds']} rounds, lowest and highest in brackets."
    )
    return f"{line}\n\n{table(headings, rows)}"


@click.command()
@click.argument("written", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("compiled", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(written: Path | None, compiled: Path | None) -> None:
    """Write the table of docs/performance.md from one or two reports of `make bench`."""
    newest = written or max(KEPT.glob("*.json"), default=None)
    if newest is None:
        raise click.UsageError(f"There is no report in {KEPT}. Run `make bench`, or name a report.")
    write(PAGE, NAME, rendered(read(newest), read(compiled) if compiled else None))
    click.echo(f"Wrote the table of {PAGE} from {newest}")


if __name__ == "__main__":
    main()
