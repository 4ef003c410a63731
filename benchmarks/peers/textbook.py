"""SimPy as an introduction shows it: a process for each child, `PriorityResource`, a row of the log as a mapping."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pandas as pd
import simpy

from benchmarks.peers.network import Chance, Network


def simulate(network: Network, seed: int) -> list[dict[str, Any]]:
    """Run the network and return its log."""
    env = simpy.Environment()
    chance = Chance(network, seed, in_blocks=False)
    servers = [simpy.PriorityResource(env, stage.servers) for stage in network.stages]
    log: list[dict[str, Any]] = []

    def child(number: int, priority: int) -> Generator[simpy.Event, Any, None]:
        stage = 0
        while stage >= 0:
            asked = env.now
            with servers[stage].request(priority=priority) as request:
                yield request
                started = env.now
                yield env.timeout(chance.service[stage]())
            log.append(
                {
                    "child": number,
                    "stage": stage,
                    "priority": priority,
                    "asked": asked,
                    "started": started,
                    "ended": env.now,
                }
            )
            stage = chance.way[stage]()

    def source() -> Generator[simpy.Event, Any, None]:
        number = 0
        while True:
            yield env.timeout(chance.gap())
            env.process(child(number, chance.priority()))
            number += 1

    env.process(source())
    env.run(until=network.days)
    return log


def table(log: list[dict[str, Any]]) -> pd.DataFrame:
    """The log as a table of visits."""
    return pd.DataFrame(log)
