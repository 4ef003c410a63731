"""Child-days by cause as the charts read them: by group of causes, scenario, quarter and run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.measures.waiting.causes import CAUSE_NAMES, CAUSES
from sim.measures.waiting.causes import GROUPS as GROUP_NAMES
from sim.report import palette

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.results_view import ResultsView

__all__ = ["GROUPS", "NO_WORKER", "CauseGroup", "Floats", "WaitingView"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CauseGroup:
    """Causes that a chart adds up: a label, a colour, and a pattern that tells it apart without the colour."""

    label: str
    colour: str
    pattern: str


NO_WORKER: Final = 0
_NAMES: Final = GROUP_NAMES[:-1]
_PATTERNS: Final = ("", "/")
GROUPS: Final = tuple(
    CauseGroup(
        name[0].upper() + name[1:],
        palette.COLOURS[place % len(palette.COLOURS)],
        _PATTERNS[place // len(palette.COLOURS)],
    )
    for place, name in enumerate(_NAMES)
)
"""What children wait for, in the order in which causes are sought; work at full pace is no waiting."""
_GROUP_OF: Final = {cause.name: _NAMES.index(cause.group) for cause in CAUSES if not cause.work}


class WaitingView:
    """The table of causes of some results; `None` of `of` where they have none."""

    def __init__(self, data: ResultsView, table: pd.DataFrame) -> None:
        self.quarters = data.quarters
        codes = np.array([_GROUP_OF.get(name, -1) for name in CAUSE_NAMES])
        known = {name: place for place, name in enumerate(CAUSE_NAMES)}
        group = codes[table["cause"].astype(str).map(known).to_numpy(dtype=np.int64)]
        quarter = table["period"].astype(str).map({name: place for place, name in enumerate(self.quarters)})
        keep = (group >= 0) & quarter.notna().to_numpy()
        days = table["days"].to_numpy(dtype=np.float64)
        self._runs: dict[str, Floats] = {}
        names = table["scenario"].astype(str).to_numpy()
        replications = table["replication"].to_numpy()
        for scenario in data.scenarios:
            mine = np.flatnonzero(keep & (names == scenario.name))
            runs, row = np.unique(replications[mine], return_inverse=True)
            days_by_group = np.zeros((len(runs), len(self.quarters), len(GROUPS)))
            np.add.at(
                days_by_group, (row, quarter.to_numpy(dtype=np.float64)[mine].astype(np.int64), group[mine]), days[mine]
            )
            self._runs[scenario.name] = days_by_group

    @classmethod
    def of(cls, data: ResultsView) -> WaitingView | None:
        """The view of results, where they hold causes."""
        table = getattr(data.results, "causes", None)
        if table is None or not len(table) or not data.quarters:
            return None
        view = cls(data, table)
        return view if all(runs.size for runs in view._runs.values()) else None

    def runs(self, scenario: str) -> Floats:
        """Child-days by replication, quarter and group."""
        return self._runs[scenario]

    def by_quarter(self, scenario: str) -> Floats:
        """Mean child-days by quarter and group."""
        shares: Floats = self._runs[scenario].mean(axis=0)
        return shares

    def a_year(self, scenario: str) -> Floats:
        """Mean child-days of a year by group."""
        shares: Floats = self.by_quarter(scenario).sum(axis=0) * 4 / len(self.quarters)
        return shares
