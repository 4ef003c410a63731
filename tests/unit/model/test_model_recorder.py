"""Rows: what is added comes out as columns, however often it was poured meanwhile."""

from __future__ import annotations

import pytest

from sim.model.recording.recorder import HANDFUL, Recorder, Rows

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("pour_after", [(), (0,), (1, 3), (0, 1, 2, 3, 4)])
def test_rows_come_out_as_they_were_added(pour_after: tuple[int, ...]) -> None:
    rows = Rows(("case", "stage", "day"), keep=True)
    for place in range(5):
        rows.add((2**40 + place, place, -place))
        if place in pour_after:
            rows.pour()
    table = rows.table()
    assert table["case"].tolist() == [2**40 + place for place in range(5)]
    assert table["stage"].tolist() == list(range(5))
    assert table["day"].tolist() == [0, -1, -2, -3, -4]


def test_more_rows_than_a_handful_come_out_in_order() -> None:
    rows = Rows(("case", "day"), keep=True)
    for place in range(3 * HANDFUL):
        rows.add((place, -place))
    table = rows.table()
    assert table["case"].tolist() == list(range(3 * HANDFUL))
    assert table["day"].tolist() == [-place for place in range(3 * HANDFUL)]


def test_a_recorder_that_is_off_keeps_nothing() -> None:
    recorder = Recorder(keep=False)
    recorder.decisions.add((1, 2, 3, 4, 5))
    assert len(recorder.decisions.table()["kind"]) == 0
