"""Compare the mirror with Clio's lists of ids, page by page: what is missing, what is extra, what differs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from apps.clio.contracts import RecordKey
from apps.clio.mirror.declaration import Entity
from apps.clio.mirror.matters import MATTERS
from apps.clio.rules.reconciling import ASKED_BEFORE
from apps.clio.rules.sync_plan import OPEN_STATES

_OPEN_MATTERS = ("open", "pending")
_SHOWN = """
DELETE FROM clio_sweep_findings
WHERE firm_id = %(firm_id)s AND sweep_id = %(sweep_id)s AND kind = 'missing' AND record_key = ANY(%(keys)s)
"""
_NOT_HIDDEN = """
DELETE FROM clio_held_records WHERE firm_id = %(firm_id)s AND entity = %(entity)s AND record_key = ANY(%(keys)s)
"""
_PAGE = "unnest(%(keys)s::{kind}[], %(marks)s::{mark_kind}[]) AS page(clio_id, mark)"
_DIFFERING = """
INSERT INTO clio_sweep_findings (firm_id, sweep_id, record_key, kind)
SELECT %(firm_id)s, %(sweep_id)s, page.clio_id::text,
       CASE WHEN ours.clio_id IS NULL THEN 'extra' WHEN ours.gone_at IS NOT NULL THEN 'back' ELSE 'stale' END
FROM {page} LEFT JOIN {table} AS ours ON ours.firm_id = %(firm_id)s AND ours.clio_id = page.clio_id
WHERE ours.clio_id IS NULL OR ours.gone_at IS NOT NULL
      OR (page.mark IS NOT NULL AND ours.{mark} IS DISTINCT FROM page.mark)
ON CONFLICT DO NOTHING
"""
_UNMOVED = """
SELECT ours.clio_id FROM {page} JOIN {table} AS ours ON ours.firm_id = %(firm_id)s AND ours.clio_id = page.clio_id
WHERE ours.gone_at IS NULL AND ours.{mark} = page.mark
"""
_MISSING = """
INSERT INTO clio_sweep_findings (firm_id, sweep_id, record_key, kind)
SELECT %(firm_id)s, %(sweep_id)s, ours.clio_id::text, 'missing' FROM {table} AS ours
WHERE ours.firm_id = %(firm_id)s AND ours.gone_at IS NULL AND {condition}
ON CONFLICT DO NOTHING
"""
_BETWEEN = """
ours.clio_id > %(after)s AND (%(upto)s::bigint IS NULL OR ours.clio_id <= %(upto)s)
AND NOT EXISTS (SELECT FROM unnest(%(keys)s::bigint[]) AS page(clio_id) WHERE page.clio_id = ours.clio_id)
"""
_KNOWN = """
SELECT count(*) FROM {table} AS ours WHERE ours.firm_id = %(firm_id)s AND ours.gone_at IS NULL AND {condition}
"""
_CHANGED = """
SELECT count(*), count(*) FILTER (WHERE updated_at < %(read_from)s) FROM {table}
WHERE firm_id = %(firm_id)s AND gone_at IS NULL AND changed_at >= %(begun)s AND clio_id = ANY(%(keys)s::{kind}[])
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is compared: Clio's lists, each under one of the entity's filters, and which of our rows they should hold.

    in_order: each list is the whole one, so that ids tell what lies between two records.
    """

    lists: tuple[tuple[int, Mapping[str, str]], ...]
    condition: str = "true"
    values: Mapping[str, Any] = field(default_factory=dict)
    in_order: bool = True


@dataclass(frozen=True, slots=True)
class Listed:
    """A record as a list of ids shows it. mark: its etag, or its `updated_at` where there is none."""

    key: RecordKey
    mark: str | None


def scope_of(entity: Entity, *, is_whole: bool, young_since: datetime) -> Scope:
    """Return what is compared of an entity: all of it; or matters that are open, and young or open rows of money."""
    variants = range(len(entity.variants))
    if is_whole:
        return Scope(tuple((variant, {}) for variant in variants), in_order=not entity.has_text_key)
    if entity is MATTERS:
        words = {"states": list(_OPEN_MATTERS)}
        condition = "lower(ours.status) = ANY(%(states)s)"
        return Scope(((0, {"status": ",".join(_OPEN_MATTERS)}),), condition, words, in_order=False)
    since = {"created_since": (young_since - ASKED_BEFORE).isoformat()}
    lists: list[tuple[int, Mapping[str, str]]] = [(variant, since) for variant in variants]
    condition, values = "ours.created_at >= %(young_since)s", {"young_since": young_since, "states": []}
    if entity.name in OPEN_STATES:
        lists += [(0, {"state": state}) for state in OPEN_STATES[entity.name]]
        condition = f"({condition} OR ours.state = ANY(%(states)s))"
        values["states"] = list(OPEN_STATES[entity.name])
    return Scope(tuple(lists), condition, values, in_order=False)


def suspect_all(entity: Entity, *, firm_id: int, sweep_id: int, scope: Scope) -> None:
    """Take all rows in question for missing until a page shows them."""
    values = {"firm_id": firm_id, "sweep_id": sweep_id, **scope.values}
    _execute(_MISSING.format(table=entity.table, condition=scope.condition), values)


def compare_page(entity: Entity, *, firm_id: int, sweep_id: int, page: Sequence[Listed]) -> None:
    """Note what a page of a list shows that is not here, or not like this; what it shows is not missing or hidden."""
    kind, mark = "text" if entity.has_text_key else "bigint", entity.mark
    values = {
        "firm_id": firm_id,
        "sweep_id": sweep_id,
        "entity": entity.name,
        "keys": [str(each.key) for each in page],
        "marks": [each.mark for each in page],
    }
    _execute(_SHOWN, values)
    _execute(_NOT_HIDDEN, values)
    rows = _PAGE.format(kind=kind, mark_kind="text" if mark == "etag" else "timestamptz")
    _execute(_DIFFERING.format(page=rows, table=entity.table, mark=mark), values)


def unmoved_keys(entity: Entity, *, firm_id: int, page: Sequence[Listed]) -> set[RecordKey]:
    """Return which records of a page have the mark that ours have."""
    kind, mark = "text" if entity.has_text_key else "bigint", entity.mark
    keys, marks = [str(each.key) for each in page], [each.mark for each in page]
    values: dict[str, Any] = {"firm_id": firm_id, "keys": keys, "marks": marks}
    rows = _PAGE.format(kind=kind, mark_kind="text" if mark == "etag" else "timestamptz")
    with connection.cursor() as cursor:
        cursor.execute(_UNMOVED.format(page=rows, table=entity.table, mark=mark), values)
        return {key for (key,) in cursor.fetchall()}


def suspect_between(
    entity: Entity, *, firm_id: int, sweep_id: int, page: Sequence[Listed], after: int | None, is_last: bool
) -> None:
    """Take for missing what we have in the stretch of ids that a page covers and the page does not show."""
    values = {
        "firm_id": firm_id,
        "sweep_id": sweep_id,
        "keys": [int(each.key) for each in page],
        "after": -(2**63) if after is None else after,
        "upto": None if is_last or not page else int(page[-1].key),
    }
    if page or is_last:
        _execute(_MISSING.format(table=entity.table, condition=_BETWEEN), values)


def count_known(entity: Entity, *, firm_id: int, scope: Scope) -> int:
    """Return how many rows of ours are compared."""
    query = _KNOWN.format(table=entity.table, condition=scope.condition)
    return int(_first(query, {"firm_id": firm_id, **scope.values})[0])


def count_changed(
    entity: Entity, *, firm_id: int, keys: Collection[RecordKey], begun: datetime, read_from: datetime | None
) -> tuple[int, int]:
    """Return how many of the records changed here since `begun`, and how many of those a sync should have brought.

    read_from: Clio's changes up to then were asked for by the last sync that read the entity to its end.
    """
    kind = "text" if entity.has_text_key else "bigint"
    values = {"firm_id": firm_id, "keys": list(keys), "begun": begun, "read_from": read_from}
    changed, missed = _first(_CHANGED.format(table=entity.table, kind=kind), values)
    return int(changed), int(missed)


def database_clock() -> datetime:
    """Return when the transaction began, by the clock that also stamps `changed_at`."""
    (now,) = _first("SELECT now()", {})
    return now  # type: ignore[no-any-return]  # a timestamptz


def _execute(query: str, values: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)


def _first(query: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
