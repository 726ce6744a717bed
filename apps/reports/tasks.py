"""Entrances for this app's jobs."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.core.jobs import RunAgain, handles
from apps.core.jobs.periodic import periodic
from apps.reports import jobs
from apps.reports.services.check_ledger import check_ledger, request_checks
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.request_rebuild import nudge_stale_ledgers

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


def nudge() -> int:
    """Look for ledgers older than their mirror."""
    return nudge_stale_ledgers(now=timezone.now())


periodic(jobs.NUDGE_STALE_LEDGERS, nudge, every_seconds=60)
periodic(jobs.CHECK_LEDGERS, request_checks, every_seconds=86_400)
