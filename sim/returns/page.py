"""The page beside the scenario: each fit against the data, what was counted, and what was too few to use.

Counts of children below 5 are not shown; in tables by team or age all counts are rounded to 5, so that none can be
worked out from the others. It opens offline without scripts.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from sim.report import palette
from sim.report.environment import template_environment
from sim.returns.making.caseload import STAGES, Caseload
from sim.returns.making.demand import Counted, said_day
from sim.returns.making.lengths import Length
from sim.returns.making.scenario import ScenarioDetails
from sim.returns.making.stages import IN_WORKING_DAYS, TITLES
from sim.returns.making.writing import FEWEST_SHOWN, few
from sim.returns.problems import Problems
from sim.returns.records import NOBODY, Returns
from sim.returns.workforce_census.census import Staff

__all__ = ["render"]

WIDTH, HEIGHT, LEFT, BOTTOM = 760, 260, 60, 40
AGE_GROUPS = ((0, 1, "under 1"), (1, 5, "1 to 4"), (5, 10, "5 to 9"), (10, 16, "10 to 15"), (16, 18, "16 and 17"))
OUTCOMES = {
    "front_door": "Referrals", "assessment": "Assessments", "section_47": "Section 47 enquiries",
    "conference": "Conferences", "child_protection": "Child protection plans that ended",
}  # fmt: skip
FAMILIES = {"gamma": "gamma", "lognormal": "lognormal", "weibull": "Weibull"}


def render(details: ScenarioDetails, problems: Problems) -> str:
    """Return the page as HTML."""
    from markupsafe import Markup

    from sim.experiment.results.version import product_version

    load = details.load
    fits = [(_fit_rows(length), Markup(_chart(length)), length.title) for length in details.lengths if length.fit]
    return (
        template_environment("sim.returns")
        .get_template("returns.html.j2")
        .render(
            day=said_day(details.as_at),
            sources=details.sources,
            open_rows=_open(load) if load is not None else [],
            team_rows=_teams(load, details.load_of) if load is not None and details.load_of is not None else [],
            age_rows=_ages(load, details.load_of) if load is not None and details.load_of is not None else [],
            held_rows=_held(details),
            month_rows=[row for counted in details.counted for row in _months(counted)],
            source_rows=[row for counted in details.counted for row in _sources(counted)],
            route_rows=[row for counted in details.counted for row in _routes(counted)],
            fits=fits,
            too_few=[_too_few(length) for length in details.lengths if not length.fit],
            staff_rows=_staff(details.staff) if details.staff is not None else [],
            notes=details.notes,
            problems=problems.summary(),
            problem_count=f"{len(problems):,}",
            adults=few(load.adults) if load is not None and load.adults else "",
            version=product_version(),
        )
    )


def _rounded(count: int) -> str:
    """A count in a table by team or age: to the nearest 5, not shown below 5."""
    return "0" if count == 0 else "fewer than 5" if count < FEWEST_SHOWN else f"{5 * round(count / 5):,}"


def _open(load: Caseload) -> list[list[str]]:
    rows = []
    for stage in STAGES:
        if stage not in load.recorded:
            rows.append([TITLES[stage], "not told", "–"])
            continue
        share = load.unallocated(stage)
        rows.append([TITLES[stage], few(len(load.stages[stage])), "–" if share is None else f"{100 * share:.0f}%"])
    return [*rows, ["Outside the pathway", few(len(load.outside)), "–"]]


def _teams(load: Caseload, returns: Returns) -> list[list[str]]:
    named = [(number, counts) for number, counts in load.by_team().items() if sum(counts.values()) >= FEWEST_SHOWN]
    if not any(number != NOBODY for number, _ in named):
        return []
    rows = []
    for number, counts in sorted(named, key=lambda entry: (entry[0] == NOBODY, -sum(entry[1].values()), entry[0])):
        name = "no team recorded" if number == NOBODY else returns.team_names[number]
        rows.append([name, *(_rounded(counts[stage]) for stage in (*STAGES, "outside"))])
    return rows


def _ages(load: Caseload, returns: Returns) -> list[list[str]]:
    groups: Counter[str] = Counter()
    for cases in load.stages.values():
        for child in cases:
            age = returns.ages.get(child)
            if age is not None:
                groups[next((name for low, high, name in AGE_GROUPS if low <= max(age, 0) < high), "18 or over")] += 1
    return [[name, _rounded(groups[name])] for _, _, name in AGE_GROUPS] if groups else []


def _held(details: ScenarioDetails) -> list[list[str]]:
    return [
        [name, few(held.workers), f"{held.mean:.1f}", f"{held.high}", _rounded(held.outside)]
        for name, held in (details.held or {}).items()
    ]


def _months(counted: Counted) -> list[list[str]]:
    if counted.arrivals is None:
        return []
    return [[counted.returns.name, month, _rounded(count)] for month, count in counted.arrivals.by_month.items()]


def _sources(counted: Counted) -> list[list[str]]:
    parts = counted.arrivals.sources if counted.arrivals is not None else {}
    return [[counted.returns.name, name, f"{100 * share:.0f}%"] for name, share in parts.items()]


def _routes(counted: Counted) -> list[list[str]]:
    rows = []
    for key, title in OUTCOMES.items():
        name = counted.returns.name
        if key in counted.routes.shares:
            count = few(counted.routes.counted[key])
            for outcome, share in counted.routes.shares[key].items():
                steps = share * counted.routes.counted[key]
                hidden = 0 < round(steps) < FEWEST_SHOWN
                shown = "fewer than 5 children" if hidden else f"{100 * share:.0f}%"
                rows.append([name, title, count, outcome.replace("_", " "), shown])
        elif counted.routes.too_few.get(key):
            rows.append([name, title, few(counted.routes.too_few[key]), "too few to use", "–"])
    return rows


def _fit_rows(length: Length) -> list[list[str]]:
    fit, spells = length.fit, length.lengths
    assert fit is not None
    part = 1.0 if spells.working else IN_WORKING_DAYS
    finished = part * fit.completed_mean
    return [
        ["Source", f"your {length.returns.name}"],
        ["Spells seen", few(spells.count)],
        ["Finished", few(spells.completed)],
        ["Open: longer than so far", few(spells.count - spells.completed)],
        ["Begun before the window: seen because they lasted", few(spells.truncated)],
        ["Family that fits best", FAMILIES[fit.family]],
        ["Mean, working days", f"{part * fit.mean:.0f}"],
        ["In 95% of samples, working days", f"{part * fit.low:.0f} to {part * fit.high:.0f}"],
        ["Spread over mean", f"{fit.cv:.2f}"],
        ["Mean of finished spells alone, working days", f"{finished:.0f}"],
    ]  # fmt: skip


def _too_few(length: Length) -> str:
    spells = length.lengths
    return (
        f"{length.title} in your {length.returns.name}: {few(spells.count)} spells, {few(spells.completed)} of them "
        "finished. At least 30 and 15 are needed."
    )


def _chart(length: Length) -> str:
    """The share still open by age: what the data say as steps, the fit as a line, in an SVG."""
    fit, curve = length.fit, length.curve
    assert fit is not None
    assert curve is not None
    part = 1.0 if length.lengths.working else IN_WORKING_DAYS
    # Steps every fiftieth of the axis: no single child's length can be read off.
    end = max(2.5 * fit.mean, 10.0)
    plot_w, plot_h = WIDTH - LEFT - 20, HEIGHT - BOTTOM - 20
    grid = [end * number / 50 for number in range(51)]

    def point(age: float, share: float) -> str:
        return f"{LEFT + plot_w * age / end:.1f},{20 + plot_h * (1 - share):.1f}"

    steps: list[str] = []
    for before, age in pairwise(grid):
        share = curve.open_at(before)
        steps += [point(before, share), point(age, share)]
    smooth = [point(age, fit.open_at(age)) for age in grid]
    label = f"Share still open by working days, {length.title.lower()}: data and fit"
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">']
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = 20 + plot_h * (1 - share)
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + plot_w}" y1="{y:.1f}" y2="{y:.1f}" stroke="{palette.GRID}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{100 * share:.0f}%</text>')
    for number in range(6):
        x = LEFT + plot_w * number / 5
        shown = part * end * number / 5
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 14}" text-anchor="middle">{shown:.0f}</text>')
    parts.append(f'<polyline points="{" ".join(steps)}" fill="none" stroke="{palette.COLOURS[0]}" stroke-width="2"/>')
    parts.append(
        f'<polyline points="{" ".join(smooth)}" fill="none" stroke="{palette.COLOURS[3]}" stroke-width="2.5" '
        'stroke-dasharray="7 4"/>'
    )
    return "".join(parts) + "</svg>"


def _staff(staff: Staff) -> list[list[str]]:
    agency = sum(worker.agency for worker in staff.in_post)
    rows = [
        ["Social workers in post", f"{len(staff.in_post):,}"],
        ["Full-time equivalents, without agency", f"{staff.permanent_fte:,.1f}"],
        ["Agency workers", few(agency)],
        ["Case holders", few(len(staff.case_holders))],
        ["In their assessed and supported year", few(sum(worker.newly_qualified for worker in staff.in_post))],
        ["Joined in the year, full-time equivalents", f"{staff.joined:,.1f}"],
        ["Left in the year, full-time equivalents", f"{staff.left:,.1f}"],
    ]
    for label, value in (("Turnover", staff.turnover), ("Working days lost", staff.absence)):
        rows.append([label, "not told" if value is None else f"{100 * value:.1f}%"])
    rows.append(["Vacancies", "not told" if staff.vacancies is None else f"{staff.vacancies:,.1f}"])
    rows.append(
        ["Children for each full-time case holder", "not told" if staff.caseload is None else f"{staff.caseload:.1f}"]
    )
    return rows
