"""Write the tables of docs/councils.md from results folders: `python -m benchmarks.councils [FOLDER]`.

FOLDER (outputs/councils by default) holds one results folder for each council. A question whose folder or figure is not
there is listed with the command that is still to be run. `--commands` prints all of these commands.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks.tables import table, write

CHECKOUT = Path(__file__).resolve().parent.parent
PAGE = CHECKOUT / "docs" / "councils.md"
RUNS = {"croydon": 10, "wirral": 8, "rutland": 30, "surrey": 4}
BASES = {"croydon": "croydon-surge", "wirral": "wirral-base", "rutland": "rutland-base", "surrey": "surrey-base"}
YEARS = {"croydon": "2018-19", "wirral": "2019-20", "rutland": "2019-20", "surrey": "2021-22"}
"""The reporting year that the answers are of, unless a question names another."""

OVERDUE = "assessments_open_over_45wd"
WITHOUT = "unallocated"
ON_TIME = "assessments_45wd_pct"


@dataclass(frozen=True)
class Question:
    """One question, the scenario that answers it, and the measures that a planner reads."""

    council: str
    text: str
    scenario: str
    measures: tuple[str, ...]


QUESTIONS = (
    Question("croydon", "What if referrals had not risen?", "croydon-2017", (OVERDUE, WITHOUT, ON_TIME)),
    Question("croydon", "What do the surge teams buy?", "croydon-surge-teams", (OVERDUE, WITHOUT, "cost_total")),
    Question("croydon", "And if they leave early?", "croydon-teams-leave-early", (OVERDUE, WITHOUT, "cost_total")),
    Question("croydon", "And if they stay longer?", "croydon-teams-leave-late", (OVERDUE, WITHOUT, "cost_total")),
    Question("croydon", "What does business support buy?", "croydon-business-support", (OVERDUE, WITHOUT, ON_TIME)),
    Question(
        "croydon", "What does a cohort of beginners buy?", "croydon-nqsw-cohort", (OVERDUE, WITHOUT, "cost_total")
    ),
    Question("croydon", "What do spans of six buy?", "croydon-spans-6", (OVERDUE, "cost_total")),
    Question("croydon", "What do two more solicitors buy?", "croydon-solicitors", ("cost_total",)),
    Question("croydon", "And one worker from start to end?", "croydon-one-worker", (WITHOUT, ON_TIME, "handovers")),
    Question("croydon", "What does a tracker of pre-proceedings do?", "croydon-plo-tracker", ("plo_over_16w_pct",)),
    Question("croydon", "What do all of them buy together?", "croydon-all-together", (OVERDUE, WITHOUT, "cost_total")),
    Question("croydon", "A quarter of posts held by beginners, uncapped?", "croydon-nqsw-no-cap", (OVERDUE, WITHOUT)),
    Question("croydon", "The same with a cap?", "croydon-nqsw-caps", (OVERDUE, WITHOUT)),
    Question("wirral", "How much drift is hand-off?", "wirral-no-hand-offs", ("handovers", ON_TIME)),
    Question(
        "wirral", "What if posts are filled at once?", "wirral-vacancies-filled", ("cin_plans_open", "cost_total")
    ),
    Question("wirral", "And if six more fall empty?", "wirral-more-vacancies", ("cin_plans_open", "cost_total")),
    Question("wirral", "What does early help free up?", "wirral-early-help", ("cin_plans_open", "caseload_mean")),
    Question("wirral", "What does closer supervision do?", "wirral-supervision", ("cin_plans_open",)),
    Question(
        "rutland", "What does a stricter sign-off do?", "rutland-stricter-sign-off", (ON_TIME, "rereferrals_12m_pct")
    ),
    Question("rutland", "Do two teams wait longer?", "rutland-two-teams", ("handovers", WITHOUT)),
    Question("rutland", "How much does one vacancy hurt?", "rutland-one-vacancy", (ON_TIME, "caseload_mean")),
    Question("rutland", "What if agency workers go?", "rutland-agency-let-go", (ON_TIME, "cost_total")),
    Question("surrey", "What do ten beginners buy?", "surrey-nqsw-10", ("caseload_mean", "cost_total")),
    Question("surrey", "And twenty?", "surrey-nqsw-20", ("caseload_mean", "cost_total")),
    Question("surrey", "And forty?", "surrey-nqsw-40", ("caseload_mean", "cost_total")),
    Question("surrey", "What does a tenure of five years cost?", "surrey-tenure-5", ("handovers", "cin_plans_open")),
    Question("surrey", "What does a tenure of seven buy?", "surrey-tenure-7", ("handovers", "cin_plans_open")),
    Question("surrey", "What does the case review displace?", "surrey-case-review", (ON_TIME, "cin_plans_open")),
    Question(
        "surrey", "What do family meetings do?", "surrey-family-network-meetings", ("rereferrals_12m_pct", ON_TIME)
    ),
    Question("surrey", "What does early help buy?", "surrey-early-help", ("cin_plans_open", "cost_total")),
)


def to_run(council: str, folder: Path) -> str:
    """The command whose results answer a council's questions."""
    scenarios = " ".join(question.scenario for question in QUESTIONS if question.council == council)
    return f"frontdoor compare {BASES[council]} {scenarios} -n {RUNS[council]} --out {folder / council}"


def differences(path: Path) -> dict[tuple[str, str, str], dict[str, str]]:
    """Rows of a `differences.csv` for the whole service, by scenario, measure and period."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {(row["scenario"], row["measure"], row["period"]): row for row in rows}


def figure(text: str) -> str:
    """A figure as a page shows it: whole from 100 on, otherwise with one decimal."""
    value = float(text)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"


def answers(council: str, folder: Path) -> str:
    """A council's table, or what is to be run."""
    known = differences(folder / council / "differences.csv")
    rows = []
    for question in QUESTIONS:
        for measure in question.measures if question.council == council else ():
            row = known.get((question.scenario, measure, YEARS[council]))
            if row is None or not row["difference"]:
                rows.append([question.text, f"`{measure}`", "to be run", "", ""])
                continue
            interval = f"{figure(row['simultaneous_low'])} to {figure(row['simultaneous_high'])}"
            clear = "clear of chance" if row["clear_of_chance"].lower() in ("true", "1") else "could be chance"
            rows.append([question.text, f"`{measure}`", figure(row["difference"]), interval, clear])
    runs = max((row.get("replications", "0") for row in known.values()), key=int, default=str(RUNS[council]))
    heading = f"Difference from `{BASES[council]}` in {YEARS[council]}, {runs} replications, seed 1."
    headings = ("question", "measure", "difference", "95% interval, all scenarios together", "verdict")
    return f"{heading}\n\n{table(headings, rows)}"


@click.command()
@click.argument("folder", default=Path("outputs/councils"), type=click.Path(file_okay=False, path_type=Path))
@click.option("--commands", is_flag=True, help="Print the commands that make the results, and write nothing.")
def main(folder: Path, commands: bool) -> None:
    """Write the tables of docs/councils.md from the results folders in FOLDER."""
    for council in RUNS:
        if commands:
            click.echo(to_run(council, folder))
        elif (folder / council / "differences.csv").exists():
            write(PAGE, council, answers(council, folder))
            click.echo(f"Wrote the table of {council}.")
        else:
            click.echo(f"Left as it is; to be run: {to_run(council, folder)}")


if __name__ == "__main__":
    main()
