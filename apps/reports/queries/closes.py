"""Which months are closed, and what closings there were."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from apps.core.scope import Scope
from apps.reports.contracts.closing import MonthClose
from apps.reports.contracts.months import MonthStanding
from apps.reports.models import PeriodClose


def list_closes(*, scope: Scope) -> list[MonthClose]:
    """Return every closing of the firm's months, reopened ones too: the latest month first, then the latest version."""
    rows = PeriodClose.objects.filter(firm_id=scope.firm_id).order_by("-month", "-version")
    return [_told(row, scope) for row in rows]


def find_close(*, scope: Scope, public_id: UUID) -> MonthClose | None:
    """Return a closing by its public id."""
    row = PeriodClose.objects.filter(firm_id=scope.firm_id, public_id=public_id).first()
    return _told(row, scope) if row else None


def _told(row: PeriodClose, scope: Scope) -> MonthClose:
    """Return a closing as somebody may see it: why a month was reopened may name a client."""
    close = as_contract(row)
    return replace(close, reopen_reason="") if scope.hides_client_names else close


def list_standings(*, firm_id: int, months: Sequence[date]) -> tuple[MonthStanding, ...]:
    """Return for each of the months whether it is closed."""
    found = PeriodClose.objects.filter(firm_id=firm_id, month__in=months, reopened_at=None)
    versions = dict(found.values_list("month", "version"))
    return tuple(MonthStanding(month, versions.get(month, 0)) for month in months)


def list_closed_since(*, firm_id: int, day: date) -> tuple[date, ...]:
    """Return the months that are closed now, from the one of a day on."""
    found = PeriodClose.objects.filter(firm_id=firm_id, month__gte=day.replace(day=1), reopened_at=None)
    return tuple(found.order_by("month").values_list("month", flat=True))


def list_billable_rules(*, firm_id: int, months: Sequence[date]) -> set[bool]:
    """Return what the closes of months took for billable: whether work without charge is; two where they differ."""
    found = PeriodClose.objects.filter(firm_id=firm_id, month__in=months, reopened_at=None)
    return set(found.values_list("counts_no_charge_as_billable", flat=True))


def list_months_without_targets(*, firm_id: int, first: date, last: date) -> list[date]:
    """Return the closed months, from one to another, whose closes were made before targets were kept with them."""
    found = PeriodClose.objects.filter(firm_id=firm_id, month__range=(first, last), reopened_at=None)
    return list(found.filter(keeps_targets=False).order_by("month").values_list("month", flat=True))


def keep_sums(*, firm_id: int, months: Sequence[date]) -> bool:
    """Tell whether the closes of all these months keep the sums of their rows: first ones did not."""
    found = PeriodClose.objects.filter(firm_id=firm_id, month__in=months, reopened_at=None, has_sums=False)
    return not found.exists()


def list_unsound_months(*, firm_id: int, months: Sequence[date]) -> list[date]:
    """Return the closed months whose kept rows are not what was kept, as the last check found."""
    found = PeriodClose.objects.filter(firm_id=firm_id, month__in=months, reopened_at=None, is_sound=False)
    return list(found.order_by("month").values_list("month", flat=True))


def as_contract(row: PeriodClose) -> MonthClose:
    """Return a closing as it leaves the queries."""
    return MonthClose(
        public_id=row.public_id,
        month=row.month,
        version=row.version,
        closed_at=row.closed_at,
        closed_on=row.closed_on,
        mirror_version=row.mirror_version,
        row_count=row.row_count,
        checksum=row.checksum,
        is_sound=row.is_sound,
        checked_at=row.checked_at,
        closed_by=row.closed_by_id,
        reopened_at=row.reopened_at,
        reopened_by=row.reopened_by_id,
        reopen_reason=row.reopen_reason,
    )
