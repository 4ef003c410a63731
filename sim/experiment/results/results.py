"""Results of a run or a comparison: tables, figures, and a folder to keep them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from sim.experiment.analysis.control_variates import ReferralChance, chance_of
from sim.experiment.errors import ResultsError
from sim.experiment.results import causes as by_cause
from sim.experiment.results import flow as week_by_week
from sim.experiment.results import tables
from sim.experiment.results.journeys import Journeys
from sim.experiment.results.period_dates import run_dates
from sim.experiment.results.replications import Replications
from sim.experiment.running.drawn_figures import Drawn, frame

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

    from sim.experiment.results.folder import Writer
    from sim.experiment.results.manifest import Manifest

__all__ = ["Presenter", "Results", "load_results"]


class Presenter(Protocol):
    """Shows results: the report layer, bound to results by `sim`."""

    def figures(self, results: Results) -> dict[str, Figure]:
        """The charts of results, by name."""

    def write_report(self, results: Results, path: Path) -> None:
        """Write the report of results."""


@dataclass(frozen=True)
class Results:
    """What came out, simulated: tables are pandas frames made when they are first asked for.

    `manifest` says what was run. `traces` holds the tracebacks of replications that failed.
    """

    manifest: Manifest
    by_scenario: tuple[Replications, ...] = field(repr=False)
    kept_journeys: Journeys | None = field(default=None, repr=False)
    traces: tuple[str, ...] = field(default=(), repr=False)
    stored_stocks: pd.DataFrame | None = field(default=None, repr=False)
    stored_causes: pd.DataFrame | None = field(default=None, repr=False)
    stored_flow: pd.DataFrame | None = field(default=None, repr=False)
    drawn: tuple[Drawn, ...] = field(default=(), repr=False)
    stored_parameters: pd.DataFrame | None = field(default=None, repr=False)
    explained: pd.DataFrame | None = field(default=None, repr=False)
    """What each change of a scenario does (`sim.experiment.studies.explain`); None unless that was asked."""
    presenter: Presenter | None = field(default=None, repr=False, compare=False)
    """Makes the figures and the report; results from `sim.run` and `sim.load_results` have one."""

    def __repr__(self) -> str:
        """One line: the scenarios, the replications and how many failed."""
        names = ", ".join(record.name for record in self.manifest.scenarios)
        failed = f", {len(self.manifest.failures)} failed" if self.manifest.failures else ""
        count = self.manifest.replications
        runs = f"{count} replication{'' if count == 1 else 's'}"
        return f"<Results of simulated children: {names}; {runs}{failed}>"

    def _repr_html_(self) -> str:
        """The table that a notebook shows: the key measures over the whole run, one column a scenario."""
        from html import escape

        table = tables.overview(self.summary)
        return f"<p>{escape(repr(self))}</p>{table.to_html(float_format='{:,.1f}'.format, na_rep='–')}"

    def presented_by(self, presenter: Presenter) -> Self:
        """Return the same results with a presenter."""
        return replace(self, presenter=presenter)

    @property
    def confidence(self) -> float:
        """Coefficient of the intervals: 95%, or what covers 95% after stopping when they were narrow enough."""
        return self.manifest.confidence

    @cached_property
    def referral_chance(self) -> ReferralChance | None:
        """The chance variation of referrals that is taken out of means and differences; None where none is."""
        if not self.manifest.adjusting:
            return None
        return chance_of(
            [each.referrals for each in self.by_scenario], [each.replications for each in self.by_scenario]
        )

    @property
    def _dates(self) -> tuple[date, date] | None:
        """First and last day of the run, which all scenarios share."""
        return run_dates(next((scenario.resolved for scenario in self.manifest.scenarios), {}))

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Mean, range of runs and interval of each measure: scenario, measure, label, unit, better, period,
        breakdown, mean, low80, high80, ci95_low, ci95_high, replications, period_type, period_start, period_end.
        """
        return tables.summary(self.by_scenario, self.confidence, self.referral_chance, self._dates)

    @cached_property
    def differences(self) -> pd.DataFrame | None:
        """Paired differences from the baseline; None when one scenario was run."""
        return tables.differences(self.by_scenario, self.confidence, self.referral_chance, self._dates)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Every replication: scenario, replication, measure, period, breakdown, value."""
        return tables.measures(self.by_scenario)

    @cached_property
    def stocks(self) -> pd.DataFrame:
        """Month-end stocks by stage and breakdown; see `sim.measures.snapshots.STOCK_COLUMNS`."""
        return tables.stocks(self.by_scenario) if self.stored_stocks is None else self.stored_stocks

    @cached_property
    def causes(self) -> pd.DataFrame | None:
        """Child-days by cause of waiting; see `sim.experiment.results.causes.CAUSE_TABLE_COLUMNS`. None where the
        model recorded none.
        """
        return by_cause.frame(self.by_scenario) if self.stored_causes is None else self.stored_causes

    @cached_property
    def flow(self) -> pd.DataFrame | None:
        """Where the children of each scenario's first replication are from week to week; see
        `sim.experiment.results.flow.FLOW_COLUMNS`. None where the model recorded no causes.
        """
        return week_by_week.frame(self.by_scenario) if self.stored_flow is None else self.stored_flow

    @cached_property
    def parameters(self) -> pd.DataFrame | None:
        """What each replication drew for the figures that are ranges; None where nothing was drawn."""
        if self.stored_parameters is not None:
            return self.stored_parameters
        return frame(self.drawn) if self.drawn else None

    @cached_property
    def variance(self) -> pd.DataFrame | None:
        """Shares of the variance between replications from chance and from each uncertain figure; None where
        nothing was drawn. See `sim.experiment.analysis.variance`.
        """
        from sim.experiment.analysis.variance import variance_shares

        return None if self.parameters is None else variance_shares(self.by_scenario, self.parameters)

    @cached_property
    def best(self) -> pd.DataFrame | None:
        """How sure it is which scenario is best on each measure; None when one scenario was run."""
        from sim.experiment.analysis.best import best

        return best(self.by_scenario, self.manifest.seed)

    def journeys(self) -> pd.DataFrame:
        """One row for each simulated child in each spell; see `sim.experiment.results.journeys.JOURNEY_COLUMNS`.

        Raises:
            ResultsError: when the run kept no journeys.
        """
        if self.kept_journeys is None:
            raise ResultsError("no journeys were kept: run again with journeys='all' (or --journeys all)")
        return self.kept_journeys.read()

    def figures(self) -> dict[str, Figure]:
        """The report's charts as Plotly figures, by name.

        Raises:
            ResultsError: when the results have no presenter; those of `sim.run` and `sim.load_results` have one.
        """
        if self.presenter is None:
            raise ResultsError("these results have no charts; get them from sim.run, sim.compare or sim.load_results")
        return self.presenter.figures(self)

    def save(self, out: str | Path, *, report: bool = True, writers: Mapping[str, Writer] | None = None) -> Path:
        """Write the results folder, whole or not at all, and return its path.

        It replaces an earlier results folder, and nothing else. `writers` make further files, such as the report of
        the presenter, which is the default; `report=False` leaves it out. Tables are saved whatever a writer does.

        Raises:
            ResultsError: when `out` holds something else, or cannot be written.
            ReportError: when a writer fails; everything else is then saved.
        """
        from sim.experiment.results.folder import save

        if writers is None:
            writers = {"report.html": self.presenter.write_report} if report and self.presenter else {}
        return save(self, Path(out), writers)


def load_results(folder: str | Path) -> Results:
    """Read a results folder.

    Raises:
        ResultsError: when it is not one, or a file in it is missing or damaged.
    """
    from sim.experiment.results.folder import load

    return load(Path(folder))
