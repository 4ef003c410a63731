"""Measure the model at four sizes, print a table, and keep the figures as JSON in outputs/benchmarks."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from benchmarks.machine import machine
from benchmarks.sizes import SIZES

CHECKOUT = Path(__file__).resolve().parent.parent


@click.command()
@click.option(
    "--repeat", default=3, show_default=True, type=click.IntRange(1), help="Runs of each size; the median counts."
)
@click.option("--years", default=4, show_default=True, type=click.IntRange(1, 30), help="Simulated years in a run.")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([size.name for size in SIZES]),
    help="A size to measure; may be repeated.",
)
@click.option(
    "--out",
    default=CHECKOUT / "outputs" / "benchmarks",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the figures.  [default: outputs/benchmarks]",
)
def main(repeat: int, years: int, only: tuple[str, ...], out: Path) -> None:
    """Measure seconds per simulated year, events per second, events per referred child and peak memory.

    Each size runs in a process of its own. Compare measurements of one machine only, and when it is otherwise idle.
    """
    made = datetime.now().astimezone()
    results = []
    for size in SIZES:
        if not only or size.name in only:
            click.echo(f"{size.name}: {size.about}", err=True)
            results.append(measured_apart(size.name, years, repeat))
    report = {
        "made": made.isoformat(timespec="seconds"),
        "machine": machine(),
        "years": years,
        "repeat": repeat,
        "results": results,
    }
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{made:%Y-%m-%dT%H%M%S}.json"
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    show(report)
    click.echo(f"Kept in {path}")


def measured_apart(name: str, years: int, repeat: int) -> dict[str, Any]:
    """Measure a size in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.measure", name, "--years", str(years), "--repeat", str(repeat)]
    done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"the size {name} could not be measured (see above)")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def show(report: dict[str, Any]) -> None:
    """Print the results as a table."""
    from rich.console import Console
    from rich.table import Table

    about = report["machine"]
    title = f"{about['processor']}, {about['cores']} cores, {about['python']}; median of {report['repeat']}"
    table = Table(title=title, title_justify="left")
    headings = (
        "size",
        "children\nreferred",
        "seconds per\nsimulated year",
        "of processor\ntime",
        "events\nper second",
        "events per\nreferred child",
        "peak memory\n(MB)",
    )
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "size" else "right")
    for one in report["results"]:
        table.add_row(
            one["size"],
            f"{one['children_referred']:,}",
            f"{one['seconds_per_simulated_year']:.2f}",
            f"{one['processor_seconds_per_simulated_year']:.2f}",
            f"{one['events_per_second']:,}",
            f"{one['events_per_referred_child']:.1f}",
            "not known" if one["peak_megabytes"] is None else f"{one['peak_megabytes']:.0f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
