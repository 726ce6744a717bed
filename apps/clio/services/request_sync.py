"""A person asks for a sync now."""

from apps.billing import interface as billing
from apps.clio.errors import SyncIsRunning, SyncNotInPlan
from apps.clio.models import SyncRun
from apps.clio.services.open_run import open_run
from apps.core import audit
from apps.core.tenancy import tenant


def request_sync(*, firm_id: int, actor_id: int | None, full: bool = False, wakes_worker: bool = True) -> int:
    """Start or wake the firm's sync; return the run's id.

    full: read everything again. wakes_worker: False when the caller works on it in its own process.
    Raises SyncNotInPlan, ClioNotConnected, ClioGrantRevoked, and SyncIsRunning when everything is wanted while a run
    that reads only changes is under way.
    """
    if not billing.entitlement(firm_id=firm_id).may_sync:
        raise SyncNotInPlan
    with tenant(firm_id):
        run = open_run(firm_id=firm_id, full=full, requested_by=actor_id, wakes_worker=wakes_worker)
        if full and run.kind != SyncRun.Kind.FULL:
            raise SyncIsRunning("A sync that reads only changes is under way; ask again when it has ended.")
        audit.record("clio.sync_requested", firm_id=firm_id, user_id=actor_id, target=f"run {run.pk}", full=full)
    return run.pk
