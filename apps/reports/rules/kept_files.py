"""Kept tables as CSV files: read with the place of every fault, written so that no spreadsheet runs a cell."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from apps.reports.contracts.kept import KeptRow, KeptTable
from apps.reports.rules.cells import write_cell

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_SEPARATORS = (",", ";", "\t")
MOST_LINES = 50_000


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong in a file. line: the first is 1. column: its header; empty where it is the whole line."""

    line: int
    column: str
    detail: str
    code: str


@dataclass(frozen=True, slots=True)
class FileContent:
    """The lines of a file by header, with their numbers, or what keeps it from being read."""

    lines: Sequence[tuple[int, Mapping[str, str]]] = ()
    faults: Sequence[LineFault] = field(default_factory=tuple)


def read_file(table: KeptTable, content: bytes) -> FileContent:
    """Return the lines of a CSV file in UTF-8; the separator is the comma, the semicolon or the tab of its header.

    Empty lines are passed over. Columns with the names behind the ids may be there; any other stranger is a fault.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return FileContent(faults=(LineFault(line, "", "This is not UTF-8 text.", "not_utf8"),))
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return FileContent(faults=(LineFault(line, "", "This line holds a character that is no text.", "not_text"),))
    return _read_lines(table, text)


def write_file(table: KeptTable, rows: Iterable[tuple[KeptRow, Mapping[str, str]]]) -> Iterator[str]:
    """Yield the lines of a file: a header, then rows with the names behind their ids."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield writer.writerow(headers(table))
    for row, names in rows:
        cells = (names.get(name, "") if name not in row else write_cell(row[name]) for name in headers(table))
        yield writer.writerow([_harmless(cell) for cell in cells])


def headers(table: KeptTable) -> list[str]:
    """Return the columns of a table's file: each id with the name behind it."""
    return [name for column in table.columns for name in (column.name, column.name_column) if name]


def _read_lines(table: KeptTable, text: str) -> FileContent:
    separator = max(_SEPARATORS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[tuple[int, Mapping[str, str]]] = []
    header: list[str] = []
    number = 0
    try:
        for cells in reader:
            first, number = number + 1, reader.line_num
            if not header:
                header = [cell.strip().lower() for cell in cells]
                if faults := _header_faults(table, header):
                    return FileContent(faults=faults)
            elif any(cell.strip() for cell in cells):
                if len(cells) > len(header):
                    fault = LineFault(first, "", f"{len(cells)} cells, but {len(header)} columns.", "too_many_cells")
                    return FileContent(faults=(fault,))
                padded = cells + [""] * (len(header) - len(cells))
                lines.append((first, {name: _plain(cell) for name, cell in zip(header, padded, strict=True)}))
                if len(lines) > MOST_LINES:
                    fault = LineFault(first, "", f"A file may have {MOST_LINES:,} lines at most.", "too_many_lines")
                    return FileContent(faults=(fault,))
    except csv.Error as error:
        return FileContent(faults=(LineFault(number + 1, "", f"This line is no CSV: {error}.", "not_csv"),))
    if not header:
        return FileContent(faults=(LineFault(1, "", "The file is empty: its first line names the columns.", "empty"),))
    return FileContent(lines)


def _header_faults(table: KeptTable, header: Sequence[str]) -> list[LineFault]:
    known = headers(table)
    faults = [
        LineFault(
            1, name, f"There is no column {name[:60] or '(empty)'}; there are {', '.join(known)}.", "unknown_column"
        )
        for name in header
        if name not in known
    ]
    faults += [LineFault(1, name, "This column is there twice.", "twice") for name in known if header.count(name) > 1]
    for column in table.columns:
        if column.is_required and column.name not in header and column.name_column not in header:
            faults.append(LineFault(1, column.name, f"The column {column.name} is missing.", "missing_column"))
    return faults


def _harmless(cell: str) -> str:
    """Spreadsheets run cells that begin like a formula; an apostrophe makes them text."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


def _plain(cell: str) -> str:
    """Return a cell without the apostrophe that was put before a formula's beginning."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULAS) else cell


class _Echo:
    """A file that hands every line back."""

    def write(self, line: str) -> str:
        return line
