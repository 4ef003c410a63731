"""The reference network, and the random numbers that every simulator takes in the same order.

A number belongs to an event: the gap to the next arrival, the priority of who arrived, the length of a service as it
starts, the way out as it ends. No two events fall on one moment, so each stream is read in the same order by all, and
their logs must agree child by child.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from sim.streams import endless

FILE = Path(__file__).with_name("network.yaml")
CLOSE = "close"


class Visit(NamedTuple):
    """One stay in one stage that has come to its end. Times in days since the start."""

    child: int
    stage: int
    priority: int
    asked: float
    started: float
    ended: float


@dataclass(frozen=True)
class Stage:
    """A queue before servers; a way out is the position of the next stage, or -1 out of the network."""

    name: str
    servers: int
    mean: float
    cv: float
    ways: tuple[int, ...]
    limits: tuple[float, ...]
    """Shares of the ways out, added up."""


@dataclass(frozen=True)
class Network:
    """The network at some demand and size."""

    days: float
    referrals_a_day: float
    priorities: tuple[int, ...]
    priority_limits: tuple[float, ...]
    stages: tuple[Stage, ...]


def read(demand: float = 1.0, volume: float = 1.0, days: float | None = None) -> Network:
    """The network of the file.

    Args:
        demand: referrals as a multiple of the file's, with the same servers.
        volume: referrals and servers alike.
        days: length of the run, if not the file's.
    """
    described = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    names = list(described["stages"])
    stages = []
    for name, stage in described["stages"].items():
        ways = tuple(-1 if way == CLOSE else names.index(way) for way in stage["then"])
        stages.append(
            Stage(name, round(stage["servers"] * volume), stage["mean"], stage["cv"], ways, _limits(stage["then"]))
        )
    return Network(
        float(days or described["days"]),
        described["referrals_a_week"] / 7.0 * demand * volume,
        tuple(described["priorities"]),
        _limits(described["priorities"]),
        tuple(stages),
    )


def _limits(shares: dict[Any, str]) -> tuple[float, ...]:
    return tuple(accumulate(float(share.rstrip("%")) / 100.0 for share in shares.values()))


class Chance:
    """The network's random numbers: one at a time as an introduction would draw them, or in blocks.

    Both give the same numbers: a generator of numpy fills a block from the same sequence.

    Attributes:
        gap: days to the next arrival.
        priority: of a child who arrives.
        service: by stage, the days that a service takes.
        way: by stage, the next stage, or -1.
    """

    def __init__(self, network: Network, seed: int, in_blocks: bool) -> None:
        drawn, chosen = (_drawn_in_blocks, _chosen_in_blocks) if in_blocks else (_drawn, _chosen)
        sources = iter(np.random.default_rng(seed).spawn(2 + 2 * len(network.stages)))
        self.gap = drawn(partial(next(sources).exponential, 1.0 / network.referrals_a_day))
        self.priority = chosen(next(sources).random, network.priority_limits, network.priorities)
        self.service: list[Callable[[], float]] = []
        self.way: list[Callable[[], int]] = []
        for stage in network.stages:
            spread = math.sqrt(math.log1p(stage.cv**2))
            location = math.log(stage.mean) - spread**2 / 2.0
            self.service.append(drawn(partial(next(sources).lognormal, location, spread)))
            self.way.append(chosen(next(sources).random, stage.limits, stage.ways))


Draw = Callable[..., Any]


def _drawn(draw: Draw) -> Callable[[], float]:
    return lambda: float(draw())


def _drawn_in_blocks(draw: Draw) -> Callable[[], float]:
    return endless(lambda many: draw(size=many)).__next__


def _chosen(draw: Draw, limits: tuple[float, ...], values: tuple[int, ...]) -> Callable[[], int]:
    inner = limits[:-1]  # shares add up to one but for rounding
    return lambda: values[bisect_right(inner, draw())]


def _chosen_in_blocks(draw: Draw, limits: tuple[float, ...], values: tuple[int, ...]) -> Callable[[], int]:
    inner, names = np.array(limits[:-1]), np.array(values)
    return endless(lambda many: names[np.searchsorted(inner, draw(size=many), side="right")]).__next__


def arrivals(network: Network, chance: Chance) -> Iterator[tuple[float, int]]:
    """Time and priority of each child, for simulators that want their arrivals in advance."""
    now = chance.gap()
    while now < network.days:
        yield now, chance.priority()
        now += chance.gap()
