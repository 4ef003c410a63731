"""The label of each control, and a word on what it does."""

from __future__ import annotations

from typing import Final

__all__ = ["WORDS"]

WORDS: Final[dict[str, tuple[str, str]]] = {
    "referrals": (
        "Children referred in a year",
        "Each sibling of a family counts. More referrals mean more of everything that follows.",
    ),
    "surge.size": (
        "Surge: referrals change by",
        "A rise for a time, such as 40%. It builds up over three months and fades over a year. 0 is no surge.",
    ),
    "surge.at": ("Surge: begins on", "The first day of the rise."),
    "surge.months": ("Surge: lasts", "Until it begins to fade."),
    "workers": (
        "Social workers",
        "Qualified workers who hold cases, agency workers among them (heads). More workers mean shorter waits and "
        "smaller caseloads.",
    ),
    "newly": (
        "Newly qualified social workers",
        "In their first year they hold fewer children and have protected time.",
    ),
    "cap": (
        "Cap: children a worker may hold",
        "With a lower cap workers have more time for each child, and more children wait without a worker. 0 is no cap.",
    ),
    "newly_cap": ("Cap of a newly qualified worker", "Children a newly qualified worker may hold. 0 is no cap."),
    "span": (
        "Workers to a manager (span)",
        "A narrower span needs more managers. Decisions wait less and supervision happens on time.",
    ),
    "extra.size": (
        "Surge team: social workers",
        "Agency workers under a manager of their own, beside the teams there are. 0 is no team.",
    ),
    "extra.helps": ("Surge team: does the work of", "It takes the same kind of cases, in the same area."),
    "extra.at": ("Surge team: starts on", "Its first day."),
    "extra.months": ("Surge team: stays", "When it leaves, its open cases go back to the queue."),
    "support.hours": (
        "Business support: hours given back",
        "Hours a week that each social worker gains because administrators take over paperwork. 0 is none.",
    ),
    "support.at": ("Business support: begins on", "The first day with it."),
    "solicitors": (
        "Solicitors",
        "The council's solicitors for care proceedings. With too few, children wait for court.",
    ),
    "early_help.share": (
        "Early help instead of assessment",
        "Share of the referrals that would be assessed which go to early help. 0 is no change.",
    ),
    "early_help.at": ("Early help: begins on", "The first day with it."),
    "standard.target": (
        "Practice standard: assessments in time",
        "Share of assessments that custom brings in within 45 working days once the change has settled, if the work "
        "allows. 0 is no change.",
    ),
    "standard.at": ("Practice standard: begins on", "It takes twelve months to settle (assumption)."),
}
"""By the control's id, or its last part for those of each team."""
