"""The council's own last year, run again: the scenario set back by a year and given the referrals that came."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sim.official.backtest.change import with_actual_referrals
from sim.official.errors import OfficialError
from sim.official.published.areas import Area
from sim.official.published.finder import Finder
from sim.official.published.layout import PLAN_BANDS
from sim.official.published.statistics import Statistics
from sim.scenario.distributions.distribution import Bands
from sim.scenario.values.durations import Duration

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario
    from sim.scenario.schema import Scenario

__all__ = ["look_back"]


def look_back(loaded: LoadedScenario, statistics: Statistics, area: Area) -> tuple[Scenario, int]:
    """The scenario from a year before its start to its start, and the reporting year that this is.

    Plans open at that start are the published ones; other open cases are those of the scenario's own start, because
    what was open a year before is not published (assumption). Levers come later and are left out.

    Raises:
        OfficialError: when the scenario does not start on 1 April, or the year's referrals are not published.
    """
    start = loaded.scenario.period.start
    if (start.month, start.day) != (4, 1):
        raise OfficialError(f"{loaded.name} starts on {start}; a calibration needs a scenario that starts on 1 April")
    year = start.year
    scenario = loaded.scenario
    period = scenario.period.model_copy(update={"start": date(year - 1, 4, 1), "end": date(year, 3, 31)})
    opening = scenario.opening
    finder = Finder(statistics, area, year - 1, note=False)
    plans, ages = finder.plain("d1", "open"), finder.bands("d5", PLAN_BANDS, year - 1)
    if plans:
        stage = opening.child_protection
        update: dict[str, object] = {"children": max(0.0, plans - opening.pre_proceedings.children)}
        if ages is not None:
            tail = Duration(amount=4, unit="months")
            update["ages"] = Bands(bands=ages, tail_mean=tail, unit="months")
        opening = opening.model_copy(update={"child_protection": stage.model_copy(update=update)})
    back = scenario.model_copy(update={"period": period, "opening": opening, "levers": []})
    return with_actual_referrals(back, statistics, area, year), year
