"""Children referred and expected as a table: what `referrals.parquet` holds, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.results.replications import Referrals, Replications

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REFERRAL_COLUMNS", "frame", "read"]

REFERRAL_COLUMNS: dict[str, str] = {
    "scenario": "name of the scenario",
    "replication": "number of the replication, from 0",
    "month": "last calendar day of the month",
    "children": "children newly referred, without those who come back",
    "expected": "children expected, given the figures of the replication and the levers on demand",
}


def frame(scenarios: Sequence[Replications]) -> pd.DataFrame:
    """Children referred and expected, month by month in every replication; see `REFERRAL_COLUMNS`."""
    import pandas as pd

    nothing = {name: np.zeros(0) for name in REFERRAL_COLUMNS}
    frames = [pd.DataFrame(nothing | {"month": np.zeros(0, dtype="datetime64[s]")})]
    for run in scenarios:
        referrals = run.referrals
        if referrals is not None:
            runs, months = referrals.children.shape
            ends = np.array(referrals.months, dtype="datetime64[M]") + 1
            days = ends.astype("datetime64[D]") - np.timedelta64(1, "D")
            columns = {
                "scenario": run.name,
                "replication": np.repeat(np.array(run.replications, dtype=np.int32), months),
                "month": np.tile(days.astype("datetime64[s]"), runs),
                "children": referrals.children.ravel(),
                "expected": referrals.expected.ravel(),
            }
            frames.append(pd.DataFrame(columns))
    return pd.concat(frames[1:] or frames, ignore_index=True)


def read(scenarios: Sequence[Replications], table: pd.DataFrame) -> tuple[Replications, ...]:
    """Return each scenario's replications with the referrals that the frame holds."""
    gathered = []
    for run in scenarios:
        mine = table[table["scenario"] == run.name]
        if len(mine):
            months = tuple(dict.fromkeys(mine["month"].dt.strftime("%Y-%m")))
            both = [mine[name].to_numpy(dtype=np.float64).reshape(-1, len(months)) for name in ("children", "expected")]
            gathered.append(replace(run, referrals=Referrals(months, *both)))
        else:
            gathered.append(run)
    return tuple(gathered)
