"""A study's page (sweep, solve, sensitivity): what was asked, the answer in sentences, charts, tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.measures.definitions import MEASURES
from sim.report.charts.chart import Chart
from sim.report.page import CONTENT_SECURITY_POLICY, drawing, environment, script_safe
from sim.report.tables import Table
from sim.report.wording import formats

if TYPE_CHECKING:
    from sim.experiment.studies.manifests import StudyManifest

__all__ = ["StudyPage", "facts", "label_of", "path_in_words", "render_study", "shown_value", "unit_of"]

_GRADES = {
    "nqsw": "newly qualified social workers", "social_worker": "social workers", "senior": "senior social workers",
    "agency": "agency workers",
}  # fmt: skip


@dataclass(frozen=True)
class StudyPage:
    """Everything that a study's page says."""

    title: str
    facts: Mapping[str, str]
    sentences: tuple[str, ...]
    charts: tuple[Chart, ...]
    tables: tuple[Table, ...]
    reading: Mapping[str, str]
    cautions: tuple[str, ...] = field(default=())


def render_study(page: StudyPage) -> str:
    """Return the page as one HTML document that opens offline."""
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    drawn = {chart.id: drawing(chart) for chart in page.charts}
    return (
        environment()
        .get_template("study.html.j2")
        .render(
            policy=CONTENT_SECURITY_POLICY,
            page=page,
            data=None,
            drawings=Markup(script_safe(drawn)),
            plotly_js=Markup(get_plotlyjs()) if drawn else "",
        )
    )


def facts(manifest: StudyManifest, **more: str) -> dict[str, str]:
    """What every study was asked, with `more` between the scenario and how it was made."""
    scenario = manifest.scenario
    rows = {"Scenario": f"{scenario.title} ({scenario.name})"}
    if scenario.overrides:
        rows["Changed first"] = ", ".join(f"{row.path} = {row.new}" for row in scenario.overrides)
    rows |= more
    rows["Seed"] = f"{manifest.seed} (the same seed gives the same figures)"
    rows["Made with"] = f"frontdoor {manifest.product_version}"
    rows["Run on"] = formats.day_name(str(manifest.started))
    return rows


def path_in_words(manifest: StudyManifest, path: str) -> str:
    """A path of a scenario in words: `social workers in the assessment team`, `referrals a year`."""
    resolved = manifest.scenario.resolved
    match = re.fullmatch(r"teams\.(.+)\.workers\.(\d+)\.(\w+)", path)
    if match is not None:
        team, place, key = match[1], int(match[2]), match[3]
        try:
            group = resolved["teams"][team]["workers"][place]
        except (KeyError, IndexError, TypeError):
            group = {}
        workers = _GRADES.get(str(group.get("grade", "social_worker")), "workers")
        what = workers if key == "count" else f"{_words(key)} of {workers}"
        return f"{what} in {_team(team)}"
    match = re.fullmatch(r"teams\.(.+)\.(\w+)", path)
    if match is not None:
        return f"{_words(match[2])} in {_team(match[1])}"
    match = re.fullmatch(r"stages\.(\w+)\.(.+)", path)
    if match is not None:
        return f"{_words(match[2])} ({_words(match[1])})"
    match = re.fullmatch(r"levers\.(\d+)\.(.+)", path)
    if match is not None:
        try:
            lever = _words(str(resolved["levers"][int(match[1])]["lever"]))
        except (KeyError, IndexError, TypeError):
            lever = f"lever {int(match[1]) + 1}"
        return f"{_words(match[2])} of the {lever}"
    return _words(path.split(".", 1)[1] if "." in path else path)


def label_of(measure: str) -> str:
    """A measure's label; its id when it is not known any more."""
    known = MEASURES.get(measure)
    return known.label if known else measure


def unit_of(measure: str) -> str:
    """A measure's unit."""
    known = MEASURES.get(measure)
    return known.unit if known else ""


def shown_value(value: Any) -> str:
    """A value of a scenario as a reader sees it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,.10g}" if abs(value) >= 10_000 else f"{value:.10g}"


def _team(name: str) -> str:
    return f"the {name}" if name.lower().endswith("team") else f"the {name} team"


def _words(key: str) -> str:
    return key.replace("_", " ").replace(".", ", ")
