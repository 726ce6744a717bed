"""Begin an entity of a run: decide which lists are read for it."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.clio.mirror import Entity
from apps.clio.models import SyncChain, SyncRun, SyncStep
from apps.clio.queries.syncs import get_mirror_version
from apps.clio.rules.sync_plan import NAMES_BILLS, OPEN_STATES, batches_of_ids
from apps.clio.services.hold_run import HeldRun, keep_holding
from apps.core.tenancy import tenant

_NAMED_BILLS = """
SELECT DISTINCT named FROM clio_changes, unnest(ARRAY[bill_id, old_bill_id]) AS named
WHERE firm_id = %s AND version > %s AND version <= %s AND entity = ANY(%s) AND named IS NOT NULL
"""


def plan_step(held: HeldRun, step: SyncStep, entity: Entity) -> None:
    """Write down the lists to read for an entity and that it was begun, in one transaction.

    Everything: the list once under each of the entity's filters. Changes: the same with `updated_since`, which covers
    what was created since as well; nightly what is not settled; and bills that are named by records changed since.
    """
    with tenant(held.firm_id):
        keep_holding(held)
        lists = list(_lists(held, step, entity))
        SyncChain.objects.filter(firm_id=held.firm_id, step_id=step.pk).delete()
        SyncChain.objects.bulk_create(
            SyncChain(firm_id=held.firm_id, step_id=step.pk, number=number, variant=variant, filters=filters)
            for number, (variant, filters) in enumerate(lists)
        )
        step.started_at, step.state = timezone.now(), SyncStep.State.RUNNING
        step.save(update_fields=["started_at", "state"])


def _lists(held: HeldRun, step: SyncStep, entity: Entity) -> Iterator[tuple[int, dict[str, Any]]]:
    since = {"updated_since": step.since.isoformat()} if step.since and entity.since else {}
    for variant in range(len(entity.variants)):
        yield variant, since
    if step.reads_open and since:
        for state in OPEN_STATES[entity.name]:
            yield 0, {"state": state}
    if entity.name == "bills":
        named = _named_bills(held)
        for ids in batches_of_ids(named if since else ()):
            yield 0, {"ids[]": ids}


def _named_bills(held: HeldRun) -> list[int]:
    """Return the bills named by what changed since they were last asked for, and note up to where that is done."""
    firm_id = held.firm_id
    version = get_mirror_version(firm_id=firm_id)
    earlier = SyncRun.objects.filter(firm_id=firm_id, bills_named_to__isnull=False).exclude(pk=held.run_id)
    known = earlier.order_by("-bills_named_to").values_list("bills_named_to", flat=True).first() or 0
    SyncRun.objects.filter(firm_id=firm_id, pk=held.run_id).update(bills_named_to=version)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED_BILLS, [firm_id, known, version, list(NAMES_BILLS)])
        return [bill_id for (bill_id,) in cursor.fetchall()]
