"""Read the records Clio announced, many in a question, whatever the order the announcements came in."""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from apps.billing import interface as billing
from apps.clio import errors
from apps.clio.contracts import RecordKey, Reread
from apps.clio.mirror import Entity
from apps.clio.mirror.announced import ANNOUNCED
from apps.clio.models import SyncRun
from apps.clio.services.call_clio import ClioCaller, calling_clio
from apps.clio.services.reread_bill_parts import reread_bill_parts
from apps.clio.services.reread_records import reread_records
from apps.clio.services.turns import HeldTurn, turn_at
from apps.clio.services.waiting_deliveries import Announced, look_again, next_batch, postpone, settle, try_later
from apps.clio.vendors.wake_mark import clear_mark
from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
SLICE_SECONDS = 40.0
_LOOK_AGAIN_SECONDS = 0.1
_ASK_PLAN_AGAIN = timedelta(minutes=15)
_BILLS = "bills"


def read_deliveries(*, firm_id: int, slice_seconds: float = SLICE_SECONDS) -> datetime | None:
    """Read what was announced until nothing waits; return when to go on, or None.

    One reader per firm. What is announced is only a hint: the record is read anew by its id, so that neither order nor
    loss nor repetition of deliveries matters, and one that Clio does not show anymore is marked gone. Raises
    VendorUnavailable while Clio is away; everything else is put back row by row or given up.
    """
    clear_mark(firm_id)
    if not billing.entitlement(firm_id=firm_id).may_sync:
        postpone(firm_id=firm_id, by=_ASK_PLAN_AGAIN)
        return None
    try:
        with turn_at("deliveries", firm_id=firm_id) as turn, calling_clio(firm_id=firm_id) as clio:
            return _work(turn, clio, until=time.monotonic() + slice_seconds)
    except errors.TurnTaken as taken:
        return timezone.now() + timedelta(seconds=min(taken.retry_after_seconds, 2.0))
    except errors.ClioBudgetSpent as spent:
        return timezone.now() + timedelta(seconds=spent.wait_seconds)
    except (errors.ClioNotConnected, errors.ClioGrantRevoked):
        return None  # the rows wait until the firm is connected again; the sweeper wakes the reader then


def _work(turn: HeldTurn, clio: ClioCaller, *, until: float) -> datetime | None:
    while time.monotonic() < until:
        turn.keep()
        batch, any_wait = next_batch(firm_id=turn.firm_id)
        if batch:
            _read(clio, batch)
        elif any_wait:
            time.sleep(_LOOK_AGAIN_SECONDS)
        else:
            return None
    return timezone.now()


def _read(clio: ClioCaller, batch: Sequence[Announced]) -> None:
    """Read one batch. Clio's answer of the moment after it came settles every delivery that was there before."""
    firm_id, entity = clio.firm_id, ANNOUNCED.get(batch[0].model)
    readable = {each: key for each in batch if entity and (key := _key(entity, each.record_id)) is not None}
    settle([each for each in batch if each not in readable], firm_id=firm_id, outcome="not_ours")
    if entity is None or not readable:
        return
    try:
        outcome = _reread(clio, entity, list(readable.values()))
    except errors.ClioForbids:
        settle(readable, firm_id=firm_id, outcome="forbidden")
    except (errors.ClioBudgetSpent, errors.ClioGrantRevoked, errors.ClioNotConnected, VendorUnavailable):
        raise
    except VendorRejected as refusal:
        logger.warning("clio.reread_refused", extra={"entity": entity.name, "code": refusal.code})
        try_later(list(readable), firm_id=firm_id)
    except Exception:
        try_later(list(readable), firm_id=firm_id)
        raise
    else:
        _note(readable, outcome, firm_id)


def _note(readable: Mapping[Announced, RecordKey], outcome: Reread, firm_id: int) -> None:
    """A page a sync read before a record was removed may be written after it was marked gone: then look once more."""
    is_syncing = bool(outcome.gone) and _is_syncing(firm_id)
    again = {each for each, key in readable.items() if is_syncing and key in outcome.gone and not each.was_missed}
    odd = [each for each, key in readable.items() if key in outcome.odd]
    settle([each for each in readable if each not in again and each not in odd], firm_id=firm_id, outcome="read")
    look_again(again, firm_id=firm_id)
    try_later(odd, firm_id=firm_id)


def _is_syncing(firm_id: int) -> bool:
    with tenant(firm_id):
        return SyncRun.objects.filter(firm_id=firm_id, finished_at=None).exists()


def _reread(clio: ClioCaller, entity: Entity, ids: list[RecordKey]) -> Reread:
    outcome = reread_records(firm_id=clio.firm_id, entity_name=entity.name, ids=ids, caller=clio)
    if entity.name == _BILLS:
        reread_bill_parts(caller=clio, bill_ids=[int(each) for each in ids])
    if outcome.odd:
        logger.warning("clio.records_odd", extra={"entity": entity.name, "count": len(outcome.odd)})
    return outcome


def _key(entity: Entity, record_id: str) -> RecordKey | None:
    if entity.has_text_key:
        return record_id
    return int(record_id) if record_id.isascii() and record_id.isdigit() and int(record_id) < 2**63 else None
