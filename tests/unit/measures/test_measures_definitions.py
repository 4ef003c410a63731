"""The registry of measures: the ids that the outside relies on, and what each must say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim.measures
from sim.cli.measures_command import as_markdown
from sim.measures.bands import BANDS
from sim.measures.definitions import MEASURES, TOPICS, in_order
from sim.measures.measure import LOCAL, Measure

pytestmark = pytest.mark.unit

IDS = [
    "contacts", "referrals", "rereferrals_12m_pct", "no_further_action_pct", "contact_decision_1wd_pct",
    "allocation_wait_median_wd", "allocation_wait_p90_wd", "assessments_completed",
    "assessments_45wd_pct", "assessments_45wd_excl_same_day_pct", "assessment_median_wd",
    "assessments_over_60wd", "assessments_open", "assessments_open_over_45wd",
    "referral_cohort_45wd_pct", "s47_started", "icpc_held", "icpc_15wd_pct", "cpp_started",
    "cpp_ended", "cpp_open", "cpp_open_2y_pct", "cpp_ended_2y_pct", "cin_plans_started",
    "cin_plans_open", "cin_open_over_9m", "cin_open_over_12m", "plo_open", "plo_over_16w_pct",
    "court_open", "proceedings_26w_pct", "unallocated", "unallocated_over_14d",
    "transfer_wait_median_wd", "decision_wait_median_wd", "cp_visits_on_time_pct",
    "cin_visits_on_time_pct", "cp_reviews_on_time_pct", "referral_to_cpp_median_days",
    "caseload_mean", "caseload_p90", "workers_over_cap_pct", "manager_utilisation",
    "conference_utilisation", "hours_asked_pct", "exposure_child_days", "exposure_per_100_children",
    "step_up_delay_median_days", "step_up_delay_p90_days", "need_rises_unnoticed_30d", "step_ups_late_by_person",
    "cases_with_no_visit_20wd", "children_3plus_workers_pct", "workers_per_child_mean", "handovers",
    "agency_pct", "vacancy_pct", "turnover_pct", "absence_pct", "nqsw_over_cap", "supervision_on_time_pct",
    "held_by_manager", "uncovered_absence_child_days", "reviews_done", "review_completion_date",
    "second_cpp_pct", "staff_cost", "agency_premium", "lever_cost", "cost_total",
    "cost_per_delay_day_avoided", "delay_child_days", "awaiting_letter",
    "decision_wait_assessment_wd", "decision_wait_step_up_wd", "decision_wait_enquiry_wd",
    "decision_wait_closure_wd", "held_by_managers_mean", "statutory_unallocated_child_days",
    "allocation_blocked_days",
]  # fmt: skip
DRIFT = [
    "referral_to_cpp_p25_days", "referral_to_cpp_p75_days", "referral_to_cpp_children",
    "referral_to_care_p25_days", "referral_to_care_median_days", "referral_to_care_p75_days",
    "referral_to_care_children",
    "cpp_to_care_p25_days", "cpp_to_care_median_days", "cpp_to_care_p75_days", "cpp_to_care_children",
    "cpp_open_over_15m", "cpp_open_over_15m_pct", "cpp_open_over_18m", "cpp_open_over_18m_pct",
    "cin_open_over_9m_pct", "cin_open_over_12m_pct", "plo_over_16w",
    "referral_cohort_cpp_over_15m_pct", "referral_cohort_cin_over_9m_pct", "referral_cohort_cin_over_12m_pct",
    "referral_cohort_plo_over_16w_pct", "referral_cohort_cpp_over_15m", "referral_cohort_cin_over_9m",
    "referral_cohort_cin_over_12m", "referral_cohort_plo_over_16w",
    "plans_stalled", "plans_stalled_pct", "reviews_without_progress",
    "cin_worker_changes_mean", "cpp_worker_changes_mean",
    "carrying_out_wait_assessment_wd", "carrying_out_wait_step_up_wd", "carrying_out_wait_enquiry_wd",
    "carrying_out_wait_closure_wd", "decisions_not_carried_out",
]  # fmt: skip
WAITING = ("waiting_days_by_cause_", "waiting_days_beyond_limit_by_cause_")
CAUSES = (
    "screening", "cap_full", "nobody_at_work", "group_too_large", "not_allocated", "transfer", "decision",
    "carrying_out", "conference",
    "panel", "solicitor", "hearing", "other_stage", "review_not_due", "custom", "absence", "returned", "slowed", "work",
)  # fmt: skip


def test_ids_and_their_order_are_a_contract() -> None:
    bands = [measure for band in BANDS.values() for measure in band.measures]
    waiting = [begin + cause for begin in WAITING for cause in CAUSES]
    assert list(MEASURES) == IDS + bands + DRIFT + waiting
    assert len(bands) == 9 + 4 + 5 + 5


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda measure: measure.id)
def test_each_measure_says_what_it_is(measure: object) -> None:
    for name in ("label", "unit", "numerator", "denominator", "clock", "source", "meaning"):
        assert getattr(measure, name).strip(), name
    assert getattr(measure, "unit") == "%" or not getattr(measure, "id").endswith("_pct")  # noqa: B009


def a_measure(name: str) -> Measure:
    return Measure(
        id=name,
        label=name,
        unit="children",
        better="neither",
        kind="flow",
        numerator="Children",
        clock="Day",
        source=LOCAL,
        meaning="How many children.",
    )


def test_measures_come_in_the_order_of_tables_whatever_the_order_of_topics() -> None:
    assert list(in_order([a_measure("b"), a_measure("a")], ["a", "b"])) == ["a", "b"]


@pytest.mark.parametrize(
    ("defined", "order", "message"),
    [
        (["a", "a"], ["a"], "measures defined twice: a"),
        (["a", "b"], ["b", "a", "b"], "measures in the order of tables twice: b"),
        (["a", "b"], ["a"], "measures without a place in the order of tables: b"),
        (["a"], ["a", "b"], "measures in the order of tables that no topic defines: b"),
    ],
)
def test_a_definition_and_its_place_go_together(defined: list[str], order: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        in_order([a_measure(name) for name in defined], order)


@pytest.mark.parametrize("ids", [("contacts", "invented"), ()])
def test_what_is_computed_and_what_is_defined_must_agree(
    ids: tuple[str, ...], story: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.measures.compute.managers", lambda view: dict.fromkeys(ids, np.zeros((1, 1))))
    with pytest.raises(KeyError, match="without a definition, or without a computation: allocation_blocked_days"):
        story().measured()


def test_every_topic_of_the_folder_is_in_the_registry() -> None:
    folder = Path(sim.measures.__file__).parent
    topics = {path.stem for path in folder.glob("*.py") if "\nDEFINITIONS: " in path.read_text(encoding="utf-8")}
    assert topics == {topic.__name__.rpartition(".")[2] for topic in TOPICS}


def test_the_page_of_measures_is_up_to_date() -> None:
    page = Path(__file__).parents[3] / "docs" / "measures.md"
    assert page.read_text(encoding="utf-8") == as_markdown(MEASURES.values()), (
        "run: frontdoor measures --markdown > docs/measures.md"
    )
