"""Begin a sync: the run, its steps, and the job that works on it, in one transaction."""

from datetime import timedelta

from django.utils import timezone

from apps.clio import jobs
from apps.clio.errors import ClioGrantRevoked, ClioNotConnected
from apps.clio.mirror import ENTITIES
from apps.clio.models import ClioConnection, SyncedEntity, SyncRun, SyncStep
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant

# Clio's clock and ours may differ, and whether `updated_since` is inclusive is not told.
OVERLAP = timedelta(minutes=10)
_RUNS_KEPT = timedelta(days=30)


def open_run(*, firm_id: int, full: bool, requested_by: int | None = None, wakes_worker: bool = True) -> SyncRun:
    """Open the firm's run, or take the one that is open, and enqueue the job unless the caller will do the work.

    full: everything is read again; otherwise each entity's changes since its last complete read, and everything of an
    entity that was never read to its end. Raises ClioNotConnected, ClioGrantRevoked.
    """
    with tenant(firm_id):
        # The connection's row is the lock under which a firm gets one open run.
        connected = ClioConnection.objects.select_for_update().filter(firm_id=firm_id).first()
        if connected is None or connected.status == ClioConnection.Status.DISCONNECTED:
            raise ClioNotConnected
        if connected.status == ClioConnection.Status.REVOKED:
            raise ClioGrantRevoked
        run = SyncRun.objects.filter(firm_id=firm_id, finished_at=None).first()
        if run is None:
            run = _new_run(firm_id, full=full, requested_by=requested_by)
        elif run.state == SyncRun.State.PARKED:  # what parked it may be gone; if not, who works on it parks it again
            run.state, run.reason, run.detail, run.goes_on_at = SyncRun.State.RUNNING, "", "", None
            run.save(update_fields=["state", "reason", "detail", "goes_on_at"])
        if wakes_worker:
            enqueue(jobs.SYNC_FIRM, firm_id=firm_id, dedupe_key="sync")
    return run


def _new_run(firm_id: int, *, full: bool, requested_by: int | None) -> SyncRun:
    SyncRun.objects.filter(firm_id=firm_id, finished_at__lt=timezone.now() - _RUNS_KEPT).delete()
    completed = SyncedEntity.objects.filter(firm_id=firm_id, read_from__isnull=False)
    known = {} if full else {each.entity: each.read_from - OVERLAP for each in completed if each.read_from}
    kind = SyncRun.Kind.INCREMENTAL if known else SyncRun.Kind.FULL
    run = SyncRun.objects.create(firm_id=firm_id, kind=kind, requested_by_id=requested_by)
    SyncStep.objects.bulk_create(
        SyncStep(
            firm_id=firm_id,
            run=run,
            position=position,
            entity=entity.name,
            since=known.get(entity.name),
        )
        for position, entity in enumerate(ENTITIES)
    )
    return run
