"""Keep what stands at the end of a firm's day, as it is known then; what was missed stays missing."""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import OperationalError, connection

from apps.accounts.interface import get_firm_profile, list_firm_ids
from apps.core import audit
from apps.core.jobs import enqueue
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports import jobs
from apps.reports.errors import SnapshotNotPossible
from apps.reports.ledger.snapshots import keep_standing, read_standing
from apps.reports.models import LedgerState, Snapshot
from apps.reports.queries.kept_merges import list_merges
from apps.reports.queries.snapshots import find_last_snapshot
from apps.reports.queries.sources.reading import Reading
from apps.reports.rules.periods import today_in
from apps.reports.rules.snapshot_days import day_ended, days_between, is_stale
from apps.reports.services.find_standing import Standing, find_standing
from apps.reports.services.rebuild_ledger import rebuild_ledger

logger = logging.getLogger(__name__)
_OVERTAKEN = "40001"  # SQLSTATE: could not serialize access
# Whoever changes the ledger or takes a snapshot of it writes this row: all but one are then refused by the database.
_CLAIM = "UPDATE reports_ledger_state SET generation = generation WHERE firm_id = %s"
_PATIENCE = "SET LOCAL statement_timeout = '9min'"


class SnapshotStatus(StrEnum):
    """What came of it. nothing_due: the day is kept already, or its night is over; loading: the first sync runs."""

    TAKEN = "taken"
    STALE = "stale"
    LOADING = "loading"
    BUSY = "busy"
    NOTHING_DUE = "nothing_due"


@dataclass(frozen=True, slots=True)
class SnapshotOutcome:
    """What a call did. day: the one it was about."""

    status: SnapshotStatus
    day: date
    rows: int = 0


def request_due_snapshots(*, now: datetime) -> int:
    """Promise a snapshot of the day that ended to every firm that lacks it; return how many were promised anew."""
    promised = 0
    for firm_id in list_firm_ids():
        with tenant(firm_id):
            if _is_due(firm_id, now):
                promised += enqueue(jobs.TAKE_SNAPSHOT, firm_id=firm_id, dedupe_key="nightly") is not None
    return promised


def take_due_snapshot(*, firm_id: int, now: datetime) -> SnapshotOutcome:
    """Keep the firm's day that ended last, if its night is not over; note the days that were missed. Twice is once.

    A firm whose first sync has not ended has no days yet. While Clio's data are too old the day is noted as missing; as
    long as its night lasts a later call may still take it.
    """
    with tenant(firm_id):
        profile = get_firm_profile(firm_id=firm_id)
        ended = day_ended(profile.time_zone, now)
        _note_missed(firm_id, ended.day)
        if not ended.is_open or not _is_due(firm_id, now):
            return SnapshotOutcome(SnapshotStatus.NOTHING_DUE, ended.day)
    return _take(firm_id, ended.day, now, is_end_of_day=True)


def take_snapshot_now(*, firm_id: int, now: datetime, user_id: int | None = None) -> SnapshotOutcome:
    """Keep today so far; at the end of the day the nightly snapshot takes its place.

    user_id: who asked for it, for the firm's trail; None: an operator.

    Raises SnapshotNotPossible before the first sync has ended, while Clio's data are too old, and while the ledger is
    being rebuilt.
    """
    take_due_snapshot(firm_id=firm_id, now=now)  # a day that is over can only be kept before the next one is
    with tenant(firm_id):
        today = today_in(get_firm_profile(firm_id=firm_id).time_zone, now)
    outcome = _take(firm_id, today, now, is_end_of_day=False)
    if outcome.status is not SnapshotStatus.TAKEN:
        raise SnapshotNotPossible(outcome.status.value)
    with tenant(firm_id):
        audit.record("reports.snapshot_taken", firm_id=firm_id, user_id=user_id, target=today.isoformat())
    return outcome


def _is_due(firm_id: int, now: datetime) -> bool:
    """Tell whether there is something to write: the day itself, or days that were missed."""
    ended = day_ended(get_firm_profile(firm_id=firm_id).time_zone, now)
    if not LedgerState.objects.filter(firm_id=firm_id, generation__gt=0).exists():
        return False
    known = Snapshot.objects.filter(firm_id=firm_id, day__gte=ended.day).order_by("day").first()
    if known is None:
        return ended.is_open or Snapshot.objects.filter(firm_id=firm_id).exists()
    return ended.is_open and known.day == ended.day and not known.is_end_of_day


def _note_missed(firm_id: int, ended: date) -> None:
    """Note days nothing was written of, from the first one on that was: they are missing and nobody invents them.

    The day that ended is noted too; a snapshot of it that is taken yet takes the note's place.
    """
    last = find_last_snapshot(firm_id=firm_id)
    if last is None:
        return
    status, reason = Snapshot.Status.MISSING, Snapshot.Reason.NOT_TAKEN
    missed = [
        Snapshot(firm_id=firm_id, day=day, status=status, reason=reason) for day in days_between(last.day, ended)[1:]
    ]
    Snapshot.objects.bulk_create(missed, ignore_conflicts=True)


def _take(firm_id: int, day: date, now: datetime, *, is_end_of_day: bool) -> SnapshotOutcome:
    if rebuild_ledger(firm_id=firm_id, now=now).status == "busy":
        return SnapshotOutcome(SnapshotStatus.BUSY, day)
    try:
        return _take_as_one(firm_id, day, now, is_end_of_day=is_end_of_day)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != _OVERTAKEN:
            raise
        return SnapshotOutcome(SnapshotStatus.BUSY, day)


def _take_as_one(firm_id: int, day: date, now: datetime, *, is_end_of_day: bool) -> SnapshotOutcome:
    with tenant(firm_id, snapshot=True):
        with connection.cursor() as cursor:
            cursor.execute(_PATIENCE)
            cursor.execute(_CLAIM, [firm_id])
        scope = Scope.system(firm_id, "snapshot of the day")
        standing = find_standing(scope=scope, period=f"{day}..{day}", now=now)
        if standing.ledger is None or standing.status != "ready":
            return SnapshotOutcome(SnapshotStatus.LOADING, day)
        if is_stale(standing.freshness.last_synced_at, now):
            _note_stale(firm_id, day, standing)
            return SnapshotOutcome(SnapshotStatus.STALE, day)
        outcome = _keep(scope, day, now, standing, is_end_of_day=is_end_of_day)
    logger.info("reports.snapshot_taken", extra={"firm_id": firm_id, "day": day.isoformat(), "rows": outcome.rows})
    return outcome


def _note_stale(firm_id: int, day: date, standing: Standing) -> None:
    Snapshot.objects.update_or_create(
        firm_id=firm_id,
        day=day,
        defaults={
            "status": Snapshot.Status.MISSING,
            "reason": Snapshot.Reason.STALE,
            "mirror_version": standing.freshness.mirror_version,
            "last_synced_at": standing.freshness.last_synced_at,
        },
    )


def _keep(scope: Scope, day: date, now: datetime, standing: Standing, *, is_end_of_day: bool) -> SnapshotOutcome:
    reading = Reading(scope=scope, first=day, last=day, as_of=day, calendar=standing.calendar)
    keep_standing(reading)
    taken = read_standing(firm_id=scope.firm_id, day=day)
    Snapshot.objects.update_or_create(
        firm_id=scope.firm_id,
        day=day,
        defaults={
            "status": Snapshot.Status.TAKEN,
            "reason": Snapshot.Reason.NONE,
            "taken_at": now,
            "is_end_of_day": is_end_of_day,
            "mirror_version": standing.freshness.mirror_version,
            "last_synced_at": standing.freshness.last_synced_at,
            "rows": taken.rows,
            "checksum": taken.checksum,
            "merged_people": list_merges(firm_id=scope.firm_id),
        },
    )
    return SnapshotOutcome(SnapshotStatus.TAKEN, day, taken.rows)
