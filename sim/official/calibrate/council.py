"""The calibration of a scenario to its council's last published year, and the files that it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.official.calibrate.ensemble import ensemble_path, ensemble_text
from sim.official.calibrate.page import render, sentences
from sim.official.calibrate.search import Calibration, Progress
from sim.official.calibrate.search import calibrate as search

if TYPE_CHECKING:
    from sim.experiment.running.executor import Executor
    from sim.official.published.areas import Area
    from sim.official.published.statistics import Statistics
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["CouncilCalibration", "budget_for", "calibrate_council"]

MOST_RUNS: Final = 100
FEWEST_RUNS: Final = 24
REFERRALS_IN_ALL: Final = 500_000
"""Children referred in all runs together: about a minute's work on two cores, with the model as it is written."""


@dataclass(frozen=True)
class CouncilCalibration:
    """What a calibration found, of whom, and which published figures are missing, a sentence each."""

    loaded: LoadedScenario
    result: Calibration
    council: str
    year: int
    missing: tuple[str, ...]

    @property
    def sentences(self) -> list[str]:
        """What was found, in words."""
        return sentences(self.result)

    @property
    def ensemble_name(self) -> str:
        """Name of the file of settings, which lies beside the scenario."""
        return ensemble_path(Path(self.loaded.path)).name

    @property
    def failures(self) -> list[str]:
        """Why runs failed, for each that did."""
        return [setting.error for setting in self.result.tried if setting.error is not None]

    def texts(self) -> dict[str, str]:
        """The page, and the ensemble where any setting fits, by file name."""
        page = render(self.result, self.loaded.name, self.council, self.year)
        texts = {f"{Path(self.loaded.path).stem}.calibration.html": page}
        if self.result.accepted:
            texts[self.ensemble_name] = ensemble_text(self.loaded, self.result, self.council, self.year)
        return texts


def budget_for(referrals: float) -> int:
    """How many runs of a year a calibration of about a minute may take, for a council of so many referrals a year."""
    return max(FEWEST_RUNS, min(MOST_RUNS, round(REFERRALS_IN_ALL / max(referrals, 1.0))))


def calibrate_council(
    loaded: LoadedScenario,
    statistics: Statistics,
    council: Area,
    budget: int,
    seed: int,
    *,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> CouncilCalibration:
    """Search the settings that the council's last published year cannot rule out, within a budget of runs.

    Raises:
        OfficialError: when the scenario does not start on 1 April, or too little is published to be held to.
        RunError: when the scenario as it stands does not run.
    """
    from sim.official.backtest.run import outside_share
    from sim.official.calibrate.lookback import look_back
    from sim.official.calibrate.target import targets

    back, year = look_back(loaded, statistics, council)
    held_to, missing = targets(statistics, council, year)
    outside = outside_share(loaded.scenario, statistics, council, year)
    result = search(back, held_to, outside, budget, seed, progress=progress, executor=executor)
    return CouncilCalibration(loaded, result, council.name, year, tuple(missing))
