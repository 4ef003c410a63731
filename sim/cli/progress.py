"""Progress on standard error: a bar in a terminal, elsewhere a plain line every few seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click

from sim.cli.terminal import raw_errors

__all__ = ["Lines", "progress_bar"]


EVERY: Final = 5.0
"""Seconds from one line to the next where there is no terminal."""


@contextmanager
def progress_bar(total: int, *, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Show progress while the body runs; give a callback of (done, total), or None when nothing is shown."""
    if not shown:
        yield None
    elif sys.stderr.isatty():
        with _bar(total) as advance:
            yield advance
    else:
        yield Lines()


class Lines:
    """Progress as plain lines on standard error, at most one in `EVERY` seconds by `clock`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = self._last = clock()

    def __call__(self, done: int, total: int) -> None:
        """Say how far the run is, unless a line was written just before."""
        now = self._clock()
        if now - self._last < EVERY:
            return
        self._last = now
        click.echo(f"Simulating: {done} of {total} replications after {now - self._began:.0f} seconds", err=True)


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    began = time.perf_counter()
    with Progress(
        TextColumn("Simulating"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("replications"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=Console(file=raw_errors()),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=total, rate="")

        def advance(done: int, total: int) -> None:
            rate = done / max(time.perf_counter() - began, 1e-9)
            shown_rate = f"{rate:.1f} a second" if rate >= 1 else f"{60 * rate:.0f} a minute"
            bar.update(task, completed=done, total=total, rate=shown_rate)

        yield advance
