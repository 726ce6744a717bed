"""Begin a sync: the run, its steps, and the job that works on it, in one transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from apps.accounts.interface import get_firm_profile
from apps.clio import jobs
from apps.clio.errors import ClioGrantRevoked, ClioNotConnected
from apps.clio.mirror import ENTITIES
from apps.clio.models import ClioConnection, SyncedEntity, SyncRun, SyncStep
from apps.clio.rules.sync_plan import OPEN_STATES, is_due, is_night_work_due
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant

# Clio's clock and ours may differ, and whether `updated_since` is inclusive is not told.
OVERLAP = timedelta(minutes=10)
_RUNS_KEPT = timedelta(days=30)


def open_run(
    *,
    firm_id: int,
    full: bool,
    entities: Collection[str] = (),
    is_asked: bool = False,
    requested_by: int | None = None,
    wakes_worker: bool = True,
) -> SyncRun:
    """Open the firm's run, or take the one that is open, and enqueue the job unless the caller will do the work.

    full: everything is read again; otherwise each entity's changes since its last complete read, and everything of an
    entity that was never read to its end or that tells no changes. entities: only these, wholly. is_asked: what is
    usually read seldom or nightly is read now as well. Raises ClioNotConnected, ClioGrantRevoked.
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
            run = _new_run(firm_id, full=full, entities=entities, is_asked=is_asked, requested_by=requested_by)
        elif run.state == SyncRun.State.PARKED:  # what parked it may be gone; if not, who works on it parks it again
            run.state, run.reason, run.detail, run.goes_on_at = SyncRun.State.RUNNING, "", "", None
            run.save(update_fields=["state", "reason", "detail", "goes_on_at"])
        if wakes_worker:
            enqueue(jobs.SYNC_FIRM, firm_id=firm_id, dedupe_key="sync")
    return run


def end_open_run(*, firm_id: int) -> None:
    """End the run that is open, if there is one: what it was reading is no longer what is wanted. Joins the firm's
    transaction; who works on it stops at the next commit.
    """
    with tenant(firm_id):
        SyncRun.objects.filter(firm_id=firm_id, finished_at=None).update(
            state=SyncRun.State.FAILED,
            finished_at=timezone.now(),
            held_by=None,
            held_until=None,
            reason="clio.superseded",
            detail="Another Clio user was connected; everything is read again.",
        )


def _new_run(
    firm_id: int, *, full: bool, entities: Collection[str], is_asked: bool, requested_by: int | None
) -> SyncRun:
    now = timezone.now()
    SyncRun.objects.filter(firm_id=firm_id, finished_at__lt=now - _RUNS_KEPT).delete()
    known = {each.entity: each for each in SyncedEntity.objects.filter(firm_id=firm_id, read_from__isnull=False)}
    if entities:
        kind, steps = SyncRun.Kind.ENTITIES, [_step(position, {}) for position in _positions(entities)]
    elif full or not known:
        kind, steps = SyncRun.Kind.FULL, [_step(position, {}) for position in range(len(ENTITIES))]
    else:
        kind, steps = SyncRun.Kind.INCREMENTAL, _steps_due(firm_id, known, now, is_asked)
    run = SyncRun.objects.create(firm_id=firm_id, kind=kind, requested_by_id=requested_by)
    for step in steps:
        step.firm_id, step.run = firm_id, run
    SyncStep.objects.bulk_create(steps)
    return run


def _positions(entities: Collection[str]) -> list[int]:
    return [position for position, entity in enumerate(ENTITIES) if entity.name in entities]


def _steps_due(firm_id: int, known: Mapping[str, SyncedEntity], now: datetime, is_asked: bool) -> list[SyncStep]:
    hour = now.astimezone(ZoneInfo(get_firm_profile(firm_id=firm_id).time_zone)).hour
    steps = []
    for position, entity in enumerate(ENTITIES):
        before = known.get(entity.name)
        read_from = before.read_from if before else None
        if not is_asked and not is_due(every_hours=entity.every_hours, read_from=read_from, now=now):
            continue
        step = _step(position, known)
        if before and entity.name in OPEN_STATES:
            night_work_due = is_night_work_due(last_at=before.open_read_at, now=now, local_hour=hour)
            step.reads_open = is_asked or night_work_due
        steps.append(step)
    return steps


def _step(position: int, known: Mapping[str, SyncedEntity]) -> SyncStep:
    entity = ENTITIES[position]
    before = known.get(entity.name)
    since = before.read_from - OVERLAP if before and before.read_from and entity.since else None
    return SyncStep(position=position, entity=entity.name, since=since, reads_open=False)
