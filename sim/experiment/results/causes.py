"""Child-days by cause of waiting as a table: what `causes.parquet` holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.measures.waiting.causes import CAUSE_NAMES
from sim.model.recording import STAGES

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results.replications import Replications
    from sim.measures.waiting.table import CauseTable

__all__ = ["CAUSE_TABLE_COLUMNS", "NO_TEAM", "frame"]

NO_TEAM: Final = "(none)"
"""Said where no team is known to hold the case: at the front door."""

CAUSE_TABLE_COLUMNS: Final[dict[str, str]] = {
    "scenario": "name of the scenario",
    "replication": "number of the replication, from 0",
    "period": "quarter of the reporting year",
    "stage": "stage of the pathway",
    "team": f"team that holds the case, or whose managers do; {NO_TEAM} where none is known",
    "cause": "cause of waiting: a name of `frontdoor why`; `work` is work at full pace",
    "days": "child-days, working days of the period",
    "beyond": "of these, child-days beyond the stage's standard",
}


def frame(scenarios: Sequence[Replications]) -> pd.DataFrame | None:
    """Child-days by quarter, stage, team and cause in every replication, without zeros; None where there are none."""
    import pandas as pd

    frames = [
        _of_replication(run.name, replication, table)
        for run in scenarios
        for replication, table in zip(run.replications, run.causes, strict=False)
    ]
    if not frames:
        return None
    joined = pd.concat(frames, ignore_index=True)
    names = list(dict.fromkeys(run.name for run in scenarios))
    joined["scenario"] = pd.Categorical(joined["scenario"], categories=names)
    teams = list(dict.fromkeys(team for run in scenarios for table in run.causes[:1] for team in table.teams))
    joined["team"] = pd.Categorical(joined["team"], categories=[*teams, NO_TEAM])
    return joined


def _of_replication(name: str, replication: int, table: CauseTable) -> Any:
    import pandas as pd

    quarter, stage, team, cause = np.nonzero(table.days[0])
    place = quarter, stage, team, cause
    teams = np.array([*table.teams, NO_TEAM], dtype=object)

    def coded(codes: Any, names: Sequence[str]) -> Any:
        return pd.Categorical.from_codes(codes.astype(np.int16), categories=list(names))

    return pd.DataFrame(
        {
            "scenario": name,
            "replication": np.int32(replication),
            "period": coded(quarter, table.quarters),
            "stage": coded(stage, STAGES),
            "team": teams[team],
            "cause": coded(cause, CAUSE_NAMES),
            "days": table.days[(0, *place)].astype(np.float64),
            "beyond": table.days[(1, *place)].astype(np.float64),
        },
        columns=list(CAUSE_TABLE_COLUMNS),
    )
