"""The reports of studies (sweep, solve, sensitivity, causes), each one file that opens offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.results.files import write_document
from sim.report.studies.study_page import render_study

if TYPE_CHECKING:
    from sim.experiment.studies.causes import ContributionsStudy
    from sim.experiment.studies.sensitivity import Sensitivity
    from sim.experiment.studies.solve import Solution
    from sim.experiment.studies.sweep import Sweep

__all__ = [
    "STUDIES", "write_again", "write_causes_report", "write_sensitivity_report", "write_solution_report",
    "write_sweep_report",
]  # fmt: skip

STUDIES = ("sweep", "solve", "sensitivity", "causes")


def write_sweep_report(study: Sweep, path: Path) -> None:
    """Write the report of a sweep, whole or not at all."""
    from sim.report.studies.sweep import sweep_page

    write_document(path, render_study(sweep_page(study)))


def write_solution_report(study: Solution, path: Path) -> None:
    """Write the report of a search for the cheapest setting, whole or not at all."""
    from sim.report.studies.solution import solution_page

    write_document(path, render_study(solution_page(study)))


def write_sensitivity_report(study: Sensitivity, path: Path) -> None:
    """Write the report of a sensitivity analysis, whole or not at all."""
    from sim.report.studies.sensitivity import sensitivity_page

    write_document(path, render_study(sensitivity_page(study)))


def write_causes_report(study: ContributionsStudy, path: Path) -> None:
    """Write the report of a study of causes, whole or not at all."""
    from sim.report.studies.causes import causes_page

    write_document(path, render_study(causes_page(study)))


def write_again(folder: Path, kind: str) -> None:
    """Write the report of a study's folder again, from the figures that it holds.

    Raises:
        ResultsError: when a file of it is missing or damaged.
    """
    from sim.experiment.studies.causes import load_contributions
    from sim.experiment.studies.sensitivity import load_sensitivity
    from sim.experiment.studies.solve import load_solution
    from sim.experiment.studies.sweep import load_sweep

    path = folder / "report.html"
    if kind == "sweep":
        write_sweep_report(load_sweep(folder), path)
    elif kind == "solve":
        write_solution_report(load_solution(folder), path)
    elif kind == "causes":
        write_causes_report(load_contributions(folder), path)
    else:
        write_sensitivity_report(load_sensitivity(folder), path)
