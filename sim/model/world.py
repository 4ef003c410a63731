"""The world of one replication: what every part of the model may use, and nothing that belongs to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.calendar import Month, WorkingDayCalendar, calendar_of
from sim.model.engine.clock import Clock
from sim.model.recording.recorder import Recorder
from sim.scenario.schema import Scenario
from sim.streams import Streams


class ScenarioInForce:
    """The scenario that holds from now on.

    Attributes:
        scenario: replaced by `World.go_on_as` alone.
    """

    __slots__ = ("scenario",)

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario


@dataclass(frozen=True)
class World:
    """Time, chance, the record and the scenario.

    Two scenarios may share a past (`sim.scenario.shared_past`): the run goes on as the second from the morning on which
    the two part. So the world is frozen, but for the scenario in force. A part that reads `scenario` in its constructor
    keeps what the first one says; that is right for everything but teams, because a second scenario only adds teams.

    Attributes:
        clock: working days since the start; everything that happens later is booked with it.
        calendar: dates and holidays by working day.
        months: the calendar months of the run, by which the books are kept.
        streams: random draws by name.
        recorder: collects rows, and changes nothing.
    """

    clock: Clock
    calendar: WorkingDayCalendar
    months: Sequence[Month]
    streams: Streams
    recorder: Recorder
    in_force: ScenarioInForce

    @property
    def scenario(self) -> Scenario:
        """The scenario in force."""
        return self.in_force.scenario

    def go_on_as(self, scenario: Scenario) -> None:
        """Put another scenario in force from this morning on."""
        self.in_force.scenario = scenario

    def month_of(self, day: int) -> int:
        """Number of the month (from 1) in which a working day lies."""
        for number, month in enumerate(self.months, start=1):
            if day <= month.last_index:
                return number
        return len(self.months)


def world_of(scenario: Scenario, streams: Streams, record: bool) -> World:
    """The world on the first morning of a scenario; `record`: keep rows of what happens."""
    calendar = calendar_of(scenario.period.start, scenario.period.end)
    clock = Clock(whole_days=scenario.clock == "working_days")
    return World(clock, calendar, calendar.months(), streams, Recorder(record), ScenarioInForce(scenario))
