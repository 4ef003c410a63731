"""A whole scenario for any council from the published files, with a source for every figure."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.results.files import write_document
from sim.official.errors import OfficialError
from sim.official.making.council_figures import CouncilFigures, Wanted, gather
from sim.official.making.scenario_text import MEAN_GROUP, scenario_text
from sim.official.making.staffing import Group, StaffingPlan, TeamPlan, staffing
from sim.official.published.statistics import Statistics

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["Baseline", "load_baseline", "make_baseline", "with_ensemble", "write_baseline"]

NEEDED = ("c1", "c2", "c4", "d1")


@dataclass(frozen=True)
class Baseline:
    """The text of a scenario file, and what stood in for figures that were missing, one sentence each."""

    text: str
    notes: tuple[str, ...]


def make_baseline(statistics: Statistics, wanted: Wanted) -> Baseline:
    """Make a scenario that carries the council's year on from 1 April after it.

    Raises:
        OfficialError: when a file is missing, or the council has no referrals in the year.
    """
    for topic in NEEDED:
        statistics.need(topic)
    _check_year(statistics, wanted)
    ground = gather(statistics, wanted)
    # Teams follow from the hours that the flows ask for, which the arithmetic of `check` works out from a scenario.
    teams = _staff(scenario_text(wanted, ground, _provisional()), ground, wanted)
    return Baseline(scenario_text(wanted, ground, teams), tuple(ground.finder.notes))


def write_baseline(baseline: Baseline, out: Path) -> None:
    """Write the file whole or not at all, after the text has been read as a scenario.

    Raises:
        OfficialError: when it cannot be written.
    """
    load_baseline(baseline)
    try:
        write_document(out, baseline.text)
    except OSError as error:
        raise OfficialError(f"{out} cannot be written: {error.strerror or error}") from None


def with_ensemble(baseline: Baseline, file: str) -> Baseline:
    """The same scenario, carrying the ensemble of settings in a file beside it."""
    return replace(baseline, text=f"{baseline.text.rstrip()}\n\nensemble: {file}\n")


def load_baseline(baseline: Baseline) -> LoadedScenario:
    """Read the text as a scenario, without leaving a file."""
    with tempfile.TemporaryDirectory(prefix="frontdoor-") as folder:
        path = Path(folder) / "baseline.yaml"
        path.write_text(baseline.text, encoding="utf-8")
        return _load(path)


def _check_year(statistics: Statistics, wanted: Wanted) -> None:
    area, year = wanted.area, wanted.year
    years = statistics.years("c1", area)
    if year in years:
        return
    file = statistics.file("c1")
    if not years:
        raise OfficialError(f"{file} has no rows of {area.name}")
    others = ", ".join(str(known) for known in years)
    raise OfficialError(f"{file} has no row of {area.name} in {year}; it has {others}")


def _provisional() -> StaffingPlan:
    """One worker in each team: enough for a file that can be read, so that hours asked can be worked out."""
    group = (Group(1, "social_worker"),)
    teams = (
        TeamPlan("front door", ("front_door",), group, 0, 1, 0),
        TeamPlan("assessment", ("assessment", "section_47"), group, 20, 1, 0),
        TeamPlan("plans", ("child_in_need", "child_protection", "pre_proceedings", "court"), group, 20, 1, 0),
    )
    return StaffingPlan(teams, 27.0, "", False, "", "", (1.0, 1.0))


def _staff(text: str, ground: CouncilFigures, wanted: Wanted) -> StaffingPlan:
    from sim.experiment.load_forecast import stage_loads

    loads = stage_loads(load_baseline(Baseline(text, ())).scenario)
    parts = {place: 1 / len(wanted.localities) for place in wanted.localities}
    return staffing(ground.finder, loads, ground.outside_assessments, parts, MEAN_GROUP)


def _load(path: Path) -> LoadedScenario:
    from sim.scenario import load

    return load(path)
