"""One event log of the journeys, for process-mining tools and for vidigi.

Process-mining tools read the standard names of the XES extensions (IEEE 1849-2016, "eXtensible Event Stream"):
`case:concept:name`, `concept:name`, `time:timestamp`, `org:resource`. vidigi animates a table of `entity_id`,
`pathway`, `event_type`, `event` and `time`, of which each entity has an `arrival` and a `depart`
(https://github.com/hsma-tools/vidigi, version 2.0, read in December 2026).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.errors import ResultsError
from sim.experiment.results import files
from sim.experiment.results.journeys import SIMULATED
from sim.experiment.results.table_files import parquet_installed, write_table
from sim.export.errors import ExportError
from sim.export.texts import csv_text
from sim.scenario.stage_names import STAGE_NAMES

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.results_view import ResultsView

__all__ = ["EVENT_COLUMNS", "POSITIONS", "VIDIGI_COLUMNS", "event_log", "vidigi_log", "write"]

EVENT_COLUMNS: Final[dict[str, str]] = {
    "case:concept:name": "the simulated child: scenario, replication and number",
    "concept:name": "what happened: a stage began, was allocated, its work was done, or it ended with an outcome",
    "time:timestamp": "the working day; times within a day only keep the order of events",
    "org:resource": "the simulated worker, or the team where no worker holds the case",
    "stage": "stage of the pathway",
    "outcome": "where the stage led; empty for all but its end",
    "scenario": "name of the scenario",
    "replication": "number of the replication, from 0",
}
VIDIGI_COLUMNS: Final[dict[str, str]] = {
    "entity_id": "number of the simulated child",
    "pathway": "name of the scenario",
    "event_type": "arrival_departure or queue",
    "event": "arrival, the stage with or without a worker, or depart",
    "time": "calendar days since the first day of the run",
}
STARTED, ALLOCATED, DONE, ENDED = range(4)
MORNING: Final = 9
"""Hour of a day's first event."""
POSITIONS: Final[dict[str, tuple[int, int, str]]] = {
    "arrival": (40, 300, "Referral"),
    "front_door": (140, 300, "Front door"),
    "assessment_waits": (260, 380, "Assessment: no worker"),
    "assessment": (260, 300, "Assessment"),
    "section_47_waits": (400, 460, "Enquiry: no worker"),
    "section_47": (400, 400, "Section 47 enquiry"),
    "child_in_need_waits": (540, 260, "Child in need: no worker"),
    "child_in_need": (540, 180, "Child in need plan"),
    "child_protection_waits": (540, 460, "Child protection: no worker"),
    "child_protection": (540, 380, "Child protection plan"),
    "pre_proceedings_waits": (680, 460, "Pre-proceedings: no worker"),
    "pre_proceedings": (680, 380, "Pre-proceedings"),
    "court_waits": (820, 460, "Court: no worker"),
    "court": (820, 380, "Care proceedings"),
    "depart": (920, 300, "Closed"),
}
"""Where vidigi draws each event: x, y and a label."""


def write(view: ResultsView, folder: Path) -> list[str]:
    """Write the folder `events` into `folder`; returns what could not be part of it."""
    import pandas as pd

    journeys = _journeys(view)
    out = folder / "events"
    out.mkdir()
    events = event_log(journeys)
    if parquet_installed():
        write_table(events, out / "events.parquet", SIMULATED)
    _csv(events.assign(**{"time:timestamp": events["time:timestamp"].dt.strftime("%Y-%m-%dT%H:%M:%S+00:00")}),
         out / "events.csv")  # fmt: skip
    for name in dict.fromkeys(journeys["scenario"].astype(str)):
        _csv(vidigi_log(journeys[journeys["scenario"] == name]), out / f"vidigi-{_file_name(name)}.csv")
    positions = [(event, x, y, label) for event, (x, y, label) in POSITIONS.items()]
    _csv(pd.DataFrame(positions, columns=["event", "x", "y", "label"]), out / "vidigi-positions.csv")
    files.write_text(out / "README.txt", _readme())
    return []


def _journeys(view: ResultsView) -> pd.DataFrame:
    read = getattr(view.results, "journeys", None)
    try:
        if read is None:
            raise ResultsError("no journeys were kept")
        journeys: pd.DataFrame = read()
    except (ResultsError, FileNotFoundError) as error:
        raise ExportError(f"an event log needs journeys ({error}); run again with --journeys first or all") from None
    return journeys


def event_log(journeys: pd.DataFrame) -> pd.DataFrame:
    """Events of journeys in order of child and time; see `EVENT_COLUMNS`."""
    import numpy as np
    import pandas as pd

    stage = journeys["stage"].astype(str)
    words = stage.str.replace("_", " ").str.capitalize()
    outcome = journeys["outcome"].astype(object).where(journeys["outcome"].notna(), "").astype(str)
    worker, team = journeys["worker"], journeys["team"].astype(object).where(journeys["team"].notna(), "").astype(str)
    held = worker.notna() & journeys["allocated"].notna()
    resource = np.where(held, "worker " + worker.fillna(-1).astype(int).astype(str), team)
    began = pd.to_datetime(journeys["entered"])
    child = journeys["scenario"].astype(str) + "/" + journeys["replication"].astype(str)
    common = pd.DataFrame(
        {
            "case:concept:name": "simulated " + child + "/" + journeys["child"].astype(str),
            "stage": stage,
            "scenario": journeys["scenario"].astype(str),
            "replication": journeys["replication"],
            # A stay that began before another of the same child is told first.
            "stay": np.arange(len(journeys)),
            "place": stage.map({name: place for place, name in enumerate(STAGE_NAMES)}),
            "began": began,
        }
    )
    parts = []
    for kind, column, activity in (
        (STARTED, "entered", words + " begins"),
        (ALLOCATED, "allocated", words + " is allocated"),
        (DONE, "work_done", words + ": work is done"),
        (ENDED, "ended", words + " ends: " + outcome.str.replace("_", " ")),
    ):
        # A child who had a worker before the run has had one since the stage began.
        day = pd.to_datetime(journeys[column])
        day = day.where(day.isna() | (day > began), began)
        part = common.assign(
            **{"concept:name": activity, "org:resource": team if kind == STARTED else resource, "day": day,
               "kind": kind, "outcome": outcome if kind == ENDED else ""}
        )[day.notna()]  # fmt: skip
        parts.append(part)
    events = pd.concat(parts, ignore_index=True)
    events = events.sort_values(
        ["case:concept:name", "day", "began", "place", "stay", "kind"], kind="stable", ignore_index=True
    )
    within = events.groupby(["case:concept:name", "day"], sort=False).cumcount()
    events["time:timestamp"] = events["day"] + pd.to_timedelta(MORNING, "h") + pd.to_timedelta(within, "min")
    return events[list(EVENT_COLUMNS)]


def vidigi_log(journeys: pd.DataFrame) -> pd.DataFrame:
    """Events of the first replication of one scenario, as vidigi reads them; see `VIDIGI_COLUMNS`."""
    import pandas as pd

    mine = journeys[journeys["replication"] == journeys["replication"].min()]
    entered, ended = pd.to_datetime(mine["entered"]), pd.to_datetime(mine["ended"])
    allocated = pd.to_datetime(mine["allocated"])
    first = max(entered.min(), ended.min())
    stage, child = mine["stage"].astype(str), mine["child"]

    def events(kind: str, event: Any, day: pd.Series[Any], some: Any) -> pd.DataFrame:
        frame = pd.DataFrame({"entity_id": child, "event_type": kind, "event": event, "day": day})
        return frame[some & day.notna()]

    waits = (stage != "front_door") & (allocated.isna() | (allocated > entered))
    parts = [
        events("queue", stage + "_waits", entered, waits),
        events("queue", stage, allocated.where(waits, entered), ~waits | allocated.notna()),
    ]
    log = pd.concat(parts, ignore_index=True)
    by_child = pd.DataFrame({"child": child, "entered": entered, "ended": ended}).groupby("child")
    arrival = by_child["entered"].min()
    still_open = by_child["ended"].apply(lambda days: days.isna().any())
    depart = by_child["ended"].max()[~still_open]
    log = pd.concat(
        [
            pd.DataFrame({"entity_id": arrival.index, "event_type": "arrival_departure", "event": "arrival",
                          "day": arrival.to_numpy()}),
            log,
            pd.DataFrame({"entity_id": depart.index, "event_type": "arrival_departure", "event": "depart",
                          "day": depart.to_numpy()}),
        ],
        ignore_index=True,
    )  # fmt: skip
    log["time"] = (log["day"] - first).dt.days.clip(lower=0)
    log["pathway"] = str(mine["scenario"].iloc[0]) if len(mine) else ""
    # An event of vidigi's happens once to an entity: of several stays in a stage the first is shown.
    log["order"] = log["event"].map({event: place for place, event in enumerate(POSITIONS)})
    log = log.sort_values(["entity_id", "time", "order"], kind="stable").drop_duplicates(["entity_id", "event"])
    return log[list(VIDIGI_COLUMNS)].reset_index(drop=True)


def _csv(table: pd.DataFrame, path: Path) -> None:
    texts = {
        name: table[name].map(csv_text)
        for name in table.columns
        if table[name].dtype == object or str(table[name].dtype) in ("str", "string")
    }
    table.assign(**texts).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)[:100]


def _readme() -> str:
    lines = [
        SIMULATED,
        "",
        "events.csv (and, where pyarrow is installed, events.parquet): every event of every journey kept.",
    ]
    lines += [f"  {name:<18}{what}" for name, what in EVENT_COLUMNS.items()]
    lines += [
        "",
        "vidigi-<scenario>.csv: the first replication of a scenario, for vidigi; vidigi-positions.csv: its layout.",
    ]
    lines += [f"  {name:<18}{what}" for name, what in VIDIGI_COLUMNS.items()]
    return "\n".join(lines) + "\n"
