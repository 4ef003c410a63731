"""Experiments: replications of scenarios, their measures, statistics and results folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.errors import ExperimentError, ResultsError, RunError
    from sim.experiment.results.results import Results, load_results
    from sim.experiment.running.runner import compare, run

__all__ = [
    "ExperimentError",
    "Results",
    "ResultsError",
    "RunError",
    "compare",
    "load_results",
    "run",
]

_HOMES = {
    "ExperimentError": "errors",
    "ResultsError": "errors",
    "RunError": "errors",
    "Results": "results.results",
    "load_results": "results.results",
    "compare": "running.runner",
    "run": "running.runner",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `frontdoor --help` needs none of them."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'sim.experiment' has no attribute '{name}'")
    return getattr(import_module(f"sim.experiment.{_HOMES[name]}"), name)
