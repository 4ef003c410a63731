"""Write the table of docs/performance.md from reports of `make bench`.

`python -m benchmarks.performance [WRITTEN [COMPILED]]`: each is the JSON file of one run; without one the newest of
outputs/benchmarks is taken.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import click

from benchmarks.figures import TARGETS, YARDSTICK, Figure, Report, met, read
from benchmarks.tables import table, write

CHECKOUT = Path(__file__).resolve().parent.parent
PAGE = CHECKOUT / "docs" / "performance.md"
KEPT = CHECKOUT / "outputs" / "benchmarks"
NAME = "performance"
MULTIPLE = "of a million timeouts"


def cell(figure: Figure | None, yardstick: float) -> str:
    """The median, with the lowest and highest round where they differ; seconds in multiples of the yardstick."""
    if figure is None:
        return ""
    runs = [run / yardstick if unit(figure) == MULTIPLE else run for run in figure.runs]
    low, high = min(runs), max(runs)
    spread = "" if low == high else f" ({low:.3g} to {high:.3g})"
    return f"{median(runs):.3g}{spread}"


def unit(figure: Figure) -> str:
    """A figure's unit on the page: seconds and milliseconds say nothing of another machine."""
    return MULTIPLE if figure.unit == "s" and figure.name != YARDSTICK else figure.unit


def target(figure: Figure) -> str:
    """What the figure should reach, and whether it does as written."""
    if figure.name not in TARGETS or figure.unit in ("s", "ms"):  # a time in seconds is that of one machine
        return ""
    word = "at most" if figure.better == "lower" else "at least"
    return f"{word} {TARGETS[figure.name]:g}: {'met' if met(figure) else 'missed'}"


def rendered(written: Report, compiled: Report | None) -> str:
    """The table, with a line on the machine and the date."""
    also = {figure.name: figure for figure in compiled.figures} if compiled else {}
    stick = length(written)
    headings = ["figure", "unit", "as written", *(["compiled"] if compiled else []), "target"]
    rows = [
        [
            figure.name.replace("seconds ", ""), unit(figure), cell(figure, stick),
            *([cell(also.get(figure.name), length(compiled))] if compiled else []),
            "" if written.details.get("quick") else target(figure),
        ]
        for figure in written.figures
    ]  # fmt: skip
    about, busy = (
        written.machine,
        [load for part in written.details.get("busy", {}).values() for load in part.values() if load],
    )
    rounds = written.details["rounds"]
    line = (
        f"{about['processor']}, {about['cores']} cores, {about['python']}, {written.made[:10]}; "
        + ("one round." if rounds == 1 else f"median of {rounds} rounds, lowest and highest in brackets.")
        + (f" Processes that wanted a processor meanwhile: {min(busy):.0f} to {max(busy):.0f}." if busy else "")
    )
    return f"{line}\n\n{table(headings, rows)}"


def length(report: Report) -> float:
    """Seconds of the yardstick in a report; one where it was not measured."""
    return next((figure.value for figure in report.figures if figure.name == YARDSTICK), 1.0)


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
