"""Small real results with titles that a spreadsheet or a terminal might take for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sim.experiment.results.results import Results
    from sim.report.results_view import ResultsView

HOSTILE = '=HYPERLINK("http://example.org") [a](http://b) $$c$$ \x1b[31m<b>'


@pytest.fixture(scope="session")
def compared() -> Results:
    from sim.experiment.running.runner import compare
    from sim.scenario import load

    quiet = load("tiny", {"period.end": "2016-09-30"})
    busy = load("tiny", {"period.end": "2016-09-30", "demand.referrals_a_year": 900, "title": HOSTILE})
    return compare(quiet, [busy], replications=3, workers=1, journeys="none")


@pytest.fixture(scope="session")
def view(compared: Results) -> ResultsView:
    from sim.report.results_view import ResultsView

    return ResultsView(compared)
