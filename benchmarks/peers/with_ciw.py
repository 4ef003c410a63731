"""Ciw: nodes, three classes of customer with priorities, its own records; only the numbers come from outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ciw
import pandas as pd

from benchmarks.peers.network import Chance, Network, arrivals


class Gaps(ciw.dists.Distribution):
    """Gaps between arrivals that are known in advance; then none for ever."""

    def __init__(self, times: list[float]) -> None:
        self._times: Iterator[float] = iter(times)
        self._last = 0.0

    def sample(self, t: Any = None, ind: Any = None) -> float:
        """The gap to the next arrival."""
        time = next(self._times, None)
        if time is None:
            return float("inf")
        gap, self._last = time - self._last, time
        return gap


class Service(ciw.dists.Distribution):
    """Lengths of service of one stage, all classes in the order in which they start."""

    def __init__(self, chance: Chance, stage: int) -> None:
        self._draw = chance.service[stage]

    def sample(self, t: Any = None, ind: Any = None) -> float:
        """The length of the service that starts."""
        return self._draw()


class Way(ciw.routing.NodeRouting):
    """The way out of one stage."""

    def __init__(self, chance: Chance, stage: int) -> None:
        self._draw = chance.way[stage]

    def next_node(self, ind: Any) -> Any:
        """The node after this one; the last one of Ciw's is the exit."""
        return self.simulation.nodes[self._draw() + 1 or -1]


def simulate(network: Network, seed: int) -> list[Any]:
    """Run the network and return its log. Children are numbered in the order in which they came."""
    chance = Chance(network, seed, in_blocks=False)
    came = list(arrivals(network, chance))
    names = {number: f"priority {number}" for number in network.priorities}
    gaps = {number: Gaps([time for time, priority in came if priority == number]) for number in names}
    services = [Service(chance, stage) for stage in range(len(network.stages))]
    nobody = [None] * (len(network.stages) - 1)
    built = ciw.create_network(
        arrival_distributions={name: [gaps[number], *nobody] for number, name in names.items()},
        service_distributions=dict.fromkeys(names.values(), services),
        number_of_servers=[stage.servers for stage in network.stages],
        priority_classes={name: rank for rank, name in enumerate(names.values())},
        routing={
            name: ciw.routing.NetworkRouting([Way(chance, stage) for stage in range(len(network.stages))])
            for name in names.values()
        },
    )
    simulation = ciw.Simulation(built)
    simulation.simulate_until_max_time(network.days)
    records: list[Any] = simulation.get_all_records(only=["service"])
    return records


def table(log: list[Any]) -> pd.DataFrame:
    """The log as a table of visits."""
    records = pd.DataFrame(log)
    return pd.DataFrame(
        {
            "child": records["id_number"] - 1,
            "stage": records["node"] - 1,
            "priority": records["customer_class"].str.removeprefix("priority ").astype(int),
            "asked": records["arrival_date"],
            "started": records["service_start_date"],
            "ended": records["service_end_date"],
        }
    )
