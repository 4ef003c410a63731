"""Posts: who holds each, and how one that falls vacant is covered and filled.

Everything drawn about a post is keyed by the post and the count of its vacancies, and so are the numbers of those who
come: what happens to one post moves no draw of another.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.engine.event import Phase
from sim.model.engine.limits import NEVER
from sim.scenario.sections.levers import AgencyRelease, Staffing, Vacancy

if TYPE_CHECKING:
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.team import Team, Teams
    from sim.model.workforce.worker import Worker
    from sim.model.world import World
    from sim.scenario.sections.workforce import Workers

NUMBERS_OF_A_POST: Final = 10_000
NUMBERS_OF_A_VACANCY: Final = 50
"""Numbers kept for those who come to one post, and for those of one vacancy: the recruit's, then the agency's."""


LEAVES: Final = 9_000
NUMBERS_OF_LEAVES: Final = 1_000
"""Numbers of a post kept for those who cover a leave."""


class Post:
    """A post of a team.

    Attributes:
        number: the number of the worker who held it first.
        key: what its streams are keyed by: team, group, place in the group.
        hours: case hours a week.
        end: last working day of the post; None for good.
        permanent: a post of the establishment: no agency post, and without an end.
        holder: who holds it (of an agency post: the agency worker).
        cover: the agency worker who covers a vacancy.
        vacancies: how many times it has fallen vacant.
        filled: working day on which the recruit comes (infinite while nobody is to come).
    """

    __slots__ = (
        "cover", "end", "filled", "group", "holder", "hours", "key", "number", "permanent", "start", "team",
        "vacancies",
    )  # fmt: skip

    def __init__(self, worker: Worker, hours: float, permanent: bool) -> None:
        self.number = worker.number
        self.key = worker.key
        self.team: Team = worker.team
        self.group: Workers = worker.group
        self.hours = hours
        self.start = worker.start
        self.end = worker.end
        self.permanent = permanent
        self.holder: Worker | None = worker
        self.cover: Worker | None = None
        self.vacancies = 0
        self.filled = NEVER

    def convert(self, team: Team, group: Workers, today: int) -> None:
        """Become a permanent post of another team from today."""
        self.team, self.group = team, group
        self.start, self.end, self.permanent = today, None, True

    def identity(self, place: int) -> tuple[int, tuple[int, ...]]:
        """Number and stream key of a newcomer of the present vacancy: place 0 the recruit, 1 up the agency workers."""
        within = (self.vacancies - 1) * NUMBERS_OF_A_VACANCY + place
        return (self.number + 1) * NUMBERS_OF_A_POST + within % NUMBERS_OF_A_POST, (*self.key, self.vacancies, place)


class Posts:
    """All posts, and the recruitment to them. They may have workers hired and dismissed by the workforce."""

    def __init__(self, world: World, teams: Teams, workforce: Workforce) -> None:
        self._world = world
        self._teams = teams
        self._workforce = workforce
        rules = self._world.scenario.people.recruitment
        self._rules = None if rules == "none" else rules
        self._posts: list[Post] = []
        self._leaves = 0
        scenario = world.scenario
        self._simulated = (
            scenario.people.turnover != "none"
            or bool(scenario.levers_of(Vacancy))
            or bool(scenario.levers_of(AgencyRelease))
            or any(lever.staying is not None for lever in scenario.levers_of(Staffing))
        )

    def opened(self, worker: Worker, hours: float, permanent: bool) -> None:
        """Create the post of a worker whom the scenario names."""
        worker.post = Post(worker, hours, permanent)
        self._posts.append(worker.post)

    def left(self, worker: Worker, replaced: bool = True, filled: int | None = None, covered: bool = True) -> None:
        """A worker has gone, today being the first day without them.

        Args:
            replaced: somebody is looked for.
            filled: working day on which the post is filled; if None, it is drawn from the recruitment lag.
            covered: an agency worker may cover a permanent post meanwhile.
        """
        post = worker.post
        if post is None:
            return
        if worker is post.cover:
            post.cover = None
            if replaced:
                self._cover(post, worker.key[-1] + 1)
            return
        if worker is not post.holder:
            return
        post.holder = None
        post.vacancies += 1
        post.filled = NEVER
        if not replaced:
            return
        if worker.group.grade == "agency":
            self._cover(post, 1)
            return
        today = self._world.clock.today
        if filled is not None:
            post.filled = float(filled)
        elif self._rules is not None:
            draw = float(self._world.streams.at_once("recruitment", *post.key, post.vacancies).random())
            post.filled = float(today + round(self._rules.lag.quantile(draw)))
        if covered:
            self._cover(post, 1)
        if post.filled < self._world.calendar.horizon and (post.end is None or post.filled <= post.end):
            grade = worker.group.grade if filled is not None or self._rules is None else self._rules.grade
            number, _ = post.identity(0)
            come = partial(self._recruit, post, post.vacancies, grade)
            self._world.clock.at(post.filled, Phase.STAFF, number, come)

    def cover_leave(self, worker: Worker, start: int, back: int, share: float) -> None:
        """A permanent worker is on leave until a day: an agency worker may cover the time.

        Args:
            start, back: first working day of the leave, and first day back.
            share: of such leaves that are covered.
        """
        post, rules = worker.post, self._rules
        today = self._world.clock.today
        if post is None or rules is None:
            return
        draws = self._world.streams.uniforms(2, "leave_cover", *worker.key, start).tolist()
        day = max(today, start + round(rules.agency_lag.quantile(draws[1])))
        if draws[0] >= share or day >= min(back, self._world.calendar.horizon):
            return
        self._leaves += 1
        number = (post.number + 1) * NUMBERS_OF_A_POST + LEAVES + self._leaves % NUMBERS_OF_LEAVES
        key = (*post.key, LEAVES, start)
        self._world.clock.at(day, Phase.STAFF, number, partial(self._cover_leave, worker, number, key, back))

    def _cover_leave(self, worker: Worker, number: int, key: tuple[int, ...], back: int) -> None:
        """The agency worker comes for the time of the leave, unless whoever is on leave has gone for good."""
        post = worker.post
        if post is None or not worker.in_post or not worker.away or not self._workforce.agency.may_come(post.team):
            return
        changes = {"grade": "agency", "count": 1, "months_since_qualifying": 0.0, "start": None, "end": None}
        cover = self._workforce.hire(post, number, key, post.group.model_copy(update=changes))
        if back < self._world.calendar.horizon:
            self._world.clock.at(back, Phase.STAFF, number, partial(self._leave_over, cover))

    def _leave_over(self, cover: Worker) -> None:
        if cover.in_post:
            self._workforce.dismiss(cover, replaced=False)

    def record(self, month: int) -> None:
        """Record each team's permanent establishment and vacant posts (full-time equivalents) at a month's end."""
        if not self._simulated:
            return
        today = self._world.clock.today
        open_posts = [post for post in self._posts if post.permanent and post.start < today]
        for team in self._teams.all:
            posts = [post for post in open_posts if post.team is team]
            establishment = sum(post.group.fte for post in posts)
            if establishment:
                vacant = sum(post.group.fte for post in posts if post.holder is None)
                self._world.recorder.posts.add((team.number, month, round(100 * establishment), round(100 * vacant)))

    def _recruit(self, post: Post, vacancy: int, grade: str) -> None:
        """The recruit comes, and the agency worker who covered the vacancy goes."""
        if post.vacancies != vacancy or post.holder is not None:
            return
        workforce = self._workforce
        if post.cover is not None and post.cover.in_post:
            cover, post.cover = post.cover, None
            workforce.dismiss(cover)
        post.holder = self._come(post, 0, grade)

    def _cover(self, post: Post, place: int) -> None:
        """See whether an agency worker is found, the `place`-th of this vacancy, and when one comes."""
        rules = self._rules
        if rules is None or place >= NUMBERS_OF_A_VACANCY:
            return
        draws = self._world.streams.uniforms(2, "agency_cover", *post.key, post.vacancies, place).tolist()
        # A vacancy may go without cover; a post that is the agency's anyway is filled from there again.
        if post.group.grade != "agency" and draws[0] >= rules.agency_cover:
            return
        day = self._world.clock.today + round(rules.agency_lag.quantile(draws[1]))
        if day < min(post.filled, self._world.calendar.horizon) and (post.end is None or day <= post.end):
            number, _ = post.identity(place)
            self._world.clock.at(day, Phase.STAFF, number, partial(self._agency, post, post.vacancies, place))

    def _agency(self, post: Post, vacancy: int, place: int) -> None:
        if post.vacancies != vacancy or post.holder is not None:
            return
        if not self._workforce.agency.may_come(post.team):
            return
        worker = self._come(post, place, "agency")
        if post.group.grade == "agency":
            post.holder = worker
        else:
            post.cover = worker

    def _come(self, post: Post, place: int, grade: str) -> Worker:
        number, key = post.identity(place)
        changes = {"grade": grade, "count": 1, "months_since_qualifying": 0.0, "start": None, "end": None}
        return self._workforce.hire(post, number, key, post.group.model_copy(update=changes))
