"""A ledger built by the parts that changed is the ledger built whole, row for row."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from apps.core.tenancy import tenant
from apps.reports.ledger.build import build_ledger
from apps.reports.ledger.note import note_build
from apps.reports.ledger.part import LedgerPart
from apps.reports.ledger.steps import StepSize
from apps.reports.models import LedgerProgress, LedgerState
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.clio.mirror.writing import gone, write
from tests.reports.changing import ChangingFirm
from tests.reports.comparing import differences

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 3, 31, 12, tzinfo=UTC)
ORDERS = {
    "reports_time": "activity_id", "reports_expense": "activity_id", "reports_bill": "bill_id",
    "reports_line": "line_id", "reports_interest": "interest_charge_id", "reports_matter": "matter_id",
    "reports_employment": "timekeeper_id, starts_on", "reports_person": "timekeeper_id",
    "reports_name": "kind, record_id", "reports_category": "category_id",
    "reports_settle": "allocation_id, line_id, item, matter_id",
    "reports_trust": "transaction_id", "reports_trust_check": "kind, record_id",
    "reports_group_access": "group_id, timekeeper_id", "reports_gone_matter": "matter_id",
    "reports_trust_request": "bill_id, event_id",
    "reports_matter_span": "matter_id, starts_on NULLS FIRST", "reports_bill_life": "bill_id",
    "reports_bill_lines": "to_jsonb(r) - 'id'", "reports_bill_money": "to_jsonb(r) - 'id'",
    "reports_owed": "bill_id, depth, starts_on, matter_id, timekeeper_id", "reports_credit_memo": "memo_id",
    "reports_ledger_state": "firm_id",
}  # fmt: skip


def contents(firm_id: int) -> dict[str, list[Any]]:
    """Every row of the ledger and what is noted of it, without the numbers the database gives."""
    found = {}
    with tenant(firm_id), connection.cursor() as cursor:
        for table, order in ORDERS.items():
            cursor.execute(f"SELECT to_jsonb(r) - 'id' - 'generation' FROM {table} r ORDER BY {order}")
            found[table] = [json.loads(row[0]) for row in cursor.fetchall()]
    return found


def built_whole(firm_id: int, now: datetime) -> dict[str, list[Any]]:
    """The same after everything was built anew."""
    with tenant(firm_id):
        state = LedgerState.objects.get(firm_id=firm_id)
        whole = LedgerPart(firm_id, state.currency, state.time_zone, now.date(), state.settings_version)
        build_ledger(whole)
        note_build(whole, mirror_version=state.mirror_version, now=now)
    return contents(firm_id)


@pytest.fixture
def in_utc(cast: Any) -> Any:
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET time_zone = 'UTC' WHERE id = %s", [cast.firm.firm_id])
    return cast.firm


@pytest.mark.generated(0, 6)
def test_changes_by_parts_equal_a_whole_build(in_utc: Any, seed: int) -> None:
    firm, now = ChangingFirm(in_utc, seed), NOON
    firm_id = in_utc.firm_id
    assert rebuild_ledger(firm_id=firm_id, now=now).is_whole
    assert all(rows for table, rows in contents(firm_id).items() if table != "reports_gone_matter")

    for round_ in range(6):
        firm.change(firm.dice.choice([1, 2, 6, 15]))
        now += timedelta(days=firm.dice.choice([0, 0, 1, 20]))
        firm.work_on((now + timedelta(days=firm.dice.randint(-300, 10))).date())
        outcome = rebuild_ledger(firm_id=firm_id, now=now)

        assert (outcome.status, outcome.is_whole) == ("built", False)
        by_parts = contents(firm_id)
        assert differences(by_parts, built_whole(firm_id, now)) == {}, (seed, round_)


@pytest.mark.parametrize(("count", "is_whole"), [(2, False), (3, True)])
def test_too_many_changes_are_a_whole_build(in_utc: Any, count: int, is_whole: bool) -> None:
    firm = ChangingFirm(in_utc, 50, bills=10)
    rebuild_ledger(firm_id=in_utc.firm_id, now=NOON)
    for _ in range(count):
        firm.work_on(NOON.date())

    assert rebuild_ledger(firm_id=in_utc.firm_id, now=NOON, step=StepSize(changes=2)).is_whole == is_whole


def test_forgotten_changes_are_a_whole_build(in_utc: Any) -> None:
    firm = ChangingFirm(in_utc, 51, bills=10)
    rebuild_ledger(firm_id=in_utc.firm_id, now=NOON)
    firm.work_on(NOON.date())
    with tenant(in_utc.firm_id), connection.cursor() as cursor:
        cursor.execute("DELETE FROM clio_changes")
        cursor.execute("UPDATE clio_mirror_versions SET forgotten_version = version")

    assert rebuild_ledger(firm_id=in_utc.firm_id, now=NOON).is_whole
    assert contents(in_utc.firm_id) == built_whole(in_utc.firm_id, NOON)


def test_a_change_of_currency_is_a_whole_build(in_utc: Any) -> None:
    ChangingFirm(in_utc, 52, bills=10)
    rebuild_ledger(firm_id=in_utc.firm_id, now=NOON)
    with tenant(in_utc.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET currency = 'CAD' WHERE id = %s", [in_utc.firm_id])

    assert rebuild_ledger(firm_id=in_utc.firm_id, now=NOON).is_whole


def test_only_what_changed_is_written(in_utc: Any) -> None:
    ChangingFirm(in_utc, 53)
    firm_id = in_utc.firm_id
    rebuild_ledger(firm_id=firm_id, now=NOON)
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("SELECT activity_id FROM reports_time WHERE billed_on IS NULL ORDER BY 1 LIMIT 1")
        (entry,) = cursor.fetchone()
        cursor.execute("UPDATE reports_matter SET name = 'as it was built'")
        cursor.execute("UPDATE reports_time SET currency = 'XTS'")

    gone(in_utc, "activities", entry)
    rebuild_ledger(firm_id=firm_id, now=NOON)

    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_time WHERE activity_id = %s", [entry])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT array_agg(DISTINCT name) FROM reports_matter")
        assert cursor.fetchone() == (["as it was built"],)
        cursor.execute("SELECT count(*) > 100, min(currency) FROM reports_time WHERE currency = 'XTS'")
        assert cursor.fetchone() == (True, "XTS")


SMALL = StepSize(entries=37, bills=11)


def test_a_first_build_in_steps_equals_a_whole_one(in_utc: Any) -> None:
    ChangingFirm(in_utc, 60)

    assert not rebuild_ledger(firm_id=in_utc.firm_id, now=NOON, step=SMALL).is_whole

    by_steps = contents(in_utc.firm_id)
    assert differences(by_steps, built_whole(in_utc.firm_id, NOON)) == {}
    with tenant(in_utc.firm_id):
        assert not LedgerProgress.objects.exists()


def test_settings_changed_during_a_first_build_begin_it_anew(in_utc: Any) -> None:
    firm, firm_id = ChangingFirm(in_utc, 61), in_utc.firm_id
    with Killed(at_build=4), pytest.raises(Killed.Now):
        rebuild_ledger(firm_id=firm_id, now=NOON, step=SMALL)
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET currency = 'CAD' WHERE id = %s", [firm_id])
        cursor.execute("SELECT min(activity_id) FROM reports_time")
        (entry,) = cursor.fetchone()
    firm.alive["activities"].discard(entry)
    gone(in_utc, "activities", entry)

    assert rebuild_ledger(firm_id=firm_id, now=NOON, step=SMALL).status == "built"

    by_steps = contents(firm_id)
    assert differences(by_steps, built_whole(firm_id, NOON)) == {}


class Killed:
    """Ends the process's work at the beginning of the nth transaction that builds, as a crash would."""

    class Now(BaseException):
        """Nothing catches it."""

    def __init__(self, *, at_build: int, before: str = "CREATE TEMP TABLE part_activity") -> None:
        self._left, self._before = at_build, before

    def __call__(self, execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        if self._before in sql:
            self._left -= 1
            if self._left == 0:
                raise self.Now
        return execute(sql, *rest)

    def __enter__(self) -> None:
        self._wrapper = connection.execute_wrapper(self)
        self._wrapper.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._wrapper.__exit__(*error)


@pytest.mark.parametrize("at_build", [1, 2, 7, 10])
def test_a_first_build_that_was_killed_goes_on_and_takes_in_what_changed(in_utc: Any, at_build: int) -> None:
    firm, firm_id = ChangingFirm(in_utc, 70 + at_build), in_utc.firm_id
    with Killed(at_build=at_build), pytest.raises(Killed.Now):
        rebuild_ledger(firm_id=firm_id, now=NOON, step=SMALL)
    with tenant(firm_id):
        assert not LedgerState.objects.exists()
        done = LedgerProgress.objects.filter(after_id__gt=0).count()
        assert done == (at_build > 1)
    firm.change(20)

    later = NOON + timedelta(days=9)
    assert rebuild_ledger(firm_id=firm_id, now=later, step=SMALL).status == "built"

    by_steps = contents(firm_id)
    assert differences(by_steps, built_whole(firm_id, later)) == {}


@pytest.mark.parametrize("before", ["INSERT INTO reports_line", "INSERT INTO reports_matter", "ledger_state AS s"])
def test_a_part_that_was_killed_changed_nothing(in_utc: Any, before: str) -> None:
    firm, firm_id = ChangingFirm(in_utc, 80), in_utc.firm_id
    rebuild_ledger(firm_id=firm_id, now=NOON)
    as_it_was = contents(firm_id)
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("SELECT min(bill_id) FROM reports_line")
        (bill,) = cursor.fetchone()
    firm.change(10)
    write(in_utc, "bills", next(each for each in firm.records["bills"] if each["id"] == bill) | {"due": 77})
    write(in_utc, "matters", firm.records["matters"][0] | {"billable": False, "status": "Closed"})
    with Killed(at_build=1, before=before), pytest.raises(Killed.Now):
        rebuild_ledger(firm_id=firm_id, now=NOON)

    assert contents(firm_id) == as_it_was

    assert not rebuild_ledger(firm_id=firm_id, now=NOON).is_whole
    by_parts = contents(firm_id)
    assert differences(by_parts, built_whole(firm_id, NOON)) == {}


@pytest.mark.django_db(transaction=True)
def test_rebuilds_at_once_never_leave_a_mixture(in_utc: Any) -> None:
    firm, firm_id = ChangingFirm(in_utc, 90), in_utc.firm_id
    rebuild_ledger(firm_id=firm_id, now=NOON)

    def rebuild() -> set[str]:
        try:
            return {rebuild_ledger(firm_id=firm_id, now=NOON).status for _ in range(6)}
        finally:
            connection.close()

    for _ in range(3):
        firm.change(8)
        with ThreadPoolExecutor(3) as others:
            found = [others.submit(rebuild) for _ in range(3)]
            firm.change(4)
        assert set.union(*[each.result() for each in found]) <= {"built", "busy", "current"}

    rebuild_ledger(firm_id=firm_id, now=NOON)
    by_parts = contents(firm_id)
    assert differences(by_parts, built_whole(firm_id, NOON)) == {}


@pytest.mark.django_db(transaction=True)
def test_a_long_statement_of_a_build_is_waited_for_and_of_nothing_else(in_utc: Any) -> None:
    ChangingFirm(in_utc, 95, bills=5)
    seen: set[str] = set()

    def look(execute: Any, sql: Any, *rest: Any) -> Any:
        if "INSERT INTO reports_line" in sql:
            seen.add(allowed())
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        rebuild_ledger(firm_id=in_utc.firm_id, now=NOON)

    assert (seen, allowed()) == ({"9min"}, "1min")


def allowed() -> str:
    """How long the database lets a statement run."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])
