"""`frontdoor solve`: the cheapest setting that meets the targets."""

from __future__ import annotations

import click

from sim.cli.signals import held_back
from sim.cli.study_options import PERIOD, Study, report_or_error, show_answer, study_options, vary_option


@click.command("solve", short_help="Find the cheapest setting that meets targets.")
@click.argument("scenario")
@vary_option("What may be changed, by the paths of --set, such as teams.assessment.social_workers=30:70")
@click.option("--target", "targets", multiple=True, required=True, metavar="MEASURE>=FIGURE",
              help="What must be met, in quotes: 'assessments_45wd_pct>=85'; all of them in the same run.")  # fmt: skip
@click.option("--minimise", default="cost_total", show_default=True, metavar="MEASURE", help="What is to be least.")
@click.option("--chance", default="80%", show_default=True, help="Share of runs in which the targets must be met.")
@PERIOD
@click.option("--max-replications", "most", type=click.IntRange(min=6), default=40, show_default=True,
              help="Runs of one setting at most.")  # fmt: skip
@study_options
def command(
    scenario: str,
    varied: tuple[str, ...],
    targets: tuple[str, ...],
    minimise: str,
    chance: str,
    period: str | None,
    most: int,
    asked: Study,
) -> int:
    """Find the cheapest setting of SCENARIO that meets every target in enough runs, such as 8 out of 10.

    Settings that cannot be told apart from the answer are named, and so is the first one that is sure. It says so when
    no setting meets the targets.
    """
    from sim.experiment.studies.points import check_measures, check_period, last_full_year
    from sim.experiment.studies.solve import FILES, KIND, Question, save_solution, solve
    from sim.experiment.studies.solve_targets import read_chance, read_targets
    from sim.experiment.studies.study_folder import check_folder
    from sim.experiment.studies.vary import read_axes
    from sim.report.studies.reports import write_solution_report
    from sim.report.studies.solution import answer_lines

    required, wanted = read_targets(targets), read_chance(chance)
    check_measures([minimise], "--minimise")
    loaded = asked.load(scenario)
    when = period or last_full_year(loaded.scenario)
    check_period(loaded.scenario, when)
    axes = read_axes(loaded, varied)
    out = asked.folder("solve", loaded.name)
    check_folder(out, KIND, FILES)
    with asked.progress(most) as progress:
        solution = solve(
            loaded, axes, Question(required, minimise, wanted, when, most), asked.executor(),
            seed=asked.seed, progress=progress,
        )  # fmt: skip
    with held_back():
        save_solution(solution, out)
        reported = report_or_error(lambda: write_solution_report(solution, out / "report.html"), out)
    return show_answer([*answer_lines(solution), ""], out, reported=reported, quiet=asked.quiet)
