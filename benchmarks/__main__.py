"""Measure speed and memory, print a table, keep the figures as JSON and draw their trend: `python -m benchmarks`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from benchmarks import answer, growth, machine, model, parallel, start, trend, yardstick
from benchmarks.figures import TARGETS, Figure, Report, met
from benchmarks.peers import race

CHECKOUT = Path(__file__).resolve().parent.parent
Measured = tuple[list[Figure], dict[str, Any]]

BENCHMARKS: dict[str, Callable[[int], Measured]] = {
    "yardstick": yardstick.measure,
    "start": start.measure,
    "model": model.measure,
    "parallel": parallel.measure,
    "answer": answer.measure,
    "peers": race.measure,
    "growth": growth.measure,
}
QUICK: dict[str, Callable[[int], Measured]] = {
    "yardstick": yardstick.measure,
    "start": start.measure,
    "model": lambda rounds: model.measure(rounds, 1),
    "peers": lambda rounds: race.measure(rounds, days=180),
    "growth": lambda rounds: growth.measure(rounds, ("Rutland", "+100% referrals"), None),
}
"""What a busy machine can do in a few minutes: a year where all of it takes four, and no large service."""
SMALL: dict[str, Callable[[int], Measured]] = {
    "yardstick": lambda rounds: yardstick.measure(rounds, 20_000),
    "start": start.measure,
    "model": lambda rounds: model.measure(rounds, 1, "tiny"),
    "parallel": lambda rounds: parallel.measure(rounds, "tiny", 2),
    "answer": lambda rounds: answer.measure(rounds, ("tiny", "tiny"), 2),
    "peers": lambda rounds: race.measure(rounds, days=60),
    "growth": lambda rounds: growth.measure(rounds, ("Rutland",), None),
}
"""The same on next to nothing: to see that all of it works."""


@click.command()
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="Runs of each; the median counts.")
@click.option("--only", multiple=True, type=click.Choice(list(BENCHMARKS)), help="One of them; may be repeated.")
@click.option("--small", is_flag=True, help="The smallest sizes: shows that the benchmarks work, not how fast we are.")
@click.option("--quick", is_flag=True, help="Less of it: five minutes on two idle cores.")
@click.option(
    "--out",
    default=CHECKOUT / "outputs" / "benchmarks",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the figures and the trend.  [default: outputs/benchmarks]",
)
def main(rounds: int, only: tuple[str, ...], small: bool, quick: bool, out: Path) -> None:
    """Measure the queue parts beside other simulators, the whole model, its growth, and how long an answer takes.

    All of it takes about twenty minutes. Compare figures of one machine only, and best when it is otherwise idle.
    """
    started = datetime.now().astimezone()
    figures: list[Figure] = []
    details: dict[str, Any] = {"rounds": rounds, "quick": quick, "busy": {}}
    for name, measure in (SMALL if small else QUICK if quick else BENCHMARKS).items():
        if only and name not in only:
            continue
        click.echo(name, err=True)
        before = machine.load()
        measured, details[name] = measure(rounds)
        details["busy"][name] = {"before": before, "after": machine.load()}
        figures += measured
    report = Report(started.isoformat(timespec="seconds"), machine.machine(), tuple(figures), details)
    # What was measured on next to nothing is no point of a trend.
    path = out / "small" / f"{started:%Y-%m-%dT%H%M%S}.json" if small else out / f"{started:%Y-%m-%dT%H%M%S}.json"
    report.write(path)
    page = trend.write(path.parent)
    show(report)
    if not (small or quick or only) and report.targets_missed_out():
        click.echo("Not measured: " + "; ".join(report.targets_missed_out()), err=True)
    click.echo(f"Kept in {path}\nTrend:  {page}")


def show(report: Report) -> None:
    """Print the figures as a table."""
    from rich.console import Console
    from rich.table import Table

    about = report.machine
    rounds = report.details["rounds"]
    title = f"{about['processor']}, {about['cores']} cores, {about['python']}; median of {rounds} rounds"
    table = Table(title=title, title_justify="left")
    for heading in ("what", "median", "lowest", "highest", "unit", "target", "met"):
        table.add_column(heading, justify="left" if heading in ("what", "unit", "met") else "right")
    for figure in report.figures:
        target, reached = TARGETS.get(figure.name), met(figure)
        table.add_row(
            figure.name,
            *map(short, (figure.value, min(figure.runs), max(figure.runs))),
            figure.unit,
            "" if target is None else f"{'≤' if figure.better == 'lower' else '≥'} {target:g}",
            "" if reached is None else "yes" if reached else "no",
        )
    Console().print(table)


def short(value: float) -> str:
    """Three figures, or all those before the point."""
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


if __name__ == "__main__":
    main()
