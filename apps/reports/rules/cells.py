"""Cells of kept tables: read from what people type or programs send, and written back."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from apps.reports.contracts.kept import IDS, Cell, CellFault, CellKind, KeptColumn, KeptRow, KeptTable

_DAY, _MONTH = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"(\d{4}-\d{2})(-01)?")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{0,30})?")
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_EARLIEST, _LATEST = date(1950, 1, 1), date(2199, 12, 31)
_LARGEST_ID = 2**63 - 1


class NotACell(ValueError):
    """What was given is nothing the column can hold; the message says so to people."""

    def __init__(self, detail: str, code: str = "invalid") -> None:
        super().__init__(detail)
        self.code = code


def read_row(table: KeptTable, given: Mapping[str, object]) -> tuple[KeptRow, list[CellFault]]:
    """Return a row of a table and what is wrong with its cells; a faulty cell holds its column's default."""
    row: dict[str, Cell] = {}
    faults = []
    for column in table.columns:
        row[column.name] = column.default
        try:
            row[column.name] = read_cell(column, given.get(column.name))
        except NotACell as fault:
            faults.append(CellFault(column.name, str(fault), fault.code))
    return row, faults


def read_cell(column: KeptColumn, given: object) -> Cell:
    """Return the value of a cell. Raises NotACell. given: text, or a JSON value."""
    if isinstance(given, list) and column.kind is CellKind.WEEKDAYS:
        given = " ".join(str(day) for day in given)
    if isinstance(given, list | dict) or (isinstance(given, bool) and column.kind is not CellKind.FLAG):
        raise NotACell("Give one plain value.")
    text = "" if given is None else str(given).strip()
    if not text:
        if column.is_required:
            raise NotACell("This must be filled in.", "required")
        return column.default
    if len(text) > 100:
        raise NotACell("This is too long.")
    return _read(column, text)


def write_cell(cell: Cell) -> str:
    """Return a cell as text that `read_cell` reads back."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, tuple):
        return " ".join(str(day) for day in cell)
    if isinstance(cell, Decimal):
        plain = format(cell, "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _read(column: KeptColumn, text: str) -> Cell:
    if column.kind in IDS:
        return _id(text)
    if column.kind is CellKind.DAY:
        return _day(text)
    if column.kind is CellKind.MONTH:
        return _month(text)
    if column.kind is CellKind.NUMBER:
        return _number(column, text)
    if column.kind is CellKind.WEEKDAYS:
        return _weekdays(text)
    return _word(column, text)


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) <= _LARGEST_ID):
        raise NotACell("This is no id of Clio's: a whole number is wanted.", "invalid_id")
    return int(text)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        raise NotACell(f"There is no day {text}.", "invalid_date") from None
    if day is None:
        raise NotACell("Write the day as 2025-03-31.", "invalid_date")
    if not _EARLIEST <= day <= _LATEST:
        raise NotACell(f"A day from {_EARLIEST} to {_LATEST}.", "out_of_range")
    return day


def _month(text: str) -> date:
    match = _MONTH.fullmatch(text)
    if match is None:
        raise NotACell("Write the month as 2025-03.", "invalid_date")
    return _day(f"{match[1]}-01")


def _number(column: KeptColumn, text: str) -> Decimal:
    plain = text.removesuffix("%").strip() if column.most == 100 else text
    plain = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain
    if not _NUMBER.fullmatch(plain):
        raise NotACell("Write a plain number, such as 1234.50.", "invalid_number")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise NotACell("Write a plain number, such as 1234.50.", "invalid_number") from None
    if number < 0 or number > column.most or (column.above_zero and number == 0):
        least = "above 0" if column.above_zero else "from 0"
        raise NotACell(f"A number {least} to {write_cell(column.most)}.", "out_of_range")
    if number != round(number, column.places):
        raise NotACell(f"At most {column.places} digits after the point.", "too_precise")
    return number.quantize(Decimal(1).scaleb(-column.places))


def _weekdays(text: str) -> tuple[int, ...]:
    days = re.split(r"[\s,;]+", text.strip(" ,;"))
    if not all(re.fullmatch(r"[1-7]", day) for day in days) or len(set(days)) < len(days):
        raise NotACell("Name each working day once, 1 for Monday to 7 for Sunday: 1 2 3 4 5.", "invalid_days")
    return tuple(sorted(int(day) for day in days))


def _word(column: KeptColumn, text: str) -> Cell:
    if column.kind is CellKind.FLAG:
        if text.lower() not in _FLAGS:
            raise NotACell("Say yes or no.", "invalid_choice")
        return _FLAGS[text.lower()]
    if column.kind is CellKind.CURRENCY:
        if not re.fullmatch(r"[A-Z]{3}", text):
            raise NotACell("A currency is three capital letters, such as USD.", "invalid_currency")
        return text
    if text.lower() not in column.choices:
        raise NotACell(f"One of {', '.join(column.choices)}.", "invalid_choice")
    return text.lower()
