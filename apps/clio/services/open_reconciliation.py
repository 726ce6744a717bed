"""Begin a comparison of the mirror with Clio: which entities, how much of each, and the job that works on it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils import timezone

from apps.clio import jobs
from apps.clio.errors import ClioGrantRevoked, ClioNotConnected
from apps.clio.mirror import ENTITIES, Entity
from apps.clio.mirror.matters import MATTERS
from apps.clio.models import ClioConnection, Reconciliation, ReconciliationCare, Sweep, SyncedEntity
from apps.clio.rules.reconciling import WHOLLY_EVERY
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant

_KEPT = timedelta(days=90)


def open_reconciliation(
    *, firm_id: int, entities: Collection[str] = (), is_whole: bool = False, wakes_worker: bool = True
) -> Reconciliation:
    """Open the firm's comparison, or take the one that is open, and enqueue its job unless the caller will work on it.

    entities: only these, wholly. is_whole: everything, although the week is not over. Otherwise what is due: open
    matters and young rows of money, and everything once a week, as well as of an entity whose rows the connected Clio
    user was not compared with before. Entities that were never read to their end are left out.
    Raises ClioNotConnected, ClioGrantRevoked.
    """
    with tenant(firm_id):
        connected = ClioConnection.objects.select_for_update().filter(firm_id=firm_id).first()
        if connected is None or connected.status == ClioConnection.Status.DISCONNECTED:
            raise ClioNotConnected
        if connected.status == ClioConnection.Status.REVOKED:
            raise ClioGrantRevoked
        found = Reconciliation.objects.filter(firm_id=firm_id, finished_at=None).first()
        found = found or _new(connected, entities, is_whole)
        if wakes_worker:
            enqueue(jobs.RECONCILE_FIRM, firm_id=firm_id, dedupe_key="reconcile")
    return found


def has_baseline(connected: ClioConnection, entity: str) -> bool:
    """Tell whether it is known which of the entity's rows the connected Clio user sees; joins the firm's transaction.

    That is so where the rows were first read as this user, or were once compared wholly with what this user sees.
    """
    firm_id, since = connected.firm_id, connected.clio_user_since
    read = SyncedEntity.objects.filter(firm_id=firm_id, entity=entity, first_completed_at__gte=since)
    swept = Sweep.objects.filter(firm_id=firm_id, entity=entity, is_whole=True, state=Sweep.State.DONE)
    return read.exists() or swept.filter(reconciliation__clio_user_since=since).exists()


def _new(connected: ClioConnection, entities: Collection[str], is_whole: bool) -> Reconciliation:
    firm_id, now = connected.firm_id, timezone.now()
    Reconciliation.objects.filter(firm_id=firm_id, finished_at__lt=now - _KEPT).delete()
    wholly = not entities and (is_whole or _is_week_over(firm_id, now))
    kind = Reconciliation.Kind.ASKED if entities else Reconciliation.Kind.NIGHTLY
    reconciliation = Reconciliation.objects.create(
        firm_id=firm_id,
        kind=Reconciliation.Kind.WEEKLY if wholly else kind,
        started_at=now,
        clio_user_since=connected.clio_user_since,
    )
    read = SyncedEntity.objects.filter(firm_id=firm_id, first_completed_at__isnull=False)
    known = set(read.values_list("entity", flat=True))
    sweeps = [
        Sweep(
            firm_id=firm_id,
            reconciliation=reconciliation,
            position=position,
            entity=entity.name,
            is_whole=wholly or bool(entities) or not has_baseline(connected, entity.name),
        )
        for position, entity in enumerate(ENTITIES)
        if is_swept(entity) and entity.name in known and (not entities or entity.name in entities)
    ]
    nightly = {entity.name for entity in ENTITIES if entity.moves_money or entity is MATTERS}
    Sweep.objects.bulk_create(each for each in sweeps if each.is_whole or each.entity in nightly)
    return reconciliation


def is_swept(entity: Entity) -> bool:
    """Tell whether an entity's rows are compared by id: a snapshot is replaced whole, one record has no list."""
    return not (entity.snapshot or entity.is_single)


def _is_week_over(firm_id: int, now: datetime) -> bool:
    care = ReconciliationCare.objects.filter(firm_id=firm_id).first()
    return care is None or care.wholly_at is None or now - care.wholly_at >= WHOLLY_EVERY
