"""Reads of how far a firm's mirror is."""

from datetime import datetime

from django.utils import timezone

from apps.clio.contracts import ConnectionStatus, EntityProgress, SyncProgress, SyncState
from apps.clio.models import ClioConnection, MirrorVersion, SyncedEntity, SyncRun, SyncStep
from apps.core.tenancy import tenant


def find_progress(*, firm_id: int) -> SyncProgress | None:
    """Return the firm's latest run, entity by entity, or None if there never was one."""
    with tenant(firm_id):
        run = SyncRun.objects.filter(firm_id=firm_id).order_by("-id").first()
        if run is None:
            return None
        steps = list(SyncStep.objects.filter(firm_id=firm_id, run_id=run.pk).order_by("position"))
    now = timezone.now()
    return SyncProgress(
        run_id=run.pk,
        kind=run.kind,
        state=run.state,
        reason=run.reason,
        detail=run.detail,
        started_at=run.started_at,
        finished_at=run.finished_at,
        goes_on_at=run.goes_on_at,
        records=sum(step.records for step in steps),
        worked_seconds=sum(step.worked_ms for step in steps) / 1000,
        eta_seconds=_eta_of_run(run, steps, now),
        entities=tuple(_entity(step, now) for step in steps),
    )


def find_sync_state(*, firm_id: int) -> SyncState:
    """Return what can be said about the mirror as a whole."""
    with tenant(firm_id):
        connection = ClioConnection.objects.filter(firm_id=firm_id).values_list("status", flat=True).first()
        run = SyncRun.objects.filter(firm_id=firm_id).order_by("-id").first()
        known = list(SyncedEntity.objects.filter(firm_id=firm_id).order_by("pk"))
        # A run over all entities has a step for whatever was not settled before it.
        regular = SyncRun.objects.filter(firm_id=firm_id).exclude(kind=SyncRun.Kind.ENTITIES).order_by("-id").first()
        steps = SyncStep.objects.filter(firm_id=firm_id, run_id=regular.pk) if regular else SyncStep.objects.none()
        declared = set(steps.values_list("entity", flat=True))
    settled = {each.entity for each in known if each.first_completed_at or each.refused}
    is_complete = bool(declared) and settled >= declared
    read_from = [each.read_from for each in known if each.read_from and each.in_each_run]
    return SyncState(
        connection=ConnectionStatus(connection) if connection else None,
        data_as_of=min(read_from, default=None) if is_complete else None,
        is_complete=is_complete,
        refused=tuple(each.entity for each in known if each.refused),
        records=sum(entity.records for entity in known),
        state=run.state if run else None,
        detail=run.detail if run else "",
    )


def get_mirror_version(*, firm_id: int) -> int:
    """Return the counter that every batch which changed a row has raised; 0 for an empty mirror."""
    with tenant(firm_id):
        return MirrorVersion.objects.filter(firm_id=firm_id).values_list("version", flat=True).first() or 0


def count_mirrored(*, firm_id: int) -> dict[str, int]:
    """Return how many records of each completed entity the mirror held at its last completion."""
    with tenant(firm_id):
        completed = SyncedEntity.objects.filter(firm_id=firm_id, first_completed_at__isnull=False)
        return dict(completed.values_list("entity", "records"))


def _entity(step: SyncStep, now: datetime) -> EntityProgress:
    worked = step.worked_ms / 1000
    return EntityProgress(
        entity=step.entity,
        state=step.state,
        records=step.records,
        expected=step.expected,
        changed=step.changed,
        pages=step.pages,
        records_per_second=round(step.records / worked, 1) if worked else None,
        eta_seconds=_eta(step, now),
        started_at=step.started_at,
        finished_at=step.finished_at,
        detail=step.detail,
    )


def _eta_of_run(run: SyncRun, steps: list[SyncStep], now: datetime) -> int | None:
    """Pages come at one pace whatever they hold; how many a list has is known once its first page was read."""
    still_open = (SyncStep.State.PENDING, SyncStep.State.RUNNING)
    unknown = [step for step in steps if step.state in still_open and (step.expected is None or not step.pages)]
    read = sum(step.pages for step in steps)
    if run.finished_at is not None or not read or len(unknown) * 2 > len(steps):
        return None
    left = sum(_pages_left(step) for step in steps if step.state in still_open and step not in unknown) + len(unknown)
    return round((now - run.started_at).total_seconds() * left / read)


def _pages_left(step: SyncStep) -> float:
    records_per_page = max(step.records / step.pages, 1)
    return max((step.expected or 0) - step.records, 0) / records_per_page


def _eta(step: SyncStep, now: datetime) -> int | None:
    if step.state != SyncStep.State.RUNNING or not step.records or step.expected is None or step.started_at is None:
        return None
    elapsed = (now - step.started_at).total_seconds()
    return round(elapsed * max(step.expected - step.records, 0) / step.records)
