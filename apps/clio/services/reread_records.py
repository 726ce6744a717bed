"""Bring named records of an entity up to date: ask Clio for exactly them, and mark those that it no longer has."""

import logging
from collections.abc import Collection, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field

from apps.clio.contracts import RecordKey, Reread
from apps.clio.errors import ClioRecordUnknown, ClioRequestRefused, NotReadableById
from apps.clio.mirror import ENTITY_BY_NAME, Entity
from apps.clio.mirror.gone import mark_gone
from apps.clio.services.access_token import check_still_granted
from apps.clio.services.call_clio import ClioCaller, calling_clio, read_list
from apps.clio.services.keep_records import ids_of, keep_records
from apps.clio.signals import mirror_changed
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
# A question Clio may find too long: how many ids it takes at once is not told.
_TOO_MANY = (400, 413, 414, 422)


def reread_records(
    *, firm_id: int, entity_name: str, ids: Collection[RecordKey], caller: ClioCaller | None = None
) -> Reread:
    """Read records anew by their ids, 100 in a question, fewer once Clio refuses; announce what changed.

    A record missing from the answer is asked for under every filter of the entity before it counts as gone; nothing is
    marked gone by an answer that names records nobody asked for. Each batch is kept as it comes, so that what was done
    stays done. caller: one that is open already. Raises NotReadableById, ClioForbids, ClioRequestRefused,
    ClioBudgetSpent, ClioNotConnected, ClioGrantRevoked, VendorUnavailable.
    """
    entity = ENTITY_BY_NAME[entity_name]
    if not entity.by_ids:
        raise NotReadableById
    with nullcontext(caller) if caller else calling_clio(firm_id=firm_id) as clio:
        work = _Reread(entity, clio)
        try:
            work.read(sorted({_key(entity, each) for each in ids}, key=str))
        finally:
            if work.has_changed:
                mirror_changed.send_robust(sender=None, firm_id=firm_id, entities=frozenset({entity.name}))
    return Reread(frozenset(work.found), frozenset(work.gone), dict(work.odd), work.has_changed)


def _key(entity: Entity, each: RecordKey) -> RecordKey:
    return str(each) if entity.has_text_key else int(each)


@dataclass(slots=True)
class _Reread:
    """The records of one entity, and what came of them so far."""

    entity: Entity
    clio: ClioCaller
    found: set[RecordKey] = field(default_factory=set)
    gone: set[RecordKey] = field(default_factory=set)
    odd: dict[RecordKey, str] = field(default_factory=dict)
    has_changed: bool = False

    def read(self, ids: list[RecordKey]) -> None:
        """Read them all, batch by batch."""
        while ids:
            batch, rest = ids[: self.clio.ids_at_once], ids[self.clio.ids_at_once :]
            try:
                self._read_batch(batch)
                ids = rest
            except ClioRequestRefused as refusal:
                if refusal.status not in _TOO_MANY or len(batch) == 1:
                    raise
                self.clio.ids_at_once = max(len(batch) // 2, 1)
                logger.info("clio.fewer_ids_at_once", extra={"ids": self.clio.ids_at_once})
            except ClioRecordUnknown as odd:  # text that is not Unicode keeps the whole answer from being read
                if odd.record_id not in batch:
                    raise
                self.odd[odd.record_id] = odd.detail
                ids = [each for each in ids if each != odd.record_id]

    def _read_batch(self, batch: list[RecordKey]) -> None:
        missing, only_asked = set(batch), True
        for variant in range(len(self.entity.variants)):
            if not missing:
                return
            told = self._ask(variant, missing)
            only_asked = only_asked and told <= missing
            missing -= told
        if missing and only_asked:
            self._mark_gone(missing)

    def _ask(self, variant: int, ids: Iterable[RecordKey]) -> set[RecordKey]:
        told: set[RecordKey] = set()
        asked = {"ids[]": [str(each) for each in ids]}
        for page in read_list(self.clio, self.entity, asked, variant=variant):
            kept = keep_records(self.entity, firm_id=self.clio.firm_id, grant=self.clio.grant, page=page)
            named = ids_of(page.records)
            told |= named
            self.found |= named - kept.odd.keys()
            self.odd |= kept.odd
            self.has_changed = self.has_changed or kept.changed > 0
        return told

    def _mark_gone(self, ids: set[RecordKey]) -> None:
        firm_id = self.clio.firm_id
        with tenant(firm_id):
            check_still_granted(self.clio.grant, firm_id=firm_id)
            changed = mark_gone(self.entity, firm_id=firm_id, ids=ids)
        self.gone |= ids
        self.has_changed = self.has_changed or bool(changed)
