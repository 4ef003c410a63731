"""A simulated year as a children in need census, in the form of the 2024 schema.

What nobody simulates says so in its code: source and need not known, ethnicity not obtained, no UPN. The schema has no
previous plans fewer than 1, so a first plan is written as 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from xml.etree.ElementTree import Element, SubElement, tostring

from sim.calendar.working_days import calendar_of
from sim.experiment.results.journeys import SIMULATED
from sim.returns.export.episodes import Episode, Stay

__all__ = ["census_text"]

CONFERENCE_WITHIN = 15


def census_text(episodes: Iterable[Episode], as_at: date) -> str:
    """Return the file: children open at some time from 1 April to the day."""
    first = date(as_at.year - (as_at < date(as_at.year, 4, 1)), 4, 1)
    kept: dict[int, list[Episode]] = {}
    for episode in episodes:
        left = episode.closed or (episode.stays[-1].end if episode.refused else None)
        if left is None or left >= first:
            kept.setdefault(episode.child, []).append(episode)
    message = Element("Message")
    header = SubElement(message, "Header")
    details = SubElement(header, "CollectionDetails")
    _put(details, Collection="CIN", Year=str(as_at.year), ReferenceDate=as_at.isoformat())
    source = SubElement(header, "Source")
    _put(source, SourceLevel="L", LEA="000", SoftwareCode="Front Door: simulated children", SerialNo="001")
    children = SubElement(message, "Children")
    for number, own in sorted(kept.items()):
        _child(children, number, own, as_at)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {SIMULATED} -->\n{tostring(message, encoding="unicode")}\n'


def _put(parent: Element, **values: str) -> None:
    for name, value in values.items():
        SubElement(parent, name).text = value


def _child(children: Element, number: int, episodes: list[Episode], as_at: date) -> None:
    child = SubElement(children, "Child")
    identifiers = SubElement(child, "ChildIdentifiers")
    born = episodes[0].born.isoformat()
    _put(identifiers, LAchildID=f"SIM{number:07d}", UPNunknown="UN7", PersonBirthDate=born, GenderCurrent="0")
    _put(SubElement(child, "ChildCharacteristics"), Ethnicity="NOBT")
    for episode in episodes:
        _details(child, episode, as_at)


def _details(child: Element, episode: Episode, as_at: date) -> None:
    details = SubElement(child, "CINdetails")
    _put(details, CINreferralDate=episode.referred.isoformat(), ReferralSource="10")
    if not episode.refused:
        _put(details, PrimaryNeedCode="N0")
        if episode.closed is not None:
            _put(details, CINclosureDate=episode.closed.isoformat(), ReasonForClosure=episode.reason)
    for stay in episode.of("assessment"):
        _spell(details, "Assessments", "AssessmentActualStartDate", "AssessmentAuthorisationDate", stay)
    for stay in episode.of("child_in_need"):
        _spell(details, "CINPlanDates", "CINPlanStartDate", "CINPlanEndDate", stay)
    for stay in episode.of("section_47"):
        _enquiry(details, episode, stay, as_at)
    _put(details, ReferralNFA="true" if episode.refused else "false")
    for number, stay in enumerate(episode.of("child_protection")):
        plan = _spell(details, "ChildProtectionPlans", "CPPstartDate", "CPPendDate", stay)
        earlier = max(1, episode.earlier_plans + number)
        _put(plan, InitialCategoryOfAbuse="MUL", LatestCategoryOfAbuse="MUL", NumberOfPreviousCPP=str(earlier))


def _spell(details: Element, group: str, first: str, last: str, stay: Stay) -> Element:
    part = SubElement(details, group)
    SubElement(part, first).text = stay.start.isoformat()
    if stay.end is not None:
        SubElement(part, last).text = stay.end.isoformat()
    return part


def _enquiry(details: Element, episode: Episode, stay: Stay, as_at: date) -> None:
    part = SubElement(details, "Section47")
    calendar = calendar_of(as_at, as_at)
    target = calendar.date(calendar.index(stay.start) + CONFERENCE_WITHIN)
    _put(part, S47ActualStartDate=stay.start.isoformat(), InitialCPCtarget=target.isoformat())
    held = episode.conference(stay)
    if held is not None:
        _put(part, DateOfInitialCPC=held.isoformat())
    _put(part, ICPCnotRequired="true" if stay.end is not None and held is None else "false")
