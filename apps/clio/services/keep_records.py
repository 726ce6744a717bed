"""Keep records that were read: all of them that have a known form, however odd the one beside them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from django.db import DataError

from apps.clio.contracts import Grant, RecordKey
from apps.clio.mirror import Entity
from apps.clio.mirror.rows import ODD, lines_by_id
from apps.clio.mirror.write import write_batch
from apps.clio.services.access_token import check_still_granted
from apps.clio.vendors.clio_api import Page
from apps.core.tenancy import tenant

_UNKNOWN_FORM, _DOES_NOT_FIT = "has no known form", "holds a value that does not fit"


class _Id(msgspec.Struct):
    id: int | str | None = None


_ids = msgspec.json.Decoder(list[_Id])
_records = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(slots=True)
class Kept:
    """odd: records that were left out, and why. changed: how many rows differ from before."""

    changed: int = 0
    odd: dict[RecordKey, str] = field(default_factory=dict)


def ids_of(records: bytes) -> set[RecordKey]:
    """Return the ids of a JSON array of records."""
    return {each.id for each in _ids.decode(records) if each.id is not None}


def keep_records(entity: Entity, *, firm_id: int, grant: Grant, page: Page) -> Kept:
    """Bring the mirror up to a page of records, in one transaction that proves the grant still stands.

    Raises ClioNotConnected, ClioGrantRevoked; msgspec.DecodeError on what is no array of records.
    """
    kept = Kept()
    lines: dict[RecordKey, str] = {}
    try:
        lines.update(lines_by_id(entity, page.records))
    except ODD:
        for record in _records.decode(page.records):
            _convert(entity, bytes(record), lines, kept)
    try:
        kept.changed += _write(entity, firm_id, grant, lines.values(), page.asked_at)
    except DataError:
        for key, line in lines.items():
            try:
                kept.changed += _write(entity, firm_id, grant, [line], page.asked_at)
            except DataError:
                kept.odd[key] = _DOES_NOT_FIT
    return kept


def _convert(entity: Entity, record: bytes, lines: dict[RecordKey, str], kept: Kept) -> None:
    array = b"[" + record + b"]"
    try:
        lines.update(lines_by_id(entity, array))
    except ODD:
        kept.odd.update(dict.fromkeys(ids_of(array), _UNKNOWN_FORM))


def _write(entity: Entity, firm_id: int, grant: Grant, lines: Iterable[str], asked_at: float) -> int:
    with tenant(firm_id):
        check_still_granted(grant, firm_id=firm_id)
        return write_batch(entity, firm_id=firm_id, lines=lines, asked_at=asked_at).changed if lines else 0
