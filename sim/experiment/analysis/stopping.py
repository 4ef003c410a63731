"""Running until figures are as precise as was asked, and knowing how sure they then are.

Replications run in order, and are looked at when a planned number of them is complete: the first look at ten, each
later one a quarter of the way to where the spread seen so far says that the intervals should be narrow enough (at least
one replication more, at most twice as many). Stopping when an interval happens to be narrow makes it cover less than it
says: runs that look calm by chance stop early (D. I. Singham and L. W. Schruben, "Finite-sample performance of absolute
precision stopping rules", INFORMS Journal on Computing 24, 2012, measure by how much). Therefore the interval is
Student's with a higher coefficient, both for stopping and in the results, such that after stopping it covers 95%. What
stopping loses falls as one over the replications (M. Woodroofe, "Second order approximations for sequential point and
interval estimation", Annals of Statistics 5, 1977), and so does what the `coefficient` adds. Very skewed figures stop
too early under any rule (`docs/decisions/0008-stopping-when-precise.md`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.control_variates import Adjusted, ReferralChance, chance_of, differences, levels
from sim.experiment.errors import RunError
from sim.experiment.results.replications import Referrals
from sim.measures.definitions import MEASURES

if TYPE_CHECKING:
    from sim.experiment.results.manifest import PrecisionOutcome

__all__ = [
    "DEFAULT_MEASURES",
    "FIRST_LOOK",
    "Precision",
    "PrecisionTarget",
    "Stopping",
    "coefficient",
    "read_precision",
]

COVERED: Final = 0.95
ADDED: Final = 0.5
"""What a coefficient is raised by, times the replications: found by simulation, as is the most that it needs to be."""
HIGHEST: Final = 0.965
FIRST_LOOK: Final = 10
"""Replications before the first look: fewer say too little of the spread."""
STEP: Final = 0.25
"""How far on from a look the next one is, as a share of the replications that are still expected to be needed."""
MAXIMUM: Final = 200
DEFAULT_MEASURES: Final = ("assessments_45wd_pct", "assessments_open_over_45wd", "unallocated")
"""Measures that a relative precision is asked of where none is named: how late, how many late, how many waiting."""

Floats = NDArray[np.float64]


def coefficient(replications: int) -> float:
    """Coefficient of the intervals of a run that stops after so many because they are narrow enough; they cover 95%."""
    return min(HIGHEST, COVERED + ADDED / replications)


@dataclass(frozen=True)
class PrecisionTarget:
    """How precise one measure shall be over the whole run: half an interval's width, in its unit or as a share."""

    measure: str
    half_width: float
    relative: bool

    @property
    def asked(self) -> str:
        """The aim in the writing of the command line."""
        return f"{self.half_width * 100:g}%" if self.relative else f"{self.half_width:g}"

    def target(self, level: float) -> float:
        """Return the half-width aimed for; `level` is the mean of the measure (in the baseline, for a difference)."""
        return self.half_width * abs(level) if self.relative else self.half_width


@dataclass(frozen=True)
class Precision:
    """Aims, and the most replications to spend on them."""

    aims: tuple[PrecisionTarget, ...]
    maximum: int = MAXIMUM
    first: int = FIRST_LOOK


def read_precision(texts: Sequence[str], measures: Sequence[str] = (), maximum: int = MAXIMUM) -> Precision:
    """Read aims as the command line takes them: `5%`, `assessments_open_over_45wd=20`, `unallocated=10%`.

    A plain `5%` is asked of `measures`, or of `DEFAULT_MEASURES` where none is named.

    Raises:
        RunError: when an aim cannot be read or names no known measure.
    """
    aims: dict[str, PrecisionTarget] = {}
    for text in texts:
        name, equals, written = text.rpartition("=")
        relative = written.strip().endswith("%")
        try:
            size = float(written.strip().removesuffix("%").replace(",", ""))
        except ValueError:
            size = math.nan
        if not (math.isfinite(size) and size > 0):
            raise RunError(f"--precision {text}: write a share such as 5%, or MEASURE=20 in the measure's own unit")
        if not equals and not relative:
            raise RunError(f"--precision {text}: say of which measure, such as {DEFAULT_MEASURES[1]}={written.strip()}")
        for measure in [name.strip()] if equals else [*measures] or DEFAULT_MEASURES:
            aims[known_measure(measure)] = PrecisionTarget(measure, size / 100.0 if relative else size, relative)
    if maximum < FIRST_LOOK:
        raise RunError(f"--max-replications {maximum}: the spread is first looked at after {FIRST_LOOK}")
    return Precision(tuple(aims.values()), maximum)


def known_measure(measure: str) -> str:
    """Return a measure's id; RunError with the nearest known one when there is none."""
    if measure in MEASURES:
        return measure
    from sim.scenario.errors.problems import did_you_mean

    raise RunError(f"there is no measure '{measure}': {did_you_mean(measure, MEASURES, 'see frontdoor measures:')}")


@dataclass
class _Look:
    """What one look says of one aim in one scenario."""

    aim: PrecisionTarget
    scenario: str
    half_width: float
    target: float
    needed: int
    skewed: bool = False
    gained: float = math.nan

    @property
    def met(self) -> bool:
        return self.half_width <= self.target


@dataclass
class Stopping:
    """Decides, as outcomes come in, whether more replications are needed.

    `names` are the scenarios in order, the baseline first where there are several. With `controls` the chance
    variation of referrals is taken out of every figure (`sim.experiment.analysis.control_variates`).
    """

    precision: Precision
    names: Sequence[str]
    controls: bool = False
    looks: list[int] = field(default_factory=list)
    _values: list[dict[int, Floats | None]] = field(default_factory=list)
    _referrals: list[dict[int, Floats]] = field(default_factory=list)
    _looked: list[_Look] = field(default_factory=list)
    _slowest: list[_Look] = field(default_factory=list)
    _next: int = 0

    def __post_init__(self) -> None:
        self._values = [{} for _ in self.names]
        self._referrals = [{} for _ in self.names]
        self._next = min(self.precision.first, self.precision.maximum)

    @property
    def replications(self) -> int:
        """Replications that count: those up to the last look."""
        return self.looks[-1] if self.looks else 0

    @property
    def planned(self) -> int:
        """Replications until the next look."""
        return self._next

    def enough(self, position: int, replication: int, values: Floats | None, referrals: Floats | None = None) -> bool:
        """Note one outcome and say whether to stop.

        `values` are the figures of the aims, in order (None for a failure); `referrals` has a row for each month of the
        run: children newly referred, and the number expected.
        """
        self._values[position][replication] = values
        if self.controls and values is not None and referrals is not None and len(referrals):
            self._referrals[position][replication] = referrals
        while all(len(self._values[p]) >= self._next and self._complete(p) for p in range(len(self.names))):
            self.looks.append(self._next)
            chance = self._chance()
            self._looked = [
                look for place, aim in enumerate(self.precision.aims) for look in self._look(place, aim, chance)
            ]
            short = [look for look in self._looked if not look.met]
            if not short or self._next >= self.precision.maximum:
                return True
            self._slowest = [max(short, key=lambda look: look.needed)]
            onwards = self._next + max(1, math.ceil(STEP * (self._slowest[0].needed - self._next)))
            self._next = min(onwards, 2 * self._next, self.precision.maximum)
        return False

    def _complete(self, position: int) -> bool:
        return all(replication in self._values[position] for replication in range(self._next))

    def _look(self, place: int, aim: PrecisionTarget, chance: ReferralChance | None) -> list[_Look]:
        runs = [self._column(position, place).reshape(-1, 1) for position in range(len(self.names))]
        numbers = range(self.replications)
        if len(runs) == 1:
            level = levels(runs[0], numbers, ("whole",), chance)
            return [_look_at(aim, self.names[0], level, level, self.replications)]
        looked = []
        for name, run in zip(self.names[1:], runs[1:], strict=True):
            base, _, gap = differences(runs[0], run, numbers, ("whole",), chance)
            looked.append(_look_at(aim, name, gap, base, self.replications))
        return looked

    def _chance(self) -> ReferralChance | None:
        if not self.controls:
            return None
        known = [sorted(r for r in mine if r < self.replications) for mine in self._referrals]
        runs = [[mine[r] for r in numbers] for mine, numbers in zip(self._referrals, known, strict=True)]
        return chance_of([Referrals.of((), mine) for mine in runs], known)

    def _column(self, position: int, place: int) -> Floats:
        rows = (self._values[position][replication] for replication in range(self.replications))
        return np.array([math.nan if row is None else row[place] for row in rows], dtype=np.float64)

    def outcome(self) -> PrecisionOutcome:
        """What was asked and what came of it, for the manifest."""
        from sim.experiment.results.manifest import AimOutcome, NeededBy, PrecisionOutcome

        slowest = self._slowest[0] if self._slowest else None
        return PrecisionOutcome(
            confidence=coefficient(max(self.replications, 1)),
            covers=COVERED,
            maximum=self.precision.maximum,
            looks=tuple(self.looks),
            replications=self.replications,
            reached=bool(self._looked) and all(each.met for each in self._looked),
            needed_by=None if slowest is None else NeededBy(measure=slowest.aim.measure, scenario=slowest.scenario),
            aims=tuple(
                AimOutcome(
                    measure=each.aim.measure,
                    asked=each.aim.asked,
                    scenario=each.scenario,
                    half_width=_plain(each.half_width),
                    target=_plain(each.target),
                    met=each.met,
                    replications_needed=each.needed,
                    skewed=each.skewed,
                    control_reduction=_plain(each.gained),
                )
                for each in self._looked
            ),
        )


def skewed(count: int, skewness: float) -> bool:
    """Whether a few replications lie so far from the rest that Student's interval may cover less than it says.

    The rule is W. G. Cochran's ("Sampling Techniques", 3rd edition, 1977, section 2.15): the interval can be trusted
    with more than 25 G squared values, G being their skewness.
    """
    return math.isfinite(skewness) and count <= 25.0 * skewness**2


def _look_at(aim: PrecisionTarget, scenario: str, values: Adjusted, base: Adjusted, replications: int) -> _Look:
    target = aim.target(float(base.mean[0]))
    half, count = float(values.half_width(coefficient(replications))[0]), int(values.count[0])
    if count < 2:
        return _Look(aim, scenario, math.inf, target, 2 * replications)
    afar, gained = skewed(count, float(values.skewness[0])), float(values.gained[0])
    if half <= target:
        return _Look(aim, scenario, half, target, replications, afar, gained)
    needed = math.ceil(replications * min((half / target) ** 2, 1e6)) if target > 0 else 1_000_000
    return _Look(aim, scenario, half, target, needed, afar, gained)


def _plain(number: float) -> float | None:
    return round(number, 6) if math.isfinite(number) else None
