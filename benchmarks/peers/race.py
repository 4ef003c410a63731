"""The simulators side by side: the same network, the same numbers, one after the other in each round.

Each run has a process of its own: in one process a run took a quarter longer after another simulator had scattered its
objects over the memory.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.figures import Figure, higher, lower, ratios
from benchmarks.machine import timed
from benchmarks.peers.network import Network, read
from sim.compiled import PLAIN

SIMULATORS = {"own parts": "own_parts", "SimPy": "textbook", "Ciw": "with_ciw", "salabim": "with_salabim"}
NEEDS = {"Ciw": "ciw", "salabim": "salabim"}
"""Libraries of the extra `peers`."""
OWN = "own parts"
WARM_UP_DAYS = 20
AGREE = 1e-6
"""Days: how far the mean waits of two simulators may lie apart (they add the same numbers in another order)."""


def present(names: Sequence[str] = tuple(SIMULATORS)) -> list[str]:
    """Those simulators of `names` that are installed."""
    return [name for name in names if name not in NEEDS or find_spec(NEEDS[name])]


def table(name: str, network: Network, seed: int) -> pd.DataFrame:
    """Run the network in one simulator, to the table of visits that its user would look at."""
    module = import_module(f"benchmarks.peers.{SIMULATORS[name]}")
    visits: pd.DataFrame = module.table(module.simulate(network, seed))
    return visits


def mean_waits(visits: pd.DataFrame) -> pd.Series[float]:
    """Mean wait in days by stage and priority, and the visits counted, which must agree as well."""
    waits = (visits["started"] - visits["asked"]).groupby([visits["stage"], visits["priority"]])
    return pd.concat({"wait": waits.mean(), "visits": waits.count()})


class DisagreementError(Exception):
    """Two simulators that should have told the same story did not."""


def check(waits_of: dict[str, pd.Series[float]]) -> None:
    """See that all mean waits agree.

    Raises:
        DisagreementError: naming the simulator whose waits differ from our own parts'.
    """
    for name, waits in waits_of.items():
        if not waits.index.equals(waits_of[OWN].index) or not np.allclose(waits, waits_of[OWN], rtol=0, atol=AGREE):
            raise DisagreementError(f"{name} and {OWN} give other mean waits:\n{pd.DataFrame(waits_of).to_string()}")


def lap(name: str, network: Network, seed: int) -> tuple[float, pd.Series[float]]:
    """Run the network once in one simulator: processor seconds, and the mean waits."""
    table(name, read(days=WARM_UP_DAYS), 0)  # imports, and what is made at a first use
    visits, _, busy = timed(partial(table, name, network, seed))
    return busy, mean_waits(visits)


def lap_apart(name: str, network: Network, seed: int) -> tuple[float, pd.Series[float]]:
    """The same in a process of its own, which takes our parts as they are written.

    Classes of this benchmark inherit from them, and cannot inherit from compiled ones.
    """
    before = os.environ.get(PLAIN)
    os.environ[PLAIN] = "1"  # a process takes over the environment of the one that starts it
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            return pool.submit(lap, name, network, seed).result()
    finally:
        if before is None:
            del os.environ[PLAIN]
        else:
            os.environ[PLAIN] = before


def race(network: Network, names: Sequence[str], rounds: int) -> tuple[dict[str, list[float]], pd.Series[float]]:
    """Run each simulator once a round; processor seconds by simulator, and the mean waits that all agree on."""
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        waits = {}
        for name in names:
            busy, waits[name] = lap_apart(name, network, 1 + number)
            seconds[name].append(busy)
        check(waits)
    return seconds, waits[OWN]


def measure(rounds: int, days: float | None = None) -> tuple[list[Figure], dict[str, Any]]:
    """Race all at the network's own demand, and SimPy alone in overload, where it takes longest."""
    everyone = present()
    figures, details = [], {"simulators": everyone}
    plain, waits = race(read(days=days), everyone, rounds)
    figures.append(lower("peers: own parts", "s", plain[OWN]))
    figures += [
        higher(f"peers: {name}, times as long", "times", ratios(plain[name], plain[OWN]))
        for name in everyone
        if name != OWN
    ]
    details["mean waits"] = {str(key): round(float(value), 6) for key, value in waits.items()}
    for demand, some in ((1.3, min(rounds, 3)), (2, 1)):
        over, _ = race(read(demand, days=days), [OWN, "SimPy"], some)
        name = f"peers: SimPy at {demand} times demand, times as long"
        figures.append(higher(name, "times", ratios(over["SimPy"], over[OWN])))
    large = [lap_apart(OWN, read(volume=10, days=days), 1 + number)[0] for number in range(rounds)]
    figures.append(lower("peers: ten times the volume, times as long", "times", ratios(large, plain[OWN])))
    return figures, details
