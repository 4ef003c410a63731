"""Replications on a Dask cluster: a real scheduler and two worker processes, one of them killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.experiment.errors import ReplicationsFailedError, RunError
from sim.experiment.running import cluster
from sim.experiment.running.executor import choose
from sim.experiment.running.runner import run

# Sockets and event loops of distributed that are closed while Python collects them.
pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed"),
]

ROOT = Path(__file__).resolve().parents[2]
REPLICATIONS = 14


@dataclass
class Machines:
    """The processes of a cluster on this machine."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    yield from _started(tmp_path_factory.mktemp("cluster"))


@pytest.fixture
def own_machines(tmp_path: Path) -> Iterator[Machines]:
    """Machines of one test, which may end the scheduler."""
    (tmp_path / "cluster").mkdir()
    yield from _started(tmp_path / "cluster")


def _started(folder: Path) -> Iterator[Machines]:
    # The dashboard asks for ports of its own; workers that restart themselves could not be stopped by their number.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    started: list[subprocess.Popen[bytes]] = []

    def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                f"distributed.cli.{module}",
                *arguments,
                "--scheduler-file",
                str(folder / "at.json"),
            ],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    try:
        scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        workers = [
            start("dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
            for _ in range(2)
        ]
        address = _address(folder / "at.json")
        from distributed import Client

        with Client(address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield Machines(address.replace("tcp://", "dask://"), scheduler, workers)
    finally:
        for process in reversed(started):
            process.kill()
            process.wait(timeout=30)


def _address(file: Path) -> str:
    import json

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if file.is_file() and file.read_text().strip():
            return str(json.loads(file.read_text())["address"])
        time.sleep(0.05)
    raise AssertionError("the scheduler did not start")


def short(folder: Path) -> Any:
    file = folder / "short.yaml"
    file.write_text("extends: tiny\nperiod: {end: 2016-06-30}\n", encoding="utf-8")
    return sim.load(file)


def broken(scenario: Any, seed: int, replication: int) -> Any:
    raise ValueError("it broke")


def test_a_worker_killed_in_the_middle_loses_nothing(machines: Machines, tmp_path: Path) -> None:
    scenario = short(tmp_path)
    here = run(scenario, replications=REPLICATIONS)
    seen: list[int] = []

    def progress(done: int, total: int) -> None:
        seen.append(done)
        if done == 3:
            os.kill(machines.workers[0].pid, signal.SIGKILL)

    there = run(
        scenario, replications=REPLICATIONS, progress=progress, executor=choose(1, machines.address), scratch=tmp_path
    )
    assert seen == list(range(1, REPLICATIONS + 1))
    assert machines.workers[0].wait(timeout=30) == -signal.SIGKILL
    assert there.manifest.failures == ()
    pd.testing.assert_frame_equal(here.measures, there.measures)
    pd.testing.assert_frame_equal(here.stocks, there.stocks)
    pd.testing.assert_frame_equal(here.journeys(), there.journeys())


def test_what_breaks_on_a_worker_is_a_failed_replication(machines: Machines, tmp_path: Path) -> None:
    # A function of this file cannot be found by a worker: whatever is wrong there comes back as a sentence.
    with pytest.raises(ReplicationsFailedError, match="no replication of short came out"):
        run(short(tmp_path), replications=2, executor=choose(1, machines.address), simulate=broken, journeys="none")


def test_a_run_that_is_stopped_leaves_the_cluster_free(machines: Machines, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    executor = choose(1, machines.address)
    stopped = run(short(tmp_path), replications=REPLICATIONS, progress=stop, executor=executor, journeys="none")
    assert stopped.manifest.interrupted is True
    assert stopped.manifest.replications == 1
    again = run(short(tmp_path), replications=1, executor=executor, journeys="none")
    assert again.manifest.replications == 1


def test_a_folder_that_workers_do_not_see_is_refused(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_is_folder", _never)
    with pytest.raises(RunError, match="every machine shares"):
        run(short(tmp_path), replications=1, executor=choose(1, machines.address), scratch=tmp_path)


_never = eval("lambda path: False")  # pickled whole: the workers do not know this file


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import socket

    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else can answer there meanwhile
        where = f"dask://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(RunError, match="no Dask scheduler answers at dask://127"):
            run(short(tmp_path), replications=1, executor=choose(1, where), journeys="none")


@pytest.mark.parametrize("where", ["dask://", "dask://here", "dask://here:99999", "tcp://here:8786", "there", ""])
def test_an_address_that_is_none(where: str) -> None:
    with pytest.raises(RunError, match="write local, or dask://HOST:PORT"):
        choose(2, where)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RunError, match=r"pip install 'frontdoor-sim\[dask\]'"):
        choose(2, "dask://127.0.0.1:8786")


def test_another_version_on_a_worker_is_said(tmp_path: Path) -> None:
    from sim.experiment.running.task import Task

    outcome = cluster.perform_on_worker(Task(0, 0, "short", short(tmp_path).scenario, 1), "0.0.0")
    assert outcome.error is not None
    assert "install the same on every machine" in outcome.error


def test_a_scheduler_that_is_lost_ends_the_run_with_what_came(tmp_path: Path, own_machines: Machines) -> None:
    base, other = short(tmp_path), short(tmp_path).at({"demand.referrals_a_year": 500})

    def progress(done: int, total: int) -> None:
        if done == 5:
            own_machines.scheduler.kill()

    results = sim.compare(
        base, other, replications=REPLICATIONS, progress=progress, executor=own_machines.address, journeys="none"
    )
    assert 0 < results.manifest.replications < REPLICATIONS
    assert results.manifest.stopped == f"The Dask scheduler at {own_machines.address} is lost"
    assert not results.manifest.interrupted
    # Those that came before the end: perhaps not the first ones, nor the same of both scenarios.
    kept = {record.name: record.replications for record in results.manifest.scenarios}
    here = sim.compare(base, other, replications=max(map(max, kept.values())) + 1, journeys="none").measures
    came = [row.replication in kept[row.scenario] for row in here[["scenario", "replication"]].itertuples()]
    pd.testing.assert_frame_equal(here[came].reset_index(drop=True), results.measures)


def test_a_scheduler_that_is_lost_before_anything_came_says_so(tmp_path: Path, own_machines: Machines) -> None:
    def progress(done: int, total: int) -> None:
        own_machines.scheduler.kill()

    with pytest.raises(ReplicationsFailedError, match="is lost, and no replication was complete"):
        sim.compare(
            short(tmp_path), short(tmp_path).at({"demand.referrals_a_year": 500}), replications=2, progress=progress,
            executor=own_machines.address, journeys="none",
        )  # fmt: skip
