"""Definitions of the measures of exposure, continuity, people and cost."""

from __future__ import annotations

from sim.measures.measure import Breakdown, Measure

__all__ = ["FURTHER"]

_LT: tuple[Breakdown, ...] = ("locality", "team")
_L: tuple[Breakdown, ...] = ("locality",)
_T: tuple[Breakdown, ...] = ("team",)
_CIN = "DfE, Characteristics of children in need"
_WORKFORCE = "DfE, Children's social work workforce"
_LOCAL = "Local performance reports"
_MODEL = "This model; no national return"
_ASSUMED = "This model; no national return: rests on assumed rates of need rising and being noticed"
_N = "–"
_LAST = "Last working day of the period"
_MONTHS = "Months that begin in the period"

FURTHER: tuple[Measure, ...] = (
    Measure(
        "exposure_child_days", "Exposure to risen need", "child-days", "lower", "flow", _LT,
        "Calendar days of the period, times children, on which a child's need had risen and nobody had yet taken the "
        "protective step; they end when need falls back, the case closes or the run ends", _N,
        "Rise of need to protective step, calendar days", _ASSUMED,
        "How long, all told, children's need was higher than what the service was doing about it. It is not harm.",
    ),
    Measure(
        "exposure_per_100_children", "Exposure to risen need, per 100 children", "days per 100 children", "lower",
        "flow", _L, "Exposure in the period, calendar days times children, times 100",
        "Children whose case was open beyond the front door on some day of the period",
        "Rise of need to protective step, calendar days", _ASSUMED,
        "Exposure beside the number of children open, so that councils and years of different size can be compared.",
    ),
    Measure(
        "step_up_delay_median_days", "From risen need to protective step, median", "calendar days", "lower", "flow",
        _LT, "Calendar days from the rise of need to the protective step of steps taken in the period, middle child",
        _N, "Rise of need to protective step, calendar days", _ASSUMED,
        "Half of the children whose need rose waited longer than this for a protective step.",
    ),
    Measure(
        "step_up_delay_p90_days", "From risen need to protective step, 90th percentile", "calendar days", "lower",
        "flow", _LT,
        "Calendar days from the rise of need to the protective step of steps taken in the period, child at 90%", _N,
        "Rise of need to protective step, calendar days", _ASSUMED,
        "One child in ten whose need rose waited longer than this for a protective step.",
    ),
    Measure(
        "need_rises_unnoticed_30d", "Children whose risen need nobody has noticed for more than 30 days", "children",
        "lower", "stock", _LT, "Children whose need rose more than 30 calendar days ago, unnoticed and still risen",
        _N, "Rise of need to the last working day of the period, calendar days", _ASSUMED,
        "How many children need more than anybody knows.",
    ),
    Measure(
        "cases_with_no_visit_20wd", "Children on a plan not visited for more than 20 working days", "children",
        "lower", "stock", _LT,
        "Children on a child in need or child protection plan whose last visit, or plan start, was more than 20 "
        "working days ago", _N, "Last visit, or plan start, to the last working day of the period, working days",
        _LOCAL, "How many children on a plan nobody has seen for a month.",
    ),
    Measure(
        "children_3plus_workers_pct", "Children with 3 or more social workers in 12 months", "%", "lower", "stock",
        _LT, "Of these, children whom 3 or more different social workers held in the last 12 calendar months",
        "Children open beyond the front door", _LAST, _LOCAL, "How many children keep having to start again.",
    ),
    Measure(
        "workers_per_child_mean", "Social workers of a child in 12 months, mean", "social workers", "lower", "stock",
        _LT, "Different social workers who held each child in the last 12 calendar months, added up",
        "Children open beyond the front door, those who have had none included", _LAST, _LOCAL,
        "How many social workers a child has had in a year.",
    ),
    Measure(
        "handovers", "Changes of social worker", "children", "lower", "flow", _LT,
        "Children taken over by another social worker than the one who held them last, each time", _N,
        "Day of the takeover", _LOCAL, "How often a child's social worker changed.",
    ),
    Measure(
        "agency_pct", "Agency social workers", "%", "lower", "stock", _T,
        "Full-time equivalents of agency workers in post", "Full-time equivalents of all social workers in post",
        _LAST, _WORKFORCE, "How much of the work agency workers do.",
    ),
    Measure(
        "vacancy_pct", "Vacancies", "%", "lower", "stock", _T, "Permanent full-time equivalents that are vacant",
        "Permanent full-time equivalents of the establishment", "Last month end of the period", _WORKFORCE,
        "How many permanent posts nobody holds; an agency worker may cover one.",
    ),
    Measure(
        "turnover_pct", "Turnover in a year", "%", "lower", "flow", _T,
        "Full-time equivalents of permanent social workers whose last day after resigning is in the period, "
        "for a year",
        "Full-time equivalents of permanent social workers in post on its last working day", "Last day in post",
        _WORKFORCE, "How much of the permanent workforce leaves in a year.",
    ),
    Measure(
        "absence_pct", "Sickness absence", "%", "lower", "flow", _T,
        "Working days lost to sickness by social workers other than agency, times full-time equivalents",
        "Working days in post of these social workers, times full-time equivalents", "Working days of the period",
        _WORKFORCE,
        "How much working time sickness takes; leave and parental leave are not in it.",
    ),
    Measure(
        "nqsw_over_cap", "Newly qualified social workers over their cap", "social workers", "lower", "stock", _T,
        "Newly qualified social workers in post who hold more children than their cap of the day", _N, _LAST, _LOCAL,
        "How many beginners carry more than was promised.",
    ),
    Measure(
        "supervision_on_time_pct", "Supervision on time", "%", "higher", "flow", _T,
        "Supervisions held by 5 working days after they were due",
        "Supervisions that fell due in the period and were held, or whose 5 working days have run out",
        "Due day to the day held, working days", _LOCAL, "How often a social worker was supervised when due.",
    ),
    Measure(
        "held_by_manager", "Children between social workers", "children", "lower", "stock", _L,
        "Children without a social worker who have had one before in this case; they are among those without a "
        "social worker", _N, _LAST, _LOCAL,
        "How many children a manager holds because their social worker has gone.",
    ),
    Measure(
        "uncovered_absence_child_days", "Days of children whose absent worker nobody covered", "child-days", "lower",
        "flow", _T,
        "Working days of absences long enough to be covered, times the children whose urgent work got no hours that "
        "day (where it got a part of them, in proportion) or whose visit, due by the calendar, nobody made", _N,
        "Day of the absence, working days", _MODEL, "How long, all told, children were left by an absence.",
    ),
    Measure(
        "reviews_done", "Children reviewed in targeted reviews", "children", "neither", "flow", _LT,
        "Children of the cases on the list of a targeted review that were reviewed", _N, "Day of the review", _LOCAL,
        "How far the list of cases was worked through.",
    ),
    Measure(
        "review_completion_date", "Targeted reviews completed after", "calendar days", "lower", "stock", (),
        "Calendar days from the start of the run to the day on which the last listed case was reviewed; missing "
        "until then. A case that closes first is no longer waited for", _N,
        "Start of the run to the last review, calendar days", _LOCAL,
        "How long it took until every case on the list had been looked at.",
    ),
    Measure(
        "second_cpp_pct", "Child protection plans that are a second or later one", "%", "lower", "flow", _LT,
        "Of these, children who had been the subject of a plan before",
        "Children who became the subject of a child protection plan", "Day of plan start", _CIN,
        "How often a child came back onto a plan.",
    ),
    Measure(
        "staff_cost", "Cost of staff", "£", "lower", "flow", (), "Pounds paid for social workers and managers in post",
        _N, _MONTHS, _LOCAL, "What the workforce costs, agency premium left out.",
    ),
    Measure(
        "agency_premium", "Agency premium", "£", "lower", "flow", (),
        "Pounds paid for agency workers beyond what permanent staff would cost", _N, _MONTHS, _LOCAL,
        "What it costs that posts are filled by agencies.",
    ),
    Measure(
        "lever_cost", "Cost of levers", "£", "lower", "flow", (), "Pounds spent on the levers of the scenario", _N,
        _MONTHS, _LOCAL, "What the changes themselves cost.",
    ),
    Measure(
        "cost_total", "Cost", "£", "lower", "flow", (), "Staff, agency premium and levers, pounds", _N, _MONTHS,
        _LOCAL, "What it all costs.",
    ),
    Measure(
        "cost_per_delay_day_avoided", "Cost of a child-day of delay avoided", "£", "neither", "flow", (),
        "Difference in cost from the baseline, pounds",
        "Fall in the child-days of delay (`delay_child_days`) from the baseline, where it is clear of chance",
        "Reporting years and the whole run; only in differences from a baseline", _MODEL,
        "What it cost to spare one child one working day of delay; below 0 where less delay cost less.",
    ),
    Measure(
        "delay_child_days", "Child-days of delay", "child-days", "lower", "flow", _L,
        "Working days, times children, of assessments open beyond 45 working days, and of children open beyond the "
        "front door without a social worker; a day of both counts twice", _N, "Working days of the period", _MODEL,
        "How long, all told, children waited too long for an assessment or had no social worker.",
    ),
    Measure(
        "awaiting_letter", "Children waiting for the letter before proceedings", "children", "lower", "stock", _LT,
        "Children for whom legal planning has been sought and no letter before proceedings has gone out yet: they "
        "wait for the legal panel or for a solicitor", _N, _LAST, _LOCAL,
        "How many children's pre-proceedings have not begun although the service wants them to.",
    ),
    *(
        Measure(
            f"decision_wait_{kind}_wd", f"Wait for {words}, mean", "working days", "lower", "flow", _T,
            f"Working days from asking to deciding, times children, of decisions taken in the period: {words}",
            "Children of these decisions", "Asked to decided, working days", _LOCAL,
            f"How long {words} waits; urgent decisions of other kinds do not hide it.",
        )
        for kind, words in (
            ("assessment", "the authorisation of an assessment"),
            ("step_up", "a decision to step up"),
            ("enquiry", "the sign-off of a section 47 enquiry"),
            ("closure", "agreement that a plan ends"),
        )
    ),
    Measure(
        "held_by_managers_mean", "Children held by managers on an average day", "children", "lower", "flow", _T,
        "Working days of children open beyond the front door without a social worker, at the team whose managers hold "
        "them", "Working days of the period", "Day without a worker to the day one takes over, working days",
        _LOCAL, "How many children managers hold themselves, over the period; a stock on one day may miss it.",
    ),
    Measure(
        "statutory_unallocated_child_days", "Days of statutory children without a social worker", "child-days",
        "lower", "flow", _T,
        "Working days, times children, in an enquiry, on a child protection plan, in pre-proceedings or in court, on "
        "which no social worker held the child", _N, "Day without a worker, working days", _LOCAL,
        "Those children always have a worker: more than none says that nobody was there to give them to.",
    ),
    Measure(
        "allocation_blocked_days", "Days on which allocation was blocked", "days", "lower", "flow", (),
        "Working days that ended with a child in an enquiry, on a child protection plan, in pre-proceedings or in "
        "court whom nobody could be given", _N, "End of the day", _MODEL,
        "How often there was nobody at all to take a child who must have a worker.",
    ),
)  # fmt: skip
