"""A page that lists the results in a folder: what each was asked, when, and the headline of its report.

It is made anew from what the folder holds. A folder in it that is damaged is named, and stops nothing.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sim.experiment.errors import ResultsError
from sim.experiment.results.files import read_json, write_document
from sim.experiment.results.manifest import FILE, ListedManifest, kind_of
from sim.report.wording import formats

__all__ = ["ListedResults", "listed_results", "write_results_list"]

NAME: Final = "index.html"
_REPORT: Final = "report.html"
_MARK: Final = '<meta name="generator" content="frontdoor: list of results">'
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_HEAD: Final = 300_000
"""Bytes of a report in which its headline stands."""


@dataclass(frozen=True)
class ListedResults:
    """The results in one folder. `address` is relative to the list; empty where there is no report."""

    folder: str
    headline: str
    questions: tuple[str, ...]
    started: str
    size: str
    address: str

    @property
    def date(self) -> str:
        """The day of the run in words."""
        return formats.day_name(self.started) if self.started else "date not known"


def write_results_list(parent: Path) -> Path | None:
    """Write `index.html` into `parent`; return its path, or None where an `index.html` of somebody else stands there.

    Raises:
        OSError: when it cannot be written.
    """
    from sim.report.environment import template_environment

    path = parent / NAME
    if path.exists() and not _is_ours(path):
        return None
    results, damaged = listed_results(parent)
    template = template_environment().get_template("results_list.html.j2")
    write_document(path, template.render(policy=_POLICY, mark=_MARK, results=results, damaged=damaged))
    return path


def listed_results(parent: Path) -> tuple[tuple[ListedResults, ...], tuple[str, ...]]:
    """Return the results in the folders of `parent`, the newest first, and the names of folders that are damaged."""
    results: list[ListedResults] = []
    damaged: list[str] = []
    for folder in sorted(parent.iterdir()):
        if folder.name.startswith(".") or not (folder / FILE).is_file():
            continue
        try:
            values = read_json(folder / FILE)
            if kind_of(folder) is not None:
                results.append(_entry(folder, ListedManifest.model_validate(values)))
        except (ResultsError, OSError, ValueError):
            damaged.append(folder.name)
    results.sort(key=lambda entry: entry.started, reverse=True)
    return tuple(results), tuple(damaged)


def _entry(folder: Path, manifest: ListedManifest) -> ListedResults:
    scenarios = manifest.all_scenarios
    questions = tuple(dict.fromkeys(" ".join(s.question.split()) for s in scenarios if s.question))
    report = folder / _REPORT
    headline = _headline(report) if report.is_file() else ""
    return ListedResults(
        folder.name,
        headline or formats.listed([scenario.title or scenario.name for scenario in scenarios]),
        questions,
        manifest.started,
        _size(manifest, len(scenarios)),
        f"{quote(folder.name)}/{_REPORT}" if report.is_file() else "",
    )


def _size(manifest: ListedManifest, scenarios: int) -> str:
    """What kind of results they are, and of how many runs."""
    if manifest.kind:
        return f"a {manifest.kind}" if manifest.kind != "solve" else "a search for a setting"
    runs = formats.counted(manifest.replications, "run")
    return runs if scenarios == 1 else f"{scenarios} scenarios, {runs} of each"


def _headline(report: Path) -> str:
    with report.open("rb") as opened:
        head = opened.read(_HEAD).decode(errors="replace")
    heading = re.search(r"<h1>(.*?)</h1>", head, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", heading[1])).split()) if heading else ""


def _is_ours(path: Path) -> bool:
    with path.open("rb") as opened:
        return _MARK.encode() in opened.read(4096)
