"""The daily checks: the ledger's receivables, bills and trust money beside what Clio states."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from apps.core.jobs.registry import get_handler
from apps.core.scope import Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports import jobs
from apps.reports.models import LedgerCheck
from apps.reports.services.check_ledger import check_ledger, request_checks
from tests.reports.asking import ask
from tests.reports.conftest import NOON, golden
from tests.reports.services.test_work_and_cash_recomputed import build_wild

pytestmark = pytest.mark.django_db
MARCH = date(2025, 3, 31)


def kept(firm_id: int) -> dict[tuple[str, str], LedgerCheck]:
    with tenant(firm_id):
        return {(each.kind, each.currency): each for each in LedgerCheck.objects.filter(firm_id=firm_id)}


def test_keeps_a_sound_day(cast: Any, build: Callable[..., Any], caplog: pytest.LogCaptureFixture) -> None:
    build(golden("march"))

    with caplog.at_level(logging.ERROR):
        faults = check_ledger(firm_id=cast.firm.firm_id, now=NOON)

    found = kept(cast.firm.firm_id)
    owed = found["receivable", "USD"]
    assert (faults, owed.ours, owed.clios, owed.explained, owed.faults) == (0, 148_000, 148_000, 0, 0)
    assert owed.checked_on == MARCH
    assert {kind for kind, _ in found} == {"receivable", "bill", "trust"}
    assert not [record for record in caplog.records if "ledger_check" in record.getMessage()]


def test_receivables_and_overpaid_bills_come_to_clios_balances(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("april"), now=datetime(2025, 4, 30, 16, tzinfo=UTC))

    check_ledger(firm_id=cast.firm.firm_id, now=datetime(2025, 4, 30, 16, tzinfo=UTC))

    owed = kept(cast.firm.firm_id)["receivable", "USD"]
    assert (owed.ours, owed.clios, owed.faults) == (0, owed.clios, 0)
    assert owed.ours is not None
    assert owed.clios is not None
    assert owed.explained == owed.ours - owed.clios


def test_raises_the_alarm_by_ids_only_and_flags_what_depends_on_it(
    cast: Any, build: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    records = golden("march")
    bill = next(each for each in records["bills"] if each["state"] in ("awaiting_payment", "paid"))
    # What Clio says was paid agrees with its balance, but not with any payment there is.
    bill |= {"balance": bill["balance"] - 100, "paid": bill["paid"] + 100}
    build(records)

    with caplog.at_level(logging.ERROR):
        assert check_ledger(firm_id=cast.firm.firm_id, now=NOON) == 1

    owed = kept(cast.firm.firm_id)["receivable", "USD"]
    assert owed.ours is not None
    assert owed.clios is not None
    assert (owed.ours - owed.clios, owed.explained, owed.faults) == (10_000, 0, 1)
    (record,) = [each for each in caplog.records if "ledger_check_failed" in each.getMessage()]
    assert cast.firm.name not in str(record.__dict__)
    firm_id = cast.firm.firm_id
    flags = {flag.code: flag.count for flag in ask(firm_id, "receivable", period="2025-03", on=MARCH).flags}
    assert flags["receivable_check"] == 1
    assert "receivable_check" not in {f.code for f in ask(firm_id, "recorded_hours", period="2025-03", on=MARCH).flags}


def test_flags_are_told_with_the_answers_they_touch_and_to_who_sees_the_whole_firm(cast: Any) -> None:
    build_wild(cast, seed=44)
    firm_id, on = cast.firm.firm_id, date(2025, 7, 15)
    own = Scope(firm_id, ScopeKind.SELF, 11)

    hours = {flag.code for flag in ask(firm_id, "recorded_hours", period="2025-03", on=on).flags}
    money = {flag.code for flag in ask(firm_id, "collected", period="2025-03", on=on).flags}

    assert "hidden_rows" in hours
    assert "unreconciled_bills" not in hours
    assert {"unreconciled_bills", "future_rows"} <= money
    assert ask(firm_id, "collected", period="2025-03", on=on, scope=own).flags == ()


def test_a_second_check_of_a_day_replaces_the_first(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("march"))
    firm_id = cast.firm.firm_id

    check_ledger(firm_id=firm_id, now=NOON)
    first = kept(firm_id)
    check_ledger(firm_id=firm_id, now=NOON + timedelta(minutes=5))
    check_ledger(firm_id=firm_id, now=NOON + timedelta(days=1))

    with tenant(firm_id):
        assert LedgerCheck.objects.filter(firm_id=firm_id).count() == 2 * len(first)


def test_there_is_nothing_to_check_before_the_first_build(cast: Any) -> None:
    assert check_ledger(firm_id=cast.firm.firm_id, now=NOON) == 0
    assert kept(cast.firm.firm_id) == {}


def test_every_firm_is_promised_a_check(cast: Any) -> None:
    assert request_checks() >= 2
    assert request_checks() == 0
    assert callable(get_handler(jobs.CHECK_LEDGER))
