"""Rebuilding: all or nothing, twice is once, only when needed, in parts as in whole."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import Firm
from apps.clio.models import Allocation, SyncedEntity
from apps.core.models import Job
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports import jobs
from apps.reports.handlers import rebuild_after_change
from apps.reports.ledger.build import build_ledger
from apps.reports.ledger.part import LedgerPart
from apps.reports.models import LedgerState
from apps.reports.models.state import LEDGER_REVISION
from apps.reports.services.compute_overview import compute_overview
from apps.reports.services.erase_ledger import erase_ledger
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.request_rebuild import PAUSE, nudge_stale_ledgers, request_rebuild
from tests.reports.conftest import NOON, golden
from tests.reports.mirror import fill_mirror, raise_version
from tests.reports.wild import WildFirm

pytestmark = pytest.mark.django_db
TABLES = {
    "reports_time": "activity_id", "reports_expense": "activity_id", "reports_bill": "bill_id",
    "reports_line": "line_id", "reports_interest": "interest_charge_id", "reports_matter": "matter_id",
    "reports_employment": "timekeeper_id, starts_on",
    "reports_settle": "allocation_id, line_id, item, matter_id",
}  # fmt: skip


def contents() -> dict[str, list[Any]]:
    """Every row of the ledger, without the numbers the database gives."""
    found = {}
    with connection.cursor() as cursor:
        for table, order in TABLES.items():
            cursor.execute(f"SELECT to_jsonb(r) - 'id' FROM {table} r ORDER BY {order}")
            found[table] = [json.loads(row[0]) for row in cursor.fetchall()]
    return found


def test_twice_is_once(cast: Any) -> None:
    firm_id = cast.firm.firm_id
    fill_mirror(firm_id, WildFirm(1).records)
    rebuild_ledger(firm_id=firm_id, now=NOON)
    with tenant(firm_id):
        first = contents()
        raise_version(firm_id)

    assert rebuild_ledger(firm_id=firm_id, now=NOON).status == "built"

    with tenant(firm_id):
        assert contents() == first
        assert all(first.values())
        assert LedgerState.objects.get(firm_id=firm_id).generation == 2


def test_an_unchanged_mirror_is_not_built_again(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("march"))

    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON).status == "current"


def test_waits_for_the_first_sync(cast: Any) -> None:
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON).status == "waiting"
    with tenant(cast.firm.firm_id):
        assert not LedgerState.objects.exists()


def test_a_part_is_built_like_the_whole(cast: Any) -> None:
    firm_id, records = cast.firm.firm_id, WildFirm(2).records
    fill_mirror(firm_id, records)
    rebuild_ledger(firm_id=firm_id, now=NOON)
    with tenant(firm_id):
        Allocation.objects.filter(firm_id=firm_id).update(amount=17)
        bills = tuple(bill["id"] for bill in records["bills"])
        build_ledger(LedgerPart(firm_id, "USD", "UTC", NOON.date(), bill_ids=bills, without_bill=True))
        in_part = contents()
        build_ledger(LedgerPart(firm_id, "USD", "UTC", NOON.date()))

        assert contents() == in_part


def test_a_part_leaves_the_rest_alone(cast: Any) -> None:
    firm_id, records = cast.firm.firm_id, WildFirm(3).records
    fill_mirror(firm_id, records)
    rebuild_ledger(firm_id=firm_id, now=NOON)
    with tenant(firm_id):
        before = contents()
        for bill in records["bills"][:30]:
            build_ledger(LedgerPart(firm_id, "USD", "UTC", NOON.date(), bill_ids=(bill["id"],)))

            assert contents() == before


def test_a_voided_bill_leaves_the_ledger_and_its_work_returns(cast: Any, build: Callable[..., Any]) -> None:
    records = golden("march")
    build(records)
    records["bills"][0]["state"] = "void"

    build(records)

    with tenant(cast.firm.firm_id):
        found = contents()
    assert [found[table] for table in ("reports_bill", "reports_line", "reports_settle")] == [[], [], []]
    assert all(entry["billed_on"] is None for entry in found["reports_time"])


def test_the_announcement_promises_one_rebuild_at_once(cast: Any) -> None:
    for _ in range(3):
        rebuild_after_change(firm_id=cast.firm.firm_id, entities=frozenset({"bills"}), sender=None)

    with tenant(cast.firm.firm_id):
        (promised,) = Job.objects.filter(name=jobs.REBUILD_LEDGER)
    assert promised.available_at <= datetime.now(UTC)


def test_changes_right_after_a_build_wait_for_one_another(cast: Any, build: Callable[..., Any]) -> None:
    built_at = datetime.now(UTC)
    build(golden("march"), now=built_at)

    request_rebuild(firm_id=cast.firm.firm_id, now=built_at + PAUSE / 4)
    request_rebuild(firm_id=cast.firm.firm_id, now=built_at + PAUSE / 2)

    with tenant(cast.firm.firm_id):
        (promised,) = Job.objects.filter(name=jobs.REBUILD_LEDGER)
    assert promised.available_at == built_at + PAUSE


def test_a_lost_announcement_is_noticed(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("march"))
    assert nudge_stale_ledgers(now=NOON) == 0
    with tenant(cast.firm.firm_id):
        raise_version(cast.firm.firm_id)

    assert nudge_stale_ledgers(now=NOON + timedelta(minutes=1)) == 1


def test_a_change_of_the_firms_settings_is_noticed(cast: Any, build: Callable[..., Any]) -> None:
    records = golden("march")
    for record in (*records["matters"], *records["activities"]):
        record["currency"] = None
    build(records)
    with tenant(cast.firm.firm_id):
        Firm.objects.filter(pk=cast.firm.firm_id).update(currency="CAD")

    assert nudge_stale_ledgers(now=NOON) == 1
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON).status == "built"
    with tenant(cast.firm.firm_id):
        entries = {row["activity_id"]: row["currency"] for row in contents()["reports_time"]}
    assert (entries[1001], entries[1004]) == ("USD", "CAD")


def test_a_formula_mended_since_is_noticed(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("march"))
    with tenant(cast.firm.firm_id):
        LedgerState.objects.update(revision=LEDGER_REVISION - 1)

    assert nudge_stale_ledgers(now=NOON) == 1
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON).status == "built"
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON).status == "current"


def test_an_entry_dated_ahead_is_built_in_when_its_day_comes(cast: Any, build: Callable[..., Any]) -> None:
    records = golden("march")
    records["activities"][3]["date"] = "2025-04-02"
    build(records)
    firm_id, eve, day = cast.firm.firm_id, NOON + timedelta(days=1), NOON + timedelta(days=2)

    assert (nudge_stale_ledgers(now=eve), rebuild_ledger(firm_id=firm_id, now=eve).status) == (0, "current")
    assert (nudge_stale_ledgers(now=day), rebuild_ledger(firm_id=firm_id, now=day).status) == (1, "built")
    assert rebuild_ledger(firm_id=firm_id, now=day + timedelta(days=9)).status == "current"


@pytest.mark.parametrize("missing", ["credit_memos", "interest_charges", "bills"])
def test_waits_for_every_entity_the_figures_need(cast: Any, missing: str) -> None:
    firm_id = cast.firm.firm_id
    fill_mirror(firm_id, golden("march"))
    with tenant(firm_id):
        SyncedEntity.objects.filter(entity=missing).delete()

    assert rebuild_ledger(firm_id=firm_id, now=NOON).status == "waiting"


def test_waits_for_nothing_that_clio_refuses(cast: Any) -> None:
    firm_id = cast.firm.firm_id
    fill_mirror(firm_id, golden("march"), refused=["credit_memos"])

    assert rebuild_ledger(firm_id=firm_id, now=NOON).status == "built"


@pytest.mark.parametrize("field", ["quantity", "rounded_quantity"])
def test_a_freak_value_stops_nothing(cast: Any, build: Callable[..., Any], field: str) -> None:
    records = golden("march")
    records["activities"][3][field] = Decimal("1e40")
    records["activities"][2]["type"] = "ExpenseEntryOfAKindNobodyHasSeen"
    records["line_items"][0]["quantity"] = Decimal("1e40")
    records["matters"][0]["billing_method"] = "a method with a name of many words"
    records["bills"][0]["currency"]["code"] = "US Dollar"

    assert build(records).status == "built"
    with tenant(cast.firm.firm_id):
        overview = compute_overview(scope=Scope.whole_firm(cast.firm.firm_id), period="2025-03", now=NOON)
    assert (overview.status, overview.currencies[1].currency) == ("ready", "US Dollar")


def test_a_firm_without_a_complete_mirror_is_left_alone(cast: Any) -> None:
    with tenant(cast.firm.firm_id):
        raise_version(cast.firm.firm_id)

    assert nudge_stale_ledgers(now=NOON) == 0


def test_without_a_firm_nothing_is_seen(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("march"))

    assert set(map(len, contents().values())) == {0}
    with tenant(cast.strangers_firm.firm_id):
        assert set(map(len, contents().values())) == {0}


@pytest.mark.django_db(transaction=True)
def test_a_reader_sees_the_old_ledger_or_the_new_one(cast: Any, build: Callable[..., Any]) -> None:
    firm_id, records = cast.firm.firm_id, golden("march")
    build(records)
    scope = Scope.whole_firm(firm_id)
    records["line_items"][0]["sub_total"] = records["line_items"][1]["sub_total"] = Decimal("1500")
    records["bills"][0]["due"] = Decimal("3100")

    def rebuild_elsewhere() -> None:
        try:
            assert build(records).status == "built"
        finally:
            connection.close()

    with tenant(firm_id, read_only=True):
        before = compute_overview(scope=scope, period="2025-03", now=NOON)
        with ThreadPoolExecutor(1) as other:
            other.submit(rebuild_elsewhere).result(timeout=120)
        meanwhile = compute_overview(scope=scope, period="2025-03", now=NOON)
    with tenant(firm_id, read_only=True):
        afterwards = compute_overview(scope=scope, period="2025-03", now=NOON)

    assert meanwhile == before
    assert before.currencies[0].metrics["billed"]["fees"] == Decimal("3300.00")
    assert afterwards.currencies[0].metrics["billed"]["fees"] == Decimal("2700.00")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("built_before", [False, True])
def test_a_rebuild_overtaken_before_its_lock_comes_back_later(
    cast: Any, build: Callable[..., Any], built_before: bool
) -> None:
    firm_id = cast.firm.firm_id
    if built_before:
        build(golden("march"))
    fill_mirror(firm_id, golden("march"))
    elsewhere: list[str] = []

    def rebuild_elsewhere() -> str:
        try:
            return rebuild_ledger(firm_id=firm_id, now=NOON).status
        finally:
            connection.close()

    def overtake(execute: Any, sql: Any, *rest: Any) -> Any:
        if "pg_try_advisory" in sql and not elsewhere:
            with ThreadPoolExecutor(1) as other:
                elsewhere.append(other.submit(rebuild_elsewhere).result(timeout=120))
        return execute(sql, *rest)

    with connection.execute_wrapper(overtake):
        overtaken = rebuild_ledger(firm_id=firm_id, now=NOON).status

    assert (elsewhere, overtaken) == (["built"], "busy")
    assert rebuild_ledger(firm_id=firm_id, now=NOON).status == "current"


def test_erasing_removes_every_row(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("march"))

    with tenant(cast.firm.firm_id):
        assert erase_ledger(cast.firm.firm_id) > 10
        assert set(map(len, contents().values())) == {0}
        assert not LedgerState.objects.exists()
