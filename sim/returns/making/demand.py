"""Demand and routing as a scenario writes them, each figure from the return that tells most about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sim.official.making.writing import number
from sim.returns.codes import SCHOOLS
from sim.returns.making.arrivals import FEWEST_REFERRALS, Arrivals
from sim.returns.making.chance import level_range, share_range, shares_with_ranges, sibling_effect
from sim.returns.making.lengths import Length
from sim.returns.making.routes import FEWEST, RecordedRoutes
from sim.returns.making.writing import Figure, Tree, few
from sim.returns.records import Returns
from sim.scenario.schema import Scenario

__all__ = ["Counted", "cite", "demand_figures", "routing_figures", "said_day"]

MOST_AGAIN = 45.0
"""Percent of referrals that may be of children referred in the twelve months before: more could not be simulated."""
_LISTS = {
    "front_door": ("referrals", "Where referrals lead"),
    "assessment": ("assessments", "Where assessments lead"),
    "section_47": ("enquiries", "Where section 47 enquiries lead"),
    "conference": ("enquiries", "What conferences decide"),
    "child_protection": ("protection", "Where child protection plans lead"),
}


@dataclass(frozen=True)
class Counted:
    """What was counted in one return."""

    returns: Returns
    arrivals: Arrivals | None
    routes: RecordedRoutes


def said_day(day: date) -> str:
    """A date in words: 30 September 2024."""
    return f"{day.day} {day:%B} {day.year}"


def cite(returns: Returns, key: str) -> str:
    """A return as a source: your Annex A, List 3, as at 30 September 2024."""
    assert returns.as_at is not None
    place = returns.list_name(key)
    return f"your {returns.name}{', ' + place if place else ''}, as at {said_day(returns.as_at)}"


def demand_figures(counted: Sequence[Counted], base: Scenario, label: str) -> tuple[Tree, list[str], float]:
    """Return the demand section, what is missing from it, and how large the council is beside the one beneath."""
    notes: list[str] = []
    own: Tree = {}
    beneath = base.demand.referrals_a_year or 1.0
    size = 1.0
    known = [entry for entry in counted if entry.arrivals is not None and entry.arrivals.a_year is not None]
    if known:
        best = max(
            known,
            key=lambda entry: (min(entry.returns.window_months, 12), entry.arrivals.counted if entry.arrivals else 0),
        )
        arrivals, returns = best.arrivals, best.returns
        assert arrivals is not None
        assert arrivals.a_year is not None
        level = round(arrivals.a_year)
        size = level / beneath
        months = number(returns.window_months)
        source = (
            f"{few(arrivals.counted)} children referred in {months} months, for a year by England's months; "
            f"{cite(returns, 'referrals')}"
        )
        spread = level_range(level, arrivals.counted, base.demand.over_dispersion)
        own["referrals_a_year"] = Figure(str(level), source, returns.as_at, spread=spread)
        if arrivals.sources:
            parts = _percent_parts(arrivals.sources)
            value = ", ".join(
                f"{name}: {{share: {share}, term_time_only: {'true' if name == SCHOOLS else 'false'}}}"
                for name, share in parts.items()
            )
            own["sources"] = Figure(f"{{{value}}}", f"who referred; {cite(returns, 'referrals')}", returns.as_at)
        else:
            notes.append(f"Sources of referral: from {label} (too few are recorded).")
        if arrivals.contacts_each is not None:
            source = f"contacts to referrals in the same months; {cite(returns, 'contacts')}"
            own["contacts_per_referral"] = Figure(f"{arrivals.contacts_each:.2f}", source, returns.as_at)
        else:
            why = "no return holds the contacts, or hardly more than the referrals"
            notes.append(f"Contacts for each referral: from {label} ({why}).")
    else:
        why = f"fewer than {FEWEST_REFERRALS} referrals in the returns"
        notes.append(f"Referrals, their sources and contacts: from {label} ({why}).")
    again = _best(counted, "again")
    rereferral: Tree = {}
    if again is not None:
        share = min(again.routes.shares["again"]["yes"], MOST_AGAIN / 100)
        source = (
            f"had another referral in the 12 months before, of {few(again.routes.counted['again'])}; some come back "
            f"later; {cite(again.returns, 'referrals')}"
        )
        low, high = share_range(share, again.routes.counted["again"], sibling_effect(base))
        spread = f"low: {100 * low:.1f}%, high: {min(100 * high, MOST_AGAIN):.1f}%, distribution: normal"
        rereferral["share"] = Figure(f"{100 * share:.1f}%", source, again.returns.as_at, spread=spread)
    else:
        notes.append(f"Re-referrals: the share from {label} (the returns count too few, or not at all).")
    if known:
        closed = round(base.demand.rereferral.closed_before_start * size)
        source = f"as in {label}, times {size:.2f} for the referrals of this council"
        rereferral["closed_before_start"] = Figure(str(closed), source, None, "assumption")
    if rereferral:
        own["rereferral"] = rereferral
    what = "Months of the year, sibling groups, levels of need, spread of months"
    notes.append(f"{what}: from {label}; no return tells them well.")
    return own, notes, size


def routing_figures(
    counted: Sequence[Counted], base: Scenario, label: str, lengths: Sequence[Length] = ()
) -> tuple[Tree, list[str]]:
    """Return the outcomes of the stages, and what is missing. `lengths` tell how many plans other exits cut short."""
    stages: Tree = {}
    notes: list[str] = []
    for key, (place, title) in _LISTS.items():
        best = _best(counted, key)
        if best is None:
            seen = max((entry.routes.too_few.get(key, 0) for entry in counted), default=0)
            why = f"{few(seen)} could be followed, {FEWEST} are needed" if seen else "the returns do not tell"
            notes.append(f"{title}: from {label} ({why}).")
            continue
        count = few(best.routes.counted[key])
        source = f"{count} followed through your {best.returns.name}; {cite(best.returns, place)}"
        shares = best.routes.shares[key]
        if key == "child_protection":
            left, shares = _without_other_exits(shares, base, lengths)
            if left > 0:
                source += f"; without {100 * left:.0f}% of plans, which other exits end (assumption of {label})"
        value = shares_with_ranges(shares, best.routes.counted[key], sibling_effect(base))
        figure = Figure(value, source, best.returns.as_at)
        stage, name = ("section_47", "conference_outcomes") if key == "conference" else (key, "outcomes")
        stages.setdefault(stage, {})[name] = figure
    return stages, notes


def _without_other_exits(
    shares: dict[str, float], base: Scenario, lengths: Sequence[Length]
) -> tuple[float, dict[str, float]]:
    """What plans lead to when their work is done: a return counts those among the closed that other exits ended.

    Other exits have a constant rate, so they end as many plans as that rate times the mean length.
    """
    fits = [length.fit.mean for length in lengths if length.stage == "child_protection" and length.fit is not None]
    if not fits:
        return 0.0, shares
    left = min(base.stages.child_protection.other_exits_a_year * fits[0] / 365.25, shares["close"])
    rest = 1 - left
    return left, {"child_in_need": shares["child_in_need"] / rest, "close": (shares["close"] - left) / rest}


def _best(counted: Sequence[Counted], key: str) -> Counted | None:
    return max(
        (entry for entry in counted if key in entry.routes.shares),
        key=lambda entry: entry.routes.counted[key],
        default=None,
    )


def _percent_parts(parts: dict[str, float]) -> dict[str, str]:
    """Shares to a tenth of a percent that sum to 100."""
    tenths = {name: round(1000 * share) for name, share in parts.items()}
    largest = max(tenths, key=lambda name: tenths[name])
    tenths[largest] += 1000 - sum(tenths.values())
    return {name: f"{tenth / 10:g}%" for name, tenth in tenths.items()}
