"""Ways out of each stage, as they hold on each day (thresholds change on dates)."""

from __future__ import annotations

from bisect import bisect_right

from sim.calendar import WorkingDayCalendar
from sim.model.engine.limits import FIRST_OF_ALL
from sim.model.levers.dated import active
from sim.model.recording.names import OUTCOME
from sim.scenario.schema import Scenario
from sim.scenario.sections.levers import RoutingChange

Table = list[tuple[float, int]]


class Routing:
    """Shares of the ways out of every stage, by day. It touches nothing."""

    def __init__(self, scenario: Scenario, calendar: WorkingDayCalendar) -> None:
        changes = scenario.levers_of(RoutingChange)
        dates = {calendar.index(lever.at) for lever in changes}
        dates |= {calendar.index(lever.until) for lever in changes if lever.until is not None}
        self._days = [FIRST_OF_ALL, *sorted(dates)]
        self._tables: list[dict[str, Table]] = []
        for day in self._days:
            shares: dict[str, dict[str, float]] = {}
            for name in type(scenario.stages).model_fields:
                stage = getattr(scenario.stages, name)
                shares[name] = stage.outcomes.model_dump()
            shares["conference"] = scenario.stages.section_47.conference_outcomes.model_dump()
            for lever in changes:
                if active(lever, day, calendar):
                    shares[lever.stage] = _changed(shares[lever.stage], lever.outcomes)
            self._tables.append({name: _cumulative(ways) for name, ways in shares.items()})

    def pick(self, stage: str, draw: float, day: float) -> int:
        """The way out of a stage for a uniform draw: a code into OUTCOMES."""
        tables = self._tables[bisect_right(self._days, day) - 1 if len(self._days) > 1 else 0]
        for limit, code in tables[stage]:
            if draw < limit:
                return code
        return tables[stage][-1][1]

    def without(self, stage: str, draw: float, day: float, excluded: int) -> int:
        """The same with one way out excluded and the others in proportion; the last of all where nothing is left."""
        table = self._tables[bisect_right(self._days, day) - 1 if len(self._days) > 1 else 0][stage]
        kept: list[tuple[float, int]] = []
        before = total = 0.0
        for limit, code in table:
            if code != excluded and limit > before:
                total += limit - before
                kept.append((total, code))
            before = limit
        for limit, code in kept:
            if draw * total < limit:
                return code
        return kept[-1][1] if kept else OUTCOME["close"]


def _changed(shares: dict[str, float], new: dict[str, float]) -> dict[str, float]:
    rest = 1.0 - sum(new.values())
    others = sum(share for name, share in shares.items() if name not in new)
    scale = rest / others if others > 0 else 0.0
    changed = {name: new.get(name, share * scale) for name, share in shares.items()}
    if others <= 0 and rest > 0:
        # Nothing else to take the remainder: the named ways out share it in proportion.
        total = sum(changed.values())
        changed = {name: share / total for name, share in changed.items()}
    return changed


def _cumulative(shares: dict[str, float]) -> Table:
    table: Table = []
    total = 0.0
    for name, share in shares.items():
        if share > 0:
            total += share
            table.append((total, OUTCOME[name]))
    return table
