"""An option as a scenario file: it extends the start and says only what differs, each figure with its source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import yaml

from sim.scenario.sections import levers as kinds
from sim.scenario.sections.dated_lever import DatedLever
from sim.serve.asked import Option, Value
from sim.serve.controls.catalogue import EXTRA_TEAM, first_lever, groups, head_count, working_teams
from sim.serve.controls.control import Control, months_later, read_value
from sim.serve.errors import PageError

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario
    from sim.serve.starts import Opened

__all__ = ["changed", "option_text", "words"]

SUPPORT_COST: Final = 30_000.0
SUPPORT_HOURS: Final = 14.0
"""Pounds a year of an administrator, and the hours a week that one gives back: Croydon's six administrators gave 42
workers two hours each (assumption of the shipped scenario `croydon-business-support`)."""
AGENCY_CAP: Final = 17.0
"""Cap of a surge team where the team that it helps has none: that of Croydon's managed teams in 2018."""
_KINDS: Final[dict[str, tuple[str, type[DatedLever]]]] = {
    "surge": ("referral_surge", kinds.ReferralSurge),
    "support": ("business_support", kinds.BusinessSupport),
    "early_help": ("early_help_diversion", kinds.EarlyHelpDiversion),
    "standard": ("practice_standard", kinds.PracticeStandard),
}


def changed(loaded: LoadedScenario, option: Option) -> dict[str, Value]:
    """The values of an option that differ from the start's, checked, in the order of the controls.

    Raises:
        PageError: when a control does not exist or a value does not fit it.
    """
    known = {control.id: control for group in groups(loaded) for control in group.controls}
    for key in option.changes:
        if key not in known:
            raise PageError(f"there is no figure '{key[:60]}' to change in this scenario")
    read = {key: read_value(known[key], option.changes[key]) for key in known if key in option.changes}
    return {key: value for key, value in read.items() if value != known[key].value and _matters(known, read, key)}


def _matters(known: Mapping[str, Control], read: Mapping[str, Value], key: str) -> bool:
    """Whether what a control needs is there: the first day of a surge of 0% changes nothing."""
    needed = known[key].needs
    if not needed:
        return True
    value = read.get(needed, known[needed].value)
    return not isinstance(value, str) and value != 0


def words(loaded: LoadedScenario, changes: Mapping[str, Value]) -> list[str]:
    """What an option changes, a line each, for people to read."""
    lines = []
    for group in groups(loaded):
        for control in group.controls:
            if control.id in changes:
                place = f"{group.title}: " if group.id.startswith("team.") else ""
                before, after = (_shown(control, value) for value in (control.value, changes[control.id]))
                lines.append(f"{place}{control.label}: {after} (was {before})")
    return lines


def _shown(control: Control, value: Value) -> str:
    if control.kind == "choice":
        return next((text for key, text in control.choices if key == value), str(value))
    if control.kind == "date":
        day = date.fromisoformat(str(value))
        return f"{day.day} {day:%B %Y}"
    if control.kind == "percent":
        return f"{value:g}%"
    return f"{float(value):,.10g} {control.unit}".rstrip()


def option_text(opened: Opened, option: Option, changes: Mapping[str, Value]) -> str:
    """Return the file of an option whose changes are those that `changed` gave."""
    loaded = opened.loaded
    option_file = _Option(loaded, changes)
    lines = words(loaded, changes)
    about = "; ".join(lines) if lines else "nothing is changed"
    head: dict[str, Any] = {
        "extends": opened.extends,
        "title": f"{option.name}, from “{loaded.scenario.short_title or loaded.scenario.title}”"
        if lines
        else loaded.scenario.title,
        "short_title": option.name,
        "description": f"Made on the page of Front Door from {loaded.scenario.title}. Changed: {about}.",
        "question": f"What does “{option.name}” change?",
    }
    text = _dumped(head | option_file.sections())
    beside = ""
    if opened.texts:
        beside = f"# Keep it beside {' and '.join(opened.texts)}.\n"
    return (
        "# An option made on the page of Front Door. Check it with frontdoor check, run it with frontdoor run.\n"
        f"{beside}# It says only what differs from the scenario that it extends.\n{text}"
    )


def _dumped(values: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=110)
    return text


class _Option:
    """Builds the sections of an option's file."""

    def __init__(self, loaded: LoadedScenario, changes: Mapping[str, Value]) -> None:
        self._loaded = loaded
        self._scenario = loaded.scenario
        self._changes = changes
        self._all = {control.id: control for group in groups(loaded) for control in group.controls}

    def sections(self) -> dict[str, Any]:
        """Everything but the words, by key; empty sections are left out."""
        sections: dict[str, Any] = {}
        if "referrals" in self._changes:
            sections["demand"] = {"referrals_a_year": self._set("referrals")}
        sections["teams"] = self._teams()
        if any(key.endswith(".newly") for key in self._changes) and self._scenario.people.newly_qualified == "none":
            sections["people"] = {"newly_qualified": {}}
        if "solicitors" in self._changes:
            sections["capacities"] = {"solicitors": self._set("solicitors")}
        sections |= self._levers()
        return {key: value for key, value in sections.items() if value}

    def _value(self, key: str) -> Any:
        """The value of a control in this option; None where the scenario has no such control."""
        if key in self._changes:
            return self._changes[key]
        return self._all[key].value if key in self._all else None

    def _number(self, key: str) -> float:
        value = self._value(key)
        return float(value) if isinstance(value, (int, float)) else 0.0

    def _set(self, key: str, written: Any = None) -> Any:
        """A figure as the file writes it: with its source where the page changed it."""
        value = _plain(self._value(key)) if written is None else written
        if key not in self._changes:
            return value
        control = self._all[key]
        before = _shown(control, control.value)
        return {"value": value, "source": f"set on the page (before: {before})", "confidence": "assumption"}

    # -------------------------------------------------------------------------------- teams

    def _teams(self) -> dict[str, Any]:
        teams: dict[str, Any] = {}
        for number, name in enumerate(working_teams(self._scenario)):
            mine: dict[str, Any] = {}
            ids = [f"team.{number}.{part}" for part in ("workers", "newly", "cap", "newly_cap")]
            if any(key in self._changes for key in ids):
                before = ", ".join(
                    f"{self._all[key].label.lower()} {_shown(self._all[key], self._all[key].value)}"
                    for key in ids
                    if key in self._changes
                )
                mine["workers"] = {
                    "value": self._workers(number, name),
                    "source": f"set on the page (before: {before})",
                    "confidence": "assumption",
                }
            if f"team.{number}.span" in self._changes:
                span = self._number(f"team.{number}.span")
                heads = self._number(ids[0]) + self._number(ids[1])
                mine["managers"] = self._set(f"team.{number}.span", round(heads / span, 2))
            if mine:
                teams[name] = mine
        if self._number("extra.size") > 0:
            teams[EXTRA_TEAM] = self._extra()
        return teams

    def _workers(self, number: int, name: str) -> list[dict[str, Any]]:
        """The worker groups of a team with new heads and caps; what the page does not show stays as it is."""
        team = self._scenario.teams[name]
        written = self._loaded.resolved["teams"][name]["workers"]
        entries = [dict(entry) for entry in written]
        for entry, group in zip(entries, team.workers, strict=True):
            entry["count"] = group.count
        for newly, part in ((False, "workers"), (True, "newly")):
            wanted = round(self._number(f"team.{number}.{part}"))
            rise = wanted - head_count(team, newly_qualified=newly)
            mine = [e for e, g in zip(entries, team.workers, strict=False) if (g.grade == "nqsw") == newly]
            if not mine and rise > 0:
                mine = [{"count": 0, "grade": "nqsw" if newly else "social_worker"}]
                cap = self._number(f"team.{number}.{'newly_cap' if newly else 'cap'}")
                if cap > 0:
                    mine[0]["cap"] = _plain(cap)
                entries += mine
            for entry in mine:  # the first group grows; a fall is taken from the first, then from the next
                before = int(entry["count"])
                entry["count"] = max(0, before + rise)
                rise -= entry["count"] - before
        for key, newly in ((f"team.{number}.cap", False), (f"team.{number}.newly_cap", True)):
            if key in self._changes:
                for entry in entries:
                    if (entry.get("grade") == "nqsw") == newly:
                        _cap(entry, self._number(key))
        return [_plain_entry(entry) for entry in entries]

    def _extra(self) -> dict[str, Any]:
        teams = working_teams(self._scenario)
        helped = self._scenario.teams[teams[int(self._value("extra.helps") or 0)]]
        caps = [float(group.cap) for group in helped.workers if group.cap != "none"]
        starts = date.fromisoformat(str(self._value("extra.at")))
        ends = months_later(starts, round(self._number("extra.months")))
        period = self._scenario.period
        team: dict[str, Any] = {"stages": list(helped.stages)}
        if helped.locality is not None:
            team["locality"] = helped.locality
        count = round(self._number("extra.size"))
        return team | {
            "workers": {
                "value": [{"count": count, "grade": "agency", "cap": _plain(caps[0] if caps else AGENCY_CAP)}],
                "source": "set on the page; the cap of the team that it helps",
                "confidence": "assumption",
            },
            "managers": {
                "value": max(1, round(count / 6)),
                "source": "one to six workers, as in Croydon's managed teams of 2018",
                "confidence": "assumption",
            },
            "background_hours_a_week": 0,
            "start": self._set("extra.at", starts.isoformat()),
            "end": min(ends, period.end).isoformat(),
        }  # fmt: skip

    # -------------------------------------------------------------------------------- levers

    def _levers(self) -> dict[str, Any]:
        """The list of levers, or what is added to it."""
        touched = [group for group in _KINDS if any(key.startswith(f"{group}.") for key in self._changes)]
        new = [lever for group in touched for lever in self._new(group)]
        held = [group for group in touched if first_lever(self._scenario, _KINDS[group][1]) is not None]
        if not held:
            return {"more_levers": new}
        kept = self._kept({_KINDS[group][0] for group in held})
        return {"levers": [*kept, *new]} if kept or new else {"levers": []}

    def _kept(self, replaced: set[str]) -> list[Any]:
        """The levers of the start as they are written, with their sources; the first surge is replaced, others stay."""
        kept, gone = [], set[str]()
        for number, lever in enumerate(self._loaded.resolved.get("levers", [])):
            kind = lever.get("lever")
            if kind in replaced and (kind == "business_support" or kind not in gone):
                gone.add(kind)
                continue
            kept.append(self._with_sources(lever, ("levers", number)))
        return kept

    def _with_sources(self, value: Any, path: tuple[str | int, ...]) -> Any:
        source = self._loaded.sources.get(path)
        if source is None and isinstance(value, dict):
            under = {s.root: s for p, s in self._loaded.sources.items() if p[: len(path)] == path}
            source = under.get(path)
        if source is not None and source.root == path:
            provenance = {
                "source": source.source,
                "date": source.date,
                "confidence": source.confidence,
                "note": source.note,
            }
            written = {key: text for key, text in provenance.items() if text and text != "not stated"}
            ranged = isinstance(value, dict) and {"low", "high"} <= set(value)
            return (dict(value) if ranged else {"value": value}) | written
        if isinstance(value, dict):
            return {key: self._with_sources(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._with_sources(inner, (*path, n)) for n, inner in enumerate(value)]
        return value

    def _new(self, group: str) -> list[dict[str, Any]]:
        at = self._set(f"{group}.at", str(self._value(f"{group}.at")))
        if group == "surge":
            return self._surge(at)
        if group == "early_help":
            share = self._number("early_help.share")
            return (
                [{"lever": "early_help_diversion", "at": at, "share": self._set("early_help.share", f"{share:g}%")}]
                if share
                else []
            )
        if group == "standard":
            target = self._number("standard.target")
            return (
                [{"lever": "practice_standard", "at": at, "target": self._set("standard.target", f"{target:g}%")}]
                if target
                else []
            )
        return self._support(at)

    def _surge(self, at: Any) -> list[dict[str, Any]]:
        size = self._number("surge.size")
        if not size:
            return []
        held = first_lever(self._scenario, kinds.ReferralSurge)
        resolved = {} if held is None else self._loaded.resolved["levers"][held[0]]
        begins = date.fromisoformat(str(self._value("surge.at")))
        lever: dict[str, Any] = {
            "lever": "referral_surge",
            "at": at,
            "size": self._set("surge.size", f"{size:+g}%"),
            "ramp": resolved.get("ramp", "3 months"),
        }
        # A surge of the start keeps its own end unless its first day or length was changed.
        moved = "surge.at" in self._changes or "surge.months" in self._changes
        if held is not None and not moved:
            return [lever | {key: resolved[key] for key in ("until", "decay") if key in resolved}]
        ends = months_later(begins, round(self._number("surge.months")))
        if ends <= self._scenario.period.end:
            lever |= {"until": self._set("surge.months", ends.isoformat()), "decay": resolved.get("decay", "12 months")}
        return [lever]

    def _support(self, at: Any) -> list[dict[str, Any]]:
        hours = self._number("support.hours")
        if not hours:
            return []
        levers = []
        for number, name in enumerate(working_teams(self._scenario)):
            team = self._scenario.teams[name]
            fte = sum(group.count * group.fte for group in team.workers)
            heads = sum(group.count for group in team.workers)
            wanted = self._number(f"team.{number}.workers") + self._number(f"team.{number}.newly")
            cost = round(hours * fte * (wanted / heads if heads else 1.0) / SUPPORT_HOURS * SUPPORT_COST, -2)
            levers.append(
                {
                    "lever": "business_support",
                    "at": at,
                    "team": name,
                    "hours_a_week": self._set("support.hours", _plain(hours)),
                    "cost_a_year": {
                        "value": _plain(cost),
                        "source": "an administrator at 30,000 pounds a year gives back 14 hours a week",
                        "confidence": "assumption",
                    },
                }
            )
        return levers


def _cap(entry: dict[str, Any], cap: float) -> None:
    """Give a group a cap; 0 is none, and what only a cap can have goes with it."""
    entry["cap"] = _plain(cap) if cap > 0 else "none"
    if cap <= 0:
        for key in ("leaks", "cap_policy"):
            entry.pop(key, None)


def _plain(value: Any) -> Any:
    """A whole number without its point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _plain_entry(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in entry.items()}
