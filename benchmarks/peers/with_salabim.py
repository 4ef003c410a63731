"""salabim: a component for each child, which requests a resource with a priority and holds it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pandas as pd
import salabim

from benchmarks.peers.network import Chance, Network, Visit


def simulate(network: Network, seed: int) -> list[Visit]:
    """Run the network and return its log."""
    salabim.yieldless(False)  # generators: its other way needs a compiled library for the same speed
    env = salabim.Environment(trace=False, random_seed="*")
    chance = Chance(network, seed, in_blocks=False)
    servers = [salabim.Resource(stage.name, capacity=stage.servers, monitor=False) for stage in network.stages]
    log: list[Visit] = []

    class Child(salabim.Component):
        def setup(self, number: int, rank: int) -> None:
            self.number, self.rank = number, rank

        def process(self) -> Generator[Any, Any, None]:
            stage = 0
            while stage >= 0:
                asked = env.now()
                yield self.request((servers[stage], 1, self.rank))
                started = env.now()
                yield self.hold(chance.service[stage]())
                self.release(servers[stage])
                log.append(Visit(self.number, stage, self.rank, asked, started, env.now()))
                stage = chance.way[stage]()

    class Source(salabim.Component):
        def process(self) -> Generator[Any, Any, None]:
            number = 0
            while True:
                yield self.hold(chance.gap())
                Child(number=number, rank=chance.priority())
                number += 1

    Source()
    env.run(till=network.days)
    return log


def table(log: list[Visit]) -> pd.DataFrame:
    """The log as a table of visits."""
    return pd.DataFrame(log)
