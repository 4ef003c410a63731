"""Which council a scenario is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.official.errors import OfficialError
from sim.official.published.areas import Area
from sim.official.published.statistics import Statistics

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["council_of"]


def council_of(loaded: LoadedScenario, statistics: Statistics, wanted: str | None, year: int | None = None) -> Area:
    """The council that was named, or that a scenario's title begins with (`Croydon, demand of 2016-17`).

    Raises:
        OfficialError: when neither is a council in the files.
    """
    if wanted is not None:
        return statistics.areas.find(wanted, year)
    title = loaded.scenario.title
    first = re.split(r"[,:;(–]", title, maxsplit=1)[0].strip()
    for name in (first, first.split(" ")[0]):
        council = statistics.areas.named("local authority", name)
        if council is not None:
            return council
    raise OfficialError(f"the title of {loaded.name} ({title}) names no council in the files; say which with --area")
