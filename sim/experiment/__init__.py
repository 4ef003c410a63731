"""Experiments: replications of scenarios, their measures, statistics and results folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import imported_on_first_use

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

__getattr__ = imported_on_first_use(
    __name__,
    {
        "ExperimentError": "errors",
        "ResultsError": "errors",
        "RunError": "errors",
        "Results": "results.results",
        "load_results": "results.results",
        "compare": "running.runner",
        "run": "running.runner",
    },
)
