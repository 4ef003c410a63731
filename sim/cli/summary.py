"""The short table at the end of a run: headline measures with their ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.measures.definitions import MEASURES

if TYPE_CHECKING:
    from sim.experiment.results.results import Results

__all__ = ["changes", "headline"]


def headline(results: Results) -> str:
    """Return the table as plain text: headline measures over the whole run, one column a scenario."""
    from sim.report.wording.formats import interval, number

    table = results.summary
    table = table[(table["period"] == "whole") & (table["breakdown"] == "all")]
    levels = {(row.scenario, row.measure): row for row in table.itertuples()}
    names = list(dict.fromkeys(table["scenario"]))
    clear = _clear(results)
    rows = [["Simulated; whole run, stocks at its end", *names]]
    for measure in MEASURES.values():
        if not measure.headline:
            continue
        cells = []
        for name in names:
            row = levels.get((name, measure.id))
            if row is None:
                cells.append("–")
                continue
            spread = interval(row.low80, row.high80, measure.unit)
            mark = " *" if clear.get((name, measure.id)) else ""
            cells.append(number(row.mean, measure.unit) + (f" [{spread}]" if spread != "–" else "") + mark)
        rows.append([measure.label, *cells])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        row[0].ljust(widths[0])
        + "".join("   " + cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        for row in rows
    ]
    lines.insert(1, "-" * max(len(line) for line in lines))
    count = results.manifest.replications
    notes = ["", f"Means of {count} replications" + (" [in 8 runs out of 10 between]." if count > 1 else ".")]
    if len(names) > 1:
        together = f" of all {len(names) - 1} together" if len(names) > 2 else ""
        notes.append(
            f"* differs from {names[0]} by more than chance: the paired 95% interval{together} leaves zero out."
        )
    return "\n".join(lines + notes)


def _clear(results: Results) -> dict[tuple[str, str], bool]:
    table = results.differences
    if table is None:
        return {}
    table = table[table["period"] == "whole"]
    clear = table["clear_of_chance"].fillna(False).to_numpy(dtype=bool)
    keys = zip(table["scenario"], table["measure"], strict=True)
    return {(str(name), str(measure)): bool(is_clear) for (name, measure), is_clear in zip(keys, clear, strict=True)}


def changes(results: Results) -> str:
    """Return as plain text what each change does on the measures asked for, over the year in which most changes."""
    from sim.report.waterfall import waterfalls
    from sim.report.wording.formats import interval, number, signed

    lines = []
    for waterfall in waterfalls(results):
        unit = waterfall.measure.unit
        lines += [f"{waterfall.measure.label} ({waterfall.when}; simulated)"]
        rows = [("", "own effect", "95% interval", "last in")]
        rows += [("baseline", number(waterfall.baseline, unit), "", "")]
        for step in waterfall.steps:
            ranged = interval(step.low, step.high, unit, difference=True)
            rows.append((step.label, signed(step.value, unit), ranged + (" *" if step.clear else ""), step.last_in))
        rows += [("scenario", number(waterfall.scenario, unit), "", "")]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines += [
            "  "
            + "   ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
            for row in rows
        ]
        lines.append("")
    lines.append("* more than chance, all effects of the measure looked at together. Own effect: turned on alone.")
    lines.append("Last in: what the scenario loses without it. Own effects and interaction add up to the scenario.")
    return "\n".join(lines)
