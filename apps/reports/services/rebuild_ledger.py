"""Bring a firm's ledger up to the mirror: what changed of it, or all of it."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, connection

from apps.accounts.interface import FirmProfile, get_firm_profile
from apps.core.tenancy import tenant
from apps.reports.ledger.build import build_ledger
from apps.reports.ledger.changes import Standpoint, find_changed_part
from apps.reports.ledger.freshness import read_freshness
from apps.reports.ledger.note import note_build
from apps.reports.ledger.part import LedgerPart
from apps.reports.ledger.steps import StepSize, next_step
from apps.reports.models import LedgerState
from apps.reports.models.state import LEDGER_REVISION
from apps.reports.queries.kept import ledger_settings_version
from apps.reports.queries.ledger_state import is_current
from apps.reports.rules.periods import today_in

logger = logging.getLogger(__name__)
_OVERTAKEN = "40001"  # SQLSTATE: could not serialize access
# Two rebuilds of one firm would only undo each other's work; the number keeps apart what else locks by firm.
_LOCK = "SELECT pg_try_advisory_xact_lock(5021, hashint8(%s))"
# Until the transaction ends: what builds a million rows at once takes longer than a request's statement may.
_PATIENCE = "SET LOCAL statement_timeout = '9min'"
# The snapshot is older than the lock (a lock of the session's could come first, but is lost behind PgBouncer), so
# another rebuild may have ended in between: PostgreSQL then refuses this statement, before the work is done.
_CLAIM = """
INSERT INTO reports_ledger_state AS s (firm_id, generation, mirror_version, revision, currency, time_zone, built_at,
                                       unreconciled_bills, unbalanced_bills, hidden_rows)
VALUES (%s, 0, 0, 0, '', '', now(), 0, 0, 0) ON CONFLICT (firm_id) DO UPDATE SET generation = s.generation
"""
_UNCLAIM = "DELETE FROM reports_ledger_state WHERE firm_id = %s AND generation = 0"
_GOES_ON = "goes on"
STEP = StepSize()


@dataclass(frozen=True, slots=True)
class RebuildOutcome:
    """What a rebuild did. status: built, current (nothing changed), waiting (first sync runs), busy (another runs).

    is_whole: all of the ledger was built, not just what changed.
    """

    status: str
    mirror_version: int = 0
    is_whole: bool = False


def rebuild_ledger(*, firm_id: int, now: datetime, step: StepSize = STEP) -> RebuildOutcome:
    """Bring the firm's ledger up to the mirror, if that, the firm's settings or our formulas changed. Twice is once.

    A ledger that stands is changed in one transaction, by the parts that moved where that is known: readers see the old
    one or the new one, each from one state of the mirror. A first one is built in steps, a transaction each, and is
    seen after the last; a call after a crash goes on where it was.
    """
    try:
        while (outcome := _rebuild(firm_id, now, step)).status == _GOES_ON:
            pass
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != _OVERTAKEN:
            raise
        return RebuildOutcome("busy")
    return outcome


def _rebuild(firm_id: int, now: datetime, step: StepSize) -> RebuildOutcome:
    with tenant(firm_id, snapshot=True):
        if not _lock(firm_id):
            return RebuildOutcome("busy")
        freshness, profile = read_freshness(firm_id=firm_id), get_firm_profile(firm_id=firm_id)
        if not freshness.is_complete:
            return RebuildOutcome("waiting")
        if is_current(profile=profile, mirror_version=freshness.mirror_version, now=now):
            return RebuildOutcome("current", freshness.mirror_version)
        with connection.cursor() as cursor:
            cursor.execute(_PATIENCE)
        _run(_CLAIM, firm_id)
        part, is_last = _find_part(profile, freshness.mirror_version, now, step)
        build_ledger(part)
        if is_last:
            note_build(part, mirror_version=freshness.mirror_version, now=now)
        else:
            _run(_UNCLAIM, firm_id)
    _log(part, freshness.mirror_version, is_last=is_last)
    return RebuildOutcome("built" if is_last else _GOES_ON, freshness.mirror_version, part.is_whole)


def _find_part(profile: FirmProfile, mirror_version: int, now: datetime, step: StepSize) -> tuple[LedgerPart, bool]:
    """Return what is to be built, and whether the ledger stands after that."""
    kept = ledger_settings_version(firm_id=profile.firm_id)
    whole = LedgerPart(profile.firm_id, profile.currency, profile.time_zone, today_in(profile.time_zone, now), kept)
    stands = LedgerState.objects.filter(firm_id=profile.firm_id, generation__gt=0).first()
    if stands is None:
        return next_step(whole, mirror_version=mirror_version, size=step)
    same = (LEDGER_REVISION, profile.currency, profile.time_zone, kept)
    found = (stands.revision, stands.currency, stands.time_zone, stands.settings_version)
    if stands.built_for is None or found != same:
        return whole, True
    since = Standpoint(stands.mirror_version, stands.built_for)
    return find_changed_part(whole, since, most=step.changes), True


def _lock(firm_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [firm_id])
        return bool(cursor.fetchone()[0])


def _run(statement: str, firm_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [firm_id])


def _log(part: LedgerPart, mirror_version: int, *, is_last: bool) -> None:
    counted = {
        "bills": len(part.bill_ids) if part.bill_ids is not None else None,
        "activities": len(part.activity_ids) if part.activity_ids is not None else None,
    }
    logger.info(
        "reports.ledger_rebuilt" if is_last else "reports.ledger_step_built",
        extra={"firm_id": part.firm_id, "mirror_version": mirror_version, "is_whole": part.is_whole, **counted},
    )
