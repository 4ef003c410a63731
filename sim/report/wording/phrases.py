"""How each measure is said in a sentence.

A count reads "310 more children have an assessment open past 45 working days"; any other measure reads
"the median wait for a social worker is 4.2 working days longer". Measures that are not listed fall back
on their label.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sim.measures.definitions import Measure
from sim.report.wording import formats


@dataclass(frozen=True)
class Phrase:
    """The words around a figure.

    A count has `count` (words that follow "310 more" and "310"); any other measure has a `subject` with
    its unit in words and the adjectives for more and less of it.
    """

    count: str = ""
    subject: str = ""
    unit: str = ""
    up: str = "higher"
    down: str = "lower"


_DAYS = ("working days", "longer", "shorter")


def _share(subject: str) -> Phrase:
    return Phrase(subject=f"the share of {subject}", unit="percentage points")


_PHRASES: Final[dict[str, Phrase]] = {
    "referrals": Phrase(count="children are referred"),
    "assessments_completed": Phrase(count="children have their assessment completed"),
    "assessments_open": Phrase(count="children have an assessment open"),
    "assessments_open_over_45wd": Phrase(count="children have an assessment open past 45 working days"),
    "assessments_over_60wd": Phrase(count="children have their assessment completed after 60 working days"),
    "unallocated": Phrase(count="children are without a social worker"),
    "unallocated_over_14d": Phrase(count="children have been without a social worker for more than 14 days"),
    "cpp_open": Phrase(count="children are on a child protection plan"),
    "cin_plans_open": Phrase(count="children are on a child in need plan"),
    "cin_open_over_9m": Phrase(count="children have been on a child in need plan for more than 9 months"),
    "cin_open_over_12m": Phrase(count="children have been on a child in need plan for more than 12 months"),
    "allocation_wait_median_wd": Phrase("", "the median wait for a social worker", *_DAYS),
    "allocation_wait_p90_wd": Phrase("", "the wait for a social worker that one child in ten exceeds", *_DAYS),
    "decision_wait_median_wd": Phrase("", "the median wait for a manager's decision", *_DAYS),
    "transfer_wait_median_wd": Phrase("", "the median wait for a transfer between teams", *_DAYS),
    "assessment_median_wd": Phrase("", "the median length of a completed assessment", *_DAYS),
    "referral_to_cpp_median_days": Phrase(
        "", "the median time from referral to a child protection plan", "calendar days", "longer", "shorter"
    ),
    "assessments_45wd_pct": _share("assessments completed within 45 working days"),
    "assessments_45wd_excl_same_day_pct": _share(
        "assessments (same-day closures left out) completed within 45 working days"
    ),
    "referral_cohort_45wd_pct": _share("children referred who are assessed within 45 working days"),
    "contact_decision_1wd_pct": _share("contacts decided within 1 working day"),
    "icpc_15wd_pct": _share("initial child protection conferences held within 15 working days"),
    "rereferrals_12m_pct": _share("children referred again within 12 months"),
    "cpp_open_2y_pct": _share("open child protection plans that have lasted 2 years or more"),
    "cp_visits_on_time_pct": _share("child protection visits on time"),
    "cin_visits_on_time_pct": _share("child in need visits on time"),
    "cp_reviews_on_time_pct": _share("child protection reviews on time"),
    "plo_over_16w_pct": _share("pre-proceedings that last more than 16 weeks"),
    "awaiting_letter": Phrase(count="children wait for the letter before proceedings"),
    "proceedings_26w_pct": _share("care proceedings that end within 26 weeks"),
    "workers_over_cap_pct": _share("social workers over their cap"),
    "manager_utilisation": _share("managers' time that decisions and supervision take up"),
    "hours_asked_pct": _share("social workers' case hours that their cases ask for"),
    "conference_utilisation": _share("conference slots in use"),
    "exposure_child_days": Phrase(count="child-days pass between a rise in a child's need and the protective step"),
    "exposure_per_100_children": Phrase(
        subject="the time with a risen need that nobody has acted on", unit="days per 100 children"
    ),
    "step_up_delay_median_days": Phrase(
        "", "the median time from a rise in need to the protective step", "calendar days", "longer", "shorter"
    ),
    "step_up_delay_p90_days": Phrase(
        "",
        "the time from a rise in need to the protective step that one child in ten exceeds",
        "calendar days",
        "longer",
        "shorter",
    ),
    "need_rises_unnoticed_30d": Phrase(count="children have had a risen need that nobody noticed for over 30 days"),
    "cases_with_no_visit_20wd": Phrase(count="children on a plan have gone more than 20 working days without a visit"),
    "children_3plus_workers_pct": _share("open children who had 3 or more social workers in 12 months"),
    "workers_per_child_mean": Phrase(
        subject="the mean number of social workers that a child had in 12 months", unit="social workers"
    ),
    "handovers": Phrase(count="children change social worker"),
    "agency_pct": _share("social workers who come from an agency"),
    "vacancy_pct": _share("permanent posts that are vacant"),
    "turnover_pct": _share("permanent social workers who leave in a year"),
    "absence_pct": _share("working days lost to sickness"),
    "nqsw_over_cap": Phrase(count="newly qualified social workers hold more children than their cap"),
    "supervision_on_time_pct": _share("supervisions held on time"),
    "decision_wait_assessment_wd": Phrase("", "the mean wait for the authorisation of an assessment", *_DAYS),
    "decision_wait_step_up_wd": Phrase("", "the mean wait for a decision to step up", *_DAYS),
    "decision_wait_enquiry_wd": Phrase("", "the mean wait for the sign-off of an enquiry", *_DAYS),
    "decision_wait_closure_wd": Phrase("", "the mean wait for agreement that a plan ends", *_DAYS),
    "held_by_managers_mean": Phrase(count="children are held by managers on an average day"),
    "statutory_unallocated_child_days": Phrase(
        count="child-days pass in which a child in an enquiry, on a plan or in legal work has no social worker"
    ),
    "allocation_blocked_days": Phrase(subject="the number of days on which allocation was blocked", unit="days"),
    "held_by_manager": Phrase(count="children are between social workers, held by a manager"),
    "uncovered_absence_child_days": Phrase(count="child-days pass while a social worker is away and nobody covers"),
    "reviews_done": Phrase(count="children are reviewed in a targeted review"),
    "review_completion_date": Phrase(
        "", "the time until every listed case has been reviewed", "calendar days", "longer", "shorter"
    ),
    "second_cpp_pct": _share("child protection plans started that are a second or later one"),
    "staff_cost": Phrase(subject="the cost of staff", unit="pounds"),
    "agency_premium": Phrase(subject="the premium paid for agency workers", unit="pounds"),
    "lever_cost": Phrase(subject="the cost of the changes themselves", unit="pounds"),
    "cost_total": Phrase(subject="the cost of staff, agencies and changes together", unit="pounds"),
    "cost_per_delay_day_avoided": Phrase(subject="the cost of a child-day of delay avoided", unit="pounds"),
    "delay_child_days": Phrase(count="child-days of delay pass"),
    "caseload_mean": Phrase(count="children are held by the average full-time social worker"),
    "caseload_p90": Phrase(subject="the caseload that one social worker in ten exceeds", unit="children"),
}


def phrase(measure: Measure) -> Phrase:
    """Return the words for a measure, made from its label when it has none of its own."""
    words = _PHRASES.get(measure.id)
    if words is not None:
        return words
    unit = "percentage points" if formats.is_percentage(measure.unit) else measure.unit
    return Phrase(subject=f"“{measure.label}”", unit=unit)


def changed(measure: Measure, difference: float, size: str = "") -> str:
    """Return a difference in words: `310 more children are …`, `the median wait … is 4.2 working days
    longer`. `size` is how large it is said to be, where its own rounding will not do.
    """
    words = phrase(measure)
    said_of = amount(measure, difference, size)
    return f"{said_of} {words.count}" if words.count else f"{words.subject} is {said_of}"


def amount(measure: Measure, difference: float, size: str = "") -> str:
    """Return only the size and direction: `120 more`, `2.1 percentage points lower`."""
    words, size = phrase(measure), size or _size(measure, difference)
    if words.count:
        return f"{size} {'more' if difference > 0 else 'fewer'}"
    unit = "" if money(measure) else f" {words.unit}"
    return f"{size}{unit} {words.up if difference > 0 else words.down}"


def against(measure: Measure, difference: float, value: float, base: float) -> tuple[str, str]:
    """Return a difference in words, and its two levels: `306 more children are …`, `424 against 118`.

    Counts are whole, and the difference is that of the figures shown, so that a reader who subtracts gets the same,
    and finds both figures in the tables. Small differences keep one place; counts that are all beyond 10,000 are
    rounded to hundreds.
    """
    if not whole(measure):
        return changed(measure, difference), f"{in_words(measure, value)} against {in_words(measure, base)}"
    smallest = min(abs(difference), abs(value), abs(base))
    place = 1 if abs(difference) < 1 else -2 if smallest >= 10_000 else 0
    shown, beside = round(value, place), round(base, place)
    size, first, second = (f"{abs(figure):,.{max(0, place)}f}" for figure in (shown - beside, shown, beside))
    return changed(measure, difference, size), f"{first} against {second}"


def level(measure: Measure, value: float) -> str:
    """Return a level in words: `310 children are without a social worker`."""
    words = phrase(measure)
    if words.count:
        return f"{in_words(measure, value)} {words.count}"
    unit = "" if formats.is_percentage(measure.unit) or money(measure) else f" {words.unit}"
    return f"{words.subject} is {in_words(measure, value)}{unit}"


def in_words(measure: Measure, value: float) -> str:
    """Return a level's figure for a sentence: `310`, `17.7`, `73.2%`."""
    if formats.is_percentage(measure.unit):
        return formats.number(value, measure.unit)
    if money(measure) and value < 0:
        return f"\u2212{_size(measure, value)}"
    return _size(measure, value)


def _size(measure: Measure, value: float) -> str:
    return formats.pounds(value) if money(measure) else formats.spoken(value, whole=whole(measure))


def whole(measure: Measure) -> bool:
    """Whether a measure counts children or their days, and is said in whole numbers."""
    return measure.unit in {"children", "child-days"}


def money(measure: Measure) -> bool:
    """Whether a measure is a sum of money, in pounds."""
    return measure.unit == formats.POUNDS


def when(measure: Measure, period: str) -> str:
    """Return `at the end of 2018-19` for what is counted on a day, `in 2018-19` for what happens over a
    period.
    """
    if period == "whole":
        return "at the end of the run" if measure.kind == "stock" else "over the whole run"
    return f"{'at the end of' if measure.kind == 'stock' else 'in'} {period}"
