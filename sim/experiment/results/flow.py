"""Where simulated children are from week to week as a table: what `flow.parquet` holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.measures.waiting.causes import GROUPS
from sim.model.recording import STAGES

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results.replications import Replications

__all__ = ["FLOW_COLUMNS", "IN_STAGE", "MOVE", "OUTSIDE_NAME", "frame"]

IN_STAGE: Final = "in stage"
MOVE: Final = "move"
OUTSIDE_NAME: Final = "outside"
FLOW_COLUMNS: Final[dict[str, str]] = {
    "scenario": "name of the scenario; its first replication is told",
    "week": "number of the week of the run, from 0; five working days each",
    "kind": f"`{IN_STAGE}`: children in a stage on the week's first day; `{MOVE}`: children who changed stage in it",
    "stage": f"the stage, or the one that they left; `{OUTSIDE_NAME}` before a referral",
    "what": f"what they wait for, or the stage that they came to; `{OUTSIDE_NAME}` once the case has closed",
    "children": "children, simulated",
}


def frame(ensembles: Sequence[Replications]) -> pd.DataFrame | None:
    """Children by week, stage and what they wait for, and moves between stages; None where none were recorded."""
    import pandas as pd

    stages = [*STAGES, OUTSIDE_NAME]
    frames = []
    for run in ensembles:
        if run.flow is None:
            continue
        for kind, counts, whats in ((IN_STAGE, run.flow.standing, GROUPS), (MOVE, run.flow.moves, stages)):
            week, stage, what = np.nonzero(counts)
            frames.append(
                pd.DataFrame(
                    {
                        "scenario": run.name,
                        "week": week.astype(np.int32),
                        "kind": kind,
                        "stage": np.array(stages, dtype=object)[stage],
                        "what": np.array(whats, dtype=object)[what],
                        "children": counts[week, stage, what],
                    }
                )
            )
    if not frames:
        return None
    joined = pd.concat(frames, ignore_index=True)
    return joined.astype(dict.fromkeys(("scenario", "kind", "stage", "what"), "category"))
