"""How well a council comes back from its own returns: `python -m benchmarks.round_trip` (about two minutes).

Each trial simulates an average council for two years, writes it as an Annex A workbook, makes a scenario from that
workbook, and runs the scenario for the next year. The original goes on into the same year, once: that is the truth. The
table of docs/start-from-your-own-returns.md says how often it lies in the interval of 9 runs in 10 that the scenario
gives, and how far the scenario lies from it on average.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import click
import numpy as np

from benchmarks.tables import table, write

PAGE = Path(__file__).resolve().parent.parent / "docs" / "start-from-your-own-returns.md"
START, AS_AT, END = date(2022, 4, 1), date(2024, 3, 31), date(2025, 3, 31)
YEAR = "2024-25"
CONFIDENCE = 0.9
FIGURES = (
    "referrals", "rereferrals_12m_pct", "assessments_completed", "assessments_45wd_pct", "assessments_open",
    "s47_started", "icpc_held", "icpc_15wd_pct", "cpp_started", "cpp_ended", "cpp_open", "cin_plans_started",
    "cin_plans_open",
)  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """One figure of the next year: what the original had, and the scenario's runs."""

    truth: float
    runs: tuple[float, ...]

    @property
    def inside(self) -> bool:
        """Whether the truth lies where one more run of the scenario would lie 9 times in 10."""
        from scipy import stats

        count, mean, spread = len(self.runs), float(np.mean(self.runs)), float(np.std(self.runs, ddof=1))
        width = stats.t.ppf((1 + CONFIDENCE) / 2, count - 1) * spread * (1 + 1 / count) ** 0.5
        return bool(abs(self.truth - mean) <= width)

    @property
    def difference(self) -> float:
        """How far the mean run lies from the truth, as a share of it."""
        return float(np.mean(self.runs)) / self.truth - 1 if self.truth else 0.0


def _figures(folder: Path) -> dict[str, tuple[float, ...]]:
    from sim.experiment.results.table_files import read_table

    frame = read_table(folder / "measures.parquet")
    frame = frame[(frame["period"] == YEAR) & (frame["breakdown"] == "all")]
    return {name: tuple(frame.loc[frame["measure"] == name, "value"].astype(float)) for name in FIGURES}


def trial(seed: int, referrals: float, replications: int) -> dict[str, Trial]:
    """Return each figure of the next year, in the original and in the scenario made from its returns."""
    import sim
    from sim.returns.export.write import export_returns

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = sim.new("original", folder, council="england", referrals=referrals)
        original = sim.run(sim.load(file, period__start=START, period__end=END), replications=1, seed=seed, workers=1)
        truth = _figures(original.save(folder / "truth", report=False))
        returns = export_returns(folder / "truth", ["annex-a"], as_at=AS_AT, out=folder / "returns")
        sim.from_returns(annex_a=returns[0], as_at=AS_AT, out=folder / "mine.yaml")
        mine = sim.load(folder / "mine.yaml", period__end=END)
        results = sim.run(mine, replications=replications, seed=seed + 1_000, workers=1, journeys="none")
        runs = _figures(results.save(folder / "runs", report=False))
    return {name: Trial(truth[name][0], runs[name]) for name in FIGURES}


def report(trials: Sequence[Mapping[str, Trial]]) -> str:
    """The table, and a sentence on all figures together."""
    from sim.measures.definitions import MEASURES

    labels = {name: MEASURES[name].label for name in FIGURES}
    rows = []
    for name in FIGURES:
        own = [each[name] for each in trials]
        inside, away = sum(each.inside for each in own), float(np.mean([each.difference for each in own]))
        rows.append((labels[name], str(inside), _signed(away)))
    whole = len(trials) * len(FIGURES)
    share = sum(each.inside for some in trials for each in some.values()) / whole
    several = f"{len(trials)} trial{'' if len(trials) == 1 else 's'}"
    sentence = f"Of {whole} figures in {several}, {share:.0%} lay in the interval of 9 runs in 10."
    return f"{sentence}\n\n" + table(("figure", f"in the interval, of {len(trials)}", "mean difference"), rows)


def _signed(share: float) -> str:
    return f"{share:+.0%}".replace("-", "−") if round(100 * share) else "0%"


@click.command(help=__doc__)
@click.option("--trials", default=20, show_default=True, type=click.IntRange(min=1), help="Councils simulated.")
@click.option("--replications", default=10, show_default=True, type=click.IntRange(min=2), help="Runs of a scenario.")
@click.option("--referrals", default=1_500.0, show_default=True, help="Children referred in a year.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(min=1), help="Processes.")
@click.option("--write", "to_page", is_flag=True, help="Put the table into the page.")
def main(trials: int, replications: int, referrals: float, workers: int, to_page: bool) -> None:
    """Run the trials and show, or write, the table."""
    one_trial = partial(trial, referrals=referrals, replications=replications)
    with ProcessPoolExecutor(workers) as pool:
        text = report(list(pool.map(one_trial, range(1, trials + 1))))
    if to_page:
        write(PAGE, "round trip", text)
    click.echo(text)


if __name__ == "__main__":
    main()
