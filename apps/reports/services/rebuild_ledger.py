"""Build a firm's ledger anew from the mirror."""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import OperationalError, connection

from apps.accounts.interface import FirmProfile, get_firm_profile
from apps.core.tenancy import tenant
from apps.reports.ledger.build import build_ledger
from apps.reports.ledger.freshness import read_freshness
from apps.reports.ledger.part import LedgerPart
from apps.reports.models.state import LEDGER_REVISION
from apps.reports.queries.ledger_state import is_current
from apps.reports.rules.periods import today_in

logger = logging.getLogger(__name__)
_OVERTAKEN = "40001"  # SQLSTATE: could not serialize access
# Two rebuilds of one firm would only undo each other's work; the number keeps apart what else locks by firm.
_LOCK = "SELECT pg_try_advisory_xact_lock(5021, hashint8(%s))"
# The snapshot is older than the lock (a lock of the session's could come first, but is lost behind PgBouncer), so
# another rebuild may have ended in between: PostgreSQL then refuses this statement, before the work is done.
_CLAIM = """
INSERT INTO reports_ledger_state AS s (firm_id, generation, mirror_version, revision, currency, time_zone, built_at,
                                       unreconciled_bills, unbalanced_bills, hidden_rows)
VALUES (%s, 0, 0, 0, '', '', now(), 0, 0, 0) ON CONFLICT (firm_id) DO UPDATE SET generation = s.generation
"""
_NOTE = """
INSERT INTO reports_ledger_state AS s (firm_id, generation, mirror_version, revision, currency, time_zone, built_at,
                                       stale_on, currencies, unreconciled_bills, unbalanced_bills, hidden_rows)
SELECT %(firm)s, 1, %(version)s, %(revision)s, %(currency)s, %(zone)s, %(now)s,
       least((SELECT min(worked_on) FROM reports_time WHERE firm_id = %(firm)s AND worked_on > %(today)s),
             (SELECT min(settled_on) FROM reports_settle WHERE firm_id = %(firm)s AND settled_on > %(today)s),
             (SELECT min(charged_on) FROM reports_interest WHERE firm_id = %(firm)s AND charged_on > %(today)s)),
       ARRAY(SELECT DISTINCT currency FROM reports_bill WHERE firm_id = %(firm)s UNION
             SELECT DISTINCT currency FROM reports_time WHERE firm_id = %(firm)s UNION
             SELECT DISTINCT currency FROM reports_expense WHERE firm_id = %(firm)s ORDER BY 1),
       count(*) FILTER (WHERE unreconciled <> 0), count(*) FILTER (WHERE NOT is_balanced),
       (SELECT count(*) FROM reports_time WHERE firm_id = %(firm)s AND (seconds IS NULL OR value IS NULL))
       + (SELECT count(*) FROM reports_expense WHERE firm_id = %(firm)s AND value IS NULL)
FROM reports_bill WHERE firm_id = %(firm)s
ON CONFLICT (firm_id) DO UPDATE SET generation = s.generation + 1, mirror_version = excluded.mirror_version,
    revision = excluded.revision, stale_on = excluded.stale_on, currencies = excluded.currencies,
    currency = excluded.currency, time_zone = excluded.time_zone, built_at = excluded.built_at,
    unreconciled_bills = excluded.unreconciled_bills, unbalanced_bills = excluded.unbalanced_bills,
    hidden_rows = excluded.hidden_rows
"""


@dataclass(frozen=True, slots=True)
class RebuildOutcome:
    """What a rebuild did. status: built, current (nothing changed), waiting (first sync runs), busy (another runs)."""

    status: str
    mirror_version: int = 0


def rebuild_ledger(*, firm_id: int, now: datetime) -> RebuildOutcome:
    """Exchange the firm's whole ledger in one transaction, if the mirror, the firm's settings or our formulas changed.

    Readers see the old ledger or the new one. All of it is computed from one state of the mirror. Twice is once.
    """
    try:
        return _rebuild(firm_id, now)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != _OVERTAKEN:
            raise
        return RebuildOutcome("busy")


def _rebuild(firm_id: int, now: datetime) -> RebuildOutcome:
    with tenant(firm_id, snapshot=True):
        if not _lock(firm_id):
            return RebuildOutcome("busy")
        freshness, profile = read_freshness(firm_id=firm_id), get_firm_profile(firm_id=firm_id)
        if not freshness.is_complete:
            return RebuildOutcome("waiting")
        if is_current(profile=profile, mirror_version=freshness.mirror_version, now=now):
            return RebuildOutcome("current", freshness.mirror_version)
        _claim(firm_id)
        today = today_in(profile.time_zone, now)
        build_ledger(LedgerPart(firm_id, profile.currency, profile.time_zone, today))
        _note(profile, freshness.mirror_version, now, today)
    logger.info("reports.ledger_rebuilt", extra={"firm_id": firm_id, "mirror_version": freshness.mirror_version})
    return RebuildOutcome("built", freshness.mirror_version)


def _lock(firm_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [firm_id])
        return bool(cursor.fetchone()[0])


def _claim(firm_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [firm_id])


def _note(profile: FirmProfile, mirror_version: int, now: datetime, today: date) -> None:
    values: dict[str, Any] = {
        "firm": profile.firm_id,
        "version": mirror_version,
        "revision": LEDGER_REVISION,
        "currency": profile.currency,
        "zone": profile.time_zone,
        "now": now,
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
