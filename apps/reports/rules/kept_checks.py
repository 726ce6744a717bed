"""What must hold between the cells of a row, and between the rows of a kept table."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.reports.contracts.kept import CellFault, KeptRow, RowKey
from apps.reports.rules import kept_tables as tables

Fault = tuple[RowKey, CellFault]
_MONEY = ("billed", "collected")
_FOREVER = date.max


def check_row(table: str, row: KeptRow) -> CellFault | None:
    """Return what is wrong with a row by itself, if anything."""
    check = _ROW_CHECKS.get(table)
    return check(row) if check else None


def check_rows(table: str, rows: Mapping[RowKey, KeptRow], touched: Iterable[RowKey]) -> list[Fault]:
    """Return what is wrong with the rows of a table together, for the subjects a change touched."""
    check = _TABLE_CHECKS.get(table)
    if check is None:
        return []
    subject_of, judge = check
    names = tables.BY_NAME[table].keys
    wanted = {subject_of(dict(zip(names, key, strict=True))) for key in touched}
    groups: dict[tuple[Any, ...], list[tuple[RowKey, KeptRow]]] = defaultdict(list)
    for key, row in rows.items():
        if subject_of(row) in wanted:
            groups[subject_of(row)].append((key, row))
    return [fault for group in groups.values() for fault in judge(group)]


def _target(row: KeptRow) -> CellFault | None:
    if row["practice_area_id"] is not None and row["timekeeper_id"] is not None:
        return CellFault("timekeeper_id", "Name a practice area or a person, or neither for the firm.", "one_of_two")
    if row["timekeeper_id"] is not None and row["measure"] == "hours":
        return CellFault(
            "measure", "A person's hours are kept as target hours (/target-hours), not here.", "kept_elsewhere"
        )
    if row["currency"] and row["measure"] not in _MONEY:
        return CellFault("currency", "Hours and matters have no currency.", "not_money")
    return None


def _split(row: KeptRow) -> CellFault | None:
    if (row["matter_id"] is None) == (row["client_id"] is None):
        return CellFault("matter_id", "Name a matter or a client, one of the two.", "one_of_two")
    return _in_order(row, "ends_on") or _in_order(row, "sunset_on")


def _fee_split(row: KeptRow) -> CellFault | None:
    together = sum((_number(row, name) for name in ("worked", "originating", "responsible")), Decimal(0))
    return (
        CellFault("worked", f"The shares add up to {together:f}, more than 100.", "above_100")
        if together > 100
        else None
    )


def _span(row: KeptRow) -> CellFault | None:
    return _in_order(row, "ends_on")


def _pair(row: KeptRow) -> CellFault | None:
    same = row["currency"] == row["quote_currency"]
    return CellFault("quote_currency", "Name two different currencies.", "same_currency") if same else None


def _merge(row: KeptRow) -> CellFault | None:
    own, main = row.values()
    return CellFault(_main_of(row), "Name another one.", "same") if own == main else None


def _main_of(row: KeptRow) -> str:
    return next(name for name in row if name.startswith("main_"))


def _in_order(row: KeptRow, end: str) -> CellFault | None:
    starts, ends = row["starts_on"], row[end]
    if isinstance(starts, date) and isinstance(ends, date) and ends < starts:
        return CellFault(end, "This is before the first day.", "before_start")
    return None


def _number(row: KeptRow, name: str) -> Decimal:
    value = row[name]
    return value if isinstance(value, Decimal) else Decimal(0)


def _bounds(row: KeptRow) -> tuple[date, date]:
    starts, ends = row["starts_on"], row["ends_on"]
    return (starts if isinstance(starts, date) else date.min, ends if isinstance(ends, date) else _FOREVER)


def _overlaps(group: Sequence[tuple[RowKey, KeptRow]]) -> Iterator[Fault]:
    before = None
    for key, row in sorted(group, key=lambda each: _bounds(each[1])):
        starts, ends = _bounds(row)
        if before is not None and starts <= before:
            yield key, CellFault("starts_on", "This overlaps another row of the same person.", "overlap")
        before = max(ends, before or ends)


def _hundred(group: Sequence[tuple[RowKey, KeptRow]]) -> Iterator[Fault]:
    """Look at every day on which the division changes: whoever holds then must add up to 100."""
    days = {day for _, row in group for day in (_bounds(row)[0], _after(_bounds(row)[1]))} - {_FOREVER}
    for day in sorted(days):
        holding = [(key, row) for key, row in group if _bounds(row)[0] <= day <= _bounds(row)[1]]
        together = sum((_number(row, "percent") for _, row in holding), Decimal(0))
        if holding and together != 100:
            detail = f"The shares that hold on {day} add up to {together.normalize():f}, not to 100."
            yield holding[-1][0], CellFault("percent", detail, "not_100")
            return


def _chains(group: Sequence[tuple[RowKey, KeptRow]]) -> Iterator[Fault]:
    merged = {key[0] for key, _ in group}
    for key, row in group:
        if row[_main_of(row)] in merged:
            yield key, CellFault(_main_of(row), "This one stands under another itself: name that one.", "merged_itself")


def _after(day: date) -> date:
    return day if day == _FOREVER else day + timedelta(days=1)


_RowCheck = Callable[[KeptRow], CellFault | None]
_ROW_CHECKS: Mapping[str, _RowCheck] = {
    tables.TARGETS.name: _target,
    tables.CREDIT_SPLITS.name: _split,
    tables.FEE_SPLITS.name: _fee_split,
    tables.EMPLOYMENTS.name: _span,
    tables.LEAVES.name: _span,
    tables.EXCHANGE_RATES.name: _pair,
    **{table.name: _merge for table in tables.MERGES},
}
_Subject = Callable[[KeptRow], tuple[Any, ...]]
_Judge = Callable[[Sequence[tuple[RowKey, KeptRow]]], Iterator[Fault]]


def _whose(row: KeptRow) -> tuple[Any, ...]:
    return (row["timekeeper_id"],)


def _all_alike(_: KeptRow) -> tuple[Any, ...]:
    return ()


def _divided(row: KeptRow) -> tuple[Any, ...]:
    return (row["role"], row["matter_id"], row["client_id"])


_TABLE_CHECKS: Mapping[str, tuple[_Subject, _Judge]] = {
    tables.CREDIT_SPLITS.name: (_divided, _hundred),
    tables.EMPLOYMENTS.name: (_whose, _overlaps),
    tables.LEAVES.name: (_whose, _overlaps),
    **{table.name: (_all_alike, _chains) for table in tables.MERGES},
}
