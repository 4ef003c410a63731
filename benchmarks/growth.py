"""How the cost of a child grows with the size of the service, and with overload."""

from __future__ import annotations

from typing import Any

from benchmarks.figures import Figure, lower, ratios
from benchmarks.measure import measured_apart

BESIDE = "Croydon"
OTHERS = ("Rutland", "5 Croydons", "25 Croydons", "+40% referrals", "+100% referrals", "no staff")
LARGEST = "England"


def measure(
    rounds: int, others: tuple[str, ...] = OTHERS, largest: str | None = LARGEST
) -> tuple[list[Figure], dict[str, Any]]:
    """Measure one year of each size in turn, with everything on, and compare the cost of a child with Croydon's."""
    names = (BESIDE, *others)
    costs: dict[str, list[float]] = {name: [] for name in names}
    details: dict[str, Any] = {}
    for _ in range(rounds):
        for name in names:
            cost = measured_apart(name, 1, 1, "--everything-on")
            costs[name].append(cost["processor seconds"][0] / cost["children"])
            details[name] = of_interest(cost)
    figures = [lower("growth: Croydon, cost of a child", "ms", [1000 * each for each in costs[BESIDE]])]
    for name in others:
        figures.append(
            lower(f"growth: {name}, cost of a child to Croydon's", "times", ratios(costs[name], costs[BESIDE]))
        )
    if largest is not None:
        cost = measured_apart(largest, 1, 1, "--everything-on")
        details[largest] = of_interest(cost)
        figures.append(lower(f"growth: {largest}, seconds for a year", "s", cost["processor seconds"]))
        if cost["megabytes"] is not None:
            figures.append(lower(f"growth: {largest}, peak", "MB", [cost["megabytes"]]))
    return figures, details


def of_interest(cost: dict[str, Any]) -> dict[str, Any]:
    """What a reader wants to know beside the cost."""
    return {key: cost[key] for key in ("children", "children referred", "events", "processor seconds", "megabytes")}
