"""Closing a month: refused where there is nothing firm to close, whole or not at all, and once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from apps.core.models import AuditEntry
from apps.core.tenancy import tenant
from apps.reports.contracts import Mode
from apps.reports.errors import CloseNotFound, MonthAlreadyClosed, MonthNotClosable, MonthNotClosed
from apps.reports.ledger.freeze import checksum_of
from apps.reports.models import FrozenRow, PeriodClose
from apps.reports.services.close_month import close_month
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.reopen_month import reopen_month
from tests.reports.changing import ChangingFirm
from tests.reports.closing import close, every_figure, moved

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 3, 31, 12, tzinfo=UTC)
JANUARY = date(2025, 1, 1)


def closed(cast: Any, month: date = JANUARY, now: datetime = NOON) -> Any:
    """Close a month as the owner."""
    return close_month(firm_id=cast.firm.firm_id, actor_id=cast.owner.pk, month=month, now=now)


def kept(firm_id: int) -> tuple[int, int]:
    """How many closings and kept rows there are."""
    with tenant(firm_id):
        return PeriodClose.objects.count(), FrozenRow.objects.count()


def trail(firm: Any, action: str) -> list[Any]:
    """What the firm's audit trail says of an act."""
    with tenant(firm.firm_id):
        return list(AuditEntry.objects.filter(firm_id=firm.firm_id, action=action))


@pytest.fixture
def firm(cast: Any) -> ChangingFirm:
    found = ChangingFirm(cast.firm, 800, bills=40)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)
    return found


def test_keeps_its_rows_with_their_checksum_and_says_who_did_it(cast: Any, firm: ChangingFirm) -> None:
    found = closed(cast)

    firm_id = cast.firm.firm_id
    with tenant(firm_id):
        row = PeriodClose.objects.get()
        assert (found.version, found.closed_on, found.closed_by) == (1, date(2025, 3, 31), cast.owner.pk)
        assert checksum_of(firm_id=firm_id, close_id=row.pk) == (found.row_count, found.checksum)
        families = set(FrozenRow.objects.values_list("family", flat=True))
        assert not FrozenRow.objects.exclude(placed_on__year=2025, placed_on__month=1).exists()
    assert found.row_count > 100
    assert families >= {"time", "line", "settled", "cohort", "credited", "capacity", "trust", "expense"}
    (entry,) = trail(cast.firm, "reports.month_closed")
    assert (entry.target, entry.details["checksum"]) == ("month:2025-01", found.checksum)


def test_one_kept_row_changed_is_another_checksum(cast: Any, firm: ChangingFirm) -> None:
    found, firm_id = closed(cast), cast.firm.firm_id
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reports_frozen_row SET figures = jsonb_set(figures, '{value}', '1') WHERE id = "
            "(SELECT max(id) FROM reports_frozen_row WHERE family = 'time' AND figures ? 'value')"
        )
        assert cursor.rowcount == 1
        assert checksum_of(firm_id=firm_id, close_id=PeriodClose.objects.get().pk)[1] != found.checksum


def test_refuses_a_month_that_is_not_over(cast: Any, firm: ChangingFirm) -> None:
    with pytest.raises(MonthNotClosable) as refused:
        closed(cast, date(2025, 3, 1))

    assert refused.value.extras == {"reason": "not_over"}
    assert kept(cast.firm.firm_id) == (0, 0)


def test_refuses_before_the_first_sync_is_complete(cast: Any) -> None:
    with pytest.raises(MonthNotClosable) as refused:
        closed(cast)

    assert refused.value.extras == {"reason": "loading"}


def test_refuses_while_the_ledger_is_behind_the_mirror(cast: Any, firm: ChangingFirm) -> None:
    firm.work_on(date(2025, 1, 9))
    with pytest.raises(MonthNotClosable) as refused:
        closed(cast)
    assert refused.value.extras == {"reason": "rebuilding"}

    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    assert closed(cast).version == 1


def test_a_month_is_closed_once_and_reopened_once(cast: Any, firm: ChangingFirm) -> None:
    first, firm_id = closed(cast), cast.firm.firm_id
    with pytest.raises(MonthAlreadyClosed):
        closed(cast)

    def reopen(close_id: Any) -> Any:
        return reopen_month(
            firm_id=firm_id, actor_id=cast.owner.pk, close_id=close_id, reason="A bill was wrong.", now=NOON
        )

    assert reopen(first.public_id).reopen_reason == "A bill was wrong."
    with pytest.raises(MonthNotClosed):
        reopen(first.public_id)
    with pytest.raises(CloseNotFound):
        reopen(cast.firm.public_id)
    second = closed(cast)

    assert (second.version, second.checksum) == (2, first.checksum)
    with tenant(firm_id):
        assert PeriodClose.objects.filter(reopened_at=None).count() == 1
    assert [entry.details["version"] for entry in trail(cast.firm, "reports.month_reopened")] == [1]


def test_the_second_close_tells_what_is_known_then(cast: Any, firm: ChangingFirm) -> None:
    firm_id = cast.firm.firm_id
    first = closed(cast)
    before = every_figure(firm_id, "2025-01", NOON.date(), Mode.AS_REPORTED)
    firm.work_on(date(2025, 1, 9))
    firm.change(40)
    rebuild_ledger(firm_id=firm_id, now=NOON)
    reopen_month(firm_id=firm_id, actor_id=cast.owner.pk, close_id=first.public_id, reason="Late work.", now=NOON)

    close(cast, ["2025-01"], NOON)

    after = every_figure(firm_id, "2025-01", NOON.date(), Mode.AS_REPORTED)
    assert moved(before, after) != {}
    assert moved(after, every_figure(firm_id, "2025-01", NOON.date(), Mode.RESTATED)) == {}


class At:
    """Does something when the close comes to keep a family's rows."""

    def __init__(self, family: str, act: Callable[[], None]) -> None:
        self._before, self._act = f"'{family}', r.", act

    def __call__(self, execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        if "INSERT INTO reports_frozen_row" in sql and self._before in sql:
            self._act()
        return execute(sql, *rest)


class Killed(BaseException):
    """Nothing catches it, as nothing catches the end of a process."""


def test_a_close_that_was_killed_left_nothing_and_is_done_again(cast: Any, firm: ChangingFirm) -> None:
    def kill() -> None:
        raise Killed

    with connection.execute_wrapper(At("expense", kill)), pytest.raises(Killed):
        closed(cast)
    assert kept(cast.firm.firm_id) == (0, 0)
    assert trail(cast.firm, "reports.month_closed") == []

    assert closed(cast).version == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_close_it_once(cast: Any, firm: ChangingFirm) -> None:
    def try_it() -> str:
        try:
            return str(closed(cast).version)
        except MonthAlreadyClosed:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        found = [people.submit(try_it) for _ in range(2)]

    assert sorted(each.result() for each in found) == ["1", "refused"]
    assert kept(cast.firm.firm_id)[0] == 1


@pytest.mark.django_db(transaction=True)
def test_a_sync_during_the_close_is_not_seen(cast: Any, firm: ChangingFirm) -> None:
    firm_id = cast.firm.firm_id
    before = every_figure(firm_id, "2025-01", NOON.date(), Mode.RESTATED)

    def sync() -> None:
        firm.work_on(date(2025, 1, 9))
        firm.change(30)
        assert rebuild_ledger(firm_id=firm_id, now=NOON).status == "built"
        connection.close()

    def sync_beside() -> None:
        with ThreadPoolExecutor(1) as other:
            other.submit(sync).result()

    with connection.execute_wrapper(At("settled", sync_beside)):
        closed(cast)

    assert moved(before, every_figure(firm_id, "2025-01", NOON.date(), Mode.RESTATED)) != {}
    assert moved(before, every_figure(firm_id, "2025-01", NOON.date(), Mode.AS_REPORTED)) == {}
