"""The report's HTML: everything it says is gathered here and set by the template."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.report import assumptions, decision, headline, options, palette, scope, tables, targets
from sim.report.charts import all_charts, unknowns
from sim.report.charts.chart import Chart, wrapped
from sim.report.environment import template_environment
from sim.report.results_view import WHOLE, ResultsLike, ResultsView
from sim.report.waiting.flow import flow
from sim.report.wording import formats, sureness, unsustainable_load

if TYPE_CHECKING:
    import jinja2

    from sim.experiment.results.manifest import Manifest

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; base-uri 'none'; form-action 'none'"
)
"""What the page may do: run and style what is inside it, and load nothing."""

_CONFIG: Final = {
    "displaylogo": False,
    "displayModeBar": False,
    "responsive": False,
    "scrollZoom": False,
    "doubleClick": False,
}


def render(results: ResultsLike, against: str | None = None) -> str:
    """Return the report as one HTML document."""
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    data = ResultsView(results, against)
    charts = all_charts(data)
    first = decision.decision(data)
    assumption_heading, assumption_lines = assumptions.top_five(data, first.chosen)
    simulated, left_out = scope.scope(data)
    keys = tables.key_tables(data)
    moving = flow(data)
    drawn = {chart.id: drawing(chart) for part in charts.values() for chart in part}
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            policy=CONTENT_SECURITY_POLICY,
            about=_about(data),
            about_failures=_failures(data),
            data=data,
            blocks=headline.headline(data),
            exposed=headline.exposed(data),
            key_tables=keys,
            shown=_shown(keys),
            charts=charts,
            flow=moving,
            flow_data=Markup(script_safe(moving.data)) if moving else "",
            warnings=unsustainable_load.warnings(data),
            targets=targets.table(data),
            decision=first,
            assumption=assumptions.first_line(data, first.chosen),
            assumption_heading=assumption_heading,
            assumption_lines=assumption_lines,
            option_words=options.option_words(data),
            value_table=options.value_table(data),
            simulated=simulated,
            left_out=left_out,
            sure=sureness.sureness(data),
            ranged=data.manifest.uncertainty == "on",
            calibrated=data.manifest.ensemble == "on",
            ranges=unknowns.ranges(data),
            targets_period=formats.period_name(targets.period(data)),
            register=tables.register(data.manifest.scenarios, {s.name: s.title for s in data.scenarios}),
            drawings=Markup(script_safe(drawn)),
            plotly_js=Markup(get_plotlyjs()) if drawn else "",
            busy=unsustainable_load.BUSY,
        )
    )


def environment() -> jinja2.Environment:
    """The templates, with what they use."""
    templates = template_environment()
    templates.filters["unbroken"] = _unbroken
    templates.globals.update(
        symbols=formats.SYMBOLS, verdict_words=formats.VERDICT_WORDS, palette=palette, listed=formats.listed
    )
    return templates


def script_safe(value: Any) -> str:
    """Return JSON that may stand inside a script element: no `<`, `>` or `&`, nor line separators, can end
    it.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def drawing(chart: Chart) -> dict[str, Any]:
    """A chart as the page's script draws it."""
    return {
        **chart.figure.as_json(),
        "narrow": dict(chart.narrow),
        "config": dict(_CONFIG),
        "title": "<br>".join([*(f"<b>{line}</b>" for line in wrapped(chart.title, 90, 3)), "Simulated children"]),
    }


def _about(data: ResultsView) -> Mapping[str, str]:
    """What was asked, as labels and values."""
    manifest = data.manifest
    facts: dict[str, str] = {}
    if data.years:
        first, last = data.years[0], data.years[-1]
        period = _period(manifest)
        facts["Period"] = period or (f"{first} to {last}" if first != last else first)
    asked = manifest.replications_asked or data.replications
    facts["Replications"] = (
        f"{data.replications}: each scenario was run {formats.counted(data.replications, 'time')}"
        + (", on the same simulated children in every scenario" if data.baseline else "")
        + (f" ({asked} were asked for)" if asked != data.replications else "")
    )
    facts["Seed"] = f"{manifest.seed} (the same seed gives the same figures)"
    facts["Made with"] = f"frontdoor {manifest.product_version}"
    if manifest.started:
        facts["Run on"] = formats.day_name(manifest.started)
    return facts


def _unbroken(text: str) -> str:
    """Escape text and keep reporting years (`2018-19`) on one line."""
    from markupsafe import Markup, escape

    kept = re.sub(r"\b\d{4}-\d\d\b", r'<span class="year">\g<0></span>', str(escape(text)))
    return Markup(kept)


def _failures(data: ResultsView) -> str:
    failures = data.manifest.failures
    if not failures:
        return ""
    return (
        f"{formats.counted(len(failures), 'run')} failed and were left out. Runs that fail may be the "
        "busiest ones, so read every figure here with care."
    )


def _shown(keys: Sequence[tables.KeyTable]) -> int:
    """Position of the period that the table opens with: the last reporting year, or what there is."""
    years = [position for position, table in enumerate(keys) if table.period != WHOLE]
    return years[-1] if years else 0


def _period(manifest: Manifest) -> str:
    for record in manifest.scenarios:
        start, end = (record.written("period", day) for day in ("start", "end"))
        if start and end:
            return f"{formats.day_name(str(start))} to {formats.day_name(str(end))}"
    return ""
