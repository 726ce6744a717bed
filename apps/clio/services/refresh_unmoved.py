"""While everything is compared, take along what changed inside records without moving their mark."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from apps.clio.contracts import RecordKey
from apps.clio.mirror import Entity
from apps.clio.mirror.compare import Listed, unmoved_keys
from apps.clio.mirror.declaration import parse_fields
from apps.clio.mirror.rows import ODD, lines_by_id
from apps.clio.mirror.write import refresh_batch
from apps.clio.queries.optional_fields import list_taken_fields
from apps.clio.services.one_user import OneUserCaller, check_same_user
from apps.clio.signals import mirror_changed
from apps.clio.vendors.clio_api import Page
from apps.core.tenancy import tenant

_records = msgspec.json.Decoder(list[msgspec.Raw])
_cells = msgspec.json.Decoder(dict[str, msgspec.Raw])
# Within a text the closing quote would have a backslash before it.
_REDACTED = re.compile(rb'"(?:quantity_)?redacted"\s*:\s*true')


def refresh_unmoved(clio: OneUserCaller, entity: Entity, page: Page, listed: Sequence[Listed]) -> None:
    """Bring rows with the same mark up to the records of a page: a bill's state or a client's name in them may be new.

    Records whose mark differs are left to the findings, which count them. Of records with anything redacted nothing is
    taken: what was known before the right was lost stays. A page that tells ids only, because its address was kept by
    a release that asked for no more, changes nothing. Announces what changed. Raises OtherUserConnected,
    ClioNotConnected, ClioGrantRevoked.
    """
    firm_id = clio.firm_id
    with tenant(firm_id):
        check_same_user(clio.grant, firm_id=firm_id, since=clio.since)
        unmoved = unmoved_keys(entity, firm_id=firm_id, page=listed)
        lines = _lines(entity, page, listed, unmoved, firm_id=firm_id)
        changed = refresh_batch(entity, firm_id=firm_id, lines=lines.values()).changed if lines else 0
    if changed:
        mirror_changed.send_robust(sender=None, firm_id=firm_id, entities=frozenset({entity.name}))


def _lines(
    entity: Entity, page: Page, listed: Sequence[Listed], unmoved: set[RecordKey], *, firm_id: int
) -> dict[RecordKey, str]:
    whole = list(_whole_records(entity, page, listed, unmoved, firm_id=firm_id))
    try:
        return lines_by_id(entity, b"[" + b",".join(whole) + b"]")
    except ODD:  # a record that was kept with this mark has a known form; should one not, the others are left as well
        return {}


def _whole_records(
    entity: Entity, page: Page, listed: Sequence[Listed], unmoved: set[RecordKey], *, firm_id: int
) -> Iterator[bytes]:
    taken = list_taken_fields(firm_id=firm_id, entity=entity.name, asked=entity.optional_fields)
    wanted = {name for name, _ in parse_fields(entity.asked_fields(taken))}
    for each, raw in zip(listed, _records.decode(page.records), strict=True):
        record = bytes(raw)
        if each.key in unmoved and not _REDACTED.search(record) and wanted <= _cells.decode(record).keys():
            yield record
