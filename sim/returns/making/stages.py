"""Lengths in the stages, and the open caseload with its ages, as a scenario writes them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.official.making.lengths import intervention
from sim.official.making.writing import counts
from sim.returns.fitting.fit import Fit
from sim.returns.making.caseload import STAGES, Caseload
from sim.returns.making.chance import mean_range, sibling_effect
from sim.returns.making.demand import cite
from sim.returns.making.lengths import (
    ASSESSMENT_BANDS,
    ENQUIRY_BANDS,
    Length,
    ages_in_bands,
    bands_of,
    habit,
)
from sim.returns.making.writing import Figure, Tree, few
from sim.returns.records import Returns
from sim.scenario.distributions.distribution import Bands
from sim.scenario.schema import Scenario
from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR

__all__ = ["length_figures", "opening_figures"]

IN_WORKING_DAYS = WORKING_DAYS_A_YEAR / 365.25
TITLES = {
    "assessment": "Assessments", "section_47": "Section 47 enquiries", "child_in_need": "Children in need",
    "child_protection": "Child protection plans", "pre_proceedings": "Pre-proceedings", "court": "Care proceedings",
}  # fmt: skip
PLACES = {
    "assessment": "assessments", "section_47": "enquiries", "child_in_need": "episodes", "court": "looked_after",
    "child_protection": "protection", "pre_proceedings": "pre_proceedings",
}  # fmt: skip
CVS = (0.3, 1.5)
REVIEW_MONTHS = {"child_in_need": 3, "child_protection": 6}


def length_figures(lengths: Sequence[Length], base: Scenario, label: str) -> tuple[Tree, list[str]]:
    """Return habits and plan lengths, and what is missing."""
    stages: Tree = {}
    notes: list[str] = []
    for stage in ("assessment", "section_47", "child_in_need", "child_protection", "pre_proceedings"):
        known = [length for length in lengths if length.stage == stage]
        best = max(
            (length for length in known if length.enough), key=lambda length: length.lengths.completed, default=None
        )
        if best is None:
            seen = max((length.lengths.count for length in known), default=0)
            why = f"{few(seen)} are too few to fit" if seen else "the returns do not date them"
            notes.append(f"How long: {TITLES[stage].lower()} from {label} ({why}).")
        elif stage == "assessment":
            stages[stage] = {"habit": _assessment(best)}
        elif stage == "section_47":
            stages[stage] = {"habit": _enquiry(best, base)}
        elif best.fit is not None and stage == "pre_proceedings":
            stages[stage] = {"work": _whole(best, base)}
        elif best.fit is not None:
            stages[stage] = {"intervention": _plan(best, base)}
    return stages, notes


def _said(length: Length) -> str:
    spells = length.lengths
    return (
        f"{few(spells.count)} spells, {few(spells.count - spells.completed)} of them open and taken as longer than so "
        f"far, {few(spells.truncated)} begun before the extract's window; {cite(length.returns, PLACES[length.stage])}"
    )


def _assessment(length: Length) -> Figure:
    assert length.curve is not None
    observed = bands_of(length.curve, ASSESSMENT_BANDS)
    bands = counts({band: max(0.0, share) for band, share in habit(observed).items()}, 1)
    on_time = sum(share for band, share in observed.items() if band not in ("46-50", "51-60", "61+"))
    source = (
        f"{on_time:.0f}% within 45 working days; of what is late, one in six of all at most is taken as habit and the "
        f"rest as queue, an assumption; {_said(length)}"
    )
    value = f"{{distribution: bands, bands: {bands}, tail_mean: 20 working days}}"
    return Figure(value, source, length.returns.as_at)


def _enquiry(length: Length, base: Scenario) -> Figure:
    assert length.curve is not None
    observed = bands_of(length.curve, ENQUIRY_BANDS)
    source = _said(length)
    usual = base.stages.section_47.habit
    if isinstance(usual, Bands) and set(usual.bands) == set(observed):
        total = sum(usual.bands.values())
        england = {band: 100 * count / total for band, count in usual.bands.items()}
        if observed["0-10"] + observed["11-15"] < england["0-10"] + england["11-15"]:
            # The simulated diary adds its own delay, as in `frontdoor baseline`.
            observed = {band: (share + england[band]) / 2 for band, share in observed.items()}
            why = "because the diary adds its own delay"
            source = f"half-way between the council's bands and the usual, {why}; {source}"
    value = f"{{distribution: bands, bands: {counts(observed, 1)}, tail_mean: 8 working days}}"
    return Figure(value, source, length.returns.as_at)


def _plan(length: Length, base: Scenario) -> Figure:
    fit = length.fit
    assert fit is not None
    rules = getattr(base.stages, length.stage)
    days = fit.mean * IN_WORKING_DAYS
    review = REVIEW_MONTHS[length.stage] * WORKING_DAYS_A_YEAR / 12

    def work(mean: float) -> float:
        return intervention(mean * IN_WORKING_DAYS, review, rules.brought_forward, rules.other_exits_a_year)

    cv = min(max(fit.cv, CVS[0]), CVS[1])
    source = (
        f"they last {days:.0f} working days on average ({fit.low * IN_WORKING_DAYS:.0f} to "
        f"{fit.high * IN_WORKING_DAYS:.0f} in 95% of samples), reviews and other exits included; {_said(length)}"
    )
    low, high = _ends(fit, base)
    value = f"{{distribution: gamma, mean: {mean_range(work(low), work(high), work(fit.mean))}, cv: {cv:.2f}}}"
    return Figure(value, source, length.returns.as_at)


def _ends(fit: Fit, base: Scenario) -> tuple[float, float]:
    """The range of a mean in days that holds 95 of 100, siblings counted as going together."""
    wider = math.sqrt(sibling_effect(base))
    return fit.mean * (fit.low / fit.mean) ** wider, fit.mean * (fit.high / fit.mean) ** wider


def _whole(length: Length, base: Scenario) -> Figure:
    assert length.fit is not None
    low, high = (IN_WORKING_DAYS * end for end in _ends(length.fit, base))
    mean = mean_range(low, high, length.fit.mean * IN_WORKING_DAYS)
    cv = min(max(length.fit.cv, CVS[0]), CVS[1])
    value = f"{{distribution: gamma, mean: {mean}, cv: {cv:.2f}}}"
    return Figure(value, _said(length), length.returns.as_at)


def opening_figures(
    load: Caseload | None, returns: Returns | None, base: Scenario, label: str, size: float, size_said: str
) -> tuple[Tree, list[str]]:
    """Return the open caseload: the return's where it tells, else that beneath at the size of this council."""
    opening: Tree = {}
    notes: list[str] = []
    for stage in STAGES:
        if load is None or returns is None or stage not in load.recorded:
            section = getattr(base.opening, stage)
            source = (
                f"as in {label}, times {size:.2f} for {size_said}; the return that tells the caseload does not tell it"
            )
            opening[stage] = {"children": Figure(f"{section.children * size:.0f}", source, None, "assumption")}
            notes.append(f"{TITLES[stage]} open on the first day: from {label}, times {size:.2f} for {size_said}.")
            continue
        opening[stage] = _stage(load, returns, stage, label, notes)
    return opening, notes


def _stage(load: Caseload, returns: Returns, stage: str, label: str, notes: list[str]) -> Tree:
    cases = list(load.stages[stage].values())
    source = cite(returns, PLACES[stage])
    own: Tree = {"children": Figure(str(len(cases)), f"children open; {source}", returns.as_at)}
    working = stage == "assessment"
    ages = ages_in_bands(cases, load.as_at, working=working) if stage != "section_47" else None
    if ages is not None:
        bands, tail = ages
        unit = "" if working else "unit: months, "
        tail_unit = "working days" if working else "months"
        value = f"{{distribution: bands, {unit}bands: {counts(bands, 0)}, tail_mean: {tail:g} {tail_unit}}}"
        own["ages"] = Figure(value, f"time open, counts rounded to 5; {source}", returns.as_at)
    elif cases:
        notes.append(f"{TITLES[stage]}: how long they have been open from {label} (too few to show by age).")
    share = load.unallocated(stage)
    if share is not None:
        own["unallocated"] = Figure(f"{100 * share:.1f}%", f"open without an allocated worker; {source}", returns.as_at)
    elif working:
        notes.append(f"{TITLES[stage]}: the share without a worker from {label} (not recorded, or too few).")
    return own
