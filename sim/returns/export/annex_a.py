"""A simulated half-year as an Annex A workbook: the lists that are simulated, the others present and empty.

What nobody simulates is blank or says that it is unknown. List 1 holds the contacts that became referrals. Workers are
`SIM worker 17`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sim.experiment.results.journeys import SIMULATED
from sim.returns.as_at import months_before
from sim.returns.errors import ReturnsError
from sim.returns.export.episodes import Episode, Stay

__all__ = ["LIST_HEADERS", "annex_a_bytes"]

MONTHS = 6
_CHILD = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)")
_WHO = ("Allocated Team", "Allocated Worker")
_DISABLED = "Does the Child have a Disability"
_AGAIN = "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)"
_LOOKED_AFTER = (
    *_CHILD, "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)", _DISABLED,
    "Date Started to be Looked After", "Child's Category of Need",
    _AGAIN, "Start date of current legal status", "Child's Legal Status", "Date of Latest Statutory Review",
    "Date of Last Social Work Visit", "What is the permanence plan for this child?",
    "Date of Last IRO Visit / Contact to the Child", "Date of Last Health Assessment", "Date of Last Dental Check",
    "Number of Placements in the Last 12 months", "Date Ceased to be Looked After",
    "Reason Ceased to be Looked After", "Start Date of Most Recent Placement", "Placement Type",
    "Placement Provider", "Placement postcode", "URN of Placement", "Placement Location", "LA of Placement",
    "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months",
    "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",
    "Was the child offered a Return Interview after their last missing episode (Y/N)?",
    "Did the child accept a Return Interview after their last missing episode (Y/N)?", *_WHO,
)  # fmt: skip
LIST_HEADERS: dict[int, tuple[str, ...]] = {
    1: (*_CHILD, "Date of Contact", "Contact Source"),
    2: (*_CHILD, "Assessment start date", "Assessment completion date", "Organisation completing assessment"),
    3: (*_CHILD, "Date of referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months",
        *_WHO),
    4: (*_CHILD, _DISABLED, "Continuous Assessment Start Date", "Child Seen During Continuous Assessment",
        "Continuous Assessment Date of Authorisation",
        "Was the child assessed as requiring LA children's social care support?", *_WHO),
    5: (*_CHILD, _DISABLED, "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?", "Date of Initial Child Protection Conference",
        "Did the Initial Child Protection Conference Result in a Child Protection Plan",
        "Number of Section 47 Enquiries in the last 12 months", "Number of ICPCs in the last 12 months", *_WHO),
    6: (*_CHILD, _DISABLED, "CIN Start Date", "Primary Need Code", "Date Child Was Last Seen", "CIN Closure Date",
        "Reason for Closure", "Case Status", *_WHO),
    7: (*_CHILD, _DISABLED, "Child Protection Plan Start Date", "Initial Category of Abuse", "Latest Category of Abuse",
        "Date of the Last Statutory Visit", "Was the Child Seen Alone?", "Date of latest review conference",
        "Child Protection Plan End Date",
        "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
        "Number of Previous Child Protection Plans", *_WHO),
    8: _LOOKED_AFTER,
    9: (*_CHILD, _DISABLED, *_WHO, "Eligibility Category", "LA in Touch", "Type of Accommodation",
        "Suitability of Accommodation", "Activity Status"),
    10: ("Child Unique ID", "Family identifier", *_CHILD[1:], _DISABLED, "Date the Child Entered Care",
         "Date of Decision that Child Should be Placed for Adoption", "Date of Placement Order",
         "Date of Matching Child and Prospective Adopters", "Date Placed for Adoption", "Date of Adoption Order",
         "Date of Decision that Child Should No Longer be Placed for Adoption",
         "Reason Why Child No Longer Placed for Adoption",
         "Date the child was placed for fostering in FFA or concurrent planning placement"),
    11: ("Individual adopter identifier", "Family identifier", "Gender", "Ethnicity", "Disability",
         "Is the (prospective) adopter fostering for adoption?", "Date enquiry received", "Date Stage 1 started",
         "Date Stage 1 ended", "Date Stage 2 started", "Date Stage 2 ended", "Date application submitted",
         "Date application approved", "Date adopter matched with child(ren)",
         "Date child/children placed with adopter(s)", "No. of children placed", "Date of Adoption Order",
         "Date of leaving adoption process", "Reason for leaving adoption process"),
}  # fmt: skip
_UNKNOWN = "c) Unknown"
_NOT_DISABLED = "b) No"
UNALLOCATED = "Unallocated"
_REASONS = {
    "RC4": "RC4 - Special guardianship order",
    "RC7": "RC7 - Services ceased for any other reason, including child no longer in need",
    "RC8": "RC8 - Case closed after assessment, no further action",
    "RC9": "RC9 - Case closed after assessment, referred to early help",
}
_STATUS = {
    "court": "a) Looked after child", "child_protection": "b) Child Protection plan",
    "child_in_need": "c) Child in need plan", "pre_proceedings": "b) Child Protection plan",
}  # fmt: skip


def annex_a_bytes(episodes: Sequence[Episode], as_at: date) -> bytes:
    """Return the workbook as at a day, with what was open or happened in the six months before."""
    try:
        import xlsxwriter
    except ImportError:
        raise ReturnsError(
            "writing a workbook needs XlsxWriter: install it with pip install 'frontdoor-sim[returns]'"
        ) from None
    held = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "dd/mm/yyyy", "strings_to_formulas": False}
    with xlsxwriter.Workbook(held, options) as book:
        book.set_properties({"title": "Annex A, simulated", "comments": SIMULATED})
        for number, headers in LIST_HEADERS.items():
            sheet = book.add_worksheet(f"List {number}")
            sheet.set_header(f"&C{SIMULATED}")
            sheet.write_row(0, 0, headers)
            writer = _LISTS.get(number)
            rows = writer(episodes, as_at, months_before(as_at, MONTHS)) if writer is not None else ()
            for at, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    sheet.write(at, column, cell)
    return held.getvalue()


Row = tuple[Any, ...]


def _child(episode: Episode, as_at: date) -> Row:
    years = (as_at - episode.born).days / 365.25
    gender = "a) Male" if episode.male else "b) Female"
    return (f"SIM{episode.child:07d}", gender, "s) NOBT", episode.born, round(years, 6))


def _who(stay: Stay, episode: Episode | None = None) -> Row:
    """Team and worker of a stay; of an episode, the last that any of its stays had."""
    team, worker = stay.team, stay.worker
    if episode is not None:
        held = [other for other in episode.stays if other.worker is not None]
        team, worker = (held[-1].team, held[-1].worker) if held else (team, worker)
    return (team or UNALLOCATED, f"SIM worker {worker}" if worker is not None else UNALLOCATED)


def _seen(stay: Stay, first: date) -> bool:
    return stay.end is None or stay.end > first


def _contacts(episodes: Sequence[Episode], as_at: date, first: date) -> Iterator[Row]:
    for episode in episodes:
        if episode.screened and episode.referred > first:
            yield (*_child(episode, as_at), episode.referred, "u) 10: Unknown")


def _referrals(episodes: Sequence[Episode], as_at: date, first: date) -> Iterator[Row]:
    before: dict[int, list[date]] = {}
    for episode in episodes:
        if not episode.screened:
            continue
        days = before.setdefault(episode.child, [])
        if episode.referred > first:
            earlier = sum(day > episode.referred - timedelta(days=365) for day in days)
            nfa = "a) Yes" if episode.stays[0].outcome == "no_further_action" else "b) No"
            who = _who(episode.stays[0], episode)
            yield (*_child(episode, as_at), episode.referred, "u) 10: Unknown", nfa, earlier, *who)
        days.append(episode.referred)


def _assessments(episodes: Sequence[Episode], as_at: date, first: date) -> Iterator[Row]:
    for episode in episodes:
        for stay in episode.of("assessment"):
            if _seen(stay, first):
                support = "" if stay.end is None else "a) Yes" if stay.outcome == "child_in_need" else "b) No"
                yield (
                    *_child(episode, as_at), _NOT_DISABLED, stay.start, _UNKNOWN, stay.end or "", support, *_who(stay),
                )  # fmt: skip


def _enquiries(episodes: Sequence[Episode], as_at: date, first: date) -> Iterator[Row]:
    for episode in episodes:
        stays = [stay for stay in episode.of("section_47") if stay.start > first]
        for stay in stays:
            conference = episode.conference(stay)
            unneeded = "" if stay.end is None else "b) No" if conference is not None else "a) Yes"
            planned = "" if conference is None else "a) Yes" if stay.outcome == "child_protection" else "b) No"
            held = sum(episode.conference(other) is not None for other in stays)
            yield (
                *_child(episode, as_at), _NOT_DISABLED, stay.start, unneeded, conference or "", planned,
                len(stays), held, *_who(stay),
            )  # fmt: skip


def _in_need(episodes: Sequence[Episode], as_at: date, first: date) -> Iterator[Row]:
    for episode in episodes:
        left = episode.closed
        if episode.refused or (left is not None and left <= first):
            continue
        open_now = [stay for stay in episode.stays if stay.end is None and stay.stage != "front_door"]
        last = open_now[-1] if open_now else episode.stays[-1]
        stages = {stay.stage for stay in open_now}
        status = next((status for stage, status in _STATUS.items() if stage in stages), "d) Open assessment")
        if left is not None:
            status = "e) Closed episode"
        elif not open_now:
            status = "a) Looked after child" if last.stage == "court" else ""
        reason = _REASONS[episode.reason] if left is not None else ""
        yield (
            *_child(episode, as_at), _NOT_DISABLED, episode.referred, "N0 - Not stated", "", left or "", reason, status,
            *_who(last),
        )  # fmt: skip


def _plans(episodes: Sequence[Episode], as_at: date, first: date) -> Iterator[Row]:
    for episode in episodes:
        for number, stay in enumerate(episode.of("child_protection")):
            if _seen(stay, first):
                yield (
                    *_child(episode, as_at), _NOT_DISABLED, stay.start, "e) Multiple/not recommended",
                    "e) Multiple/not recommended", "", "", "", stay.end or "", "b) No", episode.earlier_plans + number,
                    *_who(stay),
                )  # fmt: skip


def _looked_after(episodes: Sequence[Episode], as_at: date, first: date) -> Iterator[Row]:
    """Children in proceedings, taken as under an interim care order; those who came into care, under a full one."""
    for episode in episodes:
        for stay in episode.of("court"):
            stays_in_care = stay.outcome == "care"
            if not stays_in_care and not _seen(stay, first):
                continue
            legal = "C2: FCO" if stays_in_care else "C1: ICO"
            since = stay.end if stays_in_care and stay.end is not None else stay.start
            known = {
                "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)": "b) No",
                _DISABLED: _NOT_DISABLED, "Date Started to be Looked After": stay.start,
                "Child's Category of Need": "N0 - Not stated", _AGAIN: "b) No",
                "Start date of current legal status": since, "Child's Legal Status": legal,
                "Date Ceased to be Looked After": "" if stays_in_care else stay.end or "",
            }  # fmt: skip
            between = [known.get(header, "") for header in _LOOKED_AFTER[len(_CHILD) : -len(_WHO)]]
            yield (*_child(episode, as_at), *between, *_who(stay))


_LISTS = {
    1: _contacts, 3: _referrals, 4: _assessments, 5: _enquiries, 6: _in_need, 7: _plans, 8: _looked_after,
}  # fmt: skip
