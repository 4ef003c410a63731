"""Turnover, vacancies, agency cover and sickness from the workforce census."""

from __future__ import annotations

from sim.official.making.staffing import USUAL_ABSENCE, USUAL_HOURS
from sim.returns.making.staff import workers_in_post
from sim.returns.making.writing import Figure, Tree, few
from sim.returns.workforce_census.census import Staff

__all__ = ["people_figures"]

LAGS = (2.0, 9.0)
FEWEST_LEAVERS = 5


def people_figures(staff: Staff | None, label: str) -> tuple[Tree, list[str]]:
    """Return `people` and `pace` as far as the census tells, and a sentence for each part that it does not."""
    if staff is None or not workers_in_post(staff):
        why = "no workforce census" if staff is None else "the workforce census holds too few workers"
        return {}, [f"Turnover, recruitment and hours a week: from {label} ({why})."]
    own: Tree = {}
    notes: list[str] = []
    day = staff.as_at
    people: Tree = {}
    if staff.turnover is not None and staff.leavers >= FEWEST_LEAVERS:
        rate = f"{min(staff.turnover, 1.0):.3f}"
        source = (
            f"{100 * staff.turnover:.1f}% turnover: {staff.left:.1f} full-time equivalents left in the year, "
            f"{staff.permanent_fte:.1f} in post; your workforce census; agency workers are replaced by agency workers: "
            "an assumption"
        )
        value = f"{{nqsw: {rate}, social_worker: {rate}, senior: {rate}, agency: 0}}"
        people["turnover"] = {"leaving_a_year": Figure(value, source, day)}
    else:
        notes.append(f"Turnover: from {label} ({few(staff.leavers)} leavers in the workforce census are too few).")
    recruitment: Tree = {}
    if staff.vacancies is not None and staff.left > 0 and staff.leavers >= FEWEST_LEAVERS:
        months = min(max(12 * staff.vacancies / staff.left, LAGS[0]), LAGS[1])
        source = (
            f"{staff.vacancies:.1f} vacancies to {staff.left:.1f} leavers in the year, by Little's law, between 2 "
            "and 9 months; your workforce census"
        )
        recruitment["lag"] = Figure(f"{{distribution: gamma, mean: {months:.1f} months, cv: 0.5}}", source, day)
    if staff.vacancies and staff.agency_fte is not None:
        cover = min(1.0, staff.agency_fte / staff.vacancies)
        source = (
            f"{staff.agency_fte:.1f} full-time equivalent agency workers to {staff.vacancies:.1f} vacancies; your "
            "workforce census"
        )
        recruitment["agency_cover"] = Figure(f"{100 * cover:.1f}%", source, day)
    if recruitment:
        people["recruitment"] = recruitment
    if "lag" not in recruitment:
        notes.append(f"Time to recruit: from {label}.")
    new = sum(worker.newly_qualified for worker in staff.in_post)
    if new >= FEWEST_LEAVERS:
        people["newly_qualified"] = "{}  # usual caps and protected time of the assessed year; change them to yours"
    if people:
        own["people"] = people
    if staff.absence is not None:
        away = min(max(100 * staff.absence, 0.5), 12.0)
        hours = USUAL_HOURS * (1 - away / 100) / (1 - USUAL_ABSENCE / 100)
        source = (
            "37 hours less leave, sickness, training, supervision and team time: 27 at England's sickness of 3.1%; "
            f"here {away:.1f}% of working days were lost; your workforce census"
        )
        own["pace"] = {"hours_a_week": Figure(f"{hours:.1f}", source, day, "assumption")}
    else:
        notes.append(f"Case hours a week: from {label} (the census holds no days lost).")
    return own, notes
