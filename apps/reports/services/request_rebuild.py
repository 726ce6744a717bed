"""Promise a rebuild of a firm's ledger, and notice the firms that need one."""

from datetime import datetime, timedelta

from apps.accounts.interface import get_firm_profile, list_firm_ids
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant
from apps.reports import jobs
from apps.reports.ledger.freshness import read_freshness
from apps.reports.queries.ledger_state import is_current

# Changes come in batches: one rebuild shortly after the first of them takes in those that follow.
DELAY = timedelta(seconds=2)


def request_rebuild(*, firm_id: int, now: datetime) -> bool:
    """Promise one rebuild of the firm's ledger; tell whether a new promise was made or one was pending already."""
    with tenant(firm_id):
        job_id = enqueue(jobs.REBUILD_LEDGER, firm_id=firm_id, dedupe_key="whole", available_at=now + DELAY)
    return job_id is not None


def nudge_stale_ledgers(*, now: datetime) -> int:
    """Promise a rebuild to every firm whose ledger is older than mirror, settings or formulas; return how many.

    Catches announcements of clio's that were lost between its commit and our receiver.
    """
    return sum(request_rebuild(firm_id=firm_id, now=now) for firm_id in list_firm_ids() if _is_stale(firm_id, now))


def _is_stale(firm_id: int, now: datetime) -> bool:
    with tenant(firm_id, read_only=True):
        freshness = read_freshness(firm_id=firm_id)
        profile = get_firm_profile(firm_id=firm_id)
        is_built = is_current(profile=profile, mirror_version=freshness.mirror_version, now=now)
        return freshness.is_complete and not is_built
