"""This product's own parts: its clock, whose events are the children; its places; its streams, drawn in blocks."""

from __future__ import annotations

from array import array

import numpy as np
import pandas as pd

from benchmarks.peers.network import Chance, Network, Visit
from sim.model.engine.clock import Clock
from sim.model.engine.event import Event, Phase
from sim.model.engine.places import Places


class Child(Event):
    """A child on the way through the network, whose next event is the end of the service under way."""

    __slots__ = ("asked", "network", "number", "priority", "stage", "started")

    def __init__(self, network: Running, number: int, priority: int) -> None:
        super().__init__(network.clock, Phase.MILESTONES, number)
        self.network = network
        self.number = number
        self.priority = priority

    def join(self, stage: int) -> None:
        """Ask for a server of a stage."""
        self.stage = stage
        self.asked = self.clock.now
        if self.network.servers[stage].take(self.priority, self):
            self.start()

    def start(self) -> None:
        """A server has time."""
        clock = self.clock
        self.started = clock.now
        clock.arm(self, clock.now + self.network.service[self.stage]())

    def happen(self) -> None:
        """The service ends."""
        network, stage = self.network, self.stage
        network.log((self.number, stage, self.priority, self.asked, self.started, self.clock.now))
        following = network.servers[stage].give_back()
        if following is not None:
            following.start()
        way = network.way[stage]()
        if way >= 0:
            self.join(way)


class Source(Event):
    """Children arrive, one after the other."""

    __slots__ = ("children", "network")

    def __init__(self, network: Running) -> None:
        super().__init__(network.clock, Phase.ARRIVALS, 0)
        self.network = network
        self.children = 0
        self.clock.arm(self, network.gap())

    def happen(self) -> None:
        """A child arrives, and the next one is awaited."""
        network = self.network
        child = Child(network, self.children, network.priority())
        self.children += 1
        child.join(0)
        self.clock.arm(self, self.clock.now + network.gap())


class Running:
    """The network under way."""

    def __init__(self, network: Network, seed: int) -> None:
        chance = Chance(network, seed, in_blocks=True)
        self.gap, self.priority, self.service, self.way = chance.gap, chance.priority, chance.service, chance.way
        self.clock = Clock(whole_days=False)
        self.servers: list[Places[Child]] = [Places(stage.servers) for stage in network.stages]
        self.rows: list[float] = []
        self.log = self.rows.extend
        Source(self)
        self.clock.run(int(network.days))


def simulate(network: Network, seed: int) -> array[float]:
    """Run the network and return its log."""
    return array("d", Running(network, seed).rows)


def table(log: array[float]) -> pd.DataFrame:
    """The log as a table of visits."""
    rows = pd.DataFrame(np.frombuffer(log).reshape(-1, len(Visit._fields)), columns=Visit._fields)
    return rows.astype({"child": int, "stage": int, "priority": int})
