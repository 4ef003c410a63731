"""Every measure by its id, in the order of tables: the public contract of ids, labels, units and meanings.

Each measure is defined in the module of its topic, beside its computation. `docs/measures.md` is generated from
`MEASURES`. Everything counts children unless the unit says otherwise; medians are weighted by children. A percentage,
median or mean with nothing to divide by is missing; a count of nothing is 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from sim.measures import (
    carrying_out,
    continuity,
    cost,
    delay,
    demand,
    drift,
    drift_intervals,
    exposure,
    managers,
    people,
    reviews,
    stalled,
    stock,
    waiting_days,
    workforce,
)
from sim.measures.measure import Better, Breakdown, Kind, Measure

__all__ = ["MEASURES", "TOPICS", "Better", "Breakdown", "Kind", "Measure", "in_order"]

TOPICS: Final = (
    demand,
    delay,
    drift,
    stock,
    workforce,
    exposure,
    continuity,
    people,
    managers,
    reviews,
    cost,
    drift_intervals,
    stalled,
    carrying_out,
    waiting_days,
)

_ORDER: Final = (
    "contacts",
    "referrals",
    "rereferrals_12m_pct",
    "no_further_action_pct",
    "contact_decision_1wd_pct",
    "allocation_wait_median_wd",
    "allocation_wait_p90_wd",
    "assessments_completed",
    "assessments_45wd_pct",
    "assessments_45wd_excl_same_day_pct",
    "assessment_median_wd",
    "assessments_over_60wd",
    "assessments_open",
    "assessments_open_over_45wd",
    "referral_cohort_45wd_pct",
    "s47_started",
    "icpc_held",
    "icpc_15wd_pct",
    "cpp_started",
    "cpp_ended",
    "cpp_open",
    "cpp_open_2y_pct",
    "cpp_ended_2y_pct",
    "cin_plans_started",
    "cin_plans_open",
    "cin_open_over_9m",
    "cin_open_over_12m",
    "plo_open",
    "plo_over_16w_pct",
    "court_open",
    "proceedings_26w_pct",
    "unallocated",
    "unallocated_over_14d",
    "transfer_wait_median_wd",
    "decision_wait_median_wd",
    "cp_visits_on_time_pct",
    "cin_visits_on_time_pct",
    "cp_reviews_on_time_pct",
    "referral_to_cpp_median_days",
    "caseload_mean",
    "caseload_p90",
    "workers_over_cap_pct",
    "manager_utilisation",
    "conference_utilisation",
    "hours_asked_pct",
    "exposure_child_days",
    "exposure_per_100_children",
    "step_up_delay_median_days",
    "step_up_delay_p90_days",
    "need_rises_unnoticed_30d",
    "step_ups_late_by_person",
    "cases_with_no_visit_20wd",
    "children_3plus_workers_pct",
    "workers_per_child_mean",
    "handovers",
    "agency_pct",
    "vacancy_pct",
    "turnover_pct",
    "absence_pct",
    "nqsw_over_cap",
    "supervision_on_time_pct",
    "held_by_manager",
    "uncovered_absence_child_days",
    "reviews_done",
    "review_completion_date",
    "second_cpp_pct",
    "staff_cost",
    "agency_premium",
    "lever_cost",
    "cost_total",
    "cost_per_delay_day_avoided",
    "delay_child_days",
    "awaiting_letter",
    "decision_wait_assessment_wd",
    "decision_wait_step_up_wd",
    "decision_wait_enquiry_wd",
    "decision_wait_closure_wd",
    "held_by_managers_mean",
    "statutory_unallocated_child_days",
    "allocation_blocked_days",
    "assessments_band_same_day",
    "assessments_band_1_10",
    "assessments_band_11_20",
    "assessments_band_21_30",
    "assessments_band_31_40",
    "assessments_band_41_45",
    "assessments_band_46_50",
    "assessments_band_51_60",
    "assessments_band_61_plus",
    "icpc_band_0_10",
    "icpc_band_11_15",
    "icpc_band_16_20",
    "icpc_band_21_plus",
    "cpp_ended_band_up_to_3m",
    "cpp_ended_band_3_6m",
    "cpp_ended_band_6_12m",
    "cpp_ended_band_1_2y",
    "cpp_ended_band_2y_plus",
    "cpp_open_band_up_to_3m",
    "cpp_open_band_3_6m",
    "cpp_open_band_6_12m",
    "cpp_open_band_1_2y",
    "cpp_open_band_2y_plus",
    *(measure.id for topic in (drift_intervals, stalled, carrying_out, waiting_days) for measure in topic.DEFINITIONS),
)
"""The order of columns in result files and tables. A new id goes where a reader expects it."""


def in_order(defined: Sequence[Measure], order: Sequence[str]) -> dict[str, Measure]:
    """Return the definitions of all topics by id, in the order given.

    Raises:
        ValueError: if an id is defined twice, is twice in the order, has no place in the order, or is in the order and
            not defined.
    """
    for ids, where in (([measure.id for measure in defined], "defined"), (list(order), "in the order of tables")):
        twice = [name for name, times in Counter(ids).items() if times > 1]
        if twice:
            raise ValueError(f"measures {where} twice: {', '.join(twice)}")
    by_id = {measure.id: measure for measure in defined}
    without_place = [name for name in by_id if name not in order]
    if without_place:
        raise ValueError(f"measures without a place in the order of tables: {', '.join(without_place)}")
    undefined = [name for name in order if name not in by_id]
    if undefined:
        raise ValueError(f"measures in the order of tables that no topic defines: {', '.join(undefined)}")
    return {name: by_id[name] for name in order}


MEASURES: Final[dict[str, Measure]] = in_order([measure for topic in TOPICS for measure in topic.DEFINITIONS], _ORDER)
