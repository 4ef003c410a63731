"""Scenario files: what a planner can write, how it is read, and where each figure came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import imported_on_first_use

if TYPE_CHECKING:
    from sim.scenario.errors.problems import Problem, ScenarioError
    from sim.scenario.reading.editor_schema import json_schema
    from sim.scenario.reading.loader import LoadedScenario, load
    from sim.scenario.schema import Scenario

__all__ = ["LoadedScenario", "Problem", "Scenario", "ScenarioError", "json_schema", "load"]

__getattr__ = imported_on_first_use(
    __name__,
    {
        "LoadedScenario": "reading.loader",
        "Problem": "errors.problems",
        "Scenario": "schema",
        "ScenarioError": "errors.problems",
        "json_schema": "reading.editor_schema",
        "load": "reading.loader",
    },
)
