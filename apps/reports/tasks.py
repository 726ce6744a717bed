"""Entrances for this app's jobs."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.core.jobs import RunAgain, handles
from apps.core.jobs.periodic import periodic
from apps.reports import jobs
from apps.reports.services.check_ledger import check_ledger, request_checks
from apps.reports.services.keep_forecasts import keep_forecasts, request_forecasts
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.request_rebuild import nudge_stale_ledgers
from apps.reports.services.take_snapshot import SnapshotStatus, request_due_snapshots, take_due_snapshot

_BUSY_PAUSE = timedelta(seconds=1)


@handles(jobs.REBUILD_LEDGER)
def rebuild_ledger_job(*, firm_id: int, **_: Any) -> RunAgain | None:
    """Rebuild a firm's ledger; come back later while another rebuild of it runs."""
    outcome = rebuild_ledger(firm_id=firm_id, now=timezone.now())
    return RunAgain(timezone.now() + _BUSY_PAUSE) if outcome.status == "busy" else None


@handles(jobs.CHECK_LEDGER)
def check_ledger_job(*, firm_id: int, **_: Any) -> None:
    """Check a firm's ledger against Clio's own figures."""
    check_ledger(firm_id=firm_id, now=timezone.now())


@handles(jobs.KEEP_FORECAST)
def keep_forecast_job(*, firm_id: int, **_: Any) -> None:
    """Keep this quarter's forecast of a firm, and score the ones whose weeks are over."""
    keep_forecasts(firm_id=firm_id, now=timezone.now())


@handles(jobs.TAKE_SNAPSHOT)
def take_snapshot_job(*, firm_id: int, **_: Any) -> RunAgain | None:
    """Keep what stood at the end of a firm's day; come back later while its ledger is being rebuilt."""
    outcome = take_due_snapshot(firm_id=firm_id, now=timezone.now())
    return RunAgain(timezone.now() + _BUSY_PAUSE) if outcome.status == SnapshotStatus.BUSY else None


def take_snapshots() -> int:
    """Look for firms whose day has ended."""
    return request_due_snapshots(now=timezone.now())


def nudge() -> int:
    """Look for ledgers older than their mirror."""
    return nudge_stale_ledgers(now=timezone.now())


periodic(jobs.NUDGE_STALE_LEDGERS, nudge, every_seconds=60)
periodic(jobs.CHECK_LEDGERS, request_checks, every_seconds=86_400)
periodic(jobs.KEEP_FORECASTS, request_forecasts, every_seconds=86_400)
periodic(jobs.TAKE_SNAPSHOTS, take_snapshots, every_seconds=900)
