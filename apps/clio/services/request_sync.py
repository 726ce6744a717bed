"""A person asks for a sync now: of what changed, of everything, of one entity, or of one record."""

from collections.abc import Sequence

from apps.billing import interface as billing
from apps.clio import jobs
from apps.clio.contracts import Reread
from apps.clio.errors import EntityUnknown, NotReadableById, SyncIsRunning, SyncNotInPlan
from apps.clio.mirror import ENTITIES, ENTITY_BY_NAME, Entity
from apps.clio.models import SyncRun
from apps.clio.services.open_run import open_run
from apps.clio.services.reread_records import reread_records
from apps.core import audit
from apps.core.errors import FieldFault
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant


def request_sync(
    *, firm_id: int, actor_id: int | None, full: bool = False, entity: str = "", wakes_worker: bool = True
) -> int:
    """Start or wake the firm's sync; return the run's id.

    full: read everything again. entity: read all of this entity again, and nothing else. wakes_worker: False when the
    caller works on it in its own process. One run at a time: asked twice it is the same run.
    Raises SyncNotInPlan, ClioNotConnected, ClioGrantRevoked, EntityUnknown, and SyncIsRunning when more is wanted than
    the run that is under way reads.
    """
    _check_plan(firm_id)
    entities = (_find(entity).name,) if entity else ()
    kind = SyncRun.Kind.ENTITIES if entities else SyncRun.Kind.FULL
    with tenant(firm_id):
        run = open_run(
            firm_id=firm_id,
            full=full,
            entities=entities,
            is_asked=True,
            requested_by=actor_id,
            wakes_worker=wakes_worker,
        )
        if (full or entities) and not _reads(run, kind, entities):
            raise SyncIsRunning("Another sync is under way; ask again when it has ended.")
        audit.record(
            "clio.sync_requested", firm_id=firm_id, user_id=actor_id, target=f"run {run.pk}", full=full, entity=entity
        )
    return run.pk


def request_reread(*, firm_id: int, actor_id: int | None, entity: str, record_id: str) -> None:
    """Promise that one record is read again, and marked gone if Clio no longer has it. Asked twice it is read once.

    Raises SyncNotInPlan, EntityUnknown, NotReadableById.
    """
    _check_plan(firm_id)
    _check_ids(_find(entity), [record_id])
    target = f"{entity} {record_id}"
    with tenant(firm_id):
        enqueue(
            jobs.REREAD_RECORD,
            firm_id=firm_id,
            queue="critical",
            dedupe_key=target,
            entity=entity,
            record_id=record_id,
        )
        audit.record("clio.reread_requested", firm_id=firm_id, user_id=actor_id, target=target)


def reread_now(*, firm_id: int, entity: str, ids: Sequence[str]) -> Reread:
    """Read records again in this process: for operators. Raises what `request_reread` and `reread_records` do."""
    _check_plan(firm_id)
    _check_ids(_find(entity), ids)
    return reread_records(firm_id=firm_id, entity_name=entity, ids=list(ids))


def _check_ids(entity: Entity, ids: Sequence[str]) -> None:
    if not entity.by_ids:
        raise NotReadableById(faults=(_fault("entity", "Clio does not give single records of this kind."),))
    if not entity.has_text_key and not all(each.isascii() and each.isdigit() and len(each) < 19 for each in ids):
        raise EntityUnknown(faults=(_fault("record_id", "Clio's ids of these records are whole numbers."),))


def _check_plan(firm_id: int) -> None:
    if not billing.entitlement(firm_id=firm_id).may_sync:
        raise SyncNotInPlan


def _find(name: str) -> Entity:
    entity = ENTITY_BY_NAME.get(name)
    if entity is None or entity not in ENTITIES:
        known = ", ".join(each.name for each in ENTITIES)
        raise EntityUnknown(faults=(_fault("entity", f"Use one of: {known}."),))
    return entity


def _fault(field: str, detail: str) -> FieldFault:
    return FieldFault(pointer=f"/{field}", detail=detail, code="unknown")


def _reads(run: SyncRun, kind: str, entities: tuple[str, ...]) -> bool:
    """Tell whether a run reads all that is wanted: a whole reading of everything, or of just these entities."""
    if run.kind == SyncRun.Kind.FULL:
        return not entities
    return run.kind == kind and set(run.steps.values_list("entity", flat=True)) == set(entities)
