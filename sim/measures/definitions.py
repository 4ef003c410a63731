"""Every measure, defined once: the public contract of ids, labels, units and meanings.

`MEASURES` is read by the computation, the tables, the report and `frontdoor measures`, and
`docs/measures.md` is generated from it. Everything counts children unless the unit says otherwise; medians
are weighted by children. A percentage, median or mean with nothing to divide by is missing; a count of
nothing is 0.
"""

from __future__ import annotations

from sim.measures.bands import BANDS
from sim.measures.comparisons import with_comparisons
from sim.measures.further import FURTHER
from sim.measures.measure import Better, Breakdown, Kind, Measure

__all__ = ["MEASURES", "Better", "Breakdown", "Kind", "Measure"]

_LT: tuple[Breakdown, ...] = ("locality", "team")
_L: tuple[Breakdown, ...] = ("locality",)
_T: tuple[Breakdown, ...] = ("team",)
_CIN = "DfE, Characteristics of children in need"
_CENSUS = "DfE children in need census; Working Together to Safeguard Children"
_ADCS = "ADCS, Safeguarding Pressures"
_WORKFORCE = "DfE, Children's social work workforce"
_LOCAL = "Local performance reports"
_D2I = "Data to Insight, ChAT and Annex A"
_COURT = "Ministry of Justice, Family court statistics"
_MODEL = "This model; no national return"
_N = "–"

_DEFINED: tuple[Measure, ...] = (
    Measure(
        "contacts", "Contacts received", "children", "neither", "flow", (),
        "Children in contacts received, those that became referrals included", _N, "Day received", _ADCS,
        "How many children people told the front door about.",
    ),
    Measure(
        "referrals", "Referrals", "children", "neither", "flow", _L, "Children referred", _N,
        "Day of the referral", _CIN, "How many children were accepted as referrals.", headline=True,
    ),
    Measure(
        "rereferrals_12m_pct", "Re-referrals within 12 months", "%", "lower", "flow", _L,
        "Children referred whose last referral was within 12 months", "Children referred",
        "Day of the referral", _CIN, "How often children came back within a year.",
    ),
    Measure(
        "contact_decision_1wd_pct", "Contacts decided within 1 working day", "%", "higher", "flow", (),
        "Contacts of the period decided within 1 working day",
        "Contacts of the period that are decided, or undecided for longer than 1 working day",
        "Contact to decision, working days", "Working Together to Safeguard Children",
        "How often the front door decided what to do by the next working day.",
    ),
    Measure(
        "allocation_wait_median_wd", "Wait for a social worker, median", "working days", "lower", "flow", _LT,
        "Working days from referral to allocation of assessments allocated in the period, middle child", _N,
        "Referral to allocation, working days; same-day closures left out", _LOCAL,
        "Half of the children waited longer than this for a social worker.", headline=True,
    ),
    Measure(
        "allocation_wait_p90_wd", "Wait for a social worker, 90th percentile", "working days", "lower",
        "flow", _LT,
        "Working days from referral to allocation of assessments allocated in the period, child at 90%", _N,
        "Referral to allocation, working days; same-day closures left out", _LOCAL,
        "One child in ten waited longer than this for a social worker.", headline=True,
    ),
    Measure(
        "assessments_completed", "Assessments completed", "children", "neither", "flow", _LT,
        "Children whose assessment was authorised, same-day closures included", _N, "Day of authorisation",
        _CIN, "How many children's assessments were finished.", headline=True,
    ),
    Measure(
        "assessments_45wd_pct", "Assessments completed within 45 working days", "%", "higher", "flow", _LT,
        "Children whose assessment was authorised 45 working days or less after the referral",
        "Children whose assessment was authorised in the period", "Referral to authorisation, working days",
        _CENSUS, "How many finished assessments were on time. Read it beside the open and overdue ones.",
        headline=True,
    ),
    Measure(
        "assessments_45wd_excl_same_day_pct",
        "Assessments within 45 working days, same-day closures left out", "%", "higher", "flow", _LT,
        "Children whose assessment was authorised 45 working days or less after the referral, same-day "
        "closures left out",
        "Children whose assessment was authorised in the period, same-day closures left out",
        "Referral to authorisation, working days", _MODEL,
        "On time, without front-door closures recorded as same-day assessments.",
    ),
    Measure(
        "assessment_median_wd", "Length of assessment, median", "working days", "lower", "flow", _LT,
        "Working days from referral to authorisation, middle child of those authorised in the period", _N,
        "Referral to authorisation, working days", _CIN,
        "Half of the finished assessments took longer than this.",
    ),
    Measure(
        "assessments_over_60wd", "Assessments completed after more than 60 working days", "children", "lower",
        "flow", _LT, "Children whose assessment was authorised more than 60 working days after the referral",
        _N, "Referral to authorisation, working days", _CIN, "How many finished assessments were very late.",
    ),
    Measure(
        "assessments_open", "Assessments open", "children", "lower", "stock", _LT,
        "Children whose assessment has begun and is not yet authorised", _N, "Last working day of the period",
        _D2I, "How many children are part-way through an assessment or waiting for one.", headline=True,
    ),
    Measure(
        "assessments_open_over_45wd", "Assessments open for more than 45 working days", "children", "lower",
        "stock", _LT, "Children whose assessment is open more than 45 working days after the referral", _N,
        "Referral to the last working day of the period, working days", _D2I,
        "How many children are overdue and still waiting: those that the percentage on time does not show.",
        headline=True,
    ),
    Measure(
        "referral_cohort_45wd_pct", "Children referred who were assessed within 45 working days", "%",
        "higher", "flow", _L, "Of these, children whose assessment was authorised within 45 working days",
        "Children referred in the period who went to assessment and whose 45 working days ran out by the "
        "end of the run, whether the assessment is finished or still open",
        "Referral to authorisation, working days", _MODEL,
        "On time, counted from those who came in, so that work never finished counts as late.",
    ),
    Measure(
        "s47_started", "Section 47 enquiries started", "children", "neither", "flow", _LT,
        "Children with a strategy discussion that opened a section 47 enquiry", _N,
        "Day of the strategy discussion", _CIN, "How many children had a child protection enquiry.",
    ),
    Measure(
        "icpc_held", "Initial child protection conferences held", "children", "neither", "flow", _LT,
        "Children with an initial child protection conference", _N, "Day of the conference", _CIN,
        "How many children had an initial child protection conference.",
    ),
    Measure(
        "icpc_15wd_pct", "Initial conferences within 15 working days", "%", "higher", "flow", _LT,
        "Children whose initial conference was held 15 working days or less after the strategy discussion",
        "Children with an initial conference held in the period",
        "Strategy discussion to initial conference, working days", _CENSUS,
        "How many initial child protection conferences were on time.", headline=True,
    ),
    Measure(
        "cpp_started", "Child protection plans started", "children", "neither", "flow", _LT,
        "Children who became the subject of a child protection plan", _N, "Day of plan start", _CIN,
        "How many children went onto a child protection plan.",
    ),
    Measure(
        "cpp_ended", "Child protection plans ended", "children", "neither", "flow", _LT,
        "Children whose child protection plan ended", _N, "Day of plan end", _CIN,
        "How many children came off a child protection plan.",
    ),
    Measure(
        "cpp_open", "Child protection plans open", "children", "neither", "stock", _LT,
        "Children on a child protection plan", _N, "Last working day of the period", _CIN,
        "How many children are on a child protection plan.", headline=True,
    ),
    Measure(
        "cpp_open_2y_pct", "Child protection plans open for 2 years or more", "%", "lower", "stock", _LT,
        "Children on a plan that began 2 calendar years ago or earlier",
        "Children on a child protection plan",
        "Plan start to the last working day of the period, calendar years", _CIN,
        "How many children on a plan have been on it for two years: drift.",
    ),
    Measure(
        "cpp_ended_2y_pct", "Child protection plans ended that lasted 2 years or more", "%", "lower", "flow",
        _LT, "Children whose plan that ended had lasted 2 calendar years or more",
        "Children whose plan ended", "Plan start to plan end, calendar years", _CIN,
        "How many plans that ended had gone on for two years.",
    ),
    Measure(
        "cin_plans_started", "Child in need plans started", "children", "neither", "flow", _LT,
        "Children who started a child in need plan, step-downs included", _N, "Day of plan start", _CIN,
        "How many children started a child in need plan.",
    ),
    Measure(
        "cin_plans_open", "Child in need plans open", "children", "neither", "stock", _LT,
        "Children on a child in need plan", _N, "Last working day of the period", _CIN,
        "How many children are on a child in need plan.", headline=True,
    ),
    Measure(
        "cin_open_over_9m", "Child in need plans open for more than 9 months", "children", "lower", "stock",
        _LT, "Children on a child in need plan that began more than 9 calendar months ago", _N,
        "Plan start to the last working day of the period, calendar months", _LOCAL,
        "How many child in need plans need a senior look.",
    ),
    Measure(
        "cin_open_over_12m", "Child in need plans open for more than 12 months", "children", "lower", "stock",
        _LT, "Children on a child in need plan that began more than 12 calendar months ago", _N,
        "Plan start to the last working day of the period, calendar months", _LOCAL,
        "How many child in need plans have gone on for more than a year: drift.",
    ),
    Measure(
        "plo_open", "Pre-proceedings open", "children", "neither", "stock", _LT,
        "Children in pre-proceedings under the public law outline", _N, "Last working day of the period",
        _LOCAL, "How many children are in pre-proceedings.",
    ),
    Measure(
        "plo_over_16w_pct", "Pre-proceedings over 16 weeks", "%", "lower", "flow", _LT,
        "Of these, children for whom it lasted, or has lasted so far, more than 16 weeks (112 days)",
        "Children whose pre-proceedings ended in the period or are open on its last working day",
        "Letter to the end, or to the last working day of the period, calendar days",
        "Public Law Working Group, good practice", "How often pre-proceedings went on for too long.",
    ),
    Measure(
        "court_open", "Care proceedings open", "children", "neither", "stock", _LT,
        "Children in care proceedings", _N, "Last working day of the period", _LOCAL,
        "How many children are in care proceedings.",
    ),
    Measure(
        "proceedings_26w_pct", "Care proceedings ended within 26 weeks", "%", "higher", "flow", _LT,
        "Children whose proceedings ended 26 weeks (182 days) or less after issue",
        "Children whose proceedings ended in the period", "Issue to final order, calendar days",
        f"Children and Families Act 2014, section 14; {_COURT}",
        "How many care proceedings kept to 26 weeks.",
    ),
    Measure(
        "unallocated", "Children without a social worker", "children", "lower", "stock", _L,
        "Children open in a stage beyond the front door whom no social worker holds", _N,
        "Last working day of the period; a case under transfer is held by the sending worker", _LOCAL,
        "How many children are held by a manager because no social worker has room.", headline=True,
    ),
    Measure(
        "unallocated_over_14d", "Children without a social worker for more than 14 days", "children", "lower",
        "stock", _L, "Children without a social worker for more than 14 calendar days", _N,
        "Start of the stage, or the last worker's last day, to the last working day of the period, calendar "
        "days", _LOCAL, "How many children have waited more than two weeks for a social worker.",
    ),
    Measure(
        "transfer_wait_median_wd", "Wait for a transfer between teams, median", "working days", "lower",
        "flow", _T, "Working days from request to handover of transfers done in the period, middle child", _N,
        "Request to handover, working days", _LOCAL,
        "Half of the children waited longer than this to change team.",
    ),
    Measure(
        "decision_wait_median_wd", "Wait for a manager's decision, median", "working days", "lower", "flow",
        _T, "Working days from asking to deciding, of decisions taken in the period, middle child", _N,
        "Asked to decided, working days", _LOCAL, "Half of the decisions took longer than this.",
    ),
    Measure(
        "cp_visits_on_time_pct", "Child protection visits on time", "%", "higher", "flow", _LT,
        "Children visited within the standard since the last visit",
        "Children visited in the period under a child protection plan (visits made; one overdue and not "
        "yet made counts when it is made)", "Last visit, or plan start, to this visit, working days", _LOCAL,
        "How often a child on a child protection plan was seen in time.", headline=True,
    ),
    Measure(
        "cin_visits_on_time_pct", "Child in need visits on time", "%", "higher", "flow", _LT,
        "Children visited within the standard since the last visit",
        "Children visited in the period under a child in need plan (visits made; one overdue and not yet "
        "made counts when it is made)", "Last visit, or plan start, to this visit, working days", _LOCAL,
        "How often a child on a child in need plan was seen in time.",
    ),
    Measure(
        "cp_reviews_on_time_pct", "Child protection reviews on time", "%", "higher", "flow", _LT,
        "Children whose review conference was held by its due day",
        "Children whose review conference was held in the period", "Due day to the day held, working days",
        _CIN, "How many review conferences were held when due.",
    ),
    Measure(
        "referral_to_cpp_median_days", "Referral to child protection plan, median", "calendar days", "lower",
        "flow", _LT, "Calendar days from referral to plan start of plans started in the period, middle child",
        _N, "Referral to plan start, calendar days; the opening caseload left out", _D2I,
        "Half of the children who went onto a plan waited longer than this for it.",
    ),
    Measure(
        "caseload_mean", "Caseload, mean", "children per full-time equivalent", "lower", "stock", _T,
        "Children held by social workers",
        "Full-time equivalents of social workers in post who hold at least one case",
        "Last working day of the period", _WORKFORCE, "How many children the average social worker holds.",
        headline=True,
    ),
    Measure(
        "caseload_p90", "Caseload, 90th percentile", "children", "lower", "stock", _T,
        "Children held, social worker at 90% of those in post who hold at least one case", _N,
        "Last working day of the period", _WORKFORCE,
        "One social worker in ten holds more children than this.",
    ),
    Measure(
        "workers_over_cap_pct", "Social workers over their cap", "%", "lower", "stock", _T,
        "Social workers in post who hold more children than their cap",
        "Social workers in post who have a cap", "Last working day of the period", _LOCAL,
        "How often the caseload limit is broken.",
    ),
    Measure(
        "manager_utilisation", "Managers' time used", "%", "lower", "flow", _T,
        "Manager hours used for decisions, allocation and supervision",
        "Manager hours of usual days, less oversight of workers and the children whom managers hold",
        "Months that begin in the period", _MODEL,
        "Towards 100% supervision slips; beyond it, decisions take from the oversight of workers.",
    ),
    Measure(
        "conference_utilisation", "Conference slots used", "%", "neither", "flow", (),
        "Conference slots used", "Conference slots offered", "Months that begin in the period", _MODEL,
        "How full the conference diary is.",
    ),
    Measure(
        "hours_asked_pct", "Hours asked of social workers", "%", "lower", "flow", _T,
        "Case hours that the cases held ask for", "Case hours there are, overtime left out",
        "Months that begin in the period", _MODEL,
        "Above 100% work slows down and visits and decisions slip.",
    ),
)  # fmt: skip


def _band_measures() -> tuple[Measure, ...]:
    facts: dict[str, tuple[Kind, tuple[Breakdown, ...], str]] = {
        "assessments_band": ("flow", _LT, "Referral to authorisation, working days"),
        "icpc_band": ("flow", _LT, "Strategy discussion to initial conference, working days"),
        "cpp_ended_band": ("flow", _LT, "Plan start to plan end, calendar months"),
        "cpp_open_band": ("stock", _LT, "Plan start to the last working day of the period, calendar months"),
    }
    made = []
    for band in BANDS.values():
        kind, breakdowns, clock = facts[band.id]
        for measure_id, name in zip(band.measures, band.names, strict=True):
            made.append(
                Measure(
                    measure_id,
                    f"{band.label}: {name}",
                    "children",
                    "neither",
                    kind,
                    breakdowns,
                    f"Children, {band.label.lower()}: {name}",
                    _N,
                    clock,
                    _CIN,
                    f"How many of the {band.label.lower()} took {name}.",
                )
            )
    return tuple(made)


MEASURES: dict[str, Measure] = {
    measure.id: with_comparisons(measure) for measure in (*_DEFINED, *FURTHER, *_band_measures())
}
