"""A worker: the cases held, the room under the cap, and the virtual clocks that move the work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from typing_extensions import override

from sim.model.engine.clock import Clock
from sim.model.engine.event import Event, Phase
from sim.model.engine.limits import INFINITE, NEVER, SLIVER
from sim.model.pace import Milestone, PaceRule, WorkClock
from sim.scenario.sections.workforce import CapLeaks

if TYPE_CHECKING:
    from sim.model.cases.case import Case, Spell
    from sim.model.workforce.posts import Post
    from sim.model.workforce.team import Team
    from sim.scenario.sections.workforce import Workers

NO_CAP: Final = INFINITE
LONG_UNSUPERVISED: Final = 20.0
"""Working days by which supervision is late when a worker recognises least."""
LOAD_WITHOUT_CAP: Final = 1e6
"""Children against whom the load of a worker without a cap is measured."""


class Worker(Event):
    """One worker of a team, who is also the event of the earliest milestone ahead.

    Attributes:
        number: unique in the service, in the order of the scenario file; ties are broken by it.
        cap: children who may be held at once (infinite without a cap).
        given_cap: the cap that the scenario gives, whatever levers make of it.
        strict: not even urgent work goes over the cap, but for statutory cases that nobody holds.
        leaks: when the cap gives to work that is not urgent; None for never.
        sight_without: how readily rises of need are recognised when supervision is four weeks late.
        readiness: how readily this worker recognises a rise of need, 1 on average.
        unsupervised_since: working day on which the supervision that is waiting fell due; -1 while none is.
        load: children held.
        room: children for whom there is room under the cap.
        group: the scenario's words about this worker.
        key: numbers that a worker's own streams are keyed by: team, group, place in it; of a recruit, the vacancy too.
        post: the post held or covered.
        away: absent today (on leave, sick).
        hours_at_work: case hours of a week at work, with everything that adds to them or takes from them.
        takes_cases: may be given new cases when at work.
        duty: who does urgent work in this worker's place today.
        resigned: left of their own accord (turnover), not because the post or the team ended.
        fullness: children held as a share of the cap; without a cap, a small number that grows with the load.
    """

    __slots__ = (
        "_added", "_armed_at", "_early_enough", "_full_hours", "_lent", "_shares", "away", "cap", "cases", "duty",
        "end", "fte", "fullness", "given_cap", "grade", "group", "hours_at_work", "in_post", "key", "leaks", "load",
        "number", "post", "readiness", "resigned", "room", "sight_without", "start", "strict", "takes_cases", "team",
        "unsupervised_since", "work",
    )  # fmt: skip

    def __init__(
        self, number: int, team: Team, group: Workers, hours: float, rule: PaceRule | None, clock: Clock
    ) -> None:
        super().__init__(clock, Phase.MILESTONES, number)
        self.number = number
        self.team = team
        self.group = group
        self.key: tuple[int, ...] = (number,)
        self.post: Post | None = None
        self.grade: str = group.grade
        self.fte = group.fte
        no_cap = group.cap == "none" or group.cap_policy == "none"
        self.cap = self.given_cap = NO_CAP if no_cap else float(group.cap) * group.fte
        self.strict = group.cap_policy == "strict"
        self.leaks = group.leaks if isinstance(group.leaks, CapLeaks) and group.gives else None
        self.unsupervised_since = -1
        self.sight_without = 1.0
        self.readiness = 1.0
        self.start = 0
        self.end: int | None = None
        self.in_post = False
        self.away = False
        self.takes_cases = True
        self.duty: Worker | None = None
        self.resigned = False
        self._full_hours = self.hours_at_work = hours
        self._shares: dict[str, float] = {}
        self._added: dict[str, float] = {}
        self._lent = 0.0
        self.load = 0
        self.fullness = 0.0
        self.room = self.cap
        self.cases: dict[int, Case] = {}
        self.work = WorkClock(0.0, rule)
        self._armed_at = self._early_enough = NEVER

    @property
    def available(self) -> bool:
        """Whether cases may be given to this worker today."""
        return self.takes_cases and not self.away

    @property
    def overload(self) -> float:
        """Hours a week asked over the hours at work: 1 when all are asked, above 1 when more than there are."""
        return self.work.wanted / self.hours_at_work if self.hours_at_work > 0.0 else 0.0

    @property
    def sight(self) -> float:
        """How readily rises of need are recognised: 1 for a worker supervised in time, less the longer it slips."""
        if self.unsupervised_since < 0:
            return 1.0
        late = (self.clock.today - self.unsupervised_since) / LONG_UNSUPERVISED
        return 1.0 - (1.0 - self.sight_without) * min(1.0, late)

    def room_for(self, children: int, urgent: bool) -> bool:
        """Whether a case of `children` may be allocated here; urgent work may go over a leaky cap."""
        return children <= self.room or (urgent and not self.strict)

    def weigh(self) -> None:
        """Work out the room and how full the caseload is (call when the load or the cap changes)."""
        self.room = self.cap - self.load
        self.fullness = self.fullness_at(self.load)

    def fullness_at(self, load: int) -> float:
        """How full the caseload would be with `load` children."""
        if self.cap == NO_CAP:
            return load / (self.fte * LOAD_WITHOUT_CAP)
        # Under a cap of nothing urgent work still goes to the worker who holds least.
        return load / self.cap if self.cap > 0 else LOAD_WITHOUT_CAP * (1 + load)

    def hold(self, case: Case) -> None:
        """Take a case over."""
        self.cases[case.key] = case
        self.load += case.children
        self.weigh()

    def let_go(self, case: Case) -> None:
        """Hold a case no longer."""
        del self.cases[case.key]
        self.load -= case.children
        self.weigh()

    def change(self, urgent: float, routine: float) -> None:
        """Change the hours a week asked of this worker."""
        self.work.advance(self.clock.now)
        self.work.ask(urgent, routine)
        self.arm()

    def share(self, name: str, value: float) -> None:
        """Multiply the hours a week by a share, under a name of its own (1 takes it away)."""
        if value == 1.0:
            self._shares.pop(name, None)
        else:
            self._shares[name] = value
        self._add_up()

    def add_hours(self, name: str, hours: float) -> None:
        """Add hours a week (negative: take them), under a name of its own (0 takes it away)."""
        if hours == 0.0:
            self._added.pop(name, None)
        else:
            self._added[name] = hours
        self._add_up()

    def added(self, name: str) -> float:
        """Hours a week added under a name (negative: taken)."""
        return self._added.get(name, 0.0)

    def hours_besides(self, name: str) -> float:
        """Case hours of a week at work without what is added or taken under a name."""
        hours = self._full_hours
        for share in self._shares.values():
            hours *= share
        besides = 0.0
        for label, added in self._added.items():
            if label != name:
                besides += added
        return max(0.0, hours + besides)

    def _add_up(self) -> None:
        self.hours_at_work = self.hours_besides("")
        self.reckon()

    def reckon(self) -> None:
        """Set the hours a week that there are: none while the worker is away, or not in post, but for those lent."""
        hours = self.hours_at_work if self.in_post and not self.away else self._lent
        if hours != self.work.hours:
            self.work.advance(self.clock.now)
            self.work.set_hours(hours)
            self.arm()

    def go_away(self) -> None:
        """Be away from now: routine work freezes, urgent work has the hours that others lend."""
        self._set_away(True)

    def come_back(self) -> None:
        """Be at work again from now."""
        self.lend(0.0, None)
        self._set_away(False)

    def _set_away(self, away: bool) -> None:
        self.away = away
        self.work.advance(self.clock.now)
        self.work.frozen = away and self.work.rule is not None  # without pace nothing waits for hours
        self.work.set_hours(self.hours_at_work if self.in_post and not away else 0.0)
        if self.work.reached or not self.work.frozen:
            self.arm()

    def lend(self, hours: float, duty: Worker | None) -> None:
        """Let a colleague on duty do this many hours a week of an absent worker's urgent work."""
        self._lent = hours
        self.duty = duty
        if self.away:
            self.reckon()

    def work_besides(self, hours: float) -> None:
        """Count hours worked that no case held here asks for (a visit for a colleague)."""
        self.work.asked_hours += hours
        self.work.worked_hours += hours
        self.work.available_hours += hours

    def visited_by(self, duty: Worker, milestone: Milestone) -> None:
        """A colleague makes a visit in the place of this worker, who is away."""
        before, self.duty = self.duty, duty
        self.work.advance(self.clock.now)
        if milestone.carried:  # not reached at this very moment
            self.work.done_elsewhere(milestone)
            milestone.act(self.clock.now)
        self.duty = before
        self.arm()

    def sooner(self, milestone: Milestone, remaining: float) -> None:
        """Have no more than this many working days at full pace to a milestone."""
        self.work.advance(self.clock.now)
        if milestone.carried:
            self.work.take(milestone)
            milestone.remaining = min(milestone.remaining, remaining)
            self.work.put(milestone)
            self.arm()

    def carry(self, milestones: list[Milestone]) -> None:
        """Let this worker's clocks carry milestones."""
        self.work.advance(self.clock.now)
        for milestone in milestones:
            self.work.put(milestone)
        self.arm()

    def forgo(self, milestone: Milestone) -> None:
        """Leave undone what remains up to a milestone: its hours are asked no longer, and its action is not called."""
        self.work.advance(self.clock.now)
        if milestone.carried:
            self.work.take(milestone)
        spell: Spell = milestone.spell
        spell.milestones.remove(milestone)
        spell.relieve(milestone.urgent, milestone.relief)
        urgent, routine = (milestone.relief, 0.0) if milestone.urgent else (0.0, milestone.relief)
        self.change(-urgent, -routine)

    def drop(self, spell: Spell) -> None:
        """Carry a spell's milestones no longer; what remains of each is kept in it."""
        self.work.advance(self.clock.now)
        for milestone in spell.milestones:
            if milestone.carried:
                self.work.take(milestone)

    def settle(self) -> None:
        """Bring the clocks and the sums of hours up to now."""
        self.work.advance(self.clock.now)

    def arm(self) -> None:
        """Make sure an event is pending no later than the earliest milestone."""
        work = self.work
        if work.quiet > self._early_enough and not work.reached:
            return
        clock = self.clock
        earliest = clock.now if work.reached else work.next_reached()
        if earliest < self._armed_at:
            moment = clock.grid(earliest)
            if moment < self._armed_at:
                self._set_armed(moment)
                clock.arm(self, moment)

    def _set_armed(self, moment: float) -> None:
        self._armed_at = moment
        # What is reached later than this takes effect no earlier than the event that is pending.
        self._early_enough = moment - 1.0 + SLIVER if self.clock.whole_days else moment

    @override
    def happen(self) -> None:
        """Act on the milestones that have been reached."""
        clock = self.clock
        if self._armed_at > clock.now:
            return  # superseded: an earlier event has fired and armed another
        self._set_armed(NEVER)
        self.work.advance(clock.now)
        reached = self.work.reached
        if reached:
            self.work.reached = []
            for milestone in reached:
                if milestone.spell.open:
                    milestone.act(milestone.reached_at)
        self.arm()
