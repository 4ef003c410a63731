"""What the pathway waits for besides workers and managers: conferences, legal panels, hearings, solicitors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sim.model.engine.diary import Diary
from sim.model.levers.capacity import capacity_by_day, chair_absence
from sim.model.pathway.solicitors import Solicitors
from sim.model.world import World
from sim.streams import endless

DIARY_AHEAD: Final = 400
"""Working days beyond the end of the run for which diaries are open."""
SESSIONS_AT_A_TIME: Final = 256
"""Conference sessions whose chairs' absence is drawn at a time."""


class Capacities:
    """The diaries and the legal team. They touch nothing else.

    Attributes:
        conferences: initial and review child protection conferences, in one diary.
        legal_panels: meetings of the legal planning panel.
        final_hearings: final hearings of care proceedings.
        solicitors: places in the caseloads of the legal team.
    """

    def __init__(self, world: World) -> None:
        scenario, calendar = world.scenario, world.calendar
        rules, last_day = scenario.capacities, calendar.horizon + DIARY_AHEAD
        self.conferences = Diary(
            capacity_by_day(scenario, "conference_slots_a_week", calendar),
            rules.conference_session_slots,
            last_day,
            _lost_sessions(world),
            rules.initial_conferences == "first",
        )
        self.legal_panels = Diary(capacity_by_day(scenario, "legal_panel_slots_a_week", calendar), 1, last_day)
        self.final_hearings = Diary(capacity_by_day(scenario, "final_hearings_a_week", calendar), 1, last_day)
        solicitors = capacity_by_day(scenario, "solicitors", calendar)
        self.solicitors = Solicitors(solicitors, rules.cases_per_solicitor, world.clock)


def _lost_sessions(world: World) -> Callable[[int], bool] | None:
    """Whether the chair of each conference session in turn, on its day, is away: it does not take place."""
    share = chair_absence(world.scenario, world.calendar)
    if max(share.values) <= 0:
        return None
    draws = endless(world.streams.generator("conference_chair_absence").random, SESSIONS_AT_A_TIME)
    return lambda day: next(draws) < share.at(day)
