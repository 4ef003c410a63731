"""Why children wait, in words: what `frontdoor why` prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sim.experiment.analysis.waiting import CauseShares, days_by_run, shares
from sim.experiment.errors import ResultsError
from sim.measures.waiting.causes import CAUSES
from sim.report.wording.formats import spoken
from sim.scenario.stage_names import STAGE_NAMES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STAGE_WORDS", "of_child", "of_stage", "overall"]

STAGE_WORDS: Final[dict[str, str]] = {
    "front_door": "At the front door",
    "assessment": "In assessment",
    "section_47": "In section 47 enquiries",
    "child_in_need": "On child in need plans",
    "child_protection": "On child protection plans",
    "pre_proceedings": "In pre-proceedings",
    "court": "In care proceedings",
}
"""How a sentence on a stage begins, where its name alone would not do."""
LEAST_SHARE: Final = 0.005
"""Causes with less than half a day in a hundred are said together."""


def stage_words(stage: str) -> str:
    """How a sentence on a stage begins: `In assessment`."""
    return STAGE_WORDS.get(stage, f"In {stage.replace('_', ' ')}")


def overall(
    table: pd.DataFrame, scenario: str, *, stage: str | None, team: str | None, period: str | None
) -> Iterator[str]:
    """Lines on each stage of a scenario, or the one asked for.

    Raises:
        ResultsError: when there are no days to speak of.
    """
    lines = [
        line
        for name in STAGE_NAMES
        if stage in (None, name)
        for line in of_stage(table, scenario, name, stage_words(name), team=team, period=period)
    ]
    if not lines:
        raise ResultsError(f"no child-days of {scenario} are in that stage, team and period")
    yield from lines


def of_stage(
    table: pd.DataFrame, scenario: str, stage: str, words: str, *, team: str | None, period: str | None
) -> Iterator[str]:
    """Lines on one stage: all days, and those beyond its standard; none where it has no days."""
    everything = shares(days_by_run(table, scenario, stage=stage, team=team, period=period))
    if everything.total <= 0.0:
        return
    yield f"{words}, {spoken(everything.total)} child-days. Of every 100:"
    yield from _causes(everything)
    beyond = shares(days_by_run(table, scenario, "beyond", stage=stage, team=team, period=period))
    if beyond.total >= 1.0:
        yield f"  Beyond the standard, {spoken(beyond.total)} child-days. Of every 100:"
        yield from (f"  {line}" for line in _causes(beyond))
    yield ""


def _causes(causes: CauseShares) -> Iterator[str]:
    small = 0.0
    for place in causes.largest():
        share = causes.share[place]
        if share < LEAST_SHARE:
            small += share
            continue
        between = ""
        if causes.replications > 1:
            between = f"  [{100 * causes.low80[place]:.1f} to {100 * causes.high80[place]:.1f}]"
        yield f"  {100 * share:5.1f}  {CAUSES[place].words}{between}"
    if small > 0.0:
        yield f"  {100 * small:5.1f}  for other causes"


def of_child(journeys: pd.DataFrame, child: int) -> Iterator[str]:
    """Lines on one simulated child, stay by stay.

    Args:
        journeys: rows of one scenario and replication, with the columns of causes.

    Raises:
        ResultsError: when the child is not among them, or they have no causes.
    """
    mine = journeys[journeys["child"] == child]
    if not len(mine):
        example = f"; the first is {journeys['child'].iloc[0]}" if len(journeys) else ""
        raise ResultsError(f"there is no simulated child {child} in these journeys{example}")
    columns = [f"days_{cause.name}" for cause in CAUSES]
    if any(name not in mine.columns for name in columns):
        raise ResultsError("these journeys were made by an earlier version and have no causes; run the scenario again")
    yield f"Simulated child {child}."
    for row in mine.sort_values("entered", kind="stable").to_dict("records"):
        days = {cause.words: row[name] for cause, name in zip(CAUSES, columns, strict=True) if row[name] > 0.0}
        total = sum(days.values())
        left = row["outcome"] if isinstance(row["outcome"], str) else "still open"
        clock = row["working_days"]
        since = f", {clock:.0f} working days on its statutory clock" if clock == clock and clock is not None else ""
        yield (
            f"{stage_words(row['stage'])} from {row['entered']:%d %B %Y}: {total:.0f} working days{since}; "
            f"{left.replace('_', ' ')}."
        )
        for words, number in sorted(days.items(), key=lambda item: -item[1]):
            yield f"  {number:5.1f}  {words}"
