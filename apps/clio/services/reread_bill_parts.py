"""Bring the lines and allocations of bills up to date: nothing announces them, and a bill's change is their hint."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from apps.clio.contracts import RecordKey
from apps.clio.mirror import ENTITY_BY_NAME, Entity
from apps.clio.services.call_clio import ClioCaller, read_list
from apps.clio.services.keep_records import ids_of, keep_records
from apps.clio.services.reread_records import reread_records
from apps.clio.signals import mirror_changed
from apps.core.tenancy import tenant

_PARTS = ("line_items", "allocations")
# A question per bill and kind of part; for more bills, what changed at all and the parts already known cost less.
_ASKED_ONE_BY_ONE = 5
_OVERLAP = timedelta(minutes=10)
# A bill may be announced whose mark did not move for years; its parts that changed did so lately.
_LOOKS_BACK = timedelta(days=1)
_KNOWN = "SELECT clio_id FROM {table} WHERE firm_id = %s AND gone_at IS NULL AND bill_id = ANY(%s)"
_SINCE = "SELECT min(updated_at) FROM clio_bills WHERE firm_id = %s AND clio_id = ANY(%s)"


def reread_bill_parts(*, caller: ClioCaller, bill_ids: Collection[int]) -> bool:
    """Read the bills' lines and allocations anew and tell whether any changed.

    A part known here that a bill no longer shows is asked for by its id: it may have moved to another bill, or be gone.
    The bills themselves were read before. Announces what changed. Raises what `reread_records` does.
    """
    bills = sorted(set(bill_ids))
    if not bills:
        return False
    changes = [_reread(ENTITY_BY_NAME[name], caller, bills) for name in _PARTS]
    return any(changes)


def _reread(entity: Entity, caller: ClioCaller, bills: list[int]) -> bool:
    if len(bills) <= _ASKED_ONE_BY_ONE:
        conditions = [{"bill_id": str(bill)} for bill in bills]
    else:
        since = _earliest_change(caller.firm_id, bills)
        since = max(since, timezone.now() - _LOOKS_BACK) if since else None
        conditions = [{"updated_since": (since - _OVERLAP).isoformat()}] if since else []
    seen: set[RecordKey] = set()
    changed = 0
    for condition in conditions:
        for page in read_list(caller, entity, condition):
            changed += keep_records(entity, firm_id=caller.firm_id, grant=caller.grant, page=page).changed
            seen |= ids_of(page.records)
    if changed:
        mirror_changed.send_robust(sender=None, firm_id=caller.firm_id, entities=frozenset({entity.name}))
    unseen = _known_parts(entity, caller.firm_id, bills) - seen
    if not unseen:
        return changed > 0
    rest = reread_records(firm_id=caller.firm_id, entity_name=entity.name, ids=unseen, caller=caller)
    return changed > 0 or rest.has_changed


def _known_parts(entity: Entity, firm_id: int, bills: list[int]) -> set[RecordKey]:
    with tenant(firm_id, read_only=True), connection.cursor() as cursor:
        cursor.execute(_KNOWN.format(table=entity.table), [firm_id, bills])
        return {clio_id for (clio_id,) in cursor.fetchall()}


def _earliest_change(firm_id: int, bills: list[int]) -> datetime | None:
    with tenant(firm_id, read_only=True), connection.cursor() as cursor:
        cursor.execute(_SINCE, [firm_id, bills])
        (since,) = cursor.fetchone()
    return since if isinstance(since, datetime) else None
