"""The data of the animated flow: children by week, stage and what they wait for, packed small.

Counts are sixteen-bit numbers, written as base64: weeks by stages by groups of causes. Moves between stages are few and
stay a list. A year of Croydon takes about 15 kB.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.calendar.working_days import calendar_of
from sim.experiment.results.period_dates import run_dates
from sim.measures.waiting.causes import GROUPS as GROUP_NAMES
from sim.measures.waiting.flow import WEEK
from sim.report import palette
from sim.report.charts.pathway import STAGES
from sim.report.waiting.view import GROUPS
from sim.report.wording import formats
from sim.scenario.stage_names import STAGE_NAMES

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.results_view import ResultsView

__all__ = ["FlowDrawing", "flow"]

MOST_CHILDREN: Final = 65_535
WORK_COLOUR: Final = "#868E96"
"""Grey that stands out from the page by 3 to 1."""


@dataclass(frozen=True)
class FlowDrawing:
    """What the page draws: `data` for the script, `scenarios` as letter and title, and the last week's label."""

    data: dict[str, Any]
    scenarios: tuple[tuple[str, str], ...]
    weeks: int
    first: str


def flow(data: ResultsView) -> FlowDrawing | None:
    """The flow of results; None where they do not hold it."""
    table = getattr(data.results, "flow", None)
    if table is None or not len(table):
        return None
    weeks = int(table["week"].max()) + 1
    names = table["scenario"].astype(str).to_numpy()
    shown = [scenario for scenario in data.scenarios if (names == scenario.name).any()]
    groups = [{"label": group.label, "colour": group.colour, "hollow": bool(group.pattern)} for group in GROUPS] + [
        {"label": "Work at full pace", "colour": WORK_COLOUR, "hollow": False}
    ]
    dates = _dates(data, weeks)
    packed = {
        "stages": [STAGES[name] for name in STAGE_NAMES],
        "groups": groups,
        "weeks": dates,
        "ink": palette.INK,
        "scenarios": [
            {
                "name": f"{scenario.letter} {scenario.short or scenario.title}",
                **_packed(table[names == scenario.name], weeks),
            }
            for scenario in shown
        ],
    }
    return FlowDrawing(packed, tuple((scenario.letter, scenario.title) for scenario in shown), weeks, dates[0])


def _dates(data: ResultsView, weeks: int) -> list[str]:
    """The first day of each week in words; numbers where the results do not say when they begin."""
    dates = run_dates(data.manifest.scenarios[0].resolved)
    if dates is None:
        return [f"week {week + 1}" for week in range(weeks)]
    calendar = calendar_of(*dates)
    return [formats.day_name(str(calendar.date(week * WEEK))) for week in range(weeks)]


def _packed(table: pd.DataFrame, weeks: int) -> dict[str, Any]:
    stages = {name: place for place, name in enumerate([*STAGE_NAMES, "outside"])}
    groups = {name: place for place, name in enumerate(GROUP_NAMES)}
    week, children = table["week"].to_numpy(dtype=np.int64), table["children"].to_numpy(dtype=np.int64)
    stage = table["stage"].astype(str).map(stages).to_numpy()
    what, kind = table["what"].astype(str), table["kind"].astype(str).to_numpy()
    standing = np.zeros((weeks, len(STAGE_NAMES), len(GROUP_NAMES)), dtype="<u2")
    inside = kind == "in stage"
    standing[week[inside], stage[inside].astype(np.int64), what[inside].map(groups).to_numpy(dtype=np.int64)] = (
        np.minimum(children[inside], MOST_CHILDREN)
    )
    moves: list[list[int]] = [[] for _ in range(weeks)]
    for at, before, after, many in zip(
        week[~inside].tolist(),
        stage[~inside].tolist(),
        what[~inside].map(stages).tolist(),
        children[~inside].tolist(),
        strict=True,
    ):
        moves[at] += [int(before), int(after), int(many)]
    return {"standing": b64encode(standing.tobytes()).decode("ascii"), "moves": moves}
