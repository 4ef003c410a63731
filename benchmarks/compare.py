"""Whether one run of the benchmarks was faster than another: `python -m benchmarks.compare A B`.

Runs are paired by round, and the ratio of B to A is averaged (geometric mean). A bootstrap over the rounds gives its
95% interval; where that holds 1, there is no difference to speak of.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import click
import numpy as np

from benchmarks.figures import Figure, read

DRAWS = 4000
LEVEL = 95


class Comparison(NamedTuple):
    """The ratio of B to A with its interval; none with a single round."""

    ratio: float
    low: float | None
    high: float | None
    verdict: str


def compared(a: Figure, b: Figure) -> Comparison:
    """Compare two runs of one figure."""
    rounds = min(len(a.runs), len(b.runs))
    logs = np.log(np.array(b.runs[:rounds]) / np.array(a.runs[:rounds]))
    ratio = float(np.exp(logs.mean()))
    if rounds == 1:
        return Comparison(ratio, None, None, "one round only" if ratio != 1 else "no difference")
    chosen = np.random.default_rng(1).integers(0, rounds, (DRAWS, rounds))
    means = np.exp(logs[chosen].mean(axis=1))
    low, high = (float(np.percentile(means, part)) for part in ((100 - LEVEL) / 2, (100 + LEVEL) / 2))
    return Comparison(ratio, low, high, verdict(a, low, high))


def verdict(figure: Figure, low: float, high: float) -> str:
    """What the interval says, in the words that the figure's unit asks for."""
    if low <= 1 <= high:
        return "no difference"
    better = high < 1 if figure.better == "lower" else low > 1
    if figure.unit in ("s", "ms", "a second"):
        return "faster" if better else "slower"
    return "better" if better else "worse"


@click.command()
@click.argument("a", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("b", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(a: Path, b: Path) -> None:
    """Say for each figure whether B was faster than A, slower, or neither, with the ratio's interval."""
    before, after = read(a), read(b)
    if before.machine != after.machine:
        click.echo("Measured on different machines or libraries: ratios say little.", err=True)
    others = {figure.name: figure for figure in after.figures}
    for figure in before.figures:
        if figure.name in others:
            outcome = compared(figure, others[figure.name])
            interval = "" if outcome.low is None else f" ({outcome.low:.3f} to {outcome.high:.3f})"
            click.echo(f"{figure.name}: {outcome.verdict}, {outcome.ratio:.3f} times{interval}")


if __name__ == "__main__":
    main()
