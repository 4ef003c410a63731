"""`frontdoor why`: why the simulated children of a results folder wait."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.scenario.stage_names import STAGE_NAMES

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results.results import Results


@click.command("why", short_help="Say why children wait, stage by stage.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--scenario", metavar="NAME", help="Of a comparison, the scenario to speak of.  [default: each in turn]")
@click.option("--stage", type=click.Choice(STAGE_NAMES), help="Only this stage of the pathway.")
@click.option("--team", metavar="NAME", help="Only days on which this team held the case, or its managers did.")
@click.option("--period", metavar="YEAR", help="Only a reporting year or quarter, such as 2017-18 or '2017-18 Q2'.")
@click.option("--child", type=int, metavar="N", help="One simulated child, by the number in journeys.parquet.")
@click.option("--json", "as_json", is_flag=True, help="As JSON: days and shares of each cause.")
def command(
    folder: Path,
    scenario: str | None,
    stage: str | None,
    team: str | None,
    period: str | None,
    child: int | None,
    as_json: bool,
) -> int:
    """Say why the simulated children in the results FOLDER wait.

    Each working day that a child spends in a stage has one cause, the first that holds: no worker, a transfer, a
    decision, a slot, a review that is not due, a customary date, and else work, at full pace or slowed. Shares are of
    all child-days of the stage and add up to 100. Brackets hold the range in 8 runs out of 10.
    """
    from sim.experiment.errors import ResultsError
    from sim.experiment.results.results import load_results

    results = load_results(folder)
    names = [record.name for record in results.manifest.scenarios]
    if scenario is not None and scenario not in names:
        raise ResultsError(f"{folder} has no scenario {scenario}; it has {', '.join(names)}")
    chosen = names if scenario is None else [scenario]
    if child is not None:
        _child(results, chosen[0], child)
        return 0
    table = results.causes
    if table is None:
        raise ResultsError(f"{folder} has no causes.parquet: it was made by an earlier version; run the scenario again")
    _check("team", team, table["team"])
    if period is not None and not table["period"].astype(str).str.startswith(period).any():
        raise ResultsError(f"there is no period {period}; there are {', '.join(dict.fromkeys(table['period']))}")
    if as_json:
        _as_json(table, chosen, stage, team, period)
        return 0
    from sim.report.waiting.words import overall

    runs = results.manifest.replications
    click.echo(f"Means of {runs} replication{'s' if runs != 1 else ''} of simulated children.")
    for name in chosen:
        click.echo(f"\n{name}\n")
        for line in overall(table, name, stage=stage, team=team, period=period):
            click.echo(line)
    return 0


def _check(what: str, value: str | None, column: object) -> None:
    from difflib import get_close_matches

    from sim.experiment.errors import ResultsError

    known = [str(name) for name in dict.fromkeys(column)]  # type: ignore[call-overload]
    if value is not None and value not in known:
        close = get_close_matches(value, known, 1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
        raise ResultsError(f"there is no {what} '{value}'; {hint}")


def _child(results: Results, scenario: str, child: int) -> None:
    from sim.report.waiting.words import of_child

    journeys = results.journeys()
    mine = journeys[journeys["scenario"] == scenario]
    first = mine["replication"].min()
    for line in of_child(mine[mine["replication"] == first], child):
        click.echo(line)


def _as_json(table: pd.DataFrame, names: list[str], stage: str | None, team: str | None, period: str | None) -> None:
    import json

    from sim.experiment.analysis.waiting import SCOPES, days_by_run, shares
    from sim.measures.waiting.causes import CAUSE_NAMES

    rows = []
    for name in names:
        for place in STAGE_NAMES if stage is None else [stage]:
            for scope in SCOPES:
                shown = shares(days_by_run(table, name, scope, stage=place, team=team, period=period))
                rows += [
                    {
                        "scenario": name,
                        "stage": place,
                        "scope": "all" if scope == "days" else "beyond",
                        "cause": cause,
                        "child_days": round(float(shown.days[at]), 3),
                        "share": round(float(shown.share[at]), 6),
                        "low80": _figure(shown.low80[at]),
                        "high80": _figure(shown.high80[at]),
                    }
                    for at, cause in enumerate(CAUSE_NAMES)
                    if shown.days[at] > 0.0
                ]
    click.echo(json.dumps(rows, indent=2))


def _figure(value: float) -> float | None:
    return None if value != value else round(float(value), 6)
