"""Supervision: how often each worker is supervised, and the hours that it takes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from sim.scenario.sections.base import Section
from sim.scenario.values.quantities import Duration, Hours, Interval, Share, Whole

Supervised = Literal["social_worker", "senior", "agency"]


def _weeks(amount: float) -> Duration:
    return Duration(amount=amount, unit="weeks")


def _usual() -> dict[Supervised, Duration]:
    return {"social_worker": _weeks(4), "senior": _weeks(4), "agency": _weeks(4)}


def _with_the_usual(given: object) -> object:
    """Grades that are not named keep the usual cadence."""
    return _usual() | given if isinstance(given, dict) else given


class Supervision(Section):
    """Supervision of every worker by the team's managers."""

    every: Annotated[dict[Supervised, Interval], BeforeValidator(_with_the_usual)] = Field(
        default_factory=_usual, description="time from one supervision to the next, by grade; 4 weeks unless given"
    )
    newly_qualified: dict[Whole, Interval] = Field(
        default_factory=lambda: {0: _weeks(1), 6: _weeks(2), 26: Duration(amount=1, unit="months")},
        min_length=1,
        description="the same for newly qualified workers, from each week since qualifying",
    )
    manager_hours: Hours = Field(
        1.5, description="hours of the manager for one supervision, notes included (assumption)"
    )
    worker_hours: Hours = Field(1.5, description="hours of the worker for one supervision (assumption)")
    sight_without: Share = Field(
        0.7,
        description="chance that a worker recognises a rise in need when supervision is four weeks late, as a"
        " share of the usual chance (assumption, 40% to 100%; 100%: no effect)",
    )
    finds_work_done: Share = Field(
        0.0,
        description="share of the worker's plans with finished work whose review a supervision brings forward"
        " (assumption)",
    )
