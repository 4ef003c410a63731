"""Without pyarrow, results and studies are CSV, say so, and hold the same figures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.experiment.errors import ResultsError
from sim.experiment.results import table_files
from sim.experiment.results.results import Results
from sim.experiment.results.table_files import read_table, write_table
from sim.scenario.reading.loader import load

pytestmark = pytest.mark.unit


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "parquet_installed", lambda: False)


def run() -> Results:
    more = load("tiny", ["period.end=2016-05-31", "demand.referrals_a_year=600"])
    return sim.compare(load("tiny", ["period.end=2016-05-31"]), more, replications=2, seed=3)


def test_a_table_comes_back_with_texts_days_and_every_digit(without: None, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "scenario": ["2024", "NA", "=1+1"],
            "error": ["", "", "x"],
            "value": [0.1 + 0.2, float("nan"), 1e-300],
            "month": pd.to_datetime(["2016-04-30", "2016-05-31", "2016-06-30"]).astype("datetime64[s]"),
        }
    )
    path = write_table(frame, tmp_path / "a.parquet", "note", dates=["month"])
    assert path.name == "a.csv"
    again = read_table(tmp_path / "a.parquet", texts=("scenario", "error"), figures=("value",), dates=("month",))
    pd.testing.assert_frame_equal(again, frame, check_dtype=False, check_exact=True)
    with pytest.raises(ResultsError, match=r"a\.csv is damaged: its column scenario holds no figures"):
        read_table(tmp_path / "a.parquet", figures=("scenario",))


def test_parquet_from_elsewhere_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_table(pd.DataFrame({"value": [1.0]}), tmp_path / "a.parquet", "note")
    monkeypatch.setattr(table_files, "parquet_installed", lambda: False)
    with pytest.raises(ResultsError, match=r"reading it needs pyarrow: pip install 'frontdoor-sim\[parquet\]'"):
        read_table(tmp_path / "a.parquet")


def test_results_as_csv_hold_what_parquet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = sim.load_results(run().save(tmp_path / "parquet"))
    right, drawn = parquet.journeys(), list(parquet.figures())
    monkeypatch.setattr(table_files, "parquet_installed", lambda: False)
    monkeypatch.setattr("sim.experiment.results.folder.parquet_installed", lambda: False)
    folder = run().save(tmp_path / "csv")
    names = {path.name for path in folder.iterdir()}
    assert {"measures.csv", "stocks.csv", "journeys.csv", "report.html"} <= names
    assert not [name for name in names if name.endswith(".parquet")]
    assert "needs pyarrow" in (folder / "README.txt").read_text(encoding="utf-8")
    assert "journeys.csv      one row for each simulated child" in (folder / "README.txt").read_text(encoding="utf-8")
    csv = sim.load_results(folder)
    same: Any = pd.testing.assert_frame_equal
    for table in ("measures", "stocks", "summary", "differences"):
        same(getattr(csv, table), getattr(parquet, table), check_dtype=False, check_categorical=False)
    left = csv.journeys()
    assert list(left.columns) == list(right.columns)
    for column in left.columns:
        assert list(left[column].astype(object).where(left[column].notna(), None)) == list(
            right[column].astype(object).where(right[column].notna(), None)
        ), column
    assert list(csv.figures()) == drawn
    assert "pathway" in drawn
    run().save(folder)  # and may be replaced


def test_nothing_of_pyarrow_is_needed(tmp_path: Path) -> None:
    """With its import blocked: run, report, load, sweep, export to Power BI."""
    code = (
        "import sys\n"
        "sys.modules['pyarrow'] = None\n"
        "from sim.cli import main\n"
        "from pathlib import Path\n"
        "def frontdoor(*arguments):\n"
        "    sys.argv = ['frontdoor', *arguments]\n"
        "    try:\n"
        "        main()\n"
        "    except SystemExit as end:\n"
        "        assert not end.code, (arguments, end.code)\n"
        "short = ['--set', 'period.end=2016-05-31', '-w', '1']\n"
        "frontdoor('run', 'tiny', '-n', '2', '--out', 'run', *short)\n"
        "frontdoor('report', 'run')\n"
        "frontdoor('export', 'run', '--to', 'powerbi')\n"
        "frontdoor('sweep', 'tiny', '--vary', 'demand.referrals_a_year=400:480:80', '-n', '2', '--out', 'sweep',\n"
        "          '--measure', 'referrals', *short)\n"
        "frontdoor('report', 'sweep')\n"
        "assert not [name for name in sys.modules if name.startswith('pyarrow.')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Tables and journeys are CSV files") == 1
    assert not list(tmp_path.glob("**/*.parquet"))
    assert (tmp_path / "run" / "journeys.csv").stat().st_size > 1000
    assert (
        (tmp_path / "sweep" / "sweep.csv").read_text().startswith("point,demand.referrals_a_year,replication,measure")
    )
