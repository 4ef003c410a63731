"""A surge team takes held cases over on its first day, and hands every one of its own back when it leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.direction


def test_a_surge_team_takes_cases_over_and_hands_them_back(direction: Any) -> None:
    changes = direction.busy(surge=True)
    service = direction.service(changes)
    recording = service.run()
    team = recording.teams.index("surge team")
    first, gone = service.calendar.index(date(2016, 9, 1)), service.calendar.index(date(2017, 3, 1))
    held = recording.holdings
    mine = held["team"] == team

    taken = mine & (held["start"] == first)
    given_up = (held["team"] == recording.teams.index("assessment")) & (held["end"] == first)
    moved = set(held["case"][taken].tolist()) & set(held["case"][given_up].tolist())
    assert moved
    assert int(held["children"][taken & np.isin(held["case"], list(moved))].sum()) <= 20

    assert held["start"][mine].min() == first
    assert (held["end"][mine] != -1).all()
    assert held["end"][mine].max() <= gone
    back = set(held["case"][mine & (held["end"] == gone)].tolist())
    assert back
    # Each of them is with somebody else from that day or later, or still waits, or is closed; none is forgotten.
    waiting = {case.key for case in service.open_cases() if case.waiting is not None and case.worker is None}
    spells = recording.spells
    for case in back:
        later = (held["case"] == case) & ~mine & (held["start"] >= gone)
        closed = not ((spells["case"] == case) & (spells["ended"] == -1)).any()
        assert later.any() or closed or case in waiting


def test_the_team_shortens_the_wait_and_its_going_lengthens_it(direction: Any) -> None:
    without = direction.mean("allocation wait", direction.busy())
    for_good = {"teams.surge team.end": None}
    with_team = direction.mean("allocation wait", direction.busy(surge=True))
    staying = direction.mean("allocation wait", direction.busy(surge=True) | for_good)
    assert staying < with_team < without
