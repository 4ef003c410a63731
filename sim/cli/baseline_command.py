"""`frontdoor baseline`: a scenario for any council from the published statistics."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.entry import BAD_INPUT
from sim.cli.failures import tell_failures

if TYPE_CHECKING:
    from sim.official.making.baseline import Baseline
    from sim.official.making.council_figures import Wanted
    from sim.official.published.statistics import Statistics

ONE_STANDS_IN = "1 figure or band stands in for missing ones."


@click.command("baseline", short_help="Make a scenario for a council from official statistics.")
@click.option(
    "--data", required=True, type=click.Path(path_type=Path), help="Folder with the DfE's files, as they are published."
)
@click.option("--area", help="Council, region or England: name, old code or new code.")
@click.option("--year", type=click.IntRange(2000, 2100), help="Reporting year (to 31 March). [default: the latest]")
@click.option("--out", type=click.Path(path_type=Path), help="File to write.  [default: scenarios/<area>.yaml]")
@click.option("--neighbours", type=click.Path(path_type=Path), help="File of statistical neighbours (CSV).")
@click.option(
    "--localities", metavar="NAME,NAME…", help="Split assessment and plans into teams of these parts, of equal size."
)
@click.option(
    "--care-applications",
    type=click.FloatRange(min=0),
    help="Care applications for 10,000 children in a year, where they are known (Cafcass).",
)
@click.option(
    "--average-of",
    type=click.IntRange(min=1),
    default=1,
    help="Divide every count by so many councils: an average council of England or of a region.",
)
@click.option(
    "--years", type=click.IntRange(1, 20), default=4, show_default=True, help="Years that the scenario carries on."
)
@click.option(
    "--calibrate/--no-calibrate",
    "calibrating",
    default=True,
    show_default=True,
    help="Also find the settings that fit the council's own year (about a minute), and let the scenario carry them.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Master seed of that search.")
@click.option("-w", "--workers", type=click.IntRange(min=1), help="Processes.  [default: one for each processor]")
@click.option("--list", "listing", is_flag=True, help="List the councils and the years that there are.")
def command(
    data: Path,
    area: str | None,
    year: int | None,
    out: Path | None,
    neighbours: Path | None,
    localities: str | None,
    care_applications: float | None,
    average_of: int,
    years: int,
    calibrating: bool,
    seed: int,
    workers: int | None,
    listing: bool,
) -> int:
    """Write a complete scenario for a council, with a source for every figure.

    What is missing or suppressed comes from statistical neighbours, the region or England, and both the file and
    the output say so. Figures that no statistics give are assumptions, the same for every council.

    Then the year is run again at many settings of the few free figures. Those that the published figures cannot rule
    out are kept beside the scenario: frontdoor run --ensemble draws from them.
    """
    from sim.official.published.statistics import Statistics

    statistics = Statistics(data)
    if listing:
        _list(statistics)
        return 0
    if area is None:
        click.echo("say which council with --area, or --list to see what there is", err=True)
        return BAD_INPUT
    from sim.official.errors import OfficialError
    from sim.official.making.baseline import make_baseline, write_baseline
    from sim.official.making.council_figures import Wanted, legal_planning
    from sim.official.published.neighbours import read_neighbours

    council = statistics.areas.find(area, year)
    wanted_year = year if year is not None else max(statistics.years("c1", council), default=0)
    near = read_neighbours(neighbours, statistics, council) if neighbours is not None else ()
    parts = tuple(part.strip() for part in localities.split(",") if part.strip()) if localities else ()
    if localities and len(parts) < 2:
        raise OfficialError(f"--localities {localities!r} names fewer than two parts; write them with commas between")
    target = out or Path("scenarios") / f"{_slug(council.name)}-{wanted_year}.yaml"
    if target.is_dir():
        raise OfficialError(f"{target} is a folder; give the name of a file with --out")
    wanted = Wanted(council, wanted_year, near, parts, years=years, average_of=average_of)
    if care_applications is not None:
        wanted = replace(wanted, pre_proceedings=legal_planning(statistics, council, wanted_year, care_applications))
    baseline = make_baseline(statistics, wanted)
    write_baseline(baseline, target)
    click.echo(f"{council.name}, reporting year {wanted_year}: {target}")
    for note in baseline.notes:
        click.echo(f"- {note}")
    count = len(baseline.notes)
    if count:
        click.echo(f"{count} figures or bands stand in for missing ones." if count > 1 else ONE_STANDS_IN)
    else:
        click.echo("Nothing was missing.")
    calibrated = calibrating and _calibrate(baseline, statistics, wanted, target, seed, workers)
    click.echo(f"Next:  frontdoor check {target}")
    if calibrated:
        click.echo(f"       frontdoor run {target} --ensemble")
    return 0


def _calibrate(
    baseline: Baseline, statistics: Statistics, wanted: Wanted, target: Path, seed: int, workers: int | None
) -> bool:
    """Calibrate a scenario that is written; say what was found, and whether it carries an ensemble now."""
    from sim.cli.progress import progress_bar
    from sim.experiment.errors import ExperimentError
    from sim.experiment.running.executor import available_cpus, choose
    from sim.official.calibrate.council import budget_for, calibrate_council
    from sim.official.making.baseline import with_ensemble
    from sim.official.making.writing import write_together
    from sim.scenario import load

    if wanted.average_of > 1 or wanted.area.level != "local authority":
        click.echo("Not calibrated: only a council has published figures of its own year to be held to.")
        return False
    loaded = load(target)
    budget = budget_for(float(loaded.scenario.demand.referrals_a_year or 0.0))
    runs_on = choose(workers or available_cpus(), "local")
    try:
        with progress_bar(budget, shown=True) as progress:
            found = calibrate_council(
                loaded, statistics, wanted.area, budget, seed, progress=progress, executor=runs_on
            )
    except ExperimentError as error:
        click.echo(f"Not calibrated: {error}")
        return False
    texts = found.texts()
    if found.result.accepted:
        texts[target.name] = with_ensemble(baseline, found.ensemble_name).text
    write_together(target.parent, texts)
    for sentence in found.sentences:
        click.echo(sentence)
    tell_failures(found.failures, len(found.result.tried), runs_on)
    for reason in found.missing:
        click.echo(f"- Not held to: {reason}")
    for name in texts:
        click.echo(f"Wrote {target.parent / name}")
    return bool(found.result.accepted)


def _list(statistics: Statistics) -> None:
    rows = [
        (
            area.name,
            area.old_code,
            next((code for code in sorted(area.codes) if len(code) == 9), ""),
            area.region,
            years,
        )
        for level in ("local authority", "regional", "national")
        for area in statistics.areas.all(level)
        if (years := statistics.years("c1", area))
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for name, old, new, region, years in rows:
        cells = "  ".join(text.ljust(width) for text, width in zip((name, old, new, region), widths, strict=True))
        click.echo(f"{cells}  {_spans(years)}")


def _spans(years: list[int]) -> str:
    """`2013-2018, 2020`."""
    parts: list[list[int]] = []
    for year in years:
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return ", ".join(str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts)


def _slug(name: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())
