"""A study of mechanisms switched off, for a reader: what each contributes to waiting, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.experiment.studies.mechanisms import MECHANISMS
from sim.report import palette
from sim.report.charts.chart import Chart, plain
from sim.report.studies.bars import lower, narrow_layout, whisker_bars
from sim.report.studies.study_page import StudyPage, facts, label_of, unit_of
from sim.report.tables import Table
from sim.report.wording import formats

if TYPE_CHECKING:
    from sim.experiment.studies.causes import ContributionsManifest, ContributionsStudy

__all__ = ["causes_page"]

REST: Final = "rest"
MANY: Final = 10
"""Replications below which the page warns of wide intervals."""
_READING: Final = {
    "What a bar is": "The part of the measure that goes when the mechanism is switched off, averaged over the orders "
    "in which mechanisms can be switched off (its Shapley value). Bars and “none of these” add up to 100%. The whisker "
    "is the 95% interval: where it reaches 0, the mechanism may contribute nothing.",
    "Alone": "What goes when only this mechanism is switched off. Mechanisms overlap, so these figures do not add up.",
    "Same children": "Every setting has the same simulated children, run by run, so chance hardly enters the "
    "differences.",
}


def causes_page(study: ContributionsStudy) -> StudyPage:
    """Return the page."""
    manifest = study.manifest
    by_measure = {measure: _rows(study, measure) for measure in manifest.measures}
    told = {measure: rows for measure, rows in by_measure.items() if rows and rows[0]["level"]}
    how = "all orders" if manifest.every_order else f"{manifest.orders} drawn orders"
    asked = facts(
        manifest,
        Question="What would change if each mechanism were switched off?",
        Period=formats.period_name(manifest.period),
        Runs=f"{manifest.settings} settings of {len(manifest.mechanisms)} mechanisms ({how}), each run "
        f"{formats.counted(manifest.replications, 'time')}",
    )
    sentences = [_sentence(measure, rows) for measure, rows in told.items()]
    if not sentences:
        sentences = ["There is nothing to explain: no measure is above 0."]
    return StudyPage(
        title=f"What makes children wait in {manifest.scenario.title}",
        facts=asked,
        sentences=tuple(sentences),
        charts=tuple(_chart(manifest, measure, rows) for measure, rows in told.items()),
        tables=(_switched_off(manifest),),
        reading=_READING,
        cautions=(
            ("Few replications: the intervals are wide. More are made with -n.",)
            if manifest.replications < MANY
            else ()
        ),
    )


def _rows(study: ContributionsStudy, measure: str) -> list[dict[str, Any]]:
    """The rows of a measure with what they are called, the largest first, what is left last."""
    labels = {mechanism.name: mechanism.label for mechanism in MECHANISMS} | {REST: "None of these"}
    table = study.table
    rows: list[dict[str, Any]] = [
        {str(key): value for key, value in row.items()} for row in table[table["measure"] == measure].to_dict("records")
    ]
    level = sum(row["value"] for row in rows)
    for row in rows:
        row |= {"label": labels.get(row["mechanism"], row["mechanism"]), "level": level}
    return sorted(rows, key=lambda row: (row["mechanism"] == REST, -row["value"]))


def _sentence(measure: str, rows: list[dict[str, Any]]) -> str:
    unit, level = unit_of(measure), rows[0]["level"]
    amount = formats.number(level, unit) + ("" if formats.is_percentage(unit) else f" {unit}")
    clear = [row for row in rows if row["mechanism"] != REST and row["low95"] > 0]
    head = f"{label_of(measure)} ({amount})"
    if not clear:
        return f"{head}: no mechanism contributes clearly more than chance."
    parts = formats.listed([f"{lower(row['label'])} {_share(row['share'])}" for row in clear[:4]])
    return f"{head}: {parts}; {_share(rows[-1]['share'])} has none of the mechanisms looked at as its cause."


def _chart(manifest: ContributionsManifest, measure: str, rows: list[dict[str, Any]]) -> Chart:
    shown = rows[::-1]
    names = [row["label"] for row in shown]
    drawing = whisker_bars(
        names,
        [100 * row["share"] for row in shown],
        [(100 * row["share_low95"], 100 * row["share_high95"]) for row in shown],
        "Share of the measure (%)",
        [palette.GRID if row["mechanism"] == REST else palette.colour(0) for row in shown],
        "%{x:.3g}%<extra></extra>",
    )
    unit, when = unit_of(measure), formats.period_name(manifest.period)
    table = Table(
        f"{label_of(measure)}, {when}",
        "Mechanism",
        ("Share", "95% interval", "Contributes", "Alone"),
        tuple((row["label"], _cells(row, unit)) for row in rows),
    )
    first = rows[0]
    message = f"{label_of(measure)}: {plain(lower(first['label']))} contributes most, {_share(first['share'])}"
    if first["mechanism"] == REST or first["low95"] <= 0:
        message = f"{label_of(measure)}: no mechanism contributes clearly more than chance"
    return Chart(
        f"causes_{measure}",
        message,
        f"Share of the measure that goes when a mechanism is switched off; whiskers are 95% intervals; {when}",
        drawing,
        table,
        narrow=narrow_layout(names, "Share (%)"),
        key="never",
    )


def _switched_off(manifest: ContributionsManifest) -> Table:
    chosen = [mechanism for mechanism in MECHANISMS if mechanism.name in manifest.mechanisms]
    rows = tuple((mechanism.label, (formats.sentence_case(mechanism.off),)) for mechanism in chosen)
    return Table("What “switched off” means", "Mechanism", ("Switched off",), rows)


def _cells(row: dict[str, Any], unit: str) -> tuple[str, ...]:
    alone = "" if row["mechanism"] == REST else formats.number(row["alone"], unit)
    between = formats.interval(100 * row["share_low95"], 100 * row["share_high95"], "%")
    return _share(row["share"]), between, formats.number(row["value"], unit), alone


def _share(share: float) -> str:
    return f"{100 * share:.0f}%".replace("-", "−")
