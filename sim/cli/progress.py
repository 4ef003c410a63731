"""The progress bar: replications done, rate, and time left, on standard error of a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.cli.terminal import raw_errors

__all__ = ["progress_bar"]


@contextmanager
def progress_bar(total: int, *, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Show progress while the body runs; give a callback of (done, total), or None when nothing is shown."""
    if not shown:
        yield None
        return
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
