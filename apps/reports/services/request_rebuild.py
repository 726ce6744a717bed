"""Promise a rebuild of a firm's ledger, and notice the firms that need one."""

from datetime import datetime, timedelta

from apps.accounts.interface import get_firm_profile, list_firm_ids
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant
from apps.reports import jobs
from apps.reports.ledger.freshness import read_freshness
from apps.reports.models import LedgerState
from apps.reports.queries.ledger_state import is_current

# The first change is taken in at once. Those that follow shortly wait for one another and come in together.
PAUSE = timedelta(seconds=1)


def request_rebuild(*, firm_id: int, now: datetime) -> bool:
    """Promise one rebuild of the firm's ledger; tell whether a new promise was made or one was pending already."""
    with tenant(firm_id):
        built_at = LedgerState.objects.filter(firm_id=firm_id).values_list("built_at", flat=True).first()
        at = now if built_at is None else max(now, min(built_at, now) + PAUSE)
        job_id = enqueue(jobs.REBUILD_LEDGER, firm_id=firm_id, dedupe_key="whole", available_at=at)
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
