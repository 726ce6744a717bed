"""Figures as reported come from the sums of what was kept, and are those of the rows themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Grain, Mode
from apps.reports.models import FrozenRow, PeriodClose
from apps.reports.queries.sources.reading import Reading
from apps.reports.services.check_closes import check_closes
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.asking import ask, total_of
from tests.reports.changing import ChangingFirm
from tests.reports.closing import close, every_figure, moved
from tests.reports.comparing import scope_of
from tests.reports.recompute import Viewer
from tests.reports.services.test_rare_cases_recomputed import VIEWERS

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 3, 31, 12, tzinfo=UTC)
PERIOD = "2024-12-01..2025-01-31"


@pytest.fixture
def closed(cast: Any) -> int:
    """Return a firm with two closed months."""
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET time_zone = 'UTC' WHERE id = %s", [cast.firm.firm_id])
    ChangingFirm(cast.firm, 840, bills=60)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)
    close(cast, ["2024-12", "2025-01"], NOON)
    return int(cast.firm.firm_id)


def forget_sums(firm_id: int) -> None:
    """Leave the closes as they were before there were sums."""
    with tenant(firm_id):
        FrozenRow.objects.filter(family__contains="@").delete()
        PeriodClose.objects.update(has_sums=False)


@pytest.mark.parametrize("grain", [None, Grain.MONTH, Grain.WEEK])
def test_the_sums_tell_what_the_rows_tell(closed: int, grain: Grain | None) -> None:
    by_sums = every_figure(closed, PERIOD, NOON.date(), Mode.AS_REPORTED, grain=grain)

    forget_sums(closed)

    by_rows = every_figure(closed, PERIOD, NOON.date(), Mode.AS_REPORTED, grain=grain)
    assert moved(by_sums, by_rows) == {}
    assert len(by_sums) > 50


def test_days_of_a_closed_month_are_told_by_its_rows() -> None:
    """Sums stand on the first of their month: a week that holds it would have all of them."""
    month = Reading(
        scope=Scope.whole_firm(1),
        first=date(2025, 1, 1),
        last=date(2025, 1, 31),
        as_of=NOON.date(),
        has_kept_sums=True,
    )

    assert month.asks_whole_months()
    assert not replace(month, last=date(2025, 1, 5)).asks_whole_months()
    assert not replace(month, first=date(2025, 1, 27)).asks_whole_months()


@pytest.mark.parametrize("viewer", VIEWERS[1:], ids=lambda viewer: f"{viewer.kind}{viewer.me or viewer.grants}")
def test_the_sums_tell_a_part_reader_what_the_rows_tell(closed: int, viewer: Viewer) -> None:
    scope = scope_of(closed, viewer)
    by_sums = every_figure(closed, PERIOD, NOON.date(), Mode.AS_REPORTED, scope)

    forget_sums(closed)

    assert moved(by_sums, every_figure(closed, PERIOD, NOON.date(), Mode.AS_REPORTED, scope)) == {}


def test_a_sum_that_was_changed_is_found_and_is_what_was_read(closed: int) -> None:
    with tenant(closed):
        assert check_closes(firm_id=closed, now=NOON) == 0
    before = hours_of_december(closed)

    with tenant(closed), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reports_frozen_row SET figures = jsonb_set(figures, '{seconds}', '1') "
            "WHERE family = 'time@t' AND placed_on = %s",
            [date(2024, 12, 1)],
        )
        assert cursor.rowcount > 0

    with tenant(closed):
        assert check_closes(firm_id=closed, now=NOON) == 1
        assert list(PeriodClose.objects.filter(is_sound=False).values_list("month", flat=True)) == [date(2024, 12, 1)]
    after = hours_of_december(closed)
    assert after != before


def hours_of_december(firm_id: int) -> Any:
    """Return the recorded hours of December as they were reported."""
    answer = ask(firm_id, "recorded_hours", period="2024-12", on=NOON.date(), mode=Mode.AS_REPORTED)
    return total_of(answer, "recorded_hours")["total"]
