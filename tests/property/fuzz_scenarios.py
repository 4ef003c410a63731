"""Checks mutated scenarios one after another and prints a line of JSON for each that ends badly.

Run as `python fuzz_scenarios.py FIRST COUNT FOLDER`: case i is the same for everybody. Each case may use ten seconds of
processor time.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.cli.entry import main
from sim.experiment.cost import SET_UP_AT_MOST, cost_of
from sim.model.service import Service
from sim.scenario import load
from sim.scenario.reading.known_keys import alternatives, is_model
from sim.scenario.schema import Scenario

SECONDS = 10
DAYS = 40
LIMIT = 4_000_000_000
BASES = (
    "tiny", "rutland-base", "croydon-surge-teams", "croydon-all-together", "croydon-nqsw-cohort", "wirral-supervision",
    "surrey-case-review", "england-average", "checks/mmc",
)  # fmt: skip
FIGURES = (
    "inf", "-inf", "nan", ".inf", ".nan", "1e300", "1e-300", "-1", "0", "999999999999", "1000000000", "1000000",
    "0.0001", "10000", "40", "20", "3", "1", "50%", "0%", "100%", "4000%", "0.0001 working days", "0 days",
    "9 years", "10 years", "1000 years", "none", "off", "1990-01-01", "2090-01-01", "2010-01-01", "2030-01-01",
    "2016-02-30", "[]", "{}", "''",
    "null", "true", "x", "{low: 1, high: 2}", "{low: 0, high: 1000000}", "{low: nan, high: inf}", "[1, 2, 3]", "{a: 1}",
    '"\\e]0;x\\a"', '"\\u202e"', "*nothing", "&a 1", "!!python/object 1", "{distribution: gamma, mean: 1 day, cv: 5}",
    "{distribution: weibull, mean: 9 years, shape: 0.1}", "{distribution: lognormal, mean: 9 years, cv: 10}",
    "{distribution: fixed, value: 0 days}", "{2016-05-01: 3, 2090-01-01: 4}", "{1990-01-01: 1}",
)  # fmt: skip
LEVERS = (
    "{lever: routing, stage: court, at: START, outcomes: {care: 0%}}",
    "{lever: routing, stage: assessment, at: START, outcomes: {section_47: 100%}}",
    "{lever: referral_surge, at: 1990-01-01, size: 40}",
    "{lever: referral_surge, at: START, size: 100, ramp: 10 years}",
    "{lever: chair_absence, at: START, share: 100%}",
    "{lever: capacity, capacity: solicitors, at: START, value: 0}",
    "{lever: retention, at: START, reduction: -100%, grade: nqsw}",
    "{lever: agency_release, at: START}",
    "{lever: early_help_diversion, at: START, share: 100%, contacts: 100%}",
    "{lever: allocation_policy, at: START, policy: oldest_first, until: 2099-12-31}",
)


class _OutOfTimeError(Exception):
    """A case has used its processor time."""


def cases(first: int, count: int, folder: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the arguments of each case; files are written into the folder of scenarios."""
    fields = list(_fields(Scenario, ()))
    loaded = {name: load(folder / f"{name}.yaml") for name in BASES}
    for number in range(first, first + count):
        draw = random.Random(number)
        name = draw.choice(BASES)
        file = folder / f"{name}.yaml"
        if number % 3 == 0:
            mutated = file.with_name(f"mutated-{number}.yaml")
            mutated.write_text(_mutated(file.read_text(encoding="utf-8"), draw), encoding="utf-8")
            yield number, [str(mutated)]
            continue
        paths = list(_leaves(loaded[name].resolved, ()))
        changes = []
        for _ in range(draw.choice((1, 1, 2, 3))):
            path = draw.choice(paths if draw.random() < 0.5 else fields)
            changes.append(".".join(map(str, path)) + "=" + draw.choice(FIGURES))
        if draw.random() < 0.15:
            start = loaded[name].scenario.period.start
            changes.append(f"levers=[{draw.choice(LEVERS).replace('START', start.isoformat())}]")
        yield number, [str(file), *(part for change in changes for part in ("--set", change))]


def _mutated(text: str, draw: random.Random) -> str:
    lines = text.splitlines()
    for _ in range(draw.choice((1, 1, 2))):
        place = draw.randrange(len(lines))
        line = lines[place]
        kind = draw.randrange(6)
        if kind == 0:
            del lines[place]
        elif kind == 1:
            lines.insert(place, line)
        elif kind == 2:
            lines[place] = draw.choice((" ", "  ", "\t", "- ")) + line
        elif kind == 3:
            lines[place] = line.partition(":")[0] + ": " + draw.choice(FIGURES)
        elif kind == 4 and line:
            at = draw.randrange(len(line))
            lines[place] = line[:at] + draw.choice("{}[]:,%&*!|>'\"#@x0-\u202e\u00e9") + line[at + 1 :]
        else:
            lines[place] = line[: draw.randrange(len(line) + 1)]
        if not lines:
            lines = [""]
    return "\n".join(lines) + "\n"


def _leaves(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _leaves(inner, (*path, place))


def _fields(model: Any, before: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, field in model.model_fields.items():
        yield (*before, key)
        for kind in alternatives(field.annotation):
            if is_model(kind) and len(before) < 4:
                yield from _fields(kind, (*before, key))


def judge(arguments: list[str]) -> str:
    """Check a scenario as the command line does, and begin its run if it is called sound; say what is wrong, or ''."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(["check", *arguments])
        except SystemExit as left:
            code = left.code
    said = err.getvalue()
    if code not in (0, 2):
        return f"exit code {code}: {said[:300]}"
    if "Traceback" in said or "could not go on" in said or not (out.getvalue() + said).replace("\n", "").isprintable():
        return f"not a sentence: {said[:300]}"
    if code == 2:
        return "" if said.strip() and len(said) < 20_000 else f"no sentence: {said[:300]}"
    scenario = load(arguments[0], arguments[2::2]).scenario
    opening = sum(getattr(scenario.opening, stage).children for stage in type(scenario.opening).model_fields)
    if opening <= SET_UP_AT_MOST and cost_of(scenario, 1).seconds < 200:
        service = Service(scenario, 1, 0, record=True)
        service.begin()
        service.run_until(min(DAYS, service.calendar.horizon - 1))
    return ""


def _out_of_time(*_: object) -> None:
    raise _OutOfTimeError(f"more than {SECONDS} s of processor time")


def run(first: int, count: int, folder: Path) -> None:
    """Judge the cases; print those that end badly, and last the memory used at most, in megabytes."""
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
    signal.signal(signal.SIGPROF, _out_of_time)
    for number, arguments in cases(first, count, folder):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            wrong = judge(arguments)
        except BaseException as error:
            wrong = f"{type(error).__name__}: {error}"
        signal.setitimer(signal.ITIMER_PROF, 0)
        if wrong:
            sys.stdout.write(json.dumps({"case": number, "arguments": arguments, "wrong": wrong}) + "\n")
    sys.stdout.write(json.dumps({"peak": peak_megabytes()}) + "\n")


def peak_megabytes() -> float:
    """Return the most memory that this process has held so far, in megabytes.

    Linux lets `ru_maxrss` of a new process begin at the memory of whoever started it, such as a test worker that has
    grown to a gigabyte. `VmHWM` counts this process alone.
    """
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    run(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
