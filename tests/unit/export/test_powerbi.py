"""The star, joined by pandas and by DuckDB: every key resolves, and the figures are those of summary.csv."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from sim.export.powerbi import write
from sim.export.star import LINKS, TABLES
from sim.export.texts import csv_text, plain
from sim.report.results_view import ResultsView

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def folder(view: ResultsView, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("star")
    assert write(view, out) == []
    return out / "powerbi"


def test_every_key_of_a_fact_resolves(folder: Path) -> None:
    tables = {name: pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig") for name in TABLES}
    for link in LINKS:
        keys = tables[link.dimension][link.key]
        assert keys.is_unique
        assert len(tables[link.fact])
        assert tables[link.fact][link.column].isin(keys).all()
    facts = {name for name in TABLES if name.startswith("fact")}
    linked = {(link.fact, link.column) for link in LINKS}
    assert {(fact, name) for fact in facts for name in tables[fact].columns if name.endswith("_key")} <= linked


def test_the_star_gives_summary_and_differences_again(folder: Path, view: ResultsView) -> None:
    with duckdb.connect() as database:
        levels = database.execute(
            f"""select s.scenario, m.measure, m.label, m.unit, m.better, p.period, b.breakdown, f.mean, f.low80,
                f.high80, f.ci95_low, f.ci95_high, f.replications, p.period_type, p.period_start, p.period_end
            from '{folder}/fact_levels.parquet' f
            join '{folder}/dim_scenario.parquet' s using (scenario_key)
            join '{folder}/dim_measure.parquet' m using (measure_key)
            join '{folder}/dim_period.parquet' p using (period_key)
            join '{folder}/dim_breakdown.parquet' b using (breakdown_key)
            order by scenario_key, measure_key, period_key, breakdown_key"""
        ).df()
        differences = database.execute(
            f"""select m.measure, p.period, f.difference from '{folder}/fact_differences.parquet' f
            join '{folder}/dim_measure.parquet' m using (measure_key)
            join '{folder}/dim_period.parquet' p using (period_key)
            join '{folder}/dim_scenario.parquet' s on f.baseline_key = s.scenario_key and s.is_baseline
            order by f.scenario_key, measure_key, period_key"""
        ).df()
    keys = ["scenario", "measure", "period", "breakdown"]
    wanted = view.results.summary.set_index(keys).sort_index()
    again = levels.set_index(keys).sort_index()[list(wanted.columns)]
    pd.testing.assert_frame_equal(again, wanted, check_dtype=False, check_exact=True, check_index_type=False)
    assert view.results.differences is not None
    names = ["measure", "period"]
    pd.testing.assert_series_equal(
        differences.set_index(names)["difference"].sort_index(),
        view.results.differences.set_index(names)["difference"].sort_index(),
        check_exact=True, check_index_type=False,
    )  # fmt: skip


def test_csv_and_parquet_hold_the_same(folder: Path) -> None:
    for name in TABLES:
        text = pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig", keep_default_na=False, na_values=[""])
        typed = pd.read_parquet(folder / f"{name}.parquet")
        assert list(text.columns) == list(typed.columns)
        assert len(text) == len(typed)
        for column in typed.select_dtypes("number").columns:
            pd.testing.assert_series_equal(text[column], typed[column], check_dtype=False, rtol=1e-14)


def test_csv_has_a_byte_order_mark_and_no_formula(folder: Path) -> None:
    files = sorted(folder.glob("*.csv"))
    assert len(files) == len(TABLES) + 1
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in files)
    titles = pd.read_csv(folder / "dim_scenario.csv", encoding="utf-8-sig")["title"]
    assert titles[1].startswith("'=HYPERLINK")
    assert "\x1b" not in titles[1]
    assert pd.read_parquet(folder / "dim_scenario.parquet")["title"][1].startswith("=HYPERLINK")


def test_every_column_and_file_is_described(folder: Path) -> None:
    dictionary = pd.read_csv(folder / "data_dictionary.csv", encoding="utf-8-sig")
    for name in TABLES:
        columns = pd.read_parquet(folder / f"{name}.parquet").columns
        assert dictionary.loc[dictionary["table"] == name, "column"].tolist() == list(columns)
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    assert all(path.stem in readme for path in folder.iterdir())
    assert "not real" in readme


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a"])
def test_formulas_are_marked_in_csv(text: str) -> None:
    assert csv_text(text) == f"'{text}"
    assert csv_text(f"\t{text}") == f"'{text}"
    assert csv_text(f"a{text}") == f"a{text}"


def test_control_characters_go() -> None:
    assert plain("a\x1b[31mb\r\nc\u202ed\x9b") == "a [31mb c d"
    assert plain(None) == ""
