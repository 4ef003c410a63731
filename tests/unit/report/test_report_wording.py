import math
from itertools import pairwise

import pytest

from sim.measures.definitions import MEASURES
from sim.report import palette
from sim.report.charts.labels import spread
from sim.report.wording import formats, phrases

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (1240.4, "children", "1,240"),
        (73.24, "%", "73.2%"),
        (12.35, "working days", "12.3"),
        (-0.04, "children", "0.0"),
        (math.nan, "%", "–"),
        (None, "", "–"),
    ],
)
def test_a_table_shows(value: float | None, unit: str, shown: str) -> None:
    assert formats.number(value, unit) == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (310.2, "children", "+310"),
        (-4.2, "working days", "−4.2"),
        (8.05, "%", "+8.1 points"),
        (0.0, "", "0.0"),
    ],
)
def test_a_difference_has_its_sign(value: float, unit: str, shown: str) -> None:
    assert formats.signed(value, unit) == shown


def test_ranges_are_said_plainly() -> None:
    assert formats.interval(-51.4, 158.2, "children", difference=True) == "−51 to +158"
    assert formats.interval(67.7, 77.04, "%") == "67.7% to 77.0%"
    assert formats.spoken_range(247, 381) == "in 8 runs out of 10 between 250 and 380"
    assert formats.spoken_range(-81, -62, flip=True) == "in 8 runs out of 10 between 62 and 81"
    assert formats.spoken_range(-20, 61, flip=True) == "in 8 runs out of 10 between −61 and 20"
    assert formats.spoken_range(4.02, 3.98, whole=False) == "in 8 runs out of 10 about 4.0"


@pytest.mark.parametrize(
    ("low", "high", "better", "said"),
    [
        (1.0, 2.0, "lower", "worse"),
        (-2.0, -1.0, "lower", "better"),
        (1.0, 2.0, "higher", "better"),
        (-2.0, -1.0, "higher", "worse"),
        (1.0, 2.0, "neither", "higher"),
        (-2.0, -1.0, "neither", "lower"),
        (-1.0, 2.0, "lower", "unclear"),
        (0.0, 2.0, "lower", "unclear"),
        (0.0, 0.0, "higher", "unclear"),
        (math.nan, math.nan, "lower", "unknown"),
        (None, None, "lower", "unknown"),
    ],
)
def test_a_verdict_needs_an_interval_without_zero(
    low: float | None, high: float | None, better: str, said: str
) -> None:
    assert formats.verdict(low, high, better) == said


def test_every_verdict_has_a_symbol_and_words_of_its_own() -> None:
    assert set(formats.SYMBOLS) == set(formats.VERDICT_WORDS)
    assert len(set(formats.SYMBOLS.values())) == len(formats.SYMBOLS)
    assert len(set(formats.VERDICT_WORDS.values())) == len(formats.VERDICT_WORDS)


def test_dates_and_lists() -> None:
    assert formats.day_name("2016-04-01") == "1 April 2016"
    assert formats.day_name("soon") == "soon"
    assert formats.month_name("2018-11") == "November 2018"
    assert formats.listed(["a", "b", "c"]) == "a, b and c"
    assert formats.counted(1, "run") == "1 run"


def test_every_measure_can_be_said() -> None:
    for measure in MEASURES.values():
        assert phrases.changed(measure, 12.0)
        assert phrases.changed(measure, -12.0) != phrases.changed(measure, 12.0)
        assert phrases.level(measure, 12.0)


def test_sentences_read_as_sentences() -> None:
    overdue, caseload = MEASURES["assessments_open_over_45wd"], MEASURES["caseload_mean"]
    assert phrases.changed(overdue, 312) == "310 more children have an assessment open past 45 working days"
    assert phrases.when(overdue, "2018-19") == "at the end of 2018-19"
    assert phrases.changed(caseload, -3.14).startswith("3.1 fewer children are held")
    on_time = MEASURES["assessments_45wd_pct"]
    assert phrases.changed(on_time, -8.0) == (
        "the share of assessments completed within 45 working days is 8.0 percentage points lower"
    )
    assert phrases.when(on_time, "2018-19") == "in 2018-19"


def test_labels_never_overlap_and_keep_their_order() -> None:
    wanted, heights = [10.0, 12.0, 11.0, 90.0, 95.0, 200.0], [20.0, 30.0, 20.0, 20.0, 20.0, 20.0]
    centres = spread(wanted, heights, 0.0, 220.0)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    for before, after in pairwise(order):
        gap = centres[after] - centres[before]
        assert gap >= (heights[before] + heights[after]) / 2 - 1e-9
    assert centres[5] == 200.0
    assert min(c - h / 2 for c, h in zip(centres, heights, strict=True)) >= 0


def test_scenarios_are_told_apart_without_colour() -> None:
    looks = {(palette.colour(i), palette.dash(i)) for i in range(12)}
    assert len(looks) == 12
    assert len({palette.dash(i) for i in range(6)}) == 6
    assert len({palette.letter(i) for i in range(60)}) == 60


def test_money_is_said_in_pounds() -> None:
    assert formats.pounds(1_236_000) == "£1.24 million"
    assert formats.pounds(-314.2) == "£310"
    assert formats.pounds(4.2) == "£4.20"
    cost = MEASURES["cost_total"]
    assert phrases.changed(cost, 1_236_000) == (
        "the cost of staff, agencies and changes together is £1.24 million higher"
    )
    assert phrases.in_words(cost, -52_340) == "\u2212£52,300"
    assert formats.spoken_range(-20_000, 5_000, flip=True, money=True) == (
        "in 8 runs out of 10 between \u2212£5,000 and £20,000"
    )
    assert formats.number(1234.0, "£") == "£1,234"
    assert formats.signed(-1234.0, "£") == "\u2212£1,234"


def test_exposure_and_people_read_as_sentences() -> None:
    assert phrases.changed(MEASURES["exposure_child_days"], -1240) == (
        "1,240 fewer child-days pass between a rise in a child's need and the protective step"
    )
    assert phrases.changed(MEASURES["vacancy_pct"], 3.0) == (
        "the share of permanent posts that are vacant is 3.0 percentage points higher"
    )


@pytest.mark.parametrize(
    ("difference", "value", "base", "said"),
    [
        (-306.4, 118.0, 424.4, ("306 fewer children have", "118 against 424")),
        (24.2, 331.0, 306.8, ("24 more children have", "331 against 307")),
        (-2961.0, 12322.4, 15283.4, ("2,961 fewer children have", "12,322 against 15,283")),
        (0.6, 2.0, 1.4, ("0.6 more children have", "2.0 against 1.4")),
    ],
)
def test_counts_beside_each_other_add_up(difference: float, value: float, base: float, said: tuple[str, str]) -> None:
    changed, levels = phrases.against(MEASURES["assessments_open_over_45wd"], difference, value, base)
    assert (changed[: len(said[0])], levels) == said
