"""Everything that the page can ask, answered in plain values: one object, whoever carries questions and answers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.report.palette import letter
from sim.scenario.errors.problems import Problem, ScenarioError
from sim.serve.asked import MOST_OPTIONS, MOST_RUNS, AskedComparison, Option, read_comparison, read_option, read_start
from sim.serve.errors import PageError
from sim.serve.runs import Event, Memory, Watched
from sim.serve.starts import Opened, Starts, shipped_list, slug

if TYPE_CHECKING:
    from sim.experiment.running.executor import Executor
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["FILES", "Desk", "refusal"]

FILES: Final[dict[str, tuple[str, str]]] = {
    "report": ("report.html", "text/html"),
    "page": ("comparison.html", "text/html"),
    "xlsx": ("results.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": ("decision.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
"""What a comparison can be taken away as: the file's name and its kind."""
USUAL_RUNS: Final = 10


class Desk:
    """Answers the page. Safe to use from several threads.

    `scratch` is the only folder that is written to; `given` are scenario files named on the command line.
    """

    def __init__(self, scratch: Path, given: Mapping[str, Path] | None = None) -> None:
        self._starts = Starts(scratch, given)
        self._scratch = scratch
        self._memory = Memory()
        self._questions: dict[str, Callable[[Any], Any]] = {
            "catalogue": self._catalogue,
            "open": self._open,
            "look": self._look,
            "file": self._file,
            "returns": self._returns,
        }

    def ask(self, question: str, given: Any) -> Any:
        """Answer a question: `catalogue`, `open`, `look`, `file` or `returns`.

        Raises:
            PageError, ScenarioError: when it cannot be answered; `refusal` says it for the page.
        """
        if question not in self._questions:
            raise PageError("the page asked something that this version does not know")
        return self._questions[question](given)

    def watch(self, given: Any) -> tuple[AskedComparison, Watched]:
        """A comparison, ready to run.

        Raises:
            PageError, ScenarioError: as `ask`.
        """
        comparison = read_comparison(given)
        loaded = self.scenarios(comparison)
        return comparison, Watched(loaded, comparison.runs, comparison.seed, self._memory)

    def events(self, given: Any, executor: Executor) -> Generator[Event]:
        """Run a comparison and tell what happens: `progress`, `picture` after whole replications, and `end`.

        Closing the generator stops the run.

        Raises:
            PageError, ScenarioError: as `ask`.
        """
        from sim.serve.picture import picture

        comparison, watched = self.watch(given)
        with closing(watched.events(executor)) as events:
            for event in events:
                if event["kind"] != "whole":
                    yield event
                elif (results := watched.results()) is not None:
                    yield {"kind": "picture", **picture(results, comparison.against)}

    def scenarios(self, comparison: AskedComparison) -> list[LoadedScenario]:
        """The scenarios of a comparison's options."""
        opened = self._starts.open(comparison.start)
        return [self._option(opened, option, place)[1] for place, option in enumerate(comparison.options)]

    def _option(self, opened: Opened, option: Option, place: int) -> tuple[str, LoadedScenario, list[str]]:
        """An option's file, its scenario, and what it changes in words."""
        from sim.serve.writing import changed, option_text, words

        changes = changed(opened.loaded, option)
        text = option_text(opened, option, changes)
        name = f"{letter(place).lower()}-{slug(option.name, 'option')}.yaml"
        loaded = self._starts.read_texts({**opened.texts, name: text}, name)
        return text, loaded, words(opened.loaded, changes)

    # -------------------------------------------------------------------------------- questions

    def _catalogue(self, given: Any) -> dict[str, Any]:
        from sim.experiment.results.version import product_version
        from sim.scenario.new_scenario import COUNCILS, SIZES

        return {
            "version": product_version(),
            "shipped": shipped_list(),
            "given": self._starts.given,
            "councils": list(COUNCILS),
            "sizes": SIZES,
            "options": MOST_OPTIONS,
            "runs": USUAL_RUNS,
            "most_runs": MOST_RUNS,
        }

    def _open(self, given: Any) -> dict[str, Any]:
        from sim.serve.controls.catalogue import groups

        opened = self._starts.open(read_start(given))
        scenario = opened.loaded.scenario
        return {
            "title": scenario.title,
            "short": scenario.short_title or scenario.title,
            "question": scenario.question,
            "description": scenario.description,
            "period": {"start": scenario.period.start.isoformat(), "end": scenario.period.end.isoformat()},
            "groups": [group.plain() for group in groups(opened.loaded)],
            "files": [{"name": name, "text": text} for name, text in opened.texts.items()],
        }

    def _look(self, given: Any) -> dict[str, Any]:
        """What an option changes and asks of the teams; nothing is simulated."""
        from sim.experiment.cost import cost_of
        from sim.scenario.doubts import doubts_of
        from sim.serve.load import load_of

        if not isinstance(given, Mapping):
            raise PageError("an option cannot be read")
        opened = self._starts.open(read_start(given.get("start")))
        text, loaded, words = self._option(opened, read_option(given.get("option")), 0)
        asking = [doubt.problem for doubt in doubts_of(loaded) if doubt.ask]
        return {
            "load": load_of(loaded.scenario, opened.loaded.scenario),
            "changes": words,
            "doubts": [f"{problem.wrong}: {problem.right}" for problem in asking],
            "seconds": round(cost_of(loaded.scenario, 1).seconds, 1),
            "yaml": text,
        }

    def _file(self, given: Any) -> dict[str, Any]:
        """An option's scenario file, as text."""
        if not isinstance(given, Mapping):
            raise PageError("an option cannot be read")
        opened = self._starts.open(read_start(given.get("start")))
        option = read_option(given.get("option"))
        place = given.get("place")
        text, _, _ = self._option(opened, option, place if isinstance(place, int) and 0 <= place < MOST_OPTIONS else 0)
        return {"name": f"{slug(option.name, 'option')}.yaml", "text": text}

    def _returns(self, given: Any) -> dict[str, Any]:
        """A scenario made from an Annex A workbook, which is read and not kept."""
        from sim.serve.own_returns import scenario_of

        return scenario_of(given, self._scratch)

    # -------------------------------------------------------------------------------- files

    def exported(self, given: Any, kind: str) -> bytes:
        """A comparison's results as a file to take away: `report`, `page`, `xlsx` or `docx`.

        Raises:
            PageError: when there is no such kind, or no whole replication of the comparison is in memory.
            ExportError: when the library that writes it is not installed.
        """
        from sim.report.results_view import ResultsView
        from sim.serve.picture import against_name

        if kind not in FILES:
            raise PageError("there is no such kind of file")
        comparison, watched = self.watch(given)
        results = watched.results()
        if results is None:
            raise PageError("these runs are no longer in memory; press Run, then take the file")
        against = against_name(results, comparison.against)
        if kind == "report":
            from sim.report.page import render

            return render(results, against).encode()
        if kind == "page":
            from sim.serve.one_page import one_page

            opened = self._starts.open(comparison.start)
            described = [(option.name, self._changes(opened, option)) for option in comparison.options]
            return one_page(ResultsView(results, against), opened.loaded.scenario.title, described).encode()
        from importlib import import_module

        view = ResultsView(results, against)
        self._scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".writing-", dir=self._scratch))
        try:
            import_module({"xlsx": "sim.export.workbook", "docx": "sim.export.word"}[kind]).write(view, folder)
            return (folder / FILES[kind][0]).read_bytes()
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _changes(self, opened: Opened, option: Option) -> list[str]:
        from sim.serve.writing import changed, words

        return words(opened.loaded, changed(opened.loaded, option))


def refusal(error: Exception) -> dict[str, Any]:
    """What the page shows of an error: a sentence, and for a scenario each problem with its line."""
    if isinstance(error, ScenarioError):
        problems = [_problem(problem) for problem in error.problems]
        count = len(problems)
        sentence = "This scenario cannot be used: " + (
            f"{count} things are wrong." if count > 1 else "one thing is wrong."
        )
        return {"error": sentence, "problems": problems}
    return {"error": str(error)[:1].upper() + str(error)[1:], "problems": []}


def _problem(problem: Problem) -> dict[str, Any]:
    return {**asdict(problem)}
