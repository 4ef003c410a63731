"""Which scenario is best, and how sure that is.

The replications are drawn again with replacement (B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap",
1993), all scenarios' figures of a replication together, since they are of the same children. `best_share` is the
share of resamples in which a scenario has the best mean, an estimate of how likely it would come out best again;
`best_in_runs` is the share of single replications in which it is best. Ties are shared out.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.results.replications import Replications
from sim.experiment.running.executor import available_cpus
from sim.measures.definitions import MEASURES
from sim.streams import Streams

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BEST_COLUMNS", "best", "best_shares"]

Floats = NDArray[np.float64]

BEST_COLUMNS = ("measure", "period", "scenario", "mean", "best_share", "best_in_runs", "replications")
_RESAMPLES: Final = 2000


def best(scenarios: Sequence[Replications], seed: int) -> pd.DataFrame | None:
    """Return each scenario's chance of being the best on each measure of which one way is good, over the whole run.

    None for a single scenario, or with fewer than two replications that all scenarios share.
    """
    import pandas as pd

    replications = Replications.shared(scenarios)
    if len(scenarios) < 2 or len(replications) < 2:
        return None
    compared: list[tuple[str, float, Floats]] = []
    for measure in MEASURES.values():
        runs = [each.runs(measure.id, "whole", replications) for each in scenarios]
        columns = [column for column in runs if column is not None]
        if measure.better == "neither" or len(columns) < len(runs):
            continue
        values = np.stack(columns, axis=1)
        values = values[np.isfinite(values).all(axis=1)]
        if len(values) >= 2 and np.ptp(values) != 0:
            compared.append((measure.id, 1.0 if measure.better == "higher" else -1.0, values))

    def shares(figures: tuple[str, float, Floats]) -> tuple[Floats, Floats]:
        measure, sign, values = figures
        draws = Streams(seed, 0).generator(f"best/{measure}")
        again = draws.multinomial(len(values), np.full(len(values), 1.0 / len(values)), _RESAMPLES)
        return best_shares(sign * (again @ values) / len(values)), best_shares(sign * values)

    # numpy draws without holding Python up, and each measure has a stream of its own: threads share the work.
    if sys.platform == "emscripten":  # Python in a browser has none
        shared = list(map(shares, compared))
    else:
        with ThreadPoolExecutor(available_cpus()) as pool:
            shared = list(pool.map(shares, compared))
    rows = [
        (measure, "whole", scenario.name, values[:, place].mean(), means[place], single[place], len(values))
        for (measure, _, values), (means, single) in zip(compared, shared, strict=True)
        for place, scenario in enumerate(scenarios)
    ]
    return pd.DataFrame(rows, columns=list(BEST_COLUMNS))


def best_shares(figures: Floats) -> Floats:
    """Return the share of rows in which each column is the highest; ties are shared out."""
    top = figures.max(axis=1, keepdims=True)
    winners = np.isclose(figures, top, rtol=1e-12, atol=1e-12)
    shares: Floats = (winners / winners.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares
