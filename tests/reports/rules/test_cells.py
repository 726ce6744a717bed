"""Cells of kept tables, as people type them and as programs send them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.reports.contracts.kept import CellKind, KeptColumn
from apps.reports.rules.cells import NotACell, read_cell, write_cell

D = Decimal


def column(kind: CellKind, **more: Any) -> KeptColumn:
    return KeptColumn("cell", kind, "", **more)


@pytest.mark.parametrize(
    ("kind", "given", "cell"),
    [
        (CellKind.PERSON, "17", 17),
        (CellKind.PERSON, 9223372036854775807, 2**63 - 1),
        (CellKind.DAY, " 2024-02-29 ", date(2024, 2, 29)),
        (CellKind.MONTH, "2025-03", date(2025, 3, 1)),
        (CellKind.MONTH, "2025-03-01", date(2025, 3, 1)),
        (CellKind.NUMBER, "1,234,567.8", D("1234567.80")),
        (CellKind.NUMBER, 0.1, D("0.10")),
        (CellKind.NUMBER, "007", D("7.00")),
        (CellKind.CURRENCY, "CAD", "CAD"),
        (CellKind.WEEKDAYS, "5, 1;3", (1, 3, 5)),
        (CellKind.WEEKDAYS, [7, 6], (6, 7)),
        (CellKind.FLAG, "Yes", True),
        (CellKind.FLAG, False, False),
        (CellKind.CHOICE, "Hours", "hours"),
    ],
)
def test_reads_what_is_meant(kind: CellKind, given: object, cell: object) -> None:
    read = read_cell(column(kind, choices=("hours", "billed")), given)

    assert read == cell
    assert read_cell(column(kind, choices=("hours", "billed")), write_cell(read)) == cell


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        (CellKind.PERSON, "0", "invalid_id"),
        (CellKind.PERSON, "-5", "invalid_id"),
        (CellKind.PERSON, "9223372036854775808", "invalid_id"),
        (CellKind.PERSON, "١٢", "invalid_id"),
        (CellKind.PERSON, True, "invalid"),
        (CellKind.DAY, "2025-02-30", "invalid_date"),
        (CellKind.DAY, "31.03.2025", "invalid_date"),
        (CellKind.DAY, "0001-01-01", "out_of_range"),
        (CellKind.DAY, ["2025-01-01"], "invalid"),
        (CellKind.MONTH, "2025-03-02", "invalid_date"),
        (CellKind.MONTH, "2025-13", "invalid_date"),
        (CellKind.NUMBER, "12,34", "invalid_number"),
        (CellKind.NUMBER, "1e3", "invalid_number"),
        (CellKind.NUMBER, "NaN", "invalid_number"),
        (CellKind.NUMBER, "-0.01", "out_of_range"),
        (CellKind.NUMBER, "100000000", "out_of_range"),
        (CellKind.NUMBER, "0.001", "too_precise"),
        (CellKind.NUMBER, "9" * 101, "invalid"),
        (CellKind.CURRENCY, "usd", "invalid_currency"),
        (CellKind.WEEKDAYS, "0", "invalid_days"),
        (CellKind.WEEKDAYS, "Mon", "invalid_days"),
        (CellKind.FLAG, "perhaps", "invalid_choice"),
        (CellKind.CHOICE, "fees", "invalid_choice"),
        (CellKind.CHOICE, "", "required"),
        (CellKind.NUMBER, None, "required"),
    ],
)
def test_says_what_is_wrong(kind: CellKind, given: object, code: str) -> None:
    with pytest.raises(NotACell) as fault:
        read_cell(column(kind, choices=("hours", "billed")), given)

    assert fault.value.code == code
    assert str(fault.value).endswith(".")


def test_an_empty_cell_is_the_columns_default() -> None:
    assert read_cell(column(CellKind.NUMBER, is_required=False, default=D(100)), "  ") == D(100)
    assert read_cell(column(CellKind.DAY, is_required=False), None) is None


def test_a_percent_may_be_written_as_one() -> None:
    assert read_cell(column(CellKind.NUMBER, most=D(100), places=4), "33.3333 %") == D("33.3333")
    with pytest.raises(NotACell):
        read_cell(column(CellKind.NUMBER), "33%")


@pytest.mark.parametrize(
    ("cell", "text"),
    [(D("1200.00"), "1200"), (D("0.5000"), "0.5"), (D("100"), "100"), (None, ""), (True, "true"), ((1, 3), "1 3")],
)
def test_writes_plainly(cell: Any, text: str) -> None:
    assert write_cell(cell) == text
