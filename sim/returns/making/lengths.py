"""Lengths and ages as a scenario takes them: bands, plan lengths, ages of what is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sim.official.making.lengths import LATE, LATE_SHARE, OVERTAKEN
from sim.returns.as_at import months_before
from sim.returns.fitting.fit import FEWEST_COMPLETED, FEWEST_SPELLS, Fit, fit
from sim.returns.fitting.spells import Lengths, lengths_of, working_days
from sim.returns.fitting.survival import Curve, survival
from sim.returns.making.caseload import OpenCase
from sim.returns.records import RecordedSpell, Returns

__all__ = [
    "AGE_BANDS",
    "ASSESSMENT_BANDS",
    "ENQUIRY_BANDS",
    "Length",
    "ages_in_bands",
    "bands_of",
    "find_lengths",
    "habit",
]

DAYS_A_MONTH = 365.25 / 12
ASSESSMENT_BANDS = {
    "same day": 0,
    "1-10": 10,
    "11-20": 20,
    "21-30": 30,
    "31-40": 40,
    "41-45": 45,
    "46-50": 50,
    "51-60": 60,
    "61+": None,
}
ENQUIRY_BANDS = {"0-10": 10, "11-15": 15, "16-20": 20, "21+": None}
AGE_BANDS = {"0-3": 3, "3-6": 6, "6-12": 12, "12-24": 24, "24+": None}
FEWEST_FOR_AGES = 20
LATE_ENQUIRY = 60
SOON_AFTER = 28
USUAL_ASSESSMENT = 48
"""Calendar days of an assessment of the usual 34 working days."""


@dataclass(frozen=True)
class Length:
    """A stage's lengths in a return: the spells, the curve without a shape, and the fit (None: too few)."""

    stage: str
    title: str
    returns: Returns
    lengths: Lengths
    curve: Curve | None
    fit: Fit | None

    @property
    def enough(self) -> bool:
        """Whether there are enough spells to be used."""
        return self.lengths.count >= FEWEST_SPELLS and self.lengths.completed >= FEWEST_COMPLETED


def find_lengths(returns: Returns) -> list[Length]:
    """Lengths of assessments, enquiries up to conference, children in need, plans, and pre-proceedings."""
    assert returns.as_at is not None
    first = months_before(returns.as_at, returns.window_months)
    enquiries = [
        RecordedSpell(row.child, row.start, row.conference)
        for row in returns.enquiries
        if row.conference is not None and (row.conference - row.start).days <= LATE_ENQUIRY
    ]
    dated = "in_need" in returns.present
    in_need: Sequence[RecordedSpell] = returns.in_need
    title = "Child in need plans"
    if not dated:
        in_need = _plans_of_episodes(returns)
        title = "Children in need, from the end of their assessment"
    least = 0.0 if dated else float(SOON_AFTER)
    wanted = (
        ("assessment", "Assessments", returns.assessments, True),
        ("section_47", "From strategy discussion to conference", enquiries, True),
        ("child_in_need", title, in_need, False),
        ("child_protection", "Child protection plans", returns.protection, False),
        ("pre_proceedings", "Pre-proceedings", returns.pre_proceedings, False),
    )
    return [
        _length(returns, stage, name, spells, first, working, least if stage == "child_in_need" else 0.0)
        for stage, name, spells, working in wanted
        if spells
    ]


def _plans_of_episodes(returns: Returns) -> list[RecordedSpell]:
    """Child in need plans where only episodes are dated: from the end of the first assessment to the closure.

    An episode that closes within four weeks of its assessment had no plan. Where the assessment ended before the
    extract's window, the usual length of one is taken. Children who had a protection plan or were looked after are
    left out.
    """
    assert returns.as_at is not None
    elsewhere = {row.child for row in returns.protection} | {row.child for row in returns.looked_after}
    first: dict[int, list[RecordedSpell]] = defaultdict(list)
    for row in returns.assessments:
        first[row.child].append(row)
    ended = sorted((row.end - row.start).days for row in returns.assessments if row.end is not None)
    usual = timedelta(days=ended[len(ended) // 2] if ended else USUAL_ASSESSMENT)
    plans = []
    for episode in returns.episodes:
        if episode.child in elsewhere or episode.status not in ("in need", "closed", ""):
            continue
        near = [row for row in first[episode.child] if -7 <= (row.start - episode.start).days <= 30]
        assessment = min(near, key=lambda row: row.start, default=None)
        start = episode.start + usual if assessment is None else assessment.end
        if start is None or start > returns.as_at:
            continue  # still in assessment
        if episode.end is None or episode.end > start + timedelta(days=SOON_AFTER):
            plans.append(RecordedSpell(episode.child, start, episode.end))
    return plans


def _length(
    returns: Returns, stage: str, title: str, spells: Sequence[RecordedSpell], first: date, working: bool, least: float
) -> Length:
    assert returns.as_at is not None
    lengths = lengths_of(spells, first, returns.as_at, working=working, least=least)
    enough = lengths.count >= FEWEST_SPELLS and lengths.completed >= FEWEST_COMPLETED
    return Length(
        stage, title, returns, lengths, survival(lengths) if enough else None, fit(lengths) if enough else None
    )


def bands_of(curve: Curve, bands: Mapping[str, int | None]) -> dict[str, float]:
    """Shares in percent by band of working days; what the curve leaves open at its end is in the last band."""
    shares: dict[str, float] = {}
    before = 1.0
    for label, last in bands.items():
        after = curve.open_at(last) if last is not None else 0.0
        shares[label] = 100 * max(0.0, before - after)
        before = after
    return shares


def habit(bands: Mapping[str, float]) -> dict[str, float]:
    """The habitual durations behind assessments as they ended: what is late is partly queue.

    The rule of `frontdoor baseline`: at most one in six has a habit beyond 45 working days, and a tenth more, because
    a conference closes some first.
    """
    total, late = sum(bands.values()), sum(bands[band] for band in LATE)
    if late <= 0 or total <= 0:
        return dict(bands)
    share = min(late / total, LATE_SHARE) * OVERTAKEN
    factor = (total - late) * share / (1 - share) / late
    scaled = {band: count * factor if band in LATE else count for band, count in bands.items()}
    whole = sum(scaled.values())
    return {band: 100 * count / whole for band, count in scaled.items()}


def ages_in_bands(cases: Sequence[OpenCase], as_at: date, *, working: bool) -> tuple[dict[str, int], float] | None:
    """Ages of open cases, counts rounded to 5 so that no child can be told, and the mean beyond the last band.

    In working days by assessment band, else in months. None with fewer than 20 cases.
    """
    if len(cases) < FEWEST_FOR_AGES:
        return None
    bands: Mapping[str, int | None] = ASSESSMENT_BANDS if working else AGE_BANDS
    if working:
        ages = [float(days) for days in working_days([case.since for case in cases], [as_at] * len(cases))]
        bands = {label: last for label, last in bands.items() if label != "same day"}
    else:
        ages = [(as_at - case.since).days / DAYS_A_MONTH for case in cases]
    counts = dict.fromkeys(bands, 0)
    tail: list[float] = []
    for age in ages:
        label = next(label for label, last in bands.items() if last is None or age <= last)
        counts[label] += 1
        if bands[label] is None:
            tail.append(age - (60 if working else 24))
    rounded = {label: 5 * round(count / 5) for label, count in counts.items()}
    if not any(rounded.values()):
        return None
    # Beyond fifteen years nothing is known to the calendar.
    usual = 20.0 if working else 4.0
    mean = max(1.0, min(sum(tail) / len(tail), 120.0)) if len(tail) >= 5 else usual
    return rounded, round(mean)
