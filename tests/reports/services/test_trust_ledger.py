"""TRUST: movements on trust accounts, and the check against the balances Clio tells."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.contracts import Dimension, Measure, Source
from apps.reports.models import LedgerTrust, LedgerTrustCheck
from apps.reports.queries.sources import READABLE
from apps.reports.queries.sources.reading import Reading
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.clio.sandbox.server import running_sandbox
from tests.reports.conftest import golden
from tests.reports.mirror import TABLES, fill_mirror

pytestmark = pytest.mark.django_db
HELD = Measure("held", Source.TRUST, "sum(r.amount)")
IN = Measure("funds_in", Source.TRUST_MOVED, "sum(r.funds_in)")
OUT = Measure("funds_out", Source.TRUST_MOVED, "sum(r.funds_out)")


def movement(number: int, day: str, size: float, **more: Any) -> dict[str, Any]:
    account = {"bank_account": {"id": 71, "type": "Trust"}}
    return {"id": number, "date": day, "funds_in": max(size, 0), "funds_out": max(-size, 0), **account, **more}


@pytest.fixture
def records() -> dict[str, Any]:
    found = golden("march")
    matter, other = found["matters"]
    matter["account_balances"] = [
        {"id": 1, "type": "Trust", "balance": 300.25}, {"id": 2, "type": "Operating", "balance": 9},
    ]  # fmt: skip
    other["account_balances"] = []
    client = other["client"]
    found["bank_accounts"] = [
        {"id": 71, "type": "Trust", "name": "IOLTA", "currency": "USD", "balance": 350.25},
        {"id": 72, "type": "Operating", "name": "Operating", "currency": "USD", "balance": 1},
    ]
    found["bank_transactions"] = [
        movement(1, "2025-02-01", 500.25, matter={"id": matter["id"]}, client=matter["client"]),
        movement(2, "2025-03-10", -200, matter={"id": matter["id"]}, client=matter["client"]),
        movement(3, "2025-03-20", 50, client=client),
        movement(4, "2025-03-21", 77, bank_account={"id": 72, "type": "Operating"}),
    ]
    return found


def summed(firm_id: int, measure: Measure, *dimensions: Dimension, scope: Scope | None = None, last: str = "") -> Any:
    """Return the sums of a measure in March by key."""
    day = date.fromisoformat(last or "2025-03-31")
    level = tuple(f"k{position}" for position in range(len(dimensions)))
    reading = Reading(
        scope or Scope.whole_firm(firm_id), date(2025, 3, 1), day, day, dimensions=dimensions, levels=(level,)
    )
    piece = READABLE[measure.source].piece(reading, [measure])
    with tenant(firm_id, read_only=True), connection.cursor() as cursor:
        cursor.execute(piece.text, piece.values)
        return {row[1:-1]: row[-1] for row in cursor.fetchall() if row[-1] is not None}


def checks(firm_id: int) -> list[tuple[Any, ...]]:
    with tenant(firm_id):
        return sorted(LedgerTrustCheck.objects.values_list("kind", "record_id", "ours", "clios"))


def test_holds_what_moved_on_trust_accounts_only(cast: Any, build: Callable[..., Any], records: dict[str, Any]) -> None:
    build(records)
    firm_id, (matter, other) = cast.firm.firm_id, records["matters"]
    of_matter, of_client = (matter["id"],), (None,)

    assert summed(firm_id, HELD) == {(): 35025}
    assert summed(firm_id, HELD, last="2025-03-09") == {(): 50025}
    assert summed(firm_id, HELD, Dimension.MATTER) == {of_matter: 30025, of_client: 5000}
    clients = {(matter["client"]["id"],): 30025, (other["client"]["id"],): 5000}
    assert summed(firm_id, HELD, Dimension.CLIENT) == clients
    assert summed(firm_id, HELD, Dimension.BANK_ACCOUNT) == {(71,): 35025}
    assert (summed(firm_id, IN), summed(firm_id, OUT)) == ({(): 5000}, {(): 20000})


def test_a_grant_of_a_client_shows_what_is_held_for_no_matter_too(
    cast: Any, build: Callable[..., Any], records: dict[str, Any]
) -> None:
    build(records)
    firm_id, (matter, other) = cast.firm.firm_id, records["matters"]
    of_client = Scope(firm_id, ScopeKind.SUBSET, grants=(Grant(client_ids=(other["client"]["id"],)),))
    responsible = Scope(firm_id, ScopeKind.SELF, clio_user_id=matter["originating_attorney"]["id"])

    assert summed(firm_id, HELD, scope=of_client) == {(): 5000}
    assert summed(firm_id, HELD, scope=responsible) == {(): 30025}
    assert summed(firm_id, HELD, scope=Scope(firm_id, ScopeKind.SELF, clio_user_id=999)) == {}


def test_balances_that_agree_raise_no_flag(cast: Any, build: Callable[..., Any], records: dict[str, Any]) -> None:
    build(records)

    assert checks(cast.firm.firm_id) == []


def test_balances_that_do_not_agree_are_told_apart(
    cast: Any, build: Callable[..., Any], records: dict[str, Any]
) -> None:
    records["bank_accounts"][0]["balance"] = 351
    records["matters"][0]["account_balances"][0]["balance"] = 0
    build(records)

    matter_id = records["matters"][0]["id"]
    assert checks(cast.firm.firm_id) == [("bank_account", 71, 35025, 35100), ("matter", matter_id, 30025, 0)]


def test_nothing_is_compared_before_all_movements_are_read(cast: Any, records: dict[str, Any]) -> None:
    firm_id = cast.firm.firm_id
    records["bank_accounts"][0]["balance"] = 351
    fill_mirror(firm_id, records, refused=["bank_transactions"])

    assert rebuild_ledger(firm_id=firm_id, now=datetime(2025, 3, 31, 16, tzinfo=UTC)).status == "built"
    assert checks(firm_id) == []


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, Any]]:
    with running_sandbox() as sandbox:
        yield {name: sandbox.list_all(name) for name in TABLES}


def test_equals_a_plain_sum_of_what_the_sandbox_serves(cast: Any, served: dict[str, Any]) -> None:
    firm_id = cast.firm.firm_id
    fill_mirror(firm_id, served)
    rebuild_ledger(firm_id=firm_id, now=datetime(2026, 10, 31, 16, tzinfo=UTC))

    trust = {each["id"] for each in served["bank_accounts"] if each["type"] == "Trust"}
    expected: dict[Any, int] = {}
    for each in served["bank_transactions"]:
        if each["bank_account"]["id"] in trust:
            matter = (each["matter"] or {}).get("id")
            expected[matter] = expected.get(matter, 0) + round((each["funds_in"] - each["funds_out"]) * 100)
    with tenant(firm_id):
        rows = list(LedgerTrust.objects.values_list("matter_id", "amount"))
    found: dict[Any, int] = {}
    for matter, amount in rows:
        found[matter] = found.get(matter, 0) + amount
    assert found == expected
    assert len(found) > 5
    assert checks(firm_id) == []
