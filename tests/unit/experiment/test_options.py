"""One definition of the options: by keyword, together, and on the command line."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import Any

import click
import pytest
from click.testing import CliRunner

import sim
from sim.cli.options import Destination, run_options
from sim.experiment.running.executor import InProcess, Processes
from sim.experiment.running.options import COMMAND_LINE, RunOptions

pytestmark = pytest.mark.unit


def asked(*arguments: str, command: str = "run") -> RunOptions:
    taken: list[RunOptions] = []

    @click.command()
    @run_options(command)
    def taking(options: RunOptions, destination: Destination) -> None:
        taken.append(options)

    done = CliRunner().invoke(taking, list(arguments))
    assert done.exit_code == 0, done.output
    return taken[0]


def test_the_command_line_differs_from_python_in_processes_and_replications_only() -> None:
    assert asked() == RunOptions(workers=None, replications=None)
    assert asked(command="explain") == RunOptions(workers=None)


def test_every_option_is_the_same_by_keyword_and_on_the_command_line() -> None:
    given = asked(
        "-n", "3", "--seed", "7", "-w", "2", "--journeys", "first", "--precision", "5%", "--measure", "unallocated",
        "--max-replications", "40", "--minutes", "0.5", "--uncertainty", "off", "--ensemble", "--executor",
        "dask://here:1", "--controls", "off",
    )  # fmt: skip
    keywords: dict[str, Any] = {
        "replications": 3, "seed": 7, "workers": 2, "journeys": "first", "precision": ("5%",),
        "measures": ("unallocated",), "max_replications": 40, "minutes": 0.5, "uncertainty": False, "ensemble": True,
        "executor": "dask://here:1", "controls": False,
    }  # fmt: skip
    assert given == RunOptions.of(None, keywords)
    assert set(keywords) == {field.name for field in fields(RunOptions) if COMMAND_LINE in field.metadata}


def test_an_explanation_has_no_control_variates() -> None:
    command = run_options("explain")(click.command()(lambda **_: None).callback)
    assert "--controls" not in {flag for option in command.__click_params__ for flag in option.opts}
    assert asked(command="explain").controls is None


def test_a_keyword_that_is_no_option_names_the_nearest(short: Any) -> None:
    with pytest.raises(TypeError, match="there is no option 'replcations'; did you mean 'replications'"):
        sim.run(short(), replcations=2)
    with pytest.raises(TypeError, match="there is no option 'journeys' here"):
        sim.solve(short(), "a=1:2", "b>=1", journeys="none")


def test_options_together_and_by_keyword(short: Any) -> None:
    options = RunOptions(replications=1, journeys="none")
    together, by_keyword = sim.run(short(), options), sim.run(short(), replications=1, journeys="none")
    assert together.measures.equals(by_keyword.measures)
    assert sim.run(short(), options, replications=2).manifest.replications == 2
    with pytest.raises(FrozenInstanceError):
        options.seed = 2  # type: ignore[misc]


def test_no_more_processes_than_runs() -> None:
    assert isinstance(RunOptions(workers=8).runs_on(1), InProcess)
    assert isinstance(RunOptions(workers=8).runs_on(2), Processes)
    assert isinstance(RunOptions(executor=InProcess(), workers=8).runs_on(9), InProcess)


def test_little_work_needs_no_other_processes_unless_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.running.executor.available_cpus", lambda: 4)
    assert isinstance(RunOptions(workers=None).runs_on(9, seconds=0.4), InProcess)
    assert isinstance(RunOptions(workers=None).runs_on(9, seconds=40.0), Processes)
    assert isinstance(RunOptions(workers=4).runs_on(9, seconds=0.4), Processes)


def test_every_public_verb_is_there() -> None:
    for name in sim.__all__:
        assert getattr(sim, name).__doc__ or name == "__version__"
