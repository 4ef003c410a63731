"""The dates of periods, and what the table of differences says of its measures and runs."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim.experiment.errors import ResultsError
from sim.experiment.results.period_dates import PeriodDates, period_dates, run_dates
from sim.experiment.results.replications import Replications
from sim.experiment.results.tables import differences, replications_of, summary
from sim.measures.compute import FigureRows

pytestmark = pytest.mark.unit


def test_each_quarter_of_a_reporting_year_has_its_dates() -> None:
    dates = period_dates(["2019-20 Q1", "2019-20 Q2", "2019-20 Q3", "2019-20 Q4", "2019-20"])
    assert [(each.start, each.end) for each in dates.values()] == [
        (date(2019, 4, 1), date(2019, 6, 30)), (date(2019, 7, 1), date(2019, 9, 30)),
        (date(2019, 10, 1), date(2019, 12, 31)), (date(2020, 1, 1), date(2020, 3, 31)),
        (date(2019, 4, 1), date(2020, 3, 31)),
    ]  # fmt: skip
    assert [each.type for each in dates.values()] == ["quarter"] * 4 + ["reporting year"]


def test_periods_are_clipped_to_the_run() -> None:
    dates = period_dates(["2016-17", "2017-18", "2017-18 Q1", "whole"], (date(2016, 5, 9), date(2017, 6, 20)))
    assert dates["2016-17"] == PeriodDates("reporting year", date(2016, 5, 9), date(2017, 3, 31))
    assert dates["2017-18 Q1"] == PeriodDates("quarter", date(2017, 4, 1), date(2017, 6, 20))
    assert dates["whole"] == PeriodDates("whole run", date(2016, 5, 9), date(2017, 6, 20))


def test_a_whole_run_spans_its_years_where_its_dates_are_not_known() -> None:
    assert period_dates(["2016-17", "2018-19", "whole"])["whole"].end == date(2019, 3, 31)
    assert period_dates(["whole"])["whole"] == PeriodDates("whole run", None, None)


def test_what_is_no_period_is_refused() -> None:
    with pytest.raises(ValueError, match="'2016' is not a period"):
        period_dates(["2016"])


def test_a_stored_table_with_what_is_no_period_is_damaged() -> None:
    columns = {"scenario": "a", "replication": 0, "measure": "unallocated", "period": "words", "breakdown": "all"}
    with pytest.raises(ResultsError, match=r"measures\.parquet is damaged: 'words' is not a period"):
        replications_of(pd.DataFrame([{**columns, "value": 1.0}]))


def test_the_dates_of_a_run_come_from_its_scenario() -> None:
    dated = {"value": "2018-03-31", "source": "council"}
    assert run_dates({"period": {"start": "2016-04-01", "end": dated}}) == (date(2016, 4, 1), date(2018, 3, 31))
    assert run_dates({"period": {"start": "2016-04-01"}}) is None
    assert run_dates({}) is None


def test_differences_say_their_unit_which_way_is_good_and_their_range_by_hand() -> None:
    """Differences 1 to 11: a tenth of the way from 1 is 2, and nine tenths 10."""
    rows = FigureRows(("unallocated",), ("2016-17",), ("all",))
    runs = tuple(range(11))
    base = Replications("base", rows, runs, np.zeros((11, 1)), ())
    other = Replications("other", rows, runs, np.arange(1.0, 12.0).reshape(-1, 1), ())
    table = differences([base, other])
    assert table is not None
    (row,) = table.itertuples()
    assert (row.label, row.unit, row.better) == ("Children without a social worker", "children", "lower")
    assert (row.low80, row.high80) == pytest.approx((2.0, 10.0))
    assert (row.period_type, row.period_start, row.period_end) == (
        "reporting year", pd.Timestamp("2016-04-01"), pd.Timestamp("2017-03-31"),
    )  # fmt: skip


def test_a_price_has_no_range_of_runs() -> None:
    rows = FigureRows(("cost_total", "delay_child_days", "cost_per_delay_day_avoided"), ("whole",) * 3, ("all",) * 3)
    base = Replications("base", rows, (0, 1, 2), np.array([[100.0, 50.0, np.nan]] * 3), ())
    saved = np.array([[120.0, 40.0, np.nan], [122.0, 39.0, np.nan], [121.0, 38.0, np.nan]])
    other = Replications("other", rows, (0, 1, 2), saved, ())
    table = differences([base, other])
    assert table is not None
    price = table.set_index("measure").loc["cost_per_delay_day_avoided"]
    assert price["difference"] == pytest.approx(21 / 11)
    assert np.isnan(price["low80"])
    assert np.isnan(price["high80"])


def test_a_summary_without_dates_leaves_them_missing() -> None:
    rows = FigureRows(("unallocated",), ("whole",), ("all",))
    table = summary([Replications("base", rows, (0,), np.zeros((1, 1)), ())])
    assert table["period_type"].tolist() == ["whole run"]
    assert table["period_start"].isna().all()
