"""Diaries, solicitors, figures that change on dates, and shares of ways out that do."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from sim.calendar import WorkingDayCalendar
from sim.model.engine.clock import Clock
from sim.model.engine.diary import Diary
from sim.model.levers.dated import DatedValues
from sim.model.levers.demand import DemandLevers
from sim.model.pathway.routing import Routing
from sim.model.pathway.solicitors import Solicitors
from sim.model.recording.names import OUTCOME

pytestmark = pytest.mark.unit

CALENDAR = WorkingDayCalendar(date(2016, 4, 1), date(2018, 3, 31))


def steps(value: float) -> DatedValues:
    return DatedValues({date.min: value}, CALENDAR)


# Figures by date


def test_a_dated_figure_holds_from_its_date() -> None:
    dated = DatedValues({date(2016, 4, 1): 3, date(2016, 6, 1): 5, date(2017, 1, 3): 2}, CALENDAR)
    june, january = CALENDAR.index(date(2016, 6, 1)), CALENDAR.index(date(2017, 1, 3))
    assert [dated.at(day) for day in (-50, 0, june - 1, june, january - 1, january, 9999)] == [3, 3, 3, 5, 5, 2, 2]


def test_a_change_holds_until_its_end_and_what_was_there_comes_back() -> None:
    dated = DatedValues({date(2016, 4, 1): 3, date(2016, 6, 1): 5}, CALENDAR)
    june = CALENDAR.index(date(2016, 6, 1))
    dated.change(june - 10, june + 10, 8)
    assert [dated.at(day) for day in (0, june - 11, june - 10, june, june + 9, june + 10)] == [3, 3, 8, 8, 8, 5]
    dated.change(june + 20, None, 1)
    assert [dated.at(june + day) for day in (19, 20, 500)] == [5, 1, 1]


# Diaries


def test_a_diary_spreads_its_sessions_evenly() -> None:
    diary = Diary(steps(4), 2, 99)
    assert sum(diary.offered) == 100 / 5 * 4
    held = [day for day, slots in enumerate(diary.offered) if slots]
    assert {diary.offered[day] for day in held} == {2}
    assert {after - before for before, after in pairwise(held)} <= {2, 3}


def test_a_diary_books_the_earliest_slot_and_counts_what_is_taken() -> None:
    diary = Diary(steps(5), 1, 20)
    assert [diary.book(3) for _ in range(3)] == [3, 4, 5]
    diary.cancel(4)
    assert diary.book(3) == 4
    assert diary.free(6)
    assert not diary.free(5)
    assert not diary.free(-1)
    assert not diary.free(21)


def test_a_diary_that_is_full_to_its_end_says_so() -> None:
    diary = Diary(steps(5), 1, 2)
    assert [diary.book(0) for _ in range(4)] == [0, 1, 2, None]


def test_a_review_is_booked_by_its_due_date_and_after_it_only_when_all_before_are_taken() -> None:
    diary = Diary(steps(5), 1, 20)
    assert [diary.book_by(8, 5) for _ in range(6)] == [8, 7, 6, 5, 9, 10]
    assert diary.book_by(3, 12) == 12  # due before anything can be booked: the first that can


def test_a_diary_without_limit_always_has_room() -> None:
    diary = Diary(None, 3, 10)
    assert [diary.book(4) for _ in range(5)] == [4] * 5
    assert diary.book_by(9, 2) == 9


# Solicitors


def asking(solicitors: Solicitors, keys: list[int]) -> list[int]:
    served: list[int] = []
    for key in keys:
        solicitors.ask(key, lambda key=key: served.append(key))
    return served


class Booked:
    """A review in a diary, which books the latest slot up to its due day when it has to give way."""

    def __init__(self, diary: Diary, due: int) -> None:
        self.diary, self.due = diary, due
        self.book()

    def book(self) -> None:
        self.day = self.diary.book_by(self.due, 0)
        assert self.day is not None
        self.diary.note(self.day, self)

    def give_way(self) -> None:
        self.book()


def test_an_urgent_booking_takes_the_slot_that_is_due_last_where_it_would_be_too_late() -> None:
    diary = Diary(steps(5), 1, 40, None, True)
    reviews = [Booked(diary, due) for due in (3, 4, 5, 9, 9, 9)]
    assert sorted(review.day for review in reviews) == [3, 4, 5, 7, 8, 9]
    assert diary.book_urgently(3, 6) == 6  # a free slot in time
    assert diary.book_urgently(3, 6) == 3  # none: the first that gives way
    assert reviews[0].day == 2  # booked anew, by its due day
    assert diary.book_urgently(7, 6) == 7
    assert sorted(review.day for review in reviews) == [1, 2, 4, 5, 8, 9]
    assert max(diary.used) == 1


def test_nothing_gives_way_in_time_or_where_whoever_comes_first_is_first() -> None:
    for yields, expected in ((True, 8), (False, 11)):
        diary = Diary(steps(5), 1, 40, None, yields)
        for due in (8, 9, 10):
            Booked(diary, due)
        assert diary.book_urgently(8, 20) == 11
        diary.cancel(11)
        assert diary.book_urgently(8, 9) == expected


def test_a_booking_that_is_given_back_gives_way_no_more() -> None:
    diary = Diary(steps(5), 1, 40, None, True)
    review = Booked(diary, 8)
    assert review.day is not None
    diary.forget(review.day, review)
    assert diary.book_urgently(8, 8) == 9


def test_solicitors_serve_in_order_and_keep_the_cases_they_have() -> None:
    solicitors = Solicitors(steps(1), 2, Clock())
    served = asking(solicitors, [5, 3, 9, 7])
    assert served == [5, 3]
    asking(solicitors, [5])  # proceedings go on with the solicitor of the pre-proceedings
    solicitors.release(3)
    assert served == [5, 3, 7]  # two waited since the same day: the lower number first
    solicitors.release(5)
    assert served == [5, 3, 7, 9]


def test_a_case_that_ends_while_it_waits_for_a_solicitor_takes_none() -> None:
    solicitors = Solicitors(steps(1), 1, Clock())
    served = asking(solicitors, [1, 2, 3])
    solicitors.release(2)
    solicitors.release(1)
    assert served == [1, 3]
    solicitors.release(3)
    assert asking(solicitors, [4]) == [4]


def test_a_case_that_asks_again_while_it_waits_keeps_its_place() -> None:
    solicitors = Solicitors(steps(1), 1, Clock())
    served = asking(solicitors, [1, 2, 3])
    again = asking(solicitors, [2])
    solicitors.release(1)
    assert (served, again) == ([1, 2], [2])
    solicitors.release(2)
    assert served == [1, 2, 3]


def test_without_a_limit_everybody_has_a_solicitor() -> None:
    assert asking(Solicitors(None, 1, Clock()), list(range(50))) == list(range(50))


# Routing


def shares(routing: Routing, stage: str, day: int) -> dict[int, float]:
    draws = [(place + 0.5) / 1000 for place in range(1000)]
    found = [routing.pick(stage, draw, day) for draw in draws]
    return {code: found.count(code) / 1000 for code in set(found)}


def test_shares_of_ways_out_change_on_dates_and_the_others_keep_their_proportions(town: Any) -> None:
    ways = {"close": "40%", "early_help": "20%", "child_in_need": "20%", "section_47": "20%"}
    change = {"lever": "routing", "stage": "assessment", "outcomes": {"section_47": "60%"}}
    dates = {"at": "2016-07-01", "until": "2016-08-01"}
    scenario = town.scenario({"stages.assessment.outcomes": ways, "levers": [change | dates]})
    routing = Routing(scenario, CALENDAR)
    july, august = CALENDAR.index(date(2016, 7, 1)), CALENDAR.index(date(2016, 8, 1))
    names = ("close", "early_help", "child_in_need", "section_47")
    before = dict(zip((OUTCOME[name] for name in names), (0.4, 0.2, 0.2, 0.2), strict=True))
    during = dict(zip((OUTCOME[name] for name in names), (0.2, 0.1, 0.1, 0.6), strict=True))
    for day, expected in ((-9, before), (0, before), (july - 1, before), (july, during), (august, before)):
        assert shares(routing, "assessment", day) == pytest.approx(expected, abs=0.002)


def test_a_way_out_can_be_left_out_and_the_rest_is_shared(town: Any) -> None:
    ways = {"close": "30%", "early_help": "0%", "child_in_need": "30%", "section_47": "40%"}
    routing = Routing(town.scenario({"stages.assessment.outcomes": ways}), CALENDAR)
    excluded = OUTCOME["section_47"]
    found = [routing.without("assessment", (n + 0.5) / 100, 0, excluded) for n in range(100)]
    assert found.count(OUTCOME["close"]) == found.count(OUTCOME["child_in_need"]) == 50


def test_when_every_case_takes_one_way_out_leaving_it_out_closes(town: Any) -> None:
    routing = Routing(town.scenario({"stages.assessment.outcomes": {"close": 0, "section_47": 1}}), CALENDAR)
    assert routing.without("assessment", 0.5, 0, OUTCOME["section_47"]) == OUTCOME["close"]


# Levers on demand


def levers(town: Any, *given: dict[str, Any]) -> DemandLevers:
    return DemandLevers(town.scenario({"levers": list(given)}), CALENDAR)


def test_a_surge_rises_over_its_ramp_and_falls_over_its_decay(town: Any) -> None:
    surge = {"lever": "referral_surge", "at": "2016-10-03", "size": "40%", "ramp": "10 working days"}
    found = levers(town, surge | {"until": "2017-03-01", "decay": "20 working days"})
    start, until = CALENDAR.index(date(2016, 10, 3)), CALENDAR.index(date(2017, 3, 1))
    assert found.excess(start - 1) == 0
    rise = [found.excess(start + day) for day in range(10)]
    assert rise == sorted(rise)
    assert 0 < rise[0] < 0.05
    assert found.excess(start + 10) == pytest.approx(0.4)
    assert found.excess(until - 1) == pytest.approx(0.4)
    fall = [found.excess(until + day) for day in range(20)]
    assert fall == sorted(fall, reverse=True)
    assert 0.36 < fall[0] < 0.4
    assert found.excess(until + 20) == 0


def test_a_surge_without_ramp_or_decay_is_a_block_and_surges_add_up(town: Any) -> None:
    surge = {"lever": "referral_surge", "at": "2016-10-03", "until": "2016-11-01", "size": "40%"}
    found = levers(town, surge, {"lever": "referral_surge", "at": "2016-10-10", "size": "-10%"})
    start, until = CALENDAR.index(date(2016, 10, 3)), CALENDAR.index(date(2016, 11, 1))
    days = (start - 1, start, start + 5, until - 1, until)
    assert [round(found.excess(day), 9) for day in days] == [0, 0.4, 0.3, 0.3, -0.1]


def test_diversions_and_preventions_work_on_what_the_others_leave(town: Any) -> None:
    diversion = {"lever": "early_help_diversion", "at": "2016-10-03", "share": "50%"}
    prevention = {"lever": "rereferral_prevention", "at": "2016-10-03", "until": "2016-11-01", "reduction": "20%"}
    found = levers(town, diversion, diversion | {"until": "2016-11-01"}, prevention, prevention)
    start, until = CALENDAR.index(date(2016, 10, 3)), CALENDAR.index(date(2016, 11, 1))
    assert [found.diverted(day) for day in (start - 1, start, until)] == pytest.approx([0, 0.75, 0.5])
    assert [found.prevented(day) for day in (start - 1, start, until)] == pytest.approx([0, 0.36, 0])
