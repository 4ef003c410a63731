"""The pathway of the baseline: how many children passed each stage over the run, and where they went from it.

Read from journeys when the results hold them (a flow chart), else from counts of the measures (a funnel).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.measures.definitions import MEASURES
from sim.report import journeys, palette
from sim.report.charts.chart import Chart, axis, base_layout
from sim.report.charts.drawing import Drawing
from sim.report.charts.labels import spread
from sim.report.results_view import WHOLE, ResultsView
from sim.report.scenario_view import ScenarioView
from sim.report.tables import Table
from sim.report.wording import formats

STAGES: Final = {
    "front_door": "Front door",
    "assessment": "Assessment",
    "section_47": "Section 47 enquiry",
    "child_in_need": "Child in need plan",
    "child_protection": "Child protection plan",
    "pre_proceedings": "Pre-proceedings",
    "court": "Care proceedings",
}
"""Stages in the order of the pathway, as the report names them."""

_ENDINGS: Final = {
    "no_further_action": "No further action",
    "advice": "No further action",
    "close": "Closed",
    "same_day_closure": "Closed the same day",
    "early_help": "Early help",
    "care": "Care or other order",
    "special_guardianship": "Care or other order",
    "home_with_plan": "Care or other order",
    "other": "Left for another reason",
}
_OPEN: Final = "Still open at the end"
_NEXT: Final = {"strategy_discussion": "section_47"}
_FUNNEL: Final = (
    "contacts", "referrals", "assessments_completed", "s47_started", "icpc_held", "cpp_started",
    "cin_plans_started",
)  # fmt: skip


_SANKEY_HEIGHT: Final = 560
_SANKEY_MARGIN: Final = {"l": 8, "r": 230, "t": 16, "b": 24}
_SPACE: Final = float(_SANKEY_HEIGHT - _SANKEY_MARGIN["t"] - _SANKEY_MARGIN["b"])
_PAD: Final = 16
_PLACED: Final = {
    "Front door": (0.001, 0.0),
    "Assessment": (0.2, 0.06),
    "Section 47 enquiry": (0.36, 0.62),
    "Child in need plan": (0.55, 0.28),
    "Child protection plan": (0.63, 0.68),
    "Pre-proceedings": (0.72, 0.84),
    "Care proceedings": (0.79, 0.94),
}
"""Where each stage stands: across (0 left), and its upper edge (0 top), lower when the stage above is in its way."""


def charts(data: ResultsView) -> list[Chart]:
    """Return the pathway chart of the baseline (or the only scenario); empty when nothing can be counted."""
    if not data.scenarios:
        return []
    scenario = data.scenarios[0]
    flows = _flows(data, scenario)
    if flows:
        return [_flow_chart(scenario, flows)]
    counts = {m: level.mean for m in _FUNNEL if (level := data.level(scenario.name, m, WHOLE)) is not None}
    return [_funnel_chart(scenario, counts)] if counts else []


def _flows(data: ResultsView, scenario: ScenarioView) -> dict[tuple[str, str], float]:
    """Mean children a run by (stage, where to), both as the report names them."""
    flows: dict[tuple[str, str], float] = {}
    for (stage, outcome), children in journeys.flows(data.results, scenario.name).items():
        link = (STAGES.get(stage, _words(stage)), _target(stage, outcome))
        flows[link] = flows.get(link, 0.0) + children
    return flows


def _target(stage: str, outcome: str) -> str:
    """Name where an outcome leads. A step back has a name of its own, so that the chart runs one way."""
    if outcome in {"", "open"}:
        return _OPEN
    outcome = _NEXT.get(outcome, outcome)
    if outcome not in STAGES:
        return _ENDINGS.get(outcome, _words(outcome))
    order = list(STAGES)
    if stage not in STAGES or order.index(outcome) > order.index(stage):
        return STAGES[outcome]
    verb = "Back to" if outcome != "section_47" else "Stepped up to"
    return f"{verb} {STAGES[outcome][0].lower()}{STAGES[outcome][1:]}"


def _flow_chart(scenario: ScenarioView, flows: Mapping[tuple[str, str], float]) -> Chart:
    through = {stage: sum(v for (a, _), v in flows.items() if a == stage) for stage in STAGES.values()}
    through = {stage: size for stage, size in through.items() if size > 0}
    assessed = through.get("Assessment", 0.0)
    plans = through.get("Child protection plan", 0.0)
    title = f"{formats.spoken(assessed)} children pass through assessment and {formats.spoken(plans)} "
    rows = tuple(
        (start, (end, _children(size)))
        for (start, end), size in sorted(flows.items(), key=lambda item: (_place(item[0][0]), -item[1], item[0][1]))
    )
    return Chart(
        id="pathway",
        title=f"{title}through a child protection plan in an average run",
        subtitle="Children by stage and by where they went from it, over the whole run of "
        f"“{scenario.title}”; a child who passes a stage twice counts twice",
        figure=_sankey(flows, through),
        table=Table("Children a run, from each stage", "From", ("To", "Children"), rows),
        key="never",
        note="Steps back are shown as endings of their own, so that the chart reads from left to right.",
    )


def _sankey(flows: Mapping[tuple[str, str], float], through: Mapping[str, float]) -> Drawing:
    endings = _endings(flows, through)
    names = [*through, *(name for name, _, _ in endings)]
    places = {name: (0.999, y) for name, _, y in endings}
    places |= _stages(through, sum(size for _, size, _ in endings), len(endings))
    tone = {n: palette.COLOURS[0] if n in through else palette.COLOURS[4] for n in names}
    tone[_OPEN] = palette.COLOURS[3]
    links = sorted(flows.items(), key=lambda item: (_place(item[0][0]), item[0]))
    drawing = Drawing()
    drawing.add(
        "sankey",
        arrangement="fixed",
        node={
            "label": [f"{n} {_children(through[n])}" if n in through else "" for n in names],
            "customdata": names,
            "x": [places[n][0] if n in places else None for n in names],
            "y": [places[n][1] if n in places else None for n in names],
            "color": [tone[n] for n in names],
            "pad": _PAD,
            "thickness": 14,
            "line": {"width": 0},
            "hovertemplate": "%{customdata}: %{value:,.0f} children<extra></extra>",
        },
        link={
            "source": [names.index(a) for (a, _), _ in links],
            "target": [names.index(b) for (_, b), _ in links],
            "value": [round(v, 2) for _, v in links],
            "color": [palette.translucent(tone[b], 0.28) for (_, b), _ in links],
            "hovertemplate": "%{source.customdata} → %{target.customdata}: %{value:,.0f} children<extra></extra>",
        },
    )
    centres = spread([y * _SPACE for _, _, y in endings], [17.0] * len(endings), 0.0, _SPACE)
    drawing.layout = base_layout(
        height=_SANKEY_HEIGHT,
        margin=dict(_SANKEY_MARGIN),
        annotations=[
            {
                "xref": "paper",
                "yref": "paper",
                "x": 1,
                "y": 1 - centre / _SPACE,
                "xanchor": "left",
                "yanchor": "middle",
                "xshift": 8,
                "showarrow": False,
                "font": {"size": 12},
                "text": f"{name} {_children(size)}",
            }
            for (name, size, _), centre in zip(endings, centres, strict=True)
        ],
    )
    return drawing


def _endings(flows: Mapping[tuple[str, str], float], through: Mapping[str, float]) -> list[tuple[str, float, float]]:
    """Name, size and height (0 top, 1 bottom) of each ending, stacked to fill the right edge of the chart."""
    sizes: dict[str, float] = {}
    for (_, end), children in sorted(flows.items(), key=lambda item: _place(item[0][0])):
        if end not in through:
            sizes[end] = sizes.get(end, 0.0) + children
    scale = _scale(sum(sizes.values()), len(sizes))
    nodes, top = [], 0.0
    for name, size in sizes.items():
        nodes.append((name, size, min(0.999, top + size * scale / 2)))
        top += size * scale + _PAD / _SPACE
    return nodes


def _stages(through: Mapping[str, float], total: float, endings: int) -> dict[str, tuple[float, float]]:
    """Centre of each stage (across, down), kept below the one before it in the later, crowded columns."""
    scale = _scale(total, endings)
    places: dict[str, tuple[float, float]] = {}
    floor = 0.0
    for name, (across, top) in _PLACED.items():
        if name not in through:
            continue
        height = through[name] * scale
        crowded = across > _PLACED["Section 47 enquiry"][0]
        top = min(max(top, floor) if crowded else top, max(0.0, 1.0 - height))
        places[name] = (across, min(0.999, max(0.001, top + height / 2)))
        floor = top + height + 0.02 if crowded else floor
    return places


def _scale(total: float, endings: int) -> float:
    """Height of a child as a share of the chart: the column of endings fills it, with gaps between them."""
    return max(_SPACE - _PAD * (endings - 1), 1) / _SPACE / (total or 1.0)


def _children(size: float) -> str:
    return f"{size:,.0f}" if size >= 10 else formats.number(size)


def _funnel_chart(scenario: ScenarioView, counts: Mapping[str, float]) -> Chart:
    labels = [MEASURES[m].label for m in counts]
    drawing = Drawing()
    drawing.add(
        "bar",
        orientation="h",
        x=[round(v, 1) for v in counts.values()],
        y=labels,
        text=[formats.number(v) for v in counts.values()],
        textposition="outside",
        cliponaxis=False,
        marker={"color": palette.COLOURS[0]},
        hovertemplate="%{y}: %{x:,.0f} children<extra></extra>",
    )
    drawing.layout = base_layout(
        height=90 + 44 * len(labels),
        margin={"l": 260, "r": 70, "t": 16, "b": 56},
        xaxis=axis("Children in an average run", tickformat=",", range=[0, 1.12 * max(counts.values())]),
        yaxis=axis("Step", autorange="reversed", showgrid=False),
    )
    narrow: dict[str, Any] = {
        "margin": {"l": 148, "r": 56, "t": 12, "b": 52},
        "xaxis": {"nticks": 3},
        "yaxis": {"tickvals": labels, "ticktext": [_folded(label) for label in labels]},
    }
    return Chart(
        id="pathway",
        title=f"{formats.spoken(counts.get('referrals', 0.0))} children are referred in an average run",
        subtitle=f"Children counted along the pathway over the whole run of “{scenario.title}”",
        figure=drawing,
        table=Table(
            "Children a run along the pathway", "Step", ("Children",),
            tuple((label, (formats.number(v),)) for label, v in zip(labels, counts.values(), strict=True)),
        ),
        narrow=narrow,
        key="never",
    )  # fmt: skip


def _folded(label: str) -> str:
    words = label.split()
    half = (len(words) + 1) // 2
    return " ".join(words[:half]) + ("<br>" + " ".join(words[half:]) if words[half:] else "")


def _words(name: str) -> str:
    return formats.sentence_case(name.replace("_", " "))


def _place(name: str) -> int:
    names = list(STAGES.values())
    return names.index(name) if name in names else len(names)
