"""Scenario files: what a planner can write, how it is read, and where each figure came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.errors.problems import Problem, ScenarioError
    from sim.scenario.reading.editor_schema import json_schema
    from sim.scenario.reading.loader import LoadedScenario, load
    from sim.scenario.schema import Scenario

__all__ = ["LoadedScenario", "Problem", "Scenario", "ScenarioError", "json_schema", "load"]

_HOMES = {
    "LoadedScenario": "reading.loader",
    "Problem": "errors.problems",
    "Scenario": "schema",
    "ScenarioError": "errors.problems",
    "json_schema": "reading.editor_schema",
    "load": "reading.loader",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `frontdoor --help` need not read the schema."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'sim.scenario' has no attribute '{name}'")
    return getattr(import_module(f"sim.scenario.{_HOMES[name]}"), name)
