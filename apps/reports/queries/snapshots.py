"""Which days have a snapshot, and which are missing."""

from collections.abc import Collection
from datetime import date

from django.db import connection

from apps.core.scope import Scope
from apps.reports.contracts import SnapshotGap
from apps.reports.contracts.snapshots import DayMark, KeptDay, KeptDays
from apps.reports.models import Snapshot

_GAPS = """
SELECT asked.day, (SELECT max(b.day) FROM reports_snapshot b
                   WHERE b.firm_id = %(firm)s AND b.status = 'taken' AND b.day < asked.day),
       CASE WHEN s.reason IS NOT NULL THEN s.reason
            WHEN kept.first IS NULL THEN 'none_kept'
            WHEN asked.day < kept.first THEN 'before_first'
            WHEN asked.day > kept.last THEN 'not_yet'
            ELSE 'not_taken' END,
       kept.first
FROM unnest(%(days)s::date[]) AS asked(day)
CROSS JOIN (SELECT min(k.day) FILTER (WHERE k.status = 'taken') AS first, max(k.day) AS last
            FROM reports_snapshot k WHERE k.firm_id = %(firm)s) kept
LEFT JOIN reports_snapshot s ON s.firm_id = %(firm)s AND s.day = asked.day
WHERE s.status IS DISTINCT FROM 'taken'
ORDER BY asked.day
"""


def find_gaps(*, scope: Scope, days: Collection[date]) -> tuple[SnapshotGap, ...]:
    """Return those of the days that have no snapshot, why, the nearest day before that has one, and the first of all.

    One nobody has tried to keep lies before the first snapshot, or its night is still to come.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, {"firm": scope.firm_id, "days": sorted(set(days))})
        return tuple(SnapshotGap(*row) for row in cursor.fetchall())


def list_taken_days(*, firm_id: int, last: date) -> list[date]:
    """Return the days up to one that have a snapshot, in order."""
    found = Snapshot.objects.filter(firm_id=firm_id, status=Snapshot.Status.TAKEN, day__lte=last)
    return list(found.order_by("day").values_list("day", flat=True))


def find_last_snapshot(*, firm_id: int) -> Snapshot | None:
    """Return the latest day that was taken or is known to be missing."""
    return Snapshot.objects.filter(firm_id=firm_id).order_by("-day").first()


def get_kept_day(*, firm_id: int, day: date) -> KeptDay:
    """Return a day of which something was noted."""
    return _kept(Snapshot.objects.get(firm_id=firm_id, day=day))


def list_kept_days(*, firm_id: int, mark: DayMark | None, size: int) -> KeptDays:
    """Return a page of the days that were kept or are missing, newest first; call it inside the firm's transaction."""
    rows = Snapshot.objects.filter(firm_id=firm_id)
    if mark is not None and mark.is_backwards:
        found = list(rows.filter(day__gt=mark.day).order_by("day")[: size + 1])
        page, has_newer, has_older = found[:size][::-1], len(found) > size, True
    else:
        older = rows.filter(day__lt=mark.day) if mark else rows
        found = list(older.order_by("-day")[: size + 1])
        page, has_newer, has_older = found[:size], mark is not None, len(found) > size
    if not page:
        return KeptDays(())
    return KeptDays(
        tuple(_kept(row) for row in page),
        DayMark(page[-1].day) if has_older else None,
        DayMark(page[0].day, is_backwards=True) if has_newer else None,
    )


def _kept(row: Snapshot) -> KeptDay:
    return KeptDay(
        row.day,
        row.status == Snapshot.Status.MISSING,
        row.reason,
        row.taken_at,
        row.is_end_of_day,
        row.last_synced_at,
        row.rows,
        row.checksum,
    )
