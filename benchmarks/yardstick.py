"""What seconds are measured against: a million bare timeouts of SimPy on the same machine, in the same run."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.figures import YARDSTICK, Figure, lower
from benchmarks.machine import timed


def measure(rounds: int, timeouts: int = 1_000_000) -> tuple[list[Figure], dict[str, Any]]:
    """Processor seconds of a million timeouts, each round."""
    seconds = [timed(lambda: wait(timeouts))[2] * 1_000_000 / timeouts for _ in range(rounds)]
    return [lower(YARDSTICK, "s", seconds)], {"timeouts": timeouts}


def wait(timeouts: int) -> None:
    """Let one process wait so many times."""
    environment = simpy.Environment()

    def process() -> Generator[simpy.Event]:
        for _ in range(timeouts):
            yield environment.timeout(1.0)

    environment.process(process())
    environment.run()
