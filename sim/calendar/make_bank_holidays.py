"""Make the table of England's bank holidays from the library `holidays`: `python -m sim.calendar.make_bank_holidays`.

Importing `holidays` takes longer than a year of a small council, so the years that runs cover are kept as a table. A
test compares the table with the library: when the library learns of a new proclamation, run this again.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2050
TABLE: Final = Path(__file__).with_name("bank_holiday_table.py")


def days_of(first_year: int, last_year: int) -> list[date]:
    """Bank holidays in England by the library, from Monday to Friday, in order."""
    import holidays

    years = range(first_year, last_year + 1)
    return sorted(day for day in holidays.country_holidays("GB", subdiv="ENG", years=years) if day.weekday() < 5)


def table_text() -> str:
    """The source of the table: one line a year."""
    lines = [
        '"""England\'s bank holidays from Monday to Friday, by year: made by `sim.calendar.make_bank_holidays`."""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Final",
        "",
        "# fmt: off",
        "BANK_HOLIDAYS: Final[dict[int, str]] = {",
    ]
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        days = " ".join(f"{day:%m-%d}" for day in days_of(year, year))
        lines.append(f'    {year}: "{days}",')
    return "\n".join([*lines, "}", "# fmt: on", '"""Month and day of each bank holiday of a year."""', ""])


if __name__ == "__main__":
    TABLE.write_text(table_text(), encoding="utf-8")
