"""Work under load: routine work is cut short as more is asked than there are hours, and what that costs.

People speed up under load for a while and make more errors (KC and Terwiesch 2009; the review of Delasay, Ingolfsson,
Kolfal and Schultz 2019). How much is an assumption with a range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.practice.strain import beyond
from sim.model.recording.names import ASSESSMENT, CHILD_IN_NEED

if TYPE_CHECKING:
    from sim.model.cases.case import Case, Spell
    from sim.model.pace import Milestone
    from sim.model.practice.loads import Loads
    from sim.model.workforce.worker import Worker
    from sim.scenario.sections.practice import Practice, UnderLoad

CUT: Final = (ASSESSMENT, CHILD_IN_NEED)
"""Stages whose work may be cut: nobody shortens an enquiry, a child protection plan or court work."""
OWN_WORK: Final = 1
"""Order of the milestone that ends a stage's own work."""
MOST_STRAIN: Final = 1.6
"""Nobody can tell more strain than this from worse (assumption)."""
LEAST_SIGHT: Final = 0.2
"""However strained, a worker still notices this share of what there is to notice (assumption)."""


class WorkUnderLoad:
    """What workers under load leave out; nothing where the scenario says so."""

    def __init__(self, rules: Practice | None, loads: Loads) -> None:
        part = None if rules is None or rules.under_load == "none" else rules.under_load
        self._rules: UnderLoad | None = part
        self._loads = loads
        self._most = 0.0 if part is None else 1.0 - part.shortest
        self._overlooked = 0.0 if part is None else part.overlooked

    def taken_up(self, spell: Spell, worker: Worker) -> None:
        """A worker takes a stage up for the first time: plan as much work for it as there is room for."""
        if self._most <= 0.0 or spell.stage not in CUT:
            return
        strain = self._strain(worker)
        if strain <= 0.0:
            return
        cut = self._most * min(1.0, strain)
        spell.work *= 1.0 - cut
        for milestone in spell.milestones:
            if not milestone.with_any_holder:
                milestone.remaining *= 1.0 - cut
                milestone.original *= 1.0 - cut
        self._note(spell.case, strain * strain)

    def is_enough(self, spell: Spell) -> bool:
        """Whether a review ends a plan although some of its work is left, because its worker is under load."""
        rules, worker = self._rules, spell.case.worker
        if rules is None or worker is None or rules.closes_early <= 0.0 or spell.stage not in CUT:
            return False
        cut = rules.closes_early * self._cut(worker)
        milestone = own_work(spell)
        if cut <= 0.0 or milestone is None or not milestone.carried or milestone.urgent:
            return False
        left = milestone.due - worker.work.value_routine
        if left > cut * milestone.original:
            return False
        self._note(spell.case, min(1.0, left / milestone.original / self._most) if milestone.original > 0.0 else 0.0)
        return True

    def sight(self, worker: Worker | None) -> float:
        """How much a look at a child notices, 1 without load."""
        if worker is None or self._overlooked <= 0.0:
            return 1.0
        strain = self._strain(worker)
        return max(LEAST_SIGHT, 1.0 - self._overlooked * strain * strain)

    def _cut(self, worker: Worker) -> float:
        """Share of the work that is left out at the load of today."""
        return self._most * min(1.0, self._strain(worker))

    def _strain(self, worker: Worker) -> float:
        """How strained a worker is today: 0 where the effect begins, 1 at full load, more beyond it."""
        rules = self._rules
        if rules is None:
            return 0.0
        return min(MOST_STRAIN, max(0.0, beyond(self._loads.of(worker), rules.from_load, rules.full_at_load)))

    def _note(self, case: Case, errors: float) -> None:
        """A case's work is cut: its family comes back more often.

        Args:
            errors: how much goes wrong, 1 at full load. It is the square of the strain, and has no end at 1: work
                cannot be cut below its floor, but what more load costs in errors goes on.
        """
        if self._rules is not None:
            times = 1.0 + (self._rules.comes_back - 1.0) * errors
            case.likelier = max(case.likelier, times)


def own_work(spell: Spell) -> Milestone | None:
    """The milestone that ends a stage's own work, while it is ahead."""
    for milestone in spell.milestones:
        if milestone.order == OWN_WORK:
            return milestone
    return None


class AtEase:
    """With fewer hours asked than usual, steps that waited for hours come sooner."""

    def __init__(self, rules: Practice | None, loads: Loads) -> None:
        self._sooner = 0.0 if rules is None or rules.at_ease == "none" else rules.at_ease.sooner
        self._loads = loads

    def share(self, worker: Worker | None) -> float:
        """Share of its usual length that a wait inside the work has; 1 at the usual load and above."""
        if self._sooner <= 0.0 or worker is None:
            return 1.0
        load = self._loads.relative(worker)
        return 1.0 if load >= 1.0 else 1.0 - self._sooner * (1.0 - load)
