"""The whole overview against an independent recomputation over what the sandbox serves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from apps.core.tenancy import tenant
from apps.reports.models import LedgerBill
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.clio.sandbox.server import running_sandbox
from tests.reports.comparing import differences, ours, theirs
from tests.reports.mirror import TABLES, fill_mirror
from tests.reports.recompute import Books, Viewer

TODAY = date(2026, 10, 31)
YEAR = (date(2025, 11, 1), TODAY)


@pytest.fixture(scope="module")
def records() -> Iterator[dict[str, Any]]:
    with running_sandbox() as sandbox:
        yield {name: sandbox.list_all(name) for name in TABLES}


@pytest.fixture(scope="module")
def books(records: dict[str, Any]) -> Books:
    return Books(records, currency="USD", zone="UTC")


@pytest.fixture
def firm_id(cast: Any, records: dict[str, Any]) -> int:
    fill_mirror(cast.firm.firm_id, records)
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=datetime(2026, 10, 31, tzinfo=UTC)).status == "built"
    return int(cast.firm.firm_id)


def viewers(records: dict[str, Any]) -> list[Viewer]:
    people = [user["id"] for user in records["users"]]
    areas = [area["id"] for area in records["practice_areas"]]
    clients = sorted({matter["client"]["id"] for matter in records["matters"]})
    return [
        Viewer(),
        *[Viewer("self", me=person) for person in people[:3]],
        Viewer("self"),
        Viewer("subset", grants=[{"people": people[1:3]}]),
        Viewer("subset", grants=[{"areas": areas[:2]}, {"people": people[:1], "areas": areas[2:4]}]),
        Viewer("subset", grants=[{"clients": clients[::3]}]),
        Viewer("subset", grants=[{}]),
    ]


@pytest.mark.django_db
def test_overview_equals_the_recomputation(firm_id: int, records: dict[str, Any], books: Books) -> None:
    periods = [YEAR, (date(2026, 2, 1), date(2026, 2, 28)), (date(2026, 4, 10), date(2026, 6, 20))]
    for viewer in viewers(records):
        for first, last in periods:
            mine, other = ours(firm_id, first, last, TODAY, viewer), theirs(books, first, last, TODAY, viewer)
            assert differences(mine, other) == {}, viewer


@pytest.mark.django_db
def test_receivables_tie_to_clios_own_balances(firm_id: int, records: dict[str, Any]) -> None:
    figures = ours(firm_id, *YEAR, TODAY, Viewer())["currencies"]["USD"]["receivable"]
    approved = [
        bill
        for bill in records["bills"]
        if bill["state"] in ("awaiting_payment", "paid") and bill["kind"] != "trust_kind"
    ]

    assert (
        f"{sum(bill['balance'] for bill in approved):.2f}"
        == f"{float(figures['total']) - float(figures['overpaid']):.2f}"
    )
    with tenant(firm_id):
        assert LedgerBill.objects.filter(unreconciled=0, is_balanced=True).count() == len(approved)
