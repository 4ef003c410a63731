"""Why replications differ: how much is chance, and how much comes from each figure that is known only as a range.

Each measure is regressed on the figures drawn, one row a replication. A figure's share is its squared standardised
coefficient (the first-order share where effects are linear and figures are drawn apart from one another: A. Saltelli et
al., "Global Sensitivity Analysis: The Primer", 2008, section 1.2.5), less the square of its standard error, since a
coefficient of nothing but noise would have a share too. The share of chance is the residual variance over the variance,
both unbiased; it holds what is not linear, and what figures do only together. Shares sum to one.

`low80` and `high80` are the 10th and 90th percentile over resamples of the replications. With fewer than ten
replications for each figure and one (`enough` is false) shares are a hint at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.results.replications import Replications
from sim.measures.definitions import MEASURES
from sim.streams import Streams

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CHANCE", "VARIANCE_COLUMNS", "shares", "variance_shares"]

Floats = NDArray[np.float64]

CHANCE: Final = "chance"
VARIANCE_COLUMNS = ("scenario", "measure", "of", "source", "share", "low80", "high80", "replications", "enough")
_RESAMPLES: Final = 200
_ENOUGH: Final = 10


def variance_shares(scenarios: Sequence[Replications], parameters: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of each headline measure over the whole run, of its level and of its difference.

    `of` is `level`, or `difference` for what a scenario changes against the baseline. `source` is `chance`, or the path
    of a figure. A measure that does not vary, or has too few replications to tell anything, is left out.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    base = scenarios[0]
    for scenario in scenarios:
        drawn = _drawn(parameters, [scenario.name], scenario.replications)
        for measure, values in _columns(scenario, scenario.replications):
            rows += _rows(scenario.name, measure, "level", drawn, values)
        if scenario is base:
            continue
        shared = Replications.shared([base, scenario])
        both = _drawn(parameters, [base.name, scenario.name], shared)
        levels = dict(_columns(base, shared))
        for measure, mine in _columns(scenario, shared):
            if measure in levels:
                theirs = levels[measure]
                rows += _rows(scenario.name, measure, "difference", both, mine - theirs)
    return pd.DataFrame(rows, columns=list(VARIANCE_COLUMNS))


def shares(figures: Floats, values: Floats) -> Floats | None:
    """Return the share of each figure and, last, of chance; None where nothing varies or there are too few rows.

    `figures` has shape (replications, figures); `values` one measure of each replication.
    """
    return None if len(values) < figures.shape[1] + 5 else _shares(figures[None], values[None])[0]


def _rows(scenario: str, measure: str, of: str, drawn: dict[str, Floats], values: Floats) -> list[tuple[object, ...]]:
    if not drawn:
        return []
    known = np.isfinite(values) & np.all([np.isfinite(column) for column in drawn.values()], axis=0)
    figures, values = np.stack(list(drawn.values()), axis=1)[known], values[known]
    many, count = figures.shape
    parts = shares(figures, values) if len(values) and np.ptp(values) > 0 else None
    if parts is None:
        return []
    draws = Streams(0, 0).generator(f"variance_shares/{scenario}/{measure}/{of}").integers(0, many, (_RESAMPLES, many))
    again = _shares(figures[draws], values[draws])
    low, high = np.nanpercentile(again, (10, 90), axis=0)
    enough = many >= _ENOUGH * (count + 1)
    names = [*drawn, CHANCE]
    return [(scenario, measure, of, name, parts[n], low[n], high[n], many, enough) for n, name in enumerate(names)]


def _shares(figures: Floats, values: Floats) -> Floats:
    """Shares for stacks of samples: figures (samples, rows, figures), values (samples, rows)."""
    rows, count = figures.shape[1:]
    x = figures - figures.mean(axis=1, keepdims=True)
    spread = x.std(axis=1, keepdims=True)
    x = np.divide(x, spread, out=np.zeros_like(x), where=spread > 0)
    y = values - values.mean(axis=1, keepdims=True)
    total = (y**2).sum(axis=1) / (rows - 1)
    inverse = np.linalg.pinv(np.swapaxes(x, 1, 2) @ x)
    slopes = np.einsum("sij,srj,sr->si", inverse, x, y)
    left = y - np.einsum("srj,sj->sr", x, slopes)
    noise = (left**2).sum(axis=1) / max(rows - count - 1, 1)
    errors = noise[:, None] * np.einsum("sii->si", inverse)
    own = np.maximum(slopes**2 - errors, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        chance = np.minimum(noise / total, 1.0)
        scale = np.where(own.sum(axis=1) > 0, (1.0 - chance) / own.sum(axis=1), 0.0)
    chance = np.where(own.sum(axis=1) > 0, chance, 1.0)
    parts: Floats = np.concatenate([own * scale[:, None], chance[:, None]], axis=1)
    parts[total <= 0] = np.nan
    return parts


def _drawn(parameters: pd.DataFrame, names: Sequence[str], replications: Sequence[int]) -> dict[str, Floats]:
    """Figures by path over replications, those of several scenarios together; one that both draw alike stands once."""
    parts: dict[str, Floats] = {}
    for name in names:
        mine = parameters[parameters["scenario"].astype(str) == name]
        if mine.empty:
            continue
        wide = mine.pivot(index="replication", columns="path", values="value").reindex(list(replications))
        for path in dict.fromkeys(mine["path"]):
            column = wide[path].to_numpy(dtype=np.float64)
            if not any(np.array_equal(column, other, equal_nan=True) for other in parts.values()):
                parts[path if path not in parts else f"{path} ({name})"] = column
    return parts


def _columns(scenario: Replications, replications: Sequence[int]) -> Iterator[tuple[str, Floats]]:
    for measure, period in scenario.columns:
        values = scenario.runs(measure, period, replications)
        if period == "whole" and values is not None and measure in MEASURES and MEASURES[measure].headline:
            yield measure, values
