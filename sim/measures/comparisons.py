"""What a measure has to be read with: what flatters it, the count behind a share, a short label, England's figure.

A measure is flattered when more of something else makes it look better without anybody being better off. The median
wait of children who got a social worker falls when those who wait longest never get one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sim.measures.measure import Measure, PublishedFigure

__all__ = ["with_comparisons"]

_OVERDUE: Final = ("assessments_open_over_45wd",)
_WAITING: Final = ("unallocated",)
_UNSEEN: Final = ("cases_with_no_visit_20wd",)

_FLATTERED_BY: Final[dict[str, tuple[str, ...]]] = {
    "assessments_45wd_pct": _OVERDUE,
    "assessments_45wd_excl_same_day_pct": _OVERDUE,
    "assessment_median_wd": _OVERDUE,
    "assessments_over_60wd": _OVERDUE,
    "allocation_wait_median_wd": _WAITING,
    "allocation_wait_p90_wd": _WAITING,
    "referral_to_cpp_median_days": _OVERDUE,
    "caseload_mean": _WAITING,
    "caseload_p90": _WAITING,
    "workers_over_cap_pct": _WAITING,
    "hours_asked_pct": _WAITING,
    "children_3plus_workers_pct": _WAITING,
    "workers_per_child_mean": _WAITING,
    "handovers": _WAITING,
    "transfer_wait_median_wd": _WAITING,
    "manager_utilisation": _OVERDUE,
    "rereferrals_12m_pct": _OVERDUE,
    "cin_open_over_9m": _OVERDUE,
    "cin_open_over_12m": _OVERDUE,
    "cp_visits_on_time_pct": _UNSEEN,
    "cin_visits_on_time_pct": _UNSEEN,
    "cpp_ended_2y_pct": ("cpp_open_band_2y_plus",),
    "step_up_delay_median_days": ("need_rises_unnoticed_30d",),
    "step_up_delay_p90_days": ("need_rises_unnoticed_30d",),
}

_COUNT: Final = {
    "cpp_open_2y_pct": "cpp_open_band_2y_plus",
    "cpp_ended_2y_pct": "cpp_ended_band_2y_plus",
}
"""Number of children in the numerator of a share of which less is better."""

_SHORT: Final = {
    "assessments_open_over_45wd": "Overdue assessments",
    "unallocated": "Children without a social worker",
    "assessments_45wd_pct": "Assessed within 45 working days",
    "cin_open_over_12m": "Child in need plans over 12 months",
    "cost_total": "Cost",
    "delay_child_days": "Child-days of delay",
}

_CIN: Final = "DfE, Characteristics of children in need"
_WORKFORCE: Final = "DfE, Children's social work workforce"
_ENGLAND: Final[dict[str, tuple[tuple[int, float, str], ...]]] = {
    "rereferrals_12m_pct": ((2018, 21.9, _CIN), (2024, 22.4, _CIN)),
    "assessments_45wd_pct": ((2018, 82.7, _CIN), (2024, 84.5, _CIN)),
    "assessment_median_wd": ((2018, 31.0, _CIN), (2024, 34.0, _CIN)),
    "icpc_15wd_pct": ((2018, 76.9, _CIN), (2024, 79.7, _CIN)),
    "second_cpp_pct": ((2018, 20.2, _CIN), (2024, 24.7, _CIN)),
    "cpp_open_2y_pct": ((2018, 1.8, _CIN), (2024, 2.6, _CIN)),
    "cpp_ended_2y_pct": ((2018, 3.4, _CIN), (2024, 3.8, _CIN)),
    "cp_reviews_on_time_pct": ((2018, 90.5, _CIN), (2024, 89.8, _CIN)),
    "caseload_mean": ((2018, 17.4, _WORKFORCE),),
}
"""England's figure by year ending 31 March (workforce: the census of 30 September before)."""


def with_comparisons(measure: Measure) -> Measure:
    """Return the measure with what it has to be read with."""
    return replace(
        measure,
        short=_SHORT.get(measure.id, measure.label),
        flattered_by=_FLATTERED_BY.get(measure.id, ()),
        count=_COUNT.get(measure.id, ""),
        england=tuple(PublishedFigure(*figure) for figure in _ENGLAND.get(measure.id, ())),
    )
