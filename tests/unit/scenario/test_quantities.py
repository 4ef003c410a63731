"""Figures as people write them, and what is said when they are not right."""

from __future__ import annotations

import json
import pickle
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from sim.calendar import WorkingDayCalendar
from sim.scenario.errors.faults import Faults, show
from sim.scenario.values.durations import parse_unit
from sim.scenario.values.quantities import (
    Change,
    Count,
    Day,
    Duration,
    Hours,
    Money,
    MonthKey,
    Positive,
    PositiveDuration,
    PositiveWhole,
    Share,
    Whole,
)

pytestmark = pytest.mark.unit


def read(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value)


def refusal(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(kind, value)
    return str(caught.value.errors()[0]["msg"])


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        (Share, "40%", 0.4),
        (Share, 0, 0.0),
        (Share, "0.25", 0.25),
        (Share, "12.5 %", 0.125),
        (Change, "+40%", 0.4),
        (Change, "-10%", -0.1),
        (Change, 0.4, 0.4),
        (Count, "5,195", 5195.0),
        (Count, 0, 0.0),
        (Positive, "1e-3", 0.001),
        (Whole, "12", 12),
        (Whole, 3.0, 3),
        (PositiveWhole, 1, 1),
        (Hours, 27, 27.0),
        (Hours, "27 hours", 27.0),
        (Hours, "45 minutes", 0.75),
        (Hours, "1.5 h", 1.5),
        (Hours, "30 hours a week", 30.0),
        (Money, "£60,000", 60000.0),
        (Money, 412.5, 412.5),
        (Day, "2016-04-01", date(2016, 4, 1)),
        (Day, date(2016, 4, 1), date(2016, 4, 1)),
        (MonthKey, "2016-04", "2016-04"),
    ],
)
def test_reads_figures_as_people_write_them(kind: Any, written: object, meant: object) -> None:
    assert read(kind, written) == pytest.approx(meant) if isinstance(meant, float) else read(kind, written) == meant


@pytest.mark.parametrize(
    ("kind", "written", "said"),
    [
        (Share, 40, "40 is not between 0 and 1; write a share from 0 to 1: 40% is 0.4"),
        (Share, "lots", "'lots' is not a share; write a share from 0 to 1 such as 0.4, or 40%"),
        (Share, -0.1, "-0.1 is not between 0 and 1"),
        (Share, True, "true is not a share"),
        (Share, float("nan"), "is not a share"),
        (Change, -2, "-2 takes away more than everything"),
        (Count, "fourty", "'fourty' is not a number; write a number, 0 or more"),
        (Count, -1, "-1 is below 0"),
        (Count, "5,19", "'5,19' is not a number"),
        (Count, float("inf"), "is not a number"),
        (Positive, 0, "0 is not above 0"),
        (Whole, 2.5, "2.5 is not a whole number"),
        (Whole, -1, "-1 is below 0"),
        (PositiveWhole, 0, "0 is below 1"),
        (Hours, "3 days", "'3 days' is not a number of hours"),
        (Hours, -1, "-1 is below 0"),
        (Money, "$5", "'$5' is not a sum of money"),
        (Day, "01/04/2016", "'01/04/2016' is not a date; write a date as year-month-day, such as 2016-04-01"),
        (Day, "2016-02-30", "is not a day that exists"),
        (Day, 2016, "2016 is not a date"),
        (MonthKey, "2016-13", "'2016-13' is not a month"),
        (Count, {"a": 1}, "a mapping is not a number"),
        (Count, None, "nothing is not a number"),
        (Count, "x" * 500, "…' is not a number"),
    ],
)
def test_refusals_say_what_would_be_right(kind: Any, written: object, said: str) -> None:
    assert said in refusal(kind, written)


@pytest.mark.parametrize(
    ("written", "amount", "unit", "working_days"),
    [
        ("45 working days", 45, "working days", 45),
        ("45 wd", 45, "working days", 45),
        ("1 working day", 1, "working days", 1),
        ("16 weeks", 16, "weeks", 80),
        ("3 months", 3, "months", 63.25),
        ("10 days", 10, "days", 50 / 7),
        ("1 year", 1, "years", 253),
        ("1.5 Years", 1.5, "years", 379.5),
        ("10 calendar days", 10, "days", 50 / 7),
        ("3-months".replace("-", " "), 3, "months", 63.25),
        (0, 0, "working days", 0),
        ("0", 0, "working days", 0),
    ],
)
def test_durations(written: object, amount: float, unit: str, working_days: float) -> None:
    duration = Duration.parse(written)
    assert (duration.amount, duration.unit) == (amount, unit)
    assert duration.working_days == pytest.approx(working_days)
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (45, "45 has no unit of time; write a unit: 45 working days"),
        ("45", "'45' has no unit of time; write a unit: 45 working days"),
        (-3, "-3 has no unit of time"),
        (
            "4 fortnights",
            "'fortnights' is not a unit of time; write working days, days, weeks, months or years",
        ),
        ("-3 days", "'-3 days' is below 0"),
        ("soon", "'soon' is not a length of time; write a length of time such as 45 working days"),
        (None, "nothing is not a length of time"),
        ([1], "a list is not a length of time"),
        ("1.2.3 days", "is not a length of time"),
    ],
)
def test_durations_need_a_unit(written: object, said: str) -> None:
    assert said in refusal(Duration, written)


def test_duration_above_nothing() -> None:
    assert "0 is no time at all" in refusal(PositiveDuration, 0)
    assert read(PositiveDuration, "2 weeks") == Duration(2, "weeks")


def test_duration_made_in_python_is_checked() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        Duration(-1)
    with pytest.raises(ValueError, match="not in fortnights"):
        Duration(1, "fortnights")  # type: ignore[arg-type]
    assert parse_unit("Working-Days") == "working days"


def test_duration_by_the_exact_calendar() -> None:
    days = WorkingDayCalendar(date(2016, 4, 1), date(2018, 3, 31))
    start = days.index(date(2016, 8, 31))

    def ends(written: str) -> date:
        return days.date(Duration.parse(written).after(days, start))

    assert ends("0 working days") == date(2016, 8, 31)
    assert ends("45 working days") == date(2016, 11, 2)
    assert ends("6 months") == date(2017, 2, 28)
    assert ends("1 year") == date(2017, 8, 31)
    assert ends("2 weeks") == date(2016, 9, 14)
    assert ends("3 days") == date(2016, 9, 5)  # a Saturday goes to Monday


class Part(BaseModel):
    model_config = ConfigDict(frozen=True)

    share: Share = 0.5
    limit: Duration = Duration(45)
    when: Day = date(2016, 4, 1)


def test_models_hash_travel_and_write_themselves() -> None:
    part = Part.model_validate({"share": "40%", "limit": "16 weeks"})
    assert pickle.loads(pickle.dumps(part)) == part
    assert hash(part) == hash(Part(share=0.4, limit=Duration(16, "weeks")))
    assert part.model_dump(mode="json") == {"share": 0.4, "limit": "16 weeks", "when": "2016-04-01"}
    assert Part.model_validate(part.model_dump(mode="json")) == part


def test_json_schema_allows_a_number_or_text() -> None:
    schema = TypeAdapter(Share).json_schema()
    assert [one["type"] for one in schema["anyOf"]] == ["number", "string"]
    assert "45 working days" in json.dumps(TypeAdapter(Duration).json_schema())
    assert TypeAdapter(Day).json_schema()["format"] == "date"


def test_show_and_faults() -> None:
    assert show("x") == "'x'"
    assert show(True) == "true"
    faults = Faults()
    faults.raise_if_any()
    assert not faults
    faults.add(("a",), "wrong", "right")
    assert faults
