"""What a change of records means to a webhook: which events, and what the delivery says."""

from __future__ import annotations

from collections.abc import Iterator

from apps.clio.sandbox.entities.entity import Cell, Embedded, Entity, Row
from apps.clio.sandbox.fragments import TEXT
from apps.clio.sandbox.projection import Asked, Plan, parse_fields
from apps.clio.sandbox.store import Change, Store

MATTER_STATUS = {TEXT["Open"]: "matter_opened", TEXT["Pending"]: "matter_pended", TEXT["Closed"]: "matter_closed"}


def events_of_change(change: Change) -> Iterator[str]:
    """Yield the events of a change. A bill that takes the state deleted is deleted to those who listen."""
    before, after = change.before, change.after
    if after is None or (before is not None and _became(change, "state", TEXT["deleted"])):
        yield "deleted"
        return
    yield "created" if before is None else "updated"
    if change.entity.name == "matters":
        status = after[change.entity.positions["status"]]
        if before is None or before[change.entity.positions["status"]] != status:
            yield MATTER_STATUS[str(status)]


def touches(change: Change, fields: str, *, watches_updated_at: bool) -> bool:
    """Tell whether one of the fields differs between before and after.

    updated_at moves with every change, even where two fall into one second and read alike.
    """
    before, after, places = change.before, change.after, change.entity.positions
    if before is None or after is None:
        return True
    asked = parse_fields(fields)
    if watches_updated_at and "updated_at" in asked:
        return True
    names = [name for name in asked if name in places and name not in ("etag", "updated_at")]
    return any(not _same(before[places[name]], after[places[name]]) for name in names)


def payload(store: Store, change: Change, fields: str, event: str, webhook_id: int) -> bytes:
    """Return the body of a delivery: id, etag and the chosen fields as they are now, or were before a removal."""
    row: Row | None = change.after if change.after is not None else change.before
    assert row is not None
    asked: Asked = {"id": None, "etag": None, **parse_fields(fields)}
    data = Plan(store, _known(change.entity, asked), asked).write((row,))[0]
    return f'{{"data":{data},"meta":{{"event":"{event}","webhook_id":{webhook_id}}}}}'.encode()


def _known(entity: Entity, asked: Asked) -> Entity:
    if "etag" not in entity.scalars:
        asked.pop("etag")
    return entity


def _became(change: Change, column: str, value: Cell) -> bool:
    at = change.entity.positions.get(column)
    return at is not None and change.before is not None and change.after is not None and (
        change.before[at] != value and change.after[at] == value
    )  # fmt: skip


def _same(one: Cell, other: Cell) -> bool:
    if isinstance(one, Embedded) and isinstance(other, Embedded):
        return one.fragments == other.fragments
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other
