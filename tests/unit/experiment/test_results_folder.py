"""The results folder: its files and columns, whole or not at all, and read back as it was."""

from __future__ import annotations

import csv
import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.experiment.errors import ReportError, ResultsError
from sim.experiment.results import folder
from sim.experiment.results.folder import check_target
from sim.experiment.results.journeys import CAUSE_COLUMNS, JOURNEY_COLUMNS
from sim.experiment.results.results import Results, load_results
from sim.experiment.running.runner import compare, run
from sim.measures.snapshots import STOCK_COLUMNS

pytestmark = pytest.mark.unit

SUMMARY = (
    "scenario,measure,label,unit,better,period,breakdown,mean,low80,high80,ci95_low,ci95_high,replications,"
    "period_type,period_start,period_end"
)
DIFFERENCES = (
    "baseline,scenario,measure,period,baseline_mean,scenario_mean,difference,ci95_low,ci95_high,replications,"
    "clear_of_chance,"
    "simultaneous_low,simultaneous_high,variance_reduction,control_reduction,"
    "label,unit,better,low80,high80,period_type,period_start,period_end"
)


@pytest.fixture
def compared(short: Any) -> Results:
    return compare(short("quiet"), [short("busy", demand__referrals_a_year=600)], replications=2)


def test_files_and_columns(compared: Results, tmp_path: Path) -> None:
    out = compared.save(tmp_path / "deep" / "out", report=False)
    only_sometimes = {"report.html", "parameters.parquet", "variance.csv", "explain.csv", "referrals.parquet"}
    only_sometimes |= {"exports"}
    assert {path.name for path in out.iterdir()} == set(folder.FILES) - only_sometimes
    assert (out / "summary.csv").read_text().splitlines()[0] == SUMMARY
    assert (out / "differences.csv").read_text().splitlines()[0] == DIFFERENCES
    assert pq.read_schema(out / "journeys.parquet").names == [*JOURNEY_COLUMNS, *CAUSE_COLUMNS]
    assert pq.read_schema(out / "stocks.parquet").names == list(STOCK_COLUMNS)
    for name in ("journeys", "stocks", "measures"):
        assert b"Simulated" in pq.read_schema(out / f"{name}.parquet").metadata[b"note"]
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["product"] == "frontdoor"
    assert "not real" in manifest["note"]
    assert [scenario["name"] for scenario in manifest["scenarios"]] == ["quiet", "busy"]
    assert (manifest["baseline"], manifest["replications"], manifest["interrupted"]) == ("quiet", 2, False)
    assert manifest["failures"] == []
    readme = (out / "README.txt").read_text()
    assert "not real" in readme
    for name, what in (JOURNEY_COLUMNS | CAUSE_COLUMNS).items():
        assert re.search(rf"^  {name}  +{re.escape(what)}$", readme, re.M), name


def test_journeys_have_a_row_for_each_child_of_each_spell(compared: Results, tmp_path: Path) -> None:
    out = compared.save(tmp_path / "out", report=False)
    file = pq.ParquetFile(out / "journeys.parquet")
    assert file.num_row_groups == 4
    firsts = [file.read_row_group(n).slice(0, 1).to_pylist()[0] for n in range(4)]
    assert [(row["scenario"], row["replication"]) for row in firsts] == [
        ("quiet", 0), ("quiet", 1), ("busy", 0), ("busy", 1),
    ]  # fmt: skip
    for column, kind in (("entered", "date32[day]"), ("ended", "date32[day]"), ("worker", "int32")):
        assert str(file.schema_arrow.field(column).type) == kind
    assert str(file.schema_arrow.field("stage").type).startswith("dictionary")
    frame = compared.journeys()
    assert len(frame) == file.metadata.num_rows
    spells = frame.groupby(["scenario", "replication", "case", "stage", "entered"], observed=True)
    assert (spells["child"].nunique() == spells.size()).all()
    ended = frame.dropna(subset=["ended"])
    assert (ended["ended"] >= ended["entered"]).all()


def test_csv_floats_have_six_significant_figures(compared: Results, tmp_path: Path) -> None:
    out = compared.save(tmp_path / "out", report=False)
    with (out / "summary.csv").open() as file:
        for row in csv.DictReader(file):
            for name in ("mean", "low80", "high80", "ci95_low", "ci95_high"):
                assert len(row[name].lstrip("-0.").replace(".", "")) <= 6 or "e" in row[name], row


def test_what_is_read_back_is_what_was_saved(compared: Results, tmp_path: Path) -> None:
    out = compared.save(tmp_path / "out", report=False)
    again = load_results(out)
    pd.testing.assert_frame_equal(again.summary, compared.summary)
    pd.testing.assert_frame_equal(again.differences, compared.differences)
    assert (again.measures["value"].to_numpy() == compared.measures["value"].to_numpy()).sum() > 0
    assert list(again.stocks["open"].dropna()) == list(compared.stocks["open"].dropna())
    assert len(again.journeys()) == len(compared.journeys())
    second = again.save(tmp_path / "copy", report=False)
    for name in ("summary.csv", "differences.csv", "measures.parquet", "stocks.parquet", "journeys.parquet"):
        assert (second / name).read_bytes() == (out / name).read_bytes(), name


def test_a_results_folder_is_replaced_and_nothing_is_left_beside_it(compared: Results, tmp_path: Path) -> None:
    out = compared.save(tmp_path / "place" / "out", report=False)
    before = (out / "manifest.json").stat().st_ino
    compared.save(out, report=False)
    assert (out / "manifest.json").stat().st_ino != before
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_any_other_folder_is_refused_and_left_alone(compared: Results, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(ResultsError, match="holds something other than results"):
        compared.save(mine, report=False)
    (mine / "manifest.json").write_text('{"product": "another"}')
    with pytest.raises(ResultsError, match="holds something other than results"):
        compared.save(mine, report=False)
    assert (mine / "thesis.txt").read_text() == "years of work"
    assert sorted(path.name for path in mine.iterdir()) == ["manifest.json", "thesis.txt"]


def test_a_note_kept_among_the_results_is_not_lost(compared: Results, tmp_path: Path) -> None:
    out = compared.save(tmp_path / "out", report=False)
    (out / "notes.txt").write_text("mine")
    with pytest.raises(ResultsError, match=r"holds notes\.txt"):
        compared.save(out, report=False)


def test_a_file_and_a_place_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for out in (file, file / "under"):
        with pytest.raises(ResultsError, match="is a file, not a folder"):
            check_target(out)
    check_target(tmp_path / "new" / "deeper")
    (tmp_path / "empty").mkdir()
    check_target(tmp_path / "empty")


def test_a_failure_while_writing_leaves_the_earlier_results(
    compared: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = compared.save(tmp_path / "place" / "out", report=False)
    before = (out / "summary.csv").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "write_table", full)
    with pytest.raises(ResultsError, match="No space left on device"):
        compared.save(out, report=False)
    assert (out / "summary.csv").read_bytes() == before
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_journeys_that_cannot_be_joined_fail_the_whole(compared: Results, tmp_path: Path) -> None:
    class Journeys:
        file_name = "journeys.parquet"

        def write(self, path: Path, given_up: Callable[[], bool]) -> None:
            path.write_bytes(b"some of them")
            raise OSError(28, "No space left on device")

    broken = replace(compared, kept_journeys=Journeys())
    with pytest.raises(ResultsError, match="No space left on device"):
        broken.save(tmp_path / "out", report=False)
    assert list(tmp_path.glob("*out*")) == []


def test_journeys_are_left_off_when_the_rest_fails(
    compared: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    class Journeys:
        file_name = "journeys.parquet"

        def write(self, path: Path, given_up: Callable[[], bool]) -> None:
            for _ in range(200):
                if given_up():
                    break
                time.sleep(0.05)
            seen.append(given_up())

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(folder, "write_table", stopped)
    with pytest.raises(KeyboardInterrupt):
        replace(compared, kept_journeys=Journeys()).save(tmp_path / "out", report=False)
    assert seen == [True]
    assert list(tmp_path.glob("*out*")) == []


@pytest.mark.parametrize("kept", ["first", "none"])
def test_fewer_journeys_are_kept_when_asked(short: Any, tmp_path: Path, kept: Any) -> None:
    results = run(short(), replications=2, journeys=kept)
    out = results.save(tmp_path / "out", report=False)
    assert (out / "journeys.parquet").exists() == (kept == "first")
    if kept == "first":
        assert set(results.journeys()["replication"]) == {0}
    else:
        with pytest.raises(ResultsError, match="no journeys were kept"):
            results.journeys()


def test_one_replication_has_no_ranges(short: Any) -> None:
    table = run(short(), replications=1, journeys="none").summary
    assert table[["low80", "high80", "ci95_low", "ci95_high"]].isna().all(axis=None)
    assert np.isfinite(table["mean"]).any()


def why_not_read(folder: Path) -> str | None:
    """The one sentence that says why a folder cannot be read and summed up; None where it can."""
    try:
        assert len(load_results(folder).summary)
    except ResultsError as error:
        wrong = str(error)
    else:
        return None
    assert len(wrong.splitlines()) == 1
    return wrong


DAMAGE: dict[str, Callable[[Path], Any]] = {
    "missing": lambda path: path.unlink(),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "empty": lambda path: path.write_bytes(b""),
    "garbled": lambda path: path.write_bytes(bytes(255 - byte for byte in path.read_bytes())),
    "middle": lambda path: path.write_bytes(path.read_bytes()[:99] + b"\0" * 99 + path.read_bytes()[198:]),
    "folder": lambda path: (path.unlink(), path.mkdir()),
    "pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "other": lambda path: pd.DataFrame({"x": [1]}).to_parquet(path),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("file", ["manifest.json", "measures.parquet", "stocks.parquet"])
def test_a_damaged_folder_is_one_sentence(compared: Results, tmp_path: Path, file: str, damage: str) -> None:
    out = compared.save(tmp_path / "out", report=False)
    before = (out / file).read_bytes()
    DAMAGE[damage](out / file)
    wrong = why_not_read(out)
    if wrong is None:
        assert damage == "middle", "whatever else was done to it shows"
        assert (out / file).read_bytes() != before


@pytest.mark.parametrize("column", ["scenario", "replication", "measure", "period", "breakdown", "value"])
@pytest.mark.parametrize("wrong", ["text", "none", "dropped", "nested"])
def test_measures_of_a_wrong_kind_are_one_sentence(compared: Results, tmp_path: Path, column: str, wrong: str) -> None:
    out = compared.save(tmp_path / "out", report=False)
    frame = pd.read_parquet(out / "measures.parquet")
    if wrong == "dropped":
        frame = frame.drop(columns=column)
    else:
        frame[column] = {"text": "words", "none": None, "nested": [[1]] * len(frame)}[wrong]
    frame.to_parquet(out / "measures.parquet")
    why_not_read(out)


def test_results_that_are_replaced_while_they_are_read_are_read_anew(
    compared: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that opened the old manifest does not go on with new tables."""
    out = compared.save(tmp_path / "out", report=False)
    other = replace(compared, manifest=compared.manifest.model_copy(update={"seed": 99}))
    read, times = folder.read_table, []

    def replaced(path: Path, *rest: Any, **more: Any) -> Any:
        if not times:
            times.append(path)
            other.save(out, report=False)
        return read(path, *rest, **more)

    monkeypatch.setattr(folder, "read_table", replaced)
    assert load_results(out).manifest.seed == 99


def test_a_report_that_fails_leaves_the_tables(compared: Results, tmp_path: Path) -> None:
    def broken(results: Results, path: Path) -> None:
        path.write_text("half")
        raise ZeroDivisionError("in a chart")

    with pytest.raises(ReportError, match=r"report\.html could not be made \(ZeroDivisionError: in a chart\)"):
        compared.save(tmp_path / "out", writers={"report.html": broken})
    assert len(load_results(tmp_path / "out").measures) == len(compared.measures)
    assert not (tmp_path / "out" / "report.html").exists()
    assert "report.html" not in (tmp_path / "out" / "README.txt").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "scenarios"]


def test_load_results_refuses_what_is_not_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="is not a folder of results"):
        load_results(tmp_path / "nowhere")
