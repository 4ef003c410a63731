"""Sweeps: a tidy table of the same children at every point, failures as rows, and nothing lost when one is stopped."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.experiment.errors import ReplicationsFailedError, ResultsError
from sim.experiment.running.executor import InProcess
from sim.experiment.running.runner import run
from sim.experiment.running.task import Outcome, Task, perform
from sim.experiment.studies.manifests import PointFailure
from sim.experiment.studies.sweep import load_sweep, sweep
from sim.experiment.studies.vary import grid, read_axes

pytestmark = pytest.mark.unit

VARIED = ["demand.referrals_a_year=400:480:80"]


class StoppedAfter:
    """Killed after some runs: what was written stays, nothing else is done."""

    def __init__(self, many: int) -> None:
        self.many = many

    def run(self, tasks: Sequence[Task]) -> Generator[Outcome]:
        for task in tasks[: self.many]:
            yield perform(task)
        raise KeyboardInterrupt


def swept(scenario: Any, out: Path, executor: Any = None, varied: Sequence[str] = VARIED, **asked: Any) -> Any:
    axes = read_axes(scenario, varied)
    return sweep(scenario, axes, grid(axes), out, executor or InProcess(), replications=2, **asked)


def test_a_point_is_a_run_with_that_value_set(short: Any, tmp_path: Path) -> None:
    table = swept(short(), tmp_path / "out").table
    assert list(table.columns) == [
        "point", "demand.referrals_a_year", "replication", "measure", "period", "value", "error"]  # fmt: skip
    alone = run(short("alone", demand__referrals_a_year=480), replications=2, journeys="none").measures
    alone = alone[alone["breakdown"] == "all"].reset_index(drop=True)
    there = table[table["demand.referrals_a_year"] == 480].reset_index(drop=True)
    for column in ("replication", "measure", "period"):
        assert list(there[column]) == list(alone[column]), column
    pd.testing.assert_series_equal(there["value"], alone["value"])


def test_a_sweep_that_was_stopped_ends_as_one_that_was_not(short: Any, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    swept(short(), whole)
    for many in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            swept(short(), broken, StoppedAfter(many))
    with pytest.raises(ResultsError, match="has not finished"):
        load_sweep(broken)
    swept(short(), broken)
    for file in ("sweep.parquet", "summary.csv"):
        assert (whole / file).read_bytes() == (broken / file).read_bytes(), file
    assert not (broken / "parts").exists()


def test_more_replications_are_added_to_those_there(short: Any, tmp_path: Path) -> None:
    swept(short(), tmp_path / "out", measures=["referrals"])
    axes = read_axes(short(), VARIED)
    seen: list[int] = []
    more = sweep(
        short(), axes, grid(axes), tmp_path / "out", InProcess(),
        replications=3, measures=["referrals"], progress=lambda done, total: seen.append(done),
    )  # fmt: skip
    assert seen == [5, 6]
    assert set(more.table["measure"]) == {"referrals"}
    assert sorted(set(more.table["replication"])) == [0, 1, 2]


def test_another_sweep_in_the_folder_is_refused(short: Any, tmp_path: Path) -> None:
    swept(short(), tmp_path / "out", measures=["referrals"])
    with pytest.raises(ResultsError, match="another variation"):
        swept(short(), tmp_path / "out", varied=["demand.referrals_a_year=400,490"], measures=["referrals"])
    with pytest.raises(ResultsError, match="another seed"):
        swept(short(), tmp_path / "out", seed=2, measures=["referrals"])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "keep.txt").write_text("mine")
    with pytest.raises(ResultsError, match="something other than a sweep"):
        swept(short(), tmp_path / "mine")


def test_failures_are_rows_and_are_tried_again(short: Any, tmp_path: Path) -> None:
    def failing(scenario: Any, seed: int, replication: int) -> Any:
        from sim.model import simulate

        if replication == 1 and scenario.demand.referrals_a_year == 480:
            raise ValueError("it broke")
        return simulate(scenario, seed, replication)

    found = swept(short(), tmp_path / "out", simulate=failing, measures=["referrals"])
    failed = found.table[found.table["error"] != ""]
    assert list(failed[["point", "replication", "error"]].itertuples(index=False, name=None)) == [
        (1, 1, "ValueError: it broke")
    ]
    assert found.manifest.failures == (PointFailure(point=1, replication=1, error="ValueError: it broke"),)
    assert list(found.summary().query("period == 'whole'")["replications"]) == [2, 1]
    again = swept(short(), tmp_path / "out", measures=["referrals"])
    assert again.manifest.failures == ()
    sound = swept(short(), tmp_path / "sound", measures=["referrals"])
    pd.testing.assert_frame_equal(again.table, sound.table)


def test_values_that_do_not_go_together_are_rows(short: Any, tmp_path: Path) -> None:
    lags = ["sign_off.lag_from=0,1", "sign_off.lag_to=0,2"]
    found = swept(short(), tmp_path / "out", varied=lags, measures=["referrals"])
    failed = found.table[found.table["error"] != ""]
    assert set(failed["point"]) == {2}
    assert "below lag_from" in failed["error"].iloc[0]


def test_figures_and_words_can_be_varied_together(short: Any, tmp_path: Path) -> None:
    found = swept(short(), tmp_path / "out", varied=["capacities.solicitors=none,2"], measures=["referrals"])
    assert list(found.table["capacities.solicitors"].drop_duplicates()) == ["none", 2]
    assert set(load_sweep(tmp_path / "out").table["capacities.solicitors"]) == {"none", "2"}


def test_when_nothing_comes_out_it_says_so(short: Any, tmp_path: Path) -> None:
    def broken(scenario: Any, seed: int, replication: int) -> Any:
        raise ValueError("it broke")

    with pytest.raises(ReplicationsFailedError, match="no run of the sweep came out; the first error is: ValueError"):
        swept(short(), tmp_path / "out", simulate=broken)


@pytest.mark.parametrize("damage", ["cut", "empty", "another table", "folder"])
def test_a_damaged_part_is_run_again(short: Any, tmp_path: Path, damage: str) -> None:
    def stopped(scenario: Any, seed: int, replication: int) -> Any:
        from sim.model import simulate

        if replication == 1:
            raise KeyboardInterrupt
        return simulate(scenario, seed, replication)

    with pytest.raises(KeyboardInterrupt):
        swept(short(), tmp_path / "out", simulate=stopped, measures=["referrals"])
    part = sorted((tmp_path / "out" / "parts").glob("*.parquet"))[0]
    whole = part.read_bytes()
    part.unlink()
    if damage == "cut":
        part.write_bytes(whole[: len(whole) // 2])
    elif damage == "empty":
        part.touch()
    elif damage == "another table":
        pd.DataFrame({"point": ["a"], "error": [1]}).to_parquet(part)
    else:
        part.mkdir()
    again = swept(short(), tmp_path / "out", measures=["referrals"])
    pd.testing.assert_frame_equal(again.table, swept(short(), tmp_path / "sound", measures=["referrals"]).table)


def test_a_damaged_table_of_a_finished_sweep_is_run_again(short: Any, tmp_path: Path) -> None:
    first = swept(short(), tmp_path / "out", measures=["referrals"])
    (tmp_path / "out" / "sweep.parquet").write_bytes(b"PAR1")
    with pytest.raises(ResultsError, match="cannot be read"):
        load_sweep(tmp_path / "out")
    pd.testing.assert_frame_equal(swept(short(), tmp_path / "out", measures=["referrals"]).table, first.table)


def test_two_sweeps_do_not_share_a_folder(short: Any, tmp_path: Path) -> None:
    seen: list[str] = []

    def meanwhile(done: int, total: int) -> None:
        if not seen:
            with pytest.raises(ResultsError, match="another frontdoor is writing to") as caught:
                swept(short(), tmp_path / "out", measures=["referrals"])
            seen.append(str(caught.value))

    swept(short(), tmp_path / "out", measures=["referrals"], progress=meanwhile)
    assert len(seen) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "scenarios"]
