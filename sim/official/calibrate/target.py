"""What a calibration is held to: published figures of the council's year, one of them an open stock.

Fitting completed work alone prefers a service that never fills up; children open for three months or less on 31 March
(file b4), and plans open, show whether it does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.recording import STAGES, Recording
from sim.official.errors import OfficialError
from sim.official.published.areas import Area
from sim.official.published.observed import YARDSTICKS
from sim.official.published.statistics import Statistics

__all__ = ["OPEN_3M", "CalibrationTarget", "open_three_months", "targets"]

OPEN_3M = "open_3_months_or_less"
THREE_MONTHS = 63
TOLERANCES: dict[str, float] = {
    "assessments_completed": 0.05,
    "assessments_45wd_pct": 2.5,
    "icpc_15wd_pct": 5.0,
    "cpp_ended": 0.08,
    "cpp_open": 0.06,
}
"""What the model may be wrong by and still be of use (one standard deviation): a share of a count, points of a
percentage."""
OPEN_TOLERANCE = 0.15


@dataclass(frozen=True)
class CalibrationTarget:
    """A published figure and how near the model must come: one standard deviation of its discrepancy."""

    measure: str
    label: str
    observed: float
    tolerance: float
    counts: bool


def targets(statistics: Statistics, area: Area, year: int) -> tuple[list[CalibrationTarget], list[str]]:
    """The targets of a council's year, and which are missing.

    Raises:
        OfficialError: when fewer than three are published.
    """
    published, missing = [], []
    for yardstick in YARDSTICKS:
        if yardstick.measure not in TOLERANCES:
            continue
        value = yardstick.read(statistics, area, year)
        if value is None or (yardstick.counts and value == 0):
            missing.append(f"{yardstick.label} ({statistics.file(yardstick.file)}, {area.name}, {year}): not published")
            continue
        size = TOLERANCES[yardstick.measure]
        published.append(
            CalibrationTarget(
                yardstick.measure, yardstick.label, value, size * value if yardstick.counts else size, yardstick.counts
            )
        )
    label = "Children open for three months or less at 31 March"
    cell = statistics.cell("b4", "up_to_3_months", area, year)
    if cell.value:
        published.append(CalibrationTarget(OPEN_3M, label, cell.value, OPEN_TOLERANCE * cell.value, True))
    else:
        missing.append(f"{label} ({cell.file}, column {cell.column}, {area.name}, {year}: {cell.why or cell.code})")
    if len(published) < 3:
        raise OfficialError(f"too little is published of {area.name} in {year} to calibrate to: {'; '.join(missing)}")
    return published, missing


def open_three_months(recording: Recording) -> float:
    """Children still open at the end whose referral was three months ago or less, beyond the front door."""
    spells, cases = recording.spells, recording.cases
    still = (spells["ended"] < 0) & (spells["stage"] != STAGES.index("front_door"))
    recent = set(cases["case"][cases["referred"] >= recording.horizon - THREE_MONTHS].tolist())
    numbers, first = np.unique(spells["case"][still], return_index=True)
    children = spells["children"][still][first]
    return float(sum(int(count) for case, count in zip(numbers, children, strict=True) if int(case) in recent))
