"""The benchmarks run, keep their figures and can be compared. How fast anything is, no test asks."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from benchmarks.compare import compared
from benchmarks.figures import TARGETS, Figure, higher, lower, met, read
from benchmarks.measure import measured_apart
from benchmarks.peers import race
from benchmarks.peers.network import read as network
from benchmarks.sizes import SIZES, named
from benchmarks.trend import write as write_trend

pytestmark = pytest.mark.end_to_end

CHECKOUT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A report on the smallest sizes, and what was printed."""
    out = tmp_path_factory.mktemp("benchmarks")
    names = [word for name in ("start", "model", "growth") for word in ("--only", name)]
    done = run("benchmarks", "--small", "--rounds", "2", "--out", str(out), *names)
    assert done.returncode == 0, done.stderr
    (path,) = (out / "small").glob("*.json")
    return path, done.stdout


def test_the_benchmarks_keep_their_figures(made: tuple[Path, str]) -> None:
    path, printed = made
    report = read(path)
    assert {"processor", "cores", "python", "libraries"} <= report.machine.keys()
    assert report.details["rounds"] == 2
    figures = {figure.name: figure for figure in report.figures}
    for name in ("start: --help", "start: run tiny", "model: everything on, seconds a simulated year"):
        assert all(value > 0 for value in figures[name].runs)
    assert len(figures["start: check"].runs) == 2
    assert figures["growth: Rutland, cost of a child to Croydon's"].runs[0] > 0
    assert sum(report.details["model"]["plain"]["per cent of the time"].values()) == pytest.approx(100, abs=3)
    assert "everything on" in printed


def test_a_target_without_a_figure_is_found_out(made: tuple[Path, str]) -> None:
    report = read(made[0])
    missing = report.targets_missed_out()
    assert "answer: from command to report" in missing
    assert "start: --help, imports" not in missing


def test_a_trend_is_drawn_from_the_reports(made: tuple[Path, str]) -> None:
    page = write_trend(made[0].parent)
    assert page is not None
    text = page.read_text(encoding="utf-8")
    assert "start: --help, imports" in text
    assert "<script src=" not in text


def test_comparing_says_what_changed(made: tuple[Path, str], tmp_path: Path) -> None:
    path, _ = made
    said = json.loads(path.read_text(encoding="utf-8"))
    for figure in said["figures"]:
        if figure["name"] == "start: check":
            figure["runs"] = [value / 10 for value in figure["runs"]]
    quicker = tmp_path / "quicker.json"
    quicker.write_text(json.dumps(said), encoding="utf-8")
    done = run("benchmarks.compare", str(path), str(quicker))
    assert done.returncode == 0, done.stderr
    lines = dict(line.split(": faster", 1) for line in done.stdout.splitlines() if ": faster" in line)
    assert list(lines) == ["start: check"]
    assert "0.100 times" in lines["start: check"]
    assert "start: --help: no difference" in done.stdout


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ((1.0, 1.1, 0.9, 1.0), (0.5, 0.56, 0.44, 0.5), "faster"),
        ((1.0, 1.1, 0.9, 1.0), (2.0, 2.3, 1.7, 2.0), "slower"),
        ((1.0, 2.0, 0.5, 1.0), (1.1, 1.8, 0.6, 0.9), "no difference"),
        ((1.0,), (2.0,), "one round only"),
        ((3.0, 3.0), (3.0, 3.0), "no difference"),
    ],
)
def test_pairs_of_rounds_decide(before: tuple[float, ...], after: tuple[float, ...], said: str) -> None:
    found = compared(lower("x", "s", before), lower("x", "s", after))
    assert found.verdict == said
    if found.low is not None and found.high is not None:
        assert found.low <= found.ratio <= found.high


def test_more_is_better_where_a_figure_says_so() -> None:
    assert compared(higher("x", "times", (1.0, 1.0)), higher("x", "times", (2.0, 2.1))).verdict == "better"
    name, target = next(iter(TARGETS.items()))
    assert met(Figure(name, "times", "higher", (target + 1, target, target - 1))) is True
    assert met(Figure(name, "times", "higher", (target - 1,))) is False
    assert met(Figure("another", "s", "lower", (1.0,))) is None


def test_our_parts_and_textbook_simpy_agree() -> None:
    """On every mean wait, in overload too, where thousands wait."""
    seconds, waits = race.race(network(demand=2.5, days=120), ["own parts", "SimPy"], 1)
    assert seconds.keys() == {"own parts", "SimPy"}
    assert waits["wait"].max() > 5
    assert waits["wait"].loc[0].is_monotonic_increasing, "those who come first by priority wait longer"


@pytest.mark.parametrize("name", list(race.NEEDS))
def test_the_peers_agree(name: str) -> None:
    if find_spec(race.NEEDS[name]) is None:
        pytest.skip(f"{name} is not installed: it comes with the extra 'peers'")
    _, waits = race.race(network(demand=1.5, days=60), ["own parts", name], 1)
    assert waits["wait"].max() > 1


@pytest.mark.as_written
def test_a_simulator_that_tells_another_story_is_named() -> None:
    visits = race.table("own parts", network(days=40), 1)
    other = visits.assign(started=visits["started"] + 0.01)
    with pytest.raises(race.DisagreementError, match="SimPy"):
        race.check({"own parts": race.mean_waits(visits), "SimPy": race.mean_waits(other)})


@pytest.mark.parametrize("name", [size.name for size in SIZES])
def test_every_size_makes_a_sound_scenario(name: str) -> None:
    plain, full = named(name).scenario(1), named(name).scenario(1, everything_on=True)
    assert plain.period == full.period
    workers: Any = [group.count for team in plain.teams.values() for group in team.workers]
    assert sum(workers) > 0
    assert full.people.turnover != "none"
    assert plain.people.turnover == "none"


def test_the_memory_of_whoever_starts_a_measurement_is_not_counted() -> None:
    ballast = b"x" * 400_000_000
    found = measured_apart("tiny", 1, 1)
    assert len(ballast) == 400_000_000
    assert found["megabytes"] is None or 0 < found["megabytes"] < 300
