"""What `baseline`, `calibrate` and `backtest` say of what they ran: files, failures, and runs that began anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.official.calibrate.council import CouncilCalibration

__all__ = ["tell_failures", "write_calibration"]


def tell_failures(failures: Sequence[str], runs: int, executor: object) -> None:
    """Say on standard error how many of `runs` failed, with the first reason, and why an executor began anew."""
    for reason in getattr(executor, "restarts", ()):
        click.echo(reason, err=True)
    if failures:
        click.echo(f"{len(failures)} of {runs} runs failed and are left out (the first: {failures[0]}).", err=True)


def write_calibration(
    calibration: CouncilCalibration, texts: Mapping[str, str], folder: Path, executor: object
) -> None:
    """Write the files of a calibration, and say what it found, what failed, and what it was not held to."""
    from sim.official.making.writing import write_together

    write_together(folder, texts)
    for sentence in calibration.sentences:
        click.echo(sentence)
    tell_failures(calibration.failures, len(calibration.result.tried), executor)
    for reason in calibration.missing:
        click.echo(f"- Not held to: {reason}")
    for name in texts:
        click.echo(f"Wrote {folder / name}")
