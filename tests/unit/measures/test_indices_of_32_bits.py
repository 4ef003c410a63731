"""Measures where an index has 32 bits, as Python in a browser has: counts and places are handed over as `np.intp`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.calendar import calendar_of
from sim.measures.compute import compute

pytestmark = pytest.mark.unit


def narrow(values: Any, what: str) -> Any:
    """Values as an index of 32 bits takes them; NumPy refuses those of 64 there."""
    array = np.asarray(values)
    if isinstance(values, np.ndarray) and not np.can_cast(array.dtype, np.int32, "safe"):
        raise TypeError(f"{what} cannot be cast from {array.dtype} to int32: write .astype(np.intp, copy=False)")
    return array.astype(np.int64)


def test_counts_and_places_are_of_the_machines_own_width(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = town.scenario({"period.end": "2016-12-31"})
    recording = town.recording({"period.end": "2016-12-31"})
    calendar = calendar_of(scenario.period.start, scenario.period.end)
    usual = compute(recording, calendar)
    bincount, repeat = np.bincount, np.repeat
    monkeypatch.setattr(np, "intp", np.int32)
    monkeypatch.setattr(
        np,
        "bincount",
        lambda place, weight=None, minlength=0: (
            found if (found := bincount(narrow(place, "places"), weight, minlength)).dtype == np.float64
            else found.astype(np.int32)
        ),
    )  # fmt: skip
    monkeypatch.setattr(np, "repeat", lambda values, many, axis=None: repeat(values, narrow(many, "counts"), axis))
    again = compute(recording, calendar)
    assert np.array_equal(usual.values, again.values, equal_nan=True)
    with pytest.raises(TypeError, match="places"):
        np.bincount(np.zeros(3, dtype=np.int64))
