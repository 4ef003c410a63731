"""What `calibrate` and `backtest` say of runs that failed, and of those that were run again."""

from __future__ import annotations

from collections.abc import Sequence

import click

__all__ = ["tell_failures"]


def tell_failures(failures: Sequence[str], runs: int, executor: object) -> None:
    """Say on standard error how many of `runs` failed, with the first reason, and why an executor began anew."""
    for reason in getattr(executor, "restarts", ()):
        click.echo(reason, err=True)
    if failures:
        click.echo(f"{len(failures)} of {runs} runs failed and are left out (the first: {failures[0]}).", err=True)
