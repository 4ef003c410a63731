"""Where a comparison starts: a scenario read from what the page chose.

The only files that are read are shipped scenarios, those named on the command line, and copies of what the page sent,
written into a folder of the library under names of our own.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.errors.problems import Problem, ScenarioError
from sim.serve.asked import Start
from sim.serve.errors import PageError

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["Opened", "Starts", "shipped_list", "slug"]

_QUESTIONS: Final = ("council", "referrals", "workers", "newly_qualified", "cap", "surge")
_PLACES: Final = {
    "croydon": "Croydon", "rutland": "Rutland", "surrey": "Surrey", "wirral": "Wirral", "england": "England",
    "tiny": "For learning",
}  # fmt: skip
KEPT: Final = 40
"""Starts kept in memory."""


@dataclass(frozen=True)
class Opened:
    """A start, read. `extends` is what an option's file says, `texts` the files that it needs beside it, by name."""

    start: Start
    loaded: LoadedScenario
    extends: str
    texts: Mapping[str, str]


@cache
def shipped_list() -> list[dict[str, str]]:
    """The shipped scenarios with title, question and place, textbook checks left out."""
    from sim.scenario.reading import shipped
    from sim.scenario.reading.yaml_reader import read_file

    listed = []
    for name in shipped.names():
        path = shipped.find(name)
        if "/" in name or path is None:
            continue
        value = read_file(path, name).value
        place = _PLACES.get(name.split("-")[0], "Other")
        listed.append(
            {
                "name": name,
                "title": str(value.get("title", name)),
                "question": " ".join(str(value.get("question", "")).split()),
                "place": place,
            }
        )
    order = list(_PLACES.values())
    return sorted(listed, key=lambda each: order.index(each["place"]) if each["place"] in order else len(order))


def slug(text: str, otherwise: str) -> str:
    """A text as part of a file's name: small letters, digits and hyphens, 40 at most."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-") or otherwise


class Starts:
    """Reads starts, and keeps those that were read last.

    `given` are scenario files named on the command line, by the name that the page shows; `scratch` is the folder in
    which copies of what the page sent are read.
    """

    def __init__(self, scratch: Path, given: Mapping[str, Path] | None = None) -> None:
        self._scratch = scratch
        self._given = dict(given or {})
        self._kept: dict[tuple[object, ...], Opened] = {}

    @property
    def given(self) -> list[str]:
        """Names of the files of the command line."""
        return list(self._given)

    def open(self, start: Start) -> Opened:
        """Read a start.

        Raises:
            ScenarioError: with every problem of the file.
            PageError: when there is no such scenario, or an answer does not fit.
        """
        known = self._kept.get(start.key)
        if known is not None:
            return known
        opened = self._read(start)
        while len(self._kept) >= KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[start.key] = opened
        return opened

    def _read(self, start: Start) -> Opened:
        from sim.scenario import load

        if start.kind == "shipped":
            if start.name not in {each["name"] for each in shipped_list()}:
                raise PageError(f"there is no shipped scenario '{start.name[:60]}'; choose one of the list")
            return Opened(start, load(start.name), start.name, {})
        if start.kind == "given":
            path = self._given.get(start.name)
            if path is None:
                raise PageError(f"'{start.name[:60]}' was not named when the page was started")
            loaded = load(path)
            return Opened(start, loaded, path.name, _chain(loaded))
        text = start.text if start.kind == "file" else _answered(start)
        stem = slug(Path(start.name.replace("\\", "/")).stem, "my-service")
        texts = {f"{stem}.yaml": text}
        return Opened(start, self.read_texts(texts, f"{stem}.yaml"), f"{stem}.yaml", texts)

    def read_texts(self, texts: Mapping[str, str], last: str) -> LoadedScenario:
        """Load the scenario `last` from texts by the name of their file; they may extend one another and shipped ones.

        Raises:
            ScenarioError: when anything is wrong, also when a text extends or names another file.
        """
        from sim.scenario import load

        for name, text in texts.items():
            _check_files(name, text, texts)
        self._scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".reading-", dir=self._scratch))
        try:
            for name, text in texts.items():
                (folder / name).write_text(text, encoding="utf-8", newline="\n")
            return load(folder / last)
        except ScenarioError as error:
            raise ScenarioError(_without(folder, problem) for problem in error.problems) from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _chain(loaded: LoadedScenario) -> dict[str, str]:
    """The texts of the files that a scenario is made of, shipped ones left out."""
    from sim.scenario.reading import shipped

    place = shipped.folder()
    files = [Path(file).resolve() for file in loaded.files]
    own = [file for file in files if place is None or not file.is_relative_to(place.resolve())]
    return {file.name: file.read_text(encoding="utf-8-sig") for file in own}


def _without(folder: Path, problem: Problem) -> Problem:
    """A problem as the page shows it: without the folder in which a copy of its file was read."""
    from sim.scenario.reading.inheritance import display

    for prefix in (f"{display(folder)}/", f"{folder}/"):
        problem = Problem(
            problem.file.replace(prefix, ""), problem.line, problem.path, problem.wrong.replace(prefix, ""),
            problem.right,
        )  # fmt: skip
    return problem


def _check_files(name: str, text: str, texts: Mapping[str, str]) -> None:
    """Refuse a text that names any file but a shipped scenario or another of the texts."""
    from sim.scenario.reading import shipped
    from sim.scenario.reading.yaml_reader import MAX_BYTES, read_text

    if len(text.encode("utf-8", errors="replace")) > MAX_BYTES:
        raise ScenarioError([Problem(name, None, "", "it is larger than 1 MB", "leave bulk data out")])
    value = read_text(text, name).value
    extended = value.get("extends") if isinstance(value, dict) else None
    if isinstance(extended, Mapping):  # written with its source
        extended = extended.get("value")
    if extended is None:
        return
    shown = str(extended).strip()
    known = shipped.names()
    if shown in texts or shown in known:
        return
    if shown.removesuffix(".yaml") in known:
        right = f"write extends: {shown.removesuffix('.yaml')}, the shipped scenario of that name"
    else:
        right = "extend a shipped scenario, or open a file that holds everything"
    raise ScenarioError([Problem(name, None, "extends", "the page reads no other file of this machine", right)])


def _answered(start: Start) -> str:
    from sim.scenario.new_scenario import COUNCILS, Answers, scenario_text

    given: dict[str, Any] = {key: value for key, value in start.answers.items() if value not in (None, "")}
    unknown = next((key for key in given if key not in _QUESTIONS), None)
    if unknown is not None:
        raise PageError(f"'{unknown}' is not one of the questions")
    council = str(given.pop("council", "england"))
    if council not in COUNCILS:
        raise PageError(f"there is no council '{council}'; choose one of {', '.join(COUNCILS)}")
    try:
        numbers = {key: float(value) for key, value in given.items()}
    except ValueError:
        raise PageError("an answer is not a number; write figures only") from None
    for key, most in (("referrals", 1_000_000), ("workers", 20_000), ("newly_qualified", 20_000), ("cap", 10_000)):
        low = 0 if key == "newly_qualified" else 1
        if key in numbers and not low <= numbers[key] <= most:
            raise PageError(f"{key.replace('_', ' ')}: write a number from {low} to {most:,}")
    if not -1 <= numbers.get("surge", 0.0) <= 3:
        raise PageError("surge: write a change from -100% to +300%")
    whole = {key: round(numbers[key]) for key in ("workers", "newly_qualified") if key in numbers}
    return scenario_text(
        slug(start.name, "my service"),
        Answers(council, numbers.get("referrals"), cap=numbers.get("cap"), surge=numbers.get("surge", 0.0), **whole),
    )
