"""What each column of an export is: its heading in a workbook, and its entry in a data dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["COLUMNS", "Column", "Kind"]

Kind = Literal["text", "number", "count", "date", "yes or no", "key"]


@dataclass(frozen=True)
class Column:
    """A column. A `key` is a whole number that links tables and means nothing itself."""

    heading: str
    kind: Kind
    meaning: str


_FIGURE = "in the unit of the measure"
_MISSING = "missing where there is nothing to measure or too few runs"

COLUMNS: Final[dict[str, Column]] = {
    # Keys of the star schema.
    "scenario_key": Column("Scenario key", "key", "links to dim_scenario"),
    "baseline_key": Column("Baseline key", "key", "scenario that the difference is from; links to dim_scenario"),
    "measure_key": Column("Measure key", "key", "links to dim_measure"),
    "period_key": Column("Period key", "key", "links to dim_period"),
    "breakdown_key": Column("Breakdown key", "key", "links to dim_breakdown"),
    "stage_key": Column("Stage key", "key", "links to dim_stage"),
    # Scenarios.
    "scenario": Column("Scenario", "text", "name of the scenario"),
    "baseline": Column("Baseline", "text", "name of the scenario that others are compared with"),
    "title": Column("Title", "text", "the scenario in a line"),
    "letter": Column("Letter", "text", "letter that stands for the scenario in charts"),
    "question": Column("Question", "text", "question that the scenario asks"),
    "description": Column("Description", "text", "what the scenario holds"),
    "is_baseline": Column("Is the baseline", "yes or no", "whether the others are compared with it"),
    "builds_on": Column("Builds on", "text", "scenario of these results that it extends, other than the baseline"),
    # Measures.
    "measure": Column("Measure id", "text", "id of the measure; ids never change"),
    "label": Column("Measure", "text", "name of the measure"),
    "unit": Column("Unit", "text", "unit of the figures of the row"),
    "better": Column("Better if", "text", "which way is good: higher, lower or neither"),
    "kind": Column("Counted", "text", "flow: what happened in the period; stock: on the last working day of it"),
    "headline": Column("Headline", "yes or no", "whether the measure leads the report"),
    "numerator": Column("Numerator", "text", "what is counted"),
    "denominator": Column("Denominator", "text", "what it is divided by; missing where it is not divided"),
    "clock": Column("Clock", "text", "from when to when, in which days"),
    "source": Column("Source", "text", "return or publication that the definition or the figure follows"),
    "meaning": Column("Meaning", "text", "the measure in plain words"),
    # Periods, breakdowns, stages.
    "period": Column("Period", "text", "reporting year (April to March), quarter of it, or whole"),
    "period_type": Column("Period type", "text", "reporting year, quarter or whole run"),
    "period_start": Column("Period start", "date", "first day of the period that is simulated"),
    "period_end": Column("Period end", "date", "last day of the period that is simulated"),
    "reporting_year": Column("Reporting year", "text", "reporting year that the period lies in; missing for the whole"),
    "quarter": Column("Quarter", "count", "quarter of the reporting year, 1 to 4; missing for years and the whole"),
    "breakdown": Column("Breakdown", "text", "all, locality:<name> or team:<name>"),
    "breakdown_type": Column("Breakdown type", "text", "all, locality or team"),
    "breakdown_name": Column("Breakdown name", "text", "name of the locality or team; all for all children together"),
    "stage": Column("Stage", "text", "stage of the pathway; all for the caseload, which no single stage has"),
    "stage_name": Column("Stage name", "text", "stage of the pathway in words"),
    "month": Column("Month", "date", "last calendar day of the month; counts are at the end of its last working day"),
    "position": Column("Position", "count", "order in which the rows are shown"),
    # Figures.
    "mean": Column("Mean of runs", "number", f"mean over the runs, {_FIGURE}; {_MISSING}"),
    "low80": Column("8 runs in 10: from", "number", f"8 runs out of 10 lie above this and below the next; {_MISSING}"),
    "high80": Column("8 runs in 10: to", "number", f"upper end of that range; {_MISSING}"),
    "ci95_low": Column("95% interval: from", "number", f"lower end of the 95% interval of the mean; {_MISSING}"),
    "ci95_high": Column("95% interval: to", "number", f"upper end of the 95% interval of the mean; {_MISSING}"),
    "replications": Column("Runs", "count", "runs that have the figure"),
    "baseline_mean": Column("Baseline mean", "number", f"mean of the baseline over the runs compared; {_MISSING}"),
    "scenario_mean": Column("Scenario mean", "number", f"mean of the scenario over the runs compared; {_MISSING}"),
    "difference": Column("Difference", "number", f"mean of scenario less baseline, run by run, {_FIGURE}; {_MISSING}"),
    "clear_of_chance": Column(
        "More than chance", "yes or no", "whether the interval of all scenarios together leaves zero out"
    ),
    "simultaneous_low": Column(
        "Interval of all scenarios: from", "number", f"lower end of the interval that all share; {_MISSING}"
    ),
    "simultaneous_high": Column("Interval of all scenarios: to", "number", f"upper end of it; {_MISSING}"),
    "variance_reduction": Column(
        "Gain from pairing", "number", "times more runs that would be needed without the same simulated children"
    ),
    "control_reduction": Column(
        "Gain from controls", "number", "times more runs that would be needed without adjusting for referrals; 1: none"
    ),
    "open": Column("Open", "number", f"children open in the stage, mean of runs; {_MISSING}"),
    "unallocated": Column("Without a social worker", "number", f"children of the stage, mean of runs; {_MISSING}"),
    "over_limit": Column("Over the limit", "number", f"children open beyond its limit, mean of runs; {_MISSING}"),
    "over_standard": Column(
        "Over the standard", "number", f"children open beyond the scenario's own standard, mean of runs; {_MISSING}"
    ),
    "caseload": Column(
        "Caseload", "number", f"children per full-time equivalent of workers who hold a case, mean of runs; {_MISSING}"
    ),
    # Assumptions.
    "path": Column("Place in the scenario", "text", "where the scenario file says it"),
    "value": Column("Value", "text", "what it says"),
    "date": Column("Date of the source", "text", "date of the source"),
    "confidence": Column("Confidence", "text", "how well the figure is known"),
    "note": Column("Note", "text", "what to know of it"),
    "holders": Column("Scenarios", "text", "scenarios that hold this value; all where it is the same in all"),
}  # fmt: skip
"""Every column that an export writes, by its name."""
