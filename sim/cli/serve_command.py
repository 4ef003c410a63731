"""`frontdoor serve`: the page "what if", on this machine alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click


@click.command("serve", short_help="Open the page: move levers, watch what changes.")
@click.argument("scenarios", nargs=-1, metavar="[FILE]...")
@click.option("--port", type=click.IntRange(min=0, max=65_535), default=0, help="Port.  [default: a free one]")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option(
    "--library", type=click.Path(path_type=Path, file_okay=False), default=Path("outputs/library"), show_default=True,
    help="Folder of saved comparisons.",
)  # fmt: skip
@click.option(
    "-w", "--workers", type=click.IntRange(min=1), help="Processes to use.  [default: one for each processor]"
)
@click.option(
    "--at-once", type=click.IntRange(min=1, max=64), default=2, show_default=True,
    help="Runs that go on at the same time; others wait.",
)  # fmt: skip
def command(
    scenarios: tuple[str, ...], port: int, no_browser: bool, library: Path, workers: int | None, at_once: int
) -> int:
    """Serve a page on which a planner changes a service and watches what it does to delay.

    FILE is a scenario of your own that the page offers besides the shipped ones. Nothing leaves this machine: the page
    answers to its own browser alone, and asks no other place for anything.
    """
    from sim.serve.server import serve

    with suppress(KeyboardInterrupt):  # the usual way to end it
        serve(
            library, port=port, files=scenarios, workers=workers, at_once=at_once, browser=not no_browser,
            say=click.echo,
        )  # fmt: skip
    return 0
