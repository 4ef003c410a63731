"""Precision that is asked for: how it is read, when a run stops, and what is said of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.experiment.analysis.control_variates import levels
from sim.experiment.analysis.stopping import (
    DEFAULT_MEASURES,
    Precision,
    PrecisionTarget,
    Stopping,
    coefficient,
    read_precision,
    skewed,
)
from sim.experiment.analysis.stopping_words import outcome_in_words
from sim.experiment.analysis.student import student_quantile
from sim.experiment.errors import RunError
from sim.experiment.results.manifest import NeededBy
from sim.experiment.running.runner import compare, run

pytestmark = pytest.mark.unit

OPEN, REFERRALS = "assessments_open", "referrals"


def test_aims_as_the_command_line_takes_them() -> None:
    found = read_precision(["5%", "unallocated=12", "referrals = 2%"], [OPEN])
    assert found.aims == (
        PrecisionTarget(OPEN, 0.05, relative=True),
        PrecisionTarget("unallocated", 12.0, relative=False),
        PrecisionTarget(REFERRALS, 0.02, relative=True),
    )
    assert [aim.asked for aim in found.aims] == ["5%", "12", "2%"]
    assert [aim.measure for aim in read_precision(["10%"]).aims] == list(DEFAULT_MEASURES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("five", "write a share such as 5%"),
        ("0%", "write a share such as 5%"),
        ("12", "say of which measure, such as assessments_open_over_45wd=12"),
        ("unalocated=5", "there is no measure 'unalocated': did you mean 'unallocated'"),
    ],
)
def test_refusals(text: str, words: str) -> None:
    with pytest.raises(RunError) as caught:
        read_precision([text])
    assert words in str(caught.value)


def test_too_few_replications_allowed() -> None:
    with pytest.raises(RunError, match="first looked at after 10"):
        read_precision(["5%"], maximum=5)


def half_width(values: np.ndarray[Any, Any]) -> float:
    """Half the width of the interval of a run that looks at so many figures."""
    quantile = student_quantile(0.5 + coefficient(len(values)) / 2.0, len(values) - 1)
    return float(quantile * values.std(ddof=1) / math.sqrt(len(values)))


def test_the_coefficient_falls_to_what_is_covered() -> None:
    assert [round(coefficient(many), 4) for many in (1, 10, 33, 50, 100, 200)] == [
        0.965, 0.965, 0.965, 0.96, 0.955, 0.9525,
    ]  # fmt: skip


def test_results_have_the_coefficient_of_the_last_look() -> None:
    stopping = Stopping(Precision((PrecisionTarget(OPEN, 0.001, relative=False),), maximum=50), ["one"])
    feed(stopping, [0.0, 2.0] * 100)
    assert stopping.outcome().confidence == pytest.approx(0.96)


def feed(stopping: Stopping, *runs: Any) -> int:
    """Give the replications of each scenario in order until it stops; return how many were given."""
    for replication in range(len(runs[0])):
        for position, values in enumerate(runs):
            if stopping.enough(position, replication, np.array([values[replication]])):
                return replication + 1
    return len(runs[0])


def test_stops_at_the_first_look_when_nothing_varies() -> None:
    stopping = Stopping(Precision((PrecisionTarget(OPEN, 1.0, relative=False),)), ["one"])
    assert feed(stopping, [7.0] * 50) == 10
    assert stopping.outcome().reached


def test_next_look_is_a_quarter_of_the_way_to_where_the_spread_says() -> None:
    """Ten figures 0, 2, 0, 2 …: the half-width there is known, and with it how many more are needed."""
    values = [0.0, 2.0] * 100
    first = half_width(np.array(values[:10]))
    stopping = Stopping(Precision((PrecisionTarget(OPEN, first / math.sqrt(1.55), relative=False),)), ["one"])
    assert feed(stopping, values) == stopping.replications
    assert stopping.looks == [10, 12, 13, 14]  # a quarter of the way to 16 (15.5 rounded up), then one more
    assert stopping.outcome().needed_by == NeededBy(measure=OPEN, scenario="one")


def test_at_most_twice_as_many_and_never_beyond_the_maximum() -> None:
    stopping = Stopping(Precision((PrecisionTarget(OPEN, 0.001, relative=False),), maximum=50), ["one"])
    assert feed(stopping, [0.0, 2.0] * 100) == 50
    assert stopping.looks == [10, 20, 40, 50]
    found = stopping.outcome()
    assert not found.reached
    assert found.aims[0].replications_needed > 1_000_000 / 2


def test_difference_is_measured_against_the_mean_of_the_baseline() -> None:
    base = [100.0 + (n % 2) for n in range(40)]
    other = [value + 10 + (n % 3) for n, value in enumerate(base)]
    stopping = Stopping(Precision((PrecisionTarget(OPEN, 0.5, relative=True),)), ["base", "other"])
    feed(stopping, base, other)
    (aim,) = stopping.outcome().aims
    assert aim.target == pytest.approx(50.25)  # half of the mean of ten runs of 100 and 101
    gap = np.array(other[:10]) - np.array(base[:10])
    assert aim.half_width == pytest.approx(half_width(gap), rel=1e-5)


def test_order_of_outcomes_does_not_matter() -> None:
    """Later replications that come in early are not looked at before their turn."""
    values = np.random.default_rng(1).normal(10, 3, 60)
    aim = Precision((PrecisionTarget(OPEN, 1.0, relative=False),))
    straight, mixed = Stopping(aim, ["one"]), Stopping(aim, ["one"])
    feed(straight, values)
    order = [n ^ 1 for n in range(60)]
    for n in order:
        if mixed.enough(0, n, values[[n]]):
            break
    assert mixed.outcome() == straight.outcome()


def test_failed_replications_are_left_out_and_do_not_stop_it() -> None:
    stopping = Stopping(Precision((PrecisionTarget(OPEN, 100.0, relative=False),)), ["one"])
    done = [stopping.enough(0, n, None if n == 3 else np.array([float(n)])) for n in range(10)]
    assert done == [False] * 9 + [True]
    (aim,) = stopping.outcome().aims
    assert aim.half_width == pytest.approx(half_width(np.array([0, 1, 2, 4, 5, 6, 7, 8, 9.0])), rel=1e-5)


def test_nothing_is_five_per_cent_of_nothing() -> None:
    stopping = Stopping(Precision((PrecisionTarget(OPEN, 0.05, relative=True),), maximum=12), ["base", "other"])
    feed(stopping, [0.0] * 12, [0.0, 1.0] * 6)
    text = " ".join(outcome_in_words(stopping.outcome()))
    assert "5% of zero was asked: give it in the measure's own unit" in text


def test_skewed_figures_are_cautioned() -> None:
    """One run in twenty far out: the skewness is about 4, and 25 times its square is 400."""
    runs = np.array([[0.0] * 19 + [100.0], [0.0, 1.0] * 10, [3.0] * 20]).T
    found = levels(runs, range(20), ["whole"] * 3, None)
    outcome_in_words = [
        skewed(int(count), float(skewness)) for count, skewness in zip(found.count, found.skewness, strict=True)
    ]
    assert outcome_in_words == [True, False, False]
    assert found.skewness[0] == pytest.approx(18 / math.sqrt(19))  # that of one in twenty


def test_a_run_stops_and_says_so(short: Any) -> None:
    """The replications kept are those of a plain run of as many, with intervals of the higher coefficient."""
    precision = Precision((PrecisionTarget(REFERRALS, 0.5, relative=True),), maximum=30)
    found = run(short(), precision=precision, journeys="none")
    plain = run(short(), replications=10, journeys="none")
    assert found.manifest.replications == 10 == found.manifest.replications_asked
    assert found.manifest.precision.reached
    assert found.measures.equals(plain.measures)
    wide = (found.summary["ci95_high"] - plain.summary["ci95_high"])[found.summary["measure"] == REFERRALS]
    assert (wide > 0).any()
    assert "As precise as asked after 10 replications." in outcome_in_words(found.manifest.precision)


def test_a_comparison_says_which_measure_needed_the_most(short: Any) -> None:
    aims = (PrecisionTarget(REFERRALS, 1.0, relative=True), PrecisionTarget("unallocated", 0.001, relative=False))
    other = short("fewer", demand__referrals_a_year=300)
    found = compare(short(), [other], precision=Precision(aims, maximum=12), journeys="none").manifest.precision
    assert found.needed_by == NeededBy(measure="unallocated", scenario="fewer")
    assert [aim.met for aim in found.aims] == [True, False]
    assert found.replications == 12
    text = " ".join(outcome_in_words(found, {"fewer": "Fewer"}))
    assert "Not as precise as asked after 12 replications, the most allowed." in text
    assert "“Children without a social worker” in Fewer is ±" in text
