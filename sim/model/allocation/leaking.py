"""Caps that leak: half of the newly qualified who were promised a protected caseload did not get it.

Urgent work goes over a leaky cap in any case. A group of workers may also give way for other work: to a share of the
cases that find no room, and to a case that has waited for so long.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from sim.scenario.sections.workforce import Workers


class Leaking(NamedTuple):
    """How far caps give way: to a share of the cases that find no room, after a wait (working days)."""

    share: float = 0.0
    after: float = inf


NO_LEAK = Leaking()


def leak_of(group: Workers) -> Leaking:
    """How the caps of a group of workers give way."""
    if group.leaks == "none" or group.cap_policy != "leaky":
        return NO_LEAK
    after = group.leaks.after
    return Leaking(group.leaks.share, inf if after == "none" else after.working_days)


def leaking(groups: Iterable[Workers]) -> Leaking:
    """How any of several groups gives way: the largest share, the shortest wait."""
    found = [leak_of(group) for group in groups]
    return Leaking(max((one.share for one in found), default=0.0), min((one.after for one in found), default=inf))
