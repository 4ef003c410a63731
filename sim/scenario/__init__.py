"""Scenario files: what a planner can write, how it is read, and where each figure came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.editor_schema import json_schema
    from sim.scenario.loader import LoadedScenario, load
    from sim.scenario.problems import Problem, ScenarioError
    from sim.scenario.schema import Scenario

__all__ = ["LoadedScenario", "Problem", "Scenario", "ScenarioError", "json_schema", "load"]

_HOMES = {
    "LoadedScenario": "loader",
    "Problem": "problems",
    "Scenario": "schema",
    "ScenarioError": "problems",
    "json_schema": "editor_schema",
    "load": "loader",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `frontdoor --help` need not read the schema."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'sim.scenario' has no attribute '{name}'")
    return getattr(import_module(f"sim.scenario.{_HOMES[name]}"), name)
