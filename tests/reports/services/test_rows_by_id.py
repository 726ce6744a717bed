"""Rows behind a figure are taken up by their ids, some at a time; none is lost where most of them give nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.core.access import Extra
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Dimension, Measure, Query, Source
from apps.reports.contracts.explanation import Cell, CellQuestion, RowMark
from apps.reports.queries.rows_behind import read_rows_behind
from apps.reports.queries.sources.reading import Reading
from apps.reports.services.explain_cell import explain_cell
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 31, 16, tzinfo=UTC)
FIRST, MANY = 1_000_000, 4_400
# The numbers of the entries that are worth something: beyond the first few looked at, and beyond the first thousands.
WORTH = (210, 215, 4_250, 4_390, 4_399)


def entry(number: int) -> dict[str, Any]:
    """Return an hour of work; most of them were given a price of nothing."""
    return {
        "id": FIRST + number,
        "type": "TimeEntry",
        "date": date(2025, 3, 1 + number % 28),
        "quantity": 3600,
        "rounded_quantity": 3600,
        "quantity_redacted": False,
        "price": Decimal(0),
        "total": Decimal(number) if number in WORTH else Decimal(0),
        "non_billable": False,
        "no_charge": False,
        "flat_rate": False,
        "contingency_fee": False,
        "user": {"id": 1},
        "matter": {"id": 11 + number % 2},
    }


def page(firm_id: int, item: str, mark: RowMark | None, keys: dict[Dimension, Any], size: int) -> Any:
    """Return a page of the rows behind March's figure."""
    question = CellQuestion(Query((item.partition(".")[0],), "2025-03"), Cell(item, keys), mark, size=size)
    with tenant(firm_id, read_only=True):
        return explain_cell(scope=Scope.whole_firm(firm_id), asked=question, now=NOW, permissions=frozenset(Extra))


@pytest.mark.parametrize("keys", [{}, {Dimension.MATTER: 11}], ids=["total", "matter"])
def test_finds_the_few_rows_that_give_something(cast: Any, build: Callable[..., Any], keys: Any) -> None:
    records = golden("march")
    matters = sorted(each["id"] for each in records["matters"])
    people = sorted(each["id"] for each in records["users"])
    added = [
        {**entry(number), "user": {"id": people[0]}, "matter": {"id": matters[number % 2]}} for number in range(MANY)
    ]
    build({**records, "activities": [*records["activities"], *added]})
    keys = {Dimension.MATTER: matters[0]} if keys else {}
    expected = [number for number in WORTH if not keys or number % 2 == 0]

    first = page(cast.firm.firm_id, "worked_value.worked", RowMark(0, FIRST, ""), keys, 2)
    rows = list(first.rows)
    after = first
    while after.next is not None:
        after = page(cast.firm.firm_id, "worked_value.worked", after.next, keys, 2)
        rows += after.rows
    back = page(cast.firm.firm_id, "worked_value.worked", RowMark(0, FIRST + MANY, "", is_backwards=True), keys, 3)

    assert [row.row_id - FIRST for row in rows] == expected
    assert sum(row.contributions["worked_value"] for row in rows) == sum(expected)
    assert [row.row_id - FIRST for row in back.rows] == expected[-3:]


def test_pages_of_all_rows_add_up_to_the_hours(cast: Any, build: Callable[..., Any]) -> None:
    records = golden("march")
    people = sorted(each["id"] for each in records["users"])
    matters = sorted(each["id"] for each in records["matters"])
    added = [{**entry(number), "user": {"id": people[0]}, "matter": {"id": matters[0]}} for number in range(450)]
    build({**records, "activities": [*records["activities"], *added]})

    after = page(cast.firm.firm_id, "recorded_hours.billable", None, {}, 100)
    total, rows = after.sums[0].total, list(after.rows)
    while after.next is not None:
        after = page(cast.firm.firm_id, "recorded_hours.billable", after.next, {}, 100)
        rows += after.rows

    assert len({row.row_id for row in rows}) == len(rows) == 452
    assert sum(row.contributions["billable_hours"] for row in rows) == total == 461 * 3600


@pytest.mark.parametrize("is_backwards", [False, True])
def test_reads_all_that_is_left_where_nobody_knows_what_gives_something(
    cast: Any, build: Callable[..., Any], is_backwards: bool
) -> None:
    records = golden("march")
    people = sorted(each["id"] for each in records["users"])
    matters = sorted(each["id"] for each in records["matters"])
    added = [{**entry(number), "user": {"id": people[0]}, "matter": {"id": matters[0]}} for number in range(MANY)]
    build({**records, "activities": [*records["activities"], *added]})
    firm_id = cast.firm.firm_id
    reading = Reading(
        scope=Scope.whole_firm(firm_id), first=date(2025, 3, 1), last=date(2025, 3, 31), as_of=date(2025, 3, 31)
    )

    with tenant(firm_id, read_only=True):
        rows = read_rows_behind(
            reading=reading,
            source=Source.WORKED,
            measures=[Measure("worth", Source.WORKED, "sum(r.value) + 0")],
            beyond=(FIRST + (MANY if is_backwards else 0), ""),
            is_backwards=is_backwards,
            limit=4,
        )

    expected = list(reversed(WORTH))[:4] if is_backwards else list(WORTH)[:4]
    assert [row.row_id - FIRST for row in rows] == expected
