"""A simulated year as a children in need census, in the form of the year: `GenderCurrent` to 2024, `Sex` from 2025.

What nobody simulates says so in its code: source and need not known, ethnicity not obtained, factor other, no
disability, no UPN. Sex is made up, as dates of birth are. The form of 2024 has no previous plans fewer than 1, so a
first plan is written there as 1.

Only what the collection asks for is written: what was open at some time in the year, and of each episode the
assessments, enquiries and plans that ended in the year or are open. A section 47 enquiry is carried out by undertaking
or continuing with an assessment (HM Government, Working Together to Safeguard Children, 2023). So an enquiry that
began outside the assessments of the year has one of its own dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from xml.etree.ElementTree import Element, SubElement, tostring

from sim.calendar.working_days import WorkingDayCalendar, calendar_of
from sim.experiment.results.journeys import SIMULATED
from sim.returns.export.episodes import Episode, Stay, first_of_year

__all__ = ["census_text"]

CONFERENCE_WITHIN = 15
LAST_YEAR_OF_GENDER = 2024
SCHOOL_AGE = 5
NO_FACTOR_OF_THE_LIST = "20"
NOT_AT_SCHOOL_YET, NEVER_AT_A_SCHOOL, REFERRAL_ONLY = "UN1", "UN2", "UN7"


def census_text(episodes: Iterable[Episode], as_at: date) -> str:
    """Return the file: children open at some time from 1 April to the day."""
    first = first_of_year(as_at)
    kept: dict[int, list[Episode]] = {}
    for episode in episodes:
        left = episode.referred if episode.refused else episode.closed
        if left is None or left >= first:
            kept.setdefault(episode.child, []).append(episode)
    message = Element("Message")
    header = SubElement(message, "Header")
    details = SubElement(header, "CollectionDetails")
    _put(details, Collection="CIN", Year=str(first.year + 1), ReferenceDate=as_at.isoformat())
    source = SubElement(header, "Source")
    _put(source, SourceLevel="L", LEA="000", SoftwareCode="Front Door: simulated children", SerialNo="001")
    children = SubElement(message, "Children")
    calendar = calendar_of(first, date(first.year + 1, 3, 31))
    for number, own in sorted(kept.items()):
        _child(children, number, own, first, calendar)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {SIMULATED} -->\n{tostring(message, encoding="unicode")}\n'


def _put(parent: Element, **values: str) -> None:
    for name, value in values.items():
        SubElement(parent, name).text = value


def _child(children: Element, number: int, episodes: list[Episode], first: date, calendar: WorkingDayCalendar) -> None:
    child = SubElement(children, "Child")
    identifiers = SubElement(child, "ChildIdentifiers")
    born = episodes[0].born
    _put(identifiers, LAchildID=f"SIM{number:07d}", UPNunknown=_no_upn(episodes, first))
    _put(identifiers, PersonBirthDate=born.isoformat())
    male = episodes[0].male
    if _old_form(first):
        _put(identifiers, GenderCurrent="1" if male else "2")
    else:
        _put(identifiers, Sex="M" if male else "F")
    characteristics = SubElement(child, "ChildCharacteristics")
    _put(characteristics, Ethnicity="NOBT")
    _put(SubElement(characteristics, "Disabilities"), Disability="NONE")
    for episode in episodes:
        _details(child, episode, first, calendar)


def _old_form(first: date) -> bool:
    return first.year + 1 <= LAST_YEAR_OF_GENDER


def _no_upn(episodes: list[Episode], first: date) -> str:
    """Why there is no UPN: a referral alone, too young for school in the year that follows, or never at a school."""
    if all(episode.refused for episode in episodes):
        return REFERRAL_ONLY
    too_young = episodes[0].born > date(first.year + 1 - SCHOOL_AGE, 8, 31)
    return NOT_AT_SCHOOL_YET if too_young else NEVER_AT_A_SCHOOL


def _details(child: Element, episode: Episode, first: date, calendar: WorkingDayCalendar) -> None:
    def in_year(stage: str) -> list[Stay]:
        return [stay for stay in episode.of(stage) if stay.end is None or stay.end >= first]

    details = SubElement(child, "CINdetails")
    _put(details, CINreferralDate=episode.referred.isoformat(), ReferralSource="10")
    if not episode.refused:
        _put(details, PrimaryNeedCode="N0")
        if episode.closed is not None:
            _put(details, CINclosureDate=episode.closed.isoformat(), ReasonForClosure=episode.reason)
    enquiries = [stay for stay in in_year("section_47") if episode.conference(stay) is not None or stay.start >= first]
    for stay in _assessments(in_year("assessment"), enquiries):
        part = _spell(details, "Assessments", "AssessmentActualStartDate", "AssessmentAuthorisationDate", stay)
        if stay.end is not None:
            _put(SubElement(part, "FactorsIdentifiedAtAssessment"), AssessmentFactors=NO_FACTOR_OF_THE_LIST)
    for stay in in_year("child_in_need"):
        _spell(details, "CINPlanDates", "CINPlanStartDate", "CINPlanEndDate", stay)
    for stay in enquiries:
        _enquiry(details, episode, stay, calendar)
    _put(details, ReferralNFA="true" if episode.refused else "false")
    for number, stay in enumerate(episode.of("child_protection")):
        if stay.end is not None and stay.end < first:
            continue
        plan = _spell(details, "ChildProtectionPlans", "CPPstartDate", "CPPendDate", stay)
        earlier = max(1 if _old_form(first) else 0, episode.earlier_plans + number)
        _put(plan, InitialCategoryOfAbuse="MUL", LatestCategoryOfAbuse="MUL", NumberOfPreviousCPP=str(earlier))


def _assessments(assessments: list[Stay], enquiries: list[Stay]) -> list[Stay]:
    """The assessments of the year, and one for each enquiry that began outside them."""
    written = list(assessments)
    for enquiry in enquiries:
        if not any(stay.start <= enquiry.start and _ended(stay) >= enquiry.start for stay in written):
            written.append(enquiry)
    return sorted(written, key=lambda stay: stay.start)


def _ended(stay: Stay) -> date:
    return stay.end or date.max


def _spell(details: Element, group: str, first: str, last: str, stay: Stay) -> Element:
    part = SubElement(details, group)
    SubElement(part, first).text = stay.start.isoformat()
    if stay.end is not None:
        SubElement(part, last).text = stay.end.isoformat()
    return part


def _enquiry(details: Element, episode: Episode, stay: Stay, calendar: WorkingDayCalendar) -> None:
    part = SubElement(details, "Section47")
    target = calendar.date(calendar.index(stay.start) + CONFERENCE_WITHIN)
    _put(part, S47ActualStartDate=stay.start.isoformat(), InitialCPCtarget=target.isoformat())
    held = episode.conference(stay)
    if held is not None:
        _put(part, DateOfInitialCPC=held.isoformat())
    _put(part, ICPCnotRequired="true" if stay.end is not None and held is None else "false")
