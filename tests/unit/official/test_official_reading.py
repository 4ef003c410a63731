"""Published files are read whatever an edition calls its columns, and what is wrong with them is said in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sim.official.errors import OfficialError
from sim.official.published.cells import read_cell
from sim.official.published.neighbours import read_neighbours
from sim.official.published.statistics import Statistics

if TYPE_CHECKING:
    from conftest import Extract

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("7090", 7090.0, ""),
        (" 1,234 ", 1234.0, ""),
        ("81.6%", 81.6, ""),
        ("c", None, "c"),
        ("C", None, "c"),
        ("x", None, "x"),
        ("z", None, "z"),
        ("u", None, "u"),
        ("..", None, ".."),
        ("", None, ""),
        ("k", 0.0, "k"),
        ("low", 0.0, "low"),
    ],
)
def test_a_cell_is_a_number_or_a_code(text: str, value: float | None, code: str) -> None:
    assert read_cell(text) == (value, code)


def test_a_figure_knows_where_it_stands(extract: Extract) -> None:
    statistics = extract.write()
    cell = statistics.cell("c1", "referrals", statistics.areas.find("Northshire"), 2017)
    assert (cell.value, cell.file, cell.column, cell.area, cell.year, cell.suppressed) == (
        2000.0, "c1_referrals_2015_to_2018.csv", "Referrals", "Northshire", 2017, False,
    )  # fmt: skip


def test_a_suppressed_figure_has_no_value_and_says_why(extract: Extract) -> None:
    statistics = extract.write({("c1", "Northshire", 2018, "Referrals"): "c"})
    cell = statistics.cell("c1", "referrals", statistics.areas.find("Northshire"), 2018)
    assert (cell.value, cell.suppressed, cell.why) == (None, True, "suppressed")


@pytest.mark.parametrize(
    "rename",
    [
        {"Referrals": "referrals_number", "Re_referrals": "Re-referrals", "61+_days": "Duration_61+_days"},
        {"Referrals": "REFERRALS", "CPP_At31": "cpp_at_31_march", "2_years_or_more": "2years+"},
        {"Section47": "section_47", "case_holders_fte": "fte_case_holders"},
    ],
)
def test_renamed_columns_are_found_or_named(extract: Extract, rename: dict[str, str]) -> None:
    statistics = extract.write(rename=rename)
    area = statistics.areas.find("Northshire") if "case_holders_fte" not in rename else None
    if area is None:
        with pytest.raises(OfficialError, match=r"csww_indicators_2015_to_2018.csv has no column case_holders_fte"):
            statistics.cell("workforce", "cases", statistics.areas.find("Northshire"), 2018)
        return
    for topic, column, value in (
        ("c1", "referrals", 2000), ("c1", "rereferrals", 420), ("c2", "days_61", 70), ("d1", "open", 170),
        ("d5", "years_2", 5),
    ):  # fmt: skip
        assert statistics.cell(topic, column, area, 2018).value == value


def test_byte_order_marks_old_encodings_and_spans_of_years(extract: Extract) -> None:
    for encoding in ("utf-8-sig", "cp1252"):
        statistics = extract.write(encoding=encoding, period=lambda year: f"{year - 1}{year % 100:02d}")
        area = statistics.areas.find("Northshire")
        assert statistics.years("c1", area) == [2015, 2016, 2017, 2018]
        assert statistics.cell("c1", "referrals", area, 2018).value == 2000


def test_files_that_were_renamed_are_known_by_their_columns(extract: Extract) -> None:
    extract.write()
    (extract.folder / "c4_section_47s_2015_to_2018.csv").rename(extract.folder / "enquiries.csv")
    statistics = Statistics(extract.folder)
    assert statistics.file("c4") == "enquiries.csv"
    assert statistics.cell("c4", "enquiries", statistics.areas.find("901"), 2018).value == 600


@pytest.mark.parametrize("wanted", ["northshire", "Northshire County Council", "901", "E06000901", "e06000901"])
def test_an_area_is_found_by_name_or_code(extract: Extract, wanted: str) -> None:
    assert extract.write().areas.find(wanted).name == "Northshire"


def test_a_council_keeps_its_old_code_when_its_new_one_changes(extract: Extract) -> None:
    extract.write()
    path = extract.folder / "b7_child_in_need_plans_2015_to_2018.csv"
    path.write_text(path.read_text().replace("E06000901", "E06000977"))
    statistics = Statistics(extract.folder)
    area = statistics.areas.find("E06000977")
    assert area is statistics.areas.find("E06000901")
    assert statistics.cell("b7", "open", area, 2018).value == 330


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("Northshre", "there is no area 'Northshre' in the files; did you mean Northshire?"),
        ("Atlantis", "there is no area 'Atlantis' in the files; --list shows what there is"),
        ("Cumberland", "reorganised in April 2023 (until then Cumbria)"),
    ],
)
def test_an_unknown_area_gets_a_suggestion(extract: Extract, wanted: str, said: str) -> None:
    with pytest.raises(OfficialError) as raised:
        extract.write().areas.find(wanted)
    assert said in str(raised.value)


def test_what_is_neither_number_nor_code_is_named_by_file_column_council_and_year(extract: Extract) -> None:
    statistics = extract.write({("c1", "Northshire", 2018, "Referrals"): "many"})
    with pytest.raises(OfficialError) as raised:
        statistics.cell("c1", "referrals", statistics.areas.find("Northshire"), 2018)
    assert str(raised.value) == (
        "c1_referrals_2015_to_2018.csv, column Referrals, Northshire, 2018: 'many' is neither a number nor a code "
        "such as c or x"
    )


def test_a_folder_without_the_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OfficialError, match="holds none of the DfE's files"):
        Statistics(tmp_path)
    with pytest.raises(OfficialError, match="is not a folder"):
        Statistics(tmp_path / "nowhere")


def test_neighbours_are_read_by_row_or_by_pair(extract: Extract, tmp_path: Path) -> None:
    statistics = extract.write()
    area = statistics.areas.find("Northshire")
    path = tmp_path / "near.csv"
    path.write_text("LA,SN1,distance\nNorthshire,E09000902,0.7\n")
    assert [one.name for one in read_neighbours(path, statistics, area)] == ["Southmere, Borough of"]
    path.write_text("area,neighbour\nSouthmere,901\n")
    with pytest.raises(OfficialError, match="names no neighbour of Northshire"):
        read_neighbours(path, statistics, area)
