"""The commands on official statistics: what they write, say, and refuse."""

from __future__ import annotations

import csv
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main
from sim.experiment.running.task import Outcome, perform

pytestmark = pytest.mark.end_to_end

FOLDER = Path(__file__).resolve().parents[1] / "unit" / "official"


def _extract(folder: Path) -> Path:
    """The made-up files of the unit tests."""
    spec = importlib.util.spec_from_file_location("official_extract", FOLDER / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.Extract(folder).write({("d1", "Southmere, Borough of", 2018, "CPP_At31"): "c"})
    return folder


def _frontdoor(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_baseline_writes_a_scenario_that_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, out = _extract(tmp_path / "data"), tmp_path / "mine.yaml"
    asked = ("--area", "southmere", "--year", "2018", "--out", out, "--no-calibrate")
    assert _frontdoor("baseline", "--data", data, *asked) == 0
    said = capsys.readouterr().out
    assert "settings fit" not in said
    assert "used Far North instead" in said
    assert "1 figure or band stands in for missing ones." in said
    assert _frontdoor("check", out) == 0
    assert "Sound." in capsys.readouterr().out


def test_baseline_carries_on_for_as_many_years_as_asked(tmp_path: Path) -> None:
    from sim.scenario import load

    data, out = _extract(tmp_path / "data"), tmp_path / "mine.yaml"
    asked = ("--area", "902", "--year", "2018", "--years", "2", "--out", out, "--no-calibrate")
    assert _frontdoor("baseline", "--data", data, *asked) == 0
    period = load(out).scenario.period
    assert (str(period.start), str(period.end)) == ("2018-04-01", "2020-03-31")


def test_a_baseline_carries_the_settings_that_fit_its_own_year(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.official.calibrate import council
    from sim.scenario import load

    monkeypatch.setattr(council, "MOST_RUNS", 24)
    data, out = _extract(tmp_path / "data"), tmp_path / "new" / "mine.yaml"
    asked = ("--area", "902", "--year", "2017", "--out", out, "-w", "1")
    assert _frontdoor("baseline", "--data", data, *asked) == 0
    said = capsys.readouterr().out
    assert "of 18 settings fit" in said
    assert f"frontdoor run {out} --ensemble" in said
    assert {path.name for path in out.parent.iterdir()} == {"mine.yaml", "mine.ensemble.json", "mine.calibration.html"}
    assert load(out).scenario.ensemble == "mine.ensemble.json"
    short = ("--set", "period.end=2017-05-31", "-n", "2", "-w", "1", "--ensemble", "-q", "--out", tmp_path / "run")
    assert _frontdoor("run", out, *short) == 0


def test_a_council_with_too_little_published_gets_a_scenario_without_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = _extract(tmp_path / "data"), tmp_path / "mine.yaml"
    assert _frontdoor("baseline", "--data", data, "--area", "England", "--year", "2018", "--out", out) == 0
    assert "Not calibrated: only a council has published figures of its own year" in capsys.readouterr().out
    assert "ensemble:" not in out.read_text()


def test_list_shows_councils_with_codes_and_years(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _frontdoor("baseline", "--data", _extract(tmp_path / "data"), "--list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Northshire", "901", "E06000901", "Far", "North", "2015-2018"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--area", "Northshyre", "--year", "2018"), "did you mean Northshire?"),
        (("--area", "Northshire", "--year", "2022"), "has no row of Northshire in 2022"),
        (("--year", "2018"), "say which council with --area"),
        (("--area", "Northshire", "--localities", "one"), "names fewer than two parts"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    data, out = _extract(tmp_path / "data"), tmp_path / "mine.yaml"
    assert _frontdoor("baseline", "--data", data, "--out", out, *arguments) == 2
    error = capsys.readouterr().err.strip()
    assert said in error
    assert "\n" not in error
    assert not out.exists()


@pytest.fixture
def base(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, Path]:
    """The folder of files, and a scenario of Southmere that knows 2017."""
    data, out = _extract(tmp_path / "data"), tmp_path / "southmere.yaml"
    asked = ("--area", "Southmere", "--year", "2017", "--out", out, "--no-calibrate")
    assert _frontdoor("baseline", "--data", data, *asked) == 0
    capsys.readouterr()
    return data, out


def test_calibrate_leaves_an_ensemble_that_backtest_uses(
    base: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data, scenario = base
    assert _frontdoor("calibrate", scenario, "--data", data, "--area", "902", "--budget", "20", "-w", "1") == 0
    said = capsys.readouterr().out
    assert "settings fit" in said
    assert "write  ensemble: southmere.ensemble.json  in the scenario" in said
    ensemble = scenario.with_name("southmere.ensemble.json")
    settings = json.loads(ensemble.read_text())["settings"]
    assert scenario.with_name("southmere.calibration.html").read_text().count("<circle") == 6 * len(settings)
    out = scenario.parent / "tested"
    asked = ("--fit-to", "2017", "--predict", "2018", "--area", "902", "-n", "2", "-w", "1", "--ensemble", ensemble)
    assert _frontdoor("backtest", scenario, "--data", data, *asked, "--out", out) == 0
    said = capsys.readouterr().out
    assert "With actual referrals, the model is nearer than" in said
    # The plans open in 2018 are suppressed: not scored, and said so.
    assert "Not scored: Child protection plans open at 31 March" in said
    assert {path.name for path in out.iterdir()} == {"backtest.html", "backtest.csv"}
    rows = list(csv.DictReader((out / "backtest.csv").read_text().splitlines()))
    assert {row["measure"] for row in rows} >= {"assessments_completed", "cpp_started", "icpc_band 11-15"}


class OneFails:
    """An executor whose run of replication 1 fails, and which says why it began anew."""

    restarts = ("A worker process was ended by the system (SIGKILL): 1 run again, with 1 worker.",)

    def run(self, tasks: Any) -> Any:
        for task in tasks:
            yield Outcome.failed(task, ValueError("out of hours")) if task.replication == 1 else perform(task)


def test_backtest_says_which_runs_failed_and_takes_an_executor(
    base: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, scenario = base
    asked = ("--data", data, "--fit-to", "2017", "--predict", "2018", "--area", "902", "-n", "3", "-w", "1")
    out = ("--out", scenario.parent / "tested")
    assert _frontdoor("backtest", scenario, *asked, *out, "--executor", "cloud") == 2
    assert "write local, or dask://HOST:PORT" in capsys.readouterr().err
    monkeypatch.setattr("sim.experiment.running.executor.choose", lambda workers, where: OneFails())
    assert _frontdoor("backtest", scenario, *asked, *out) == 1
    errors = capsys.readouterr().err
    assert "4 of 12 runs failed and are left out (the first: replication 1: ValueError: out of hours)." in errors
    assert OneFails.restarts[0] in errors
    assert (scenario.parent / "tested" / "backtest.html").is_file()


def test_a_run_carries_the_ensemble_of_what_it_extends_and_refuses_a_stale_one(
    base: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data, scenario = base
    _frontdoor("calibrate", scenario, "--data", data, "--area", "902", "--budget", "20", "-w", "1")
    mine, out = scenario.with_name("mine.yaml"), scenario.with_name("out")
    named = "ensemble: southmere.ensemble.json\nperiod: {end: 2017-09-30}\n"
    mine.write_text(f"extends: {scenario.name}\n{named}")
    asked = ("--ensemble", "-n", "2", "-w", "1", "--journeys", "none", "--out", out)
    assert _frontdoor("run", mine, *asked) == 0
    assert json.loads((out / "manifest.json").read_text())["ensemble"] == "on"
    assert "published ones could not rule out" in (out / "report.html").read_text()
    assert _frontdoor("check", mine) == 0
    assert "each run takes one with --ensemble" in capsys.readouterr().out
    scenario.write_text(scenario.read_text().replace("hours_a_week: {value: 3.5", "hours_a_week: {value: 3.6"))
    assert _frontdoor("run", mine, *asked) == 2
    error = capsys.readouterr().err.strip()
    assert "was made for another scenario than mine or what it extends, or for an earlier state of it" in error
    assert "\n" not in error


def test_every_council_is_tested_on_a_year(base: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    data, scenario = base
    out = scenario.parent / "all"
    asked = ("--years", "2018:2018", "-n", "2", "-w", "1", "--executor", "local", "--out", out)
    assert _frontdoor("backtest-councils", "--data", data, *asked) == 0
    said = capsys.readouterr().out
    assert "2 of 2 councils" in said
    assert "Combined forecast" in said
    lines = said.splitlines()
    assert lines[1].split()[:3] == ["Assessments", "completed", "2"]
    rows = list(csv.DictReader((out / "councils.csv").read_text().splitlines()))
    # The plans open of one council are suppressed.
    assert len(rows) == 2 * 9 - 1
    assert {row["council"] for row in rows} == {"Northshire", "Southmere, Borough of"}
    assert all(float(row["low95"]) <= float(row["median"]) <= float(row["high95"]) for row in rows)
    assert {row["year"] for row in rows} == {"2018"}
    assert all(float(row["forecast_low80"]) <= float(row["forecast"]) <= float(row["forecast_high80"]) for row in rows)


@pytest.mark.parametrize(
    ("years", "said"),
    [(("2017", "2019"), "does not follow --fit-to 2017"), (("2030", "2031"), "no council with referrals in both 2030")],
)
def test_years_that_cannot_be_tested_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], years: tuple[str, str], said: str
) -> None:
    asked = ("--data", _extract(tmp_path / "data"), "--fit-to", years[0], "--predict", years[1])
    assert _frontdoor("backtest-councils", *asked) == 2
    error = capsys.readouterr().err.strip()
    assert said in error
    assert "\n" not in error


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("--years", "2018:2016"), "--years 2018:2016: write the first and the last year to foretell"),
        (("--years", "2017:2018", "--predict", "2018"), "give one or the other"),
        (("--predict", "2018"), "say which year to foretell"),
        (("--years", "2017:2018", "--executor", "moon"), "moon"),
    ],
)
def test_years_and_executors_that_cannot_be_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], message: str
) -> None:
    data = _extract(tmp_path / "data")
    assert _frontdoor("backtest-councils", "--data", data, *asked, "--out", tmp_path / "out") == 2
    error = capsys.readouterr().err.strip()
    assert message in error
    assert "\n" not in error
    assert not (tmp_path / "out").exists()


def test_the_weights_of_the_forecast_are_printed_with_where_they_come_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _frontdoor("forecast-weights") == 0
    shown = capsys.readouterr().out
    assert "source: DfE, Characteristics of children in need" in shown
    assert "To foretell 2018 and later (learned from changes into 2015, 2016, 2017)" in shown
    assert _frontdoor("forecast-weights", "--data", tmp_path, "--years", "2015") == 2
    assert "--years 2015: write the first and the last year to learn from" in capsys.readouterr().err


def test_benchmark_council_ranks_a_scenario(base: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    data, scenario = base
    table = scenario.with_name("beside.csv")
    asked = ("--data", data, "--area", "902", "-n", "1", "-w", "1", "--out", table)
    assert _frontdoor("benchmark-council", scenario, *asked) == 0
    said = capsys.readouterr().out
    assert "simulated 2017-18, beside published figures of reporting year 2018" in said
    assert "Far North" in said
    assert len(list(csv.DictReader(table.read_text().splitlines()))) == 19


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            ("backtest", "--fit-to", "2016", "--predict", "2017", "--area", "902"),
            "it knows the year it should foretell",
        ),
        (("backtest", "--fit-to", "2017", "--predict", "2018", "--area", "nowhere"), "there is no area 'nowhere'"),
        (("calibrate", "--area", "902", "--out", "southmere.yaml"), "is a file, not a folder"),
        (("benchmark-council", "--area", "902", "--year", "2030"), "too few councils in 2030"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    base: tuple[Path, Path], capsys: pytest.CaptureFixture[str], command: tuple[str, ...], said: str
) -> None:
    data, scenario = base
    name, *rest = (str(scenario) if word == "southmere.yaml" else word for word in command)
    assert _frontdoor(name, scenario, "--data", data, *rest) == 2
    error = capsys.readouterr().err.strip()
    assert said in error
    assert "\n" not in error
