"""The page's questions as text, for Python inside a browser: JSON in, JSON out, and a run step by step."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.experiment.errors import ExperimentError
from sim.experiment.running.executor import InProcess
from sim.scenario.errors.problems import ScenarioError
from sim.serve.desk import Desk, refusal

if TYPE_CHECKING:
    from sim.serve.runs import Event

__all__ = ["Bridge"]

SCRATCH: Final = Path("/tmp/frontdoor")


class Bridge:
    """What the worker calls. When a call fails, `refusal` says why, for the page."""

    def __init__(self, scratch: Path = SCRATCH) -> None:
        self._desk = Desk(scratch)
        self._events: Generator[Event] | None = None
        self._refusal = ""

    def ask(self, question: str, given: str) -> str:
        """Answer a question; both are JSON."""
        self._refusal = ""
        try:
            return json.dumps(self._desk.ask(question, json.loads(given)), ensure_ascii=False)
        except (ExperimentError, ScenarioError) as error:
            self._refuse(error)
            raise

    def begin_run(self, given: str) -> None:
        """Begin the run of a comparison, given as JSON; the one before ends."""
        self.stop()
        self._refusal = ""
        self._events = self._desk.events(json.loads(given), InProcess())

    def next_event(self) -> str:
        """The next event of the run as JSON; an empty text when it has ended. One replication is run at most."""
        if self._events is None:
            return ""
        try:
            return json.dumps(next(self._events), ensure_ascii=False, allow_nan=False)
        except StopIteration:
            self._events = None
            return ""
        except (ExperimentError, ScenarioError) as error:
            self._events = None
            self._refuse(error)
            raise

    def stop(self) -> None:
        """End the run; what is complete stays in memory."""
        if self._events is not None:
            self._events.close()
            self._events = None

    def exported(self, kind: str, given: str) -> bytes:
        """A comparison, given as JSON, as a file to take away."""
        self._refusal = ""
        try:
            return self._desk.exported(json.loads(given), kind)
        except (ExperimentError, ScenarioError) as error:
            self._refuse(error)
            raise

    def refusal(self) -> str:
        """Why the last call failed, as JSON; empty where it was no refusal of ours."""
        return self._refusal

    def _refuse(self, error: Exception) -> None:
        self._refusal = json.dumps(refusal(error), ensure_ascii=False)
