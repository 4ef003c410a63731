"""The star for Power BI: CSV that Excel opens too, Parquet, a data dictionary and the relationships in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.experiment.results.journeys import SIMULATED
from sim.experiment.results.table_files import WITHOUT_PARQUET, parquet_installed
from sim.export.columns import COLUMNS
from sim.export.star import LINKS, TABLES, star
from sim.export.texts import csv_text
from sim.report.results_view import ResultsView

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write"]

_ORDER: Final = (
    "In Power BI Desktop: Get data (CSV or Parquet) for each table, then Manage relationships in Model view."
)


def write(view: ResultsView, folder: Path) -> list[str]:
    """Write the folder `powerbi` into `folder`."""
    out = folder / "powerbi"
    out.mkdir()
    tables = star(view)
    for name, table in tables.items():
        _csv(table, out / f"{name}.csv")
        if parquet_installed():
            _parquet(table, out / f"{name}.parquet")
    _csv(_dictionary(tables), out / "data_dictionary.csv")
    (out / "relationships.txt").write_text(_relationships(tables), encoding="utf-8")
    (out / "README.txt").write_text(_readme(tables), encoding="utf-8")
    return []


def _csv(table: pd.DataFrame, path: Path) -> None:
    """Write with a byte order mark, by which Excel knows UTF-8. Figures keep every digit."""
    texts = {name: table[name].map(csv_text, na_action="ignore") for name in _texts(table)}
    table.assign(**texts).to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig")


def _texts(table: pd.DataFrame) -> list[str]:
    import pandas as pd

    return [name for name in table.columns if pd.api.types.is_string_dtype(table[name].dtype)]


def _parquet(table: pd.DataFrame, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    for place, field in enumerate(arrow.schema):
        if pa.types.is_timestamp(field.type):
            arrow = arrow.set_column(place, field.name, arrow[field.name].cast(pa.date32()))
    pq.write_table(arrow.replace_schema_metadata({"note": SIMULATED}), path, compression="snappy")


def _dictionary(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (table, TABLES[table], name, COLUMNS[name].heading, COLUMNS[name].kind, COLUMNS[name].meaning)
        for table, frame in tables.items()
        for name in frame.columns
    ]
    return pd.DataFrame(rows, columns=["table", "table_holds", "column", "heading", "type", "meaning"])


def _relationships(tables: dict[str, pd.DataFrame]) -> str:
    lines = [
        SIMULATED,
        "",
        _ORDER,
        "Each relationship is many to one, with a single cross-filter direction, from the dimension to the fact.",
        "The one that is not active is for measures that name the baseline, with USERELATIONSHIP.",
        "",
        "from table,from column,to table,to column,cardinality,cross-filter,active",
    ]
    lines += [
        f"{link.fact},{link.column},{link.dimension},{link.key},many to one,single,{'yes' if link.active else 'no'}"
        for link in LINKS
        if link.fact in tables
    ]
    return "\n".join(lines) + "\n"


def _readme(tables: dict[str, pd.DataFrame]) -> str:
    lines = [SIMULATED, "", *(() if parquet_installed() else (WITHOUT_PARQUET, ""))]
    lines += [f"{name + ('.csv, .parquet' if parquet_installed() else '.csv'):<34}{TABLES[name]}" for name in tables]
    lines += [
        f"{'data_dictionary.csv':<34}every column of every table: type and meaning",
        f"{'relationships.txt':<34}how the tables belong together, for import",
        f"{'README.txt':<34}this list",
        "",
        "Means of different scenarios, periods or breakdowns must not be added up: filter to one of each.",
        "Filter fact_levels to one period type and to one breakdown; fact_differences is of all children together.",
        "In CSV an apostrophe stands before a text that a spreadsheet would take for a formula.",
    ]
    return "\n".join(lines) + "\n"
