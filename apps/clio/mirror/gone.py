"""Mark records as gone: found missing from Clio, or missing from a whole reading of a list that is replaced."""

# ruff: noqa: S608 - names come from the declarations, values never

from collections.abc import Collection

from django.db import connection

from apps.clio.contracts import RecordKey, Written
from apps.clio.mirror.declaration import Entity
from apps.clio.mirror.trail import Trail
from apps.clio.mirror.write import as_written


def mark_gone(entity: Entity, *, firm_id: int, ids: Collection[RecordKey]) -> Written:
    """Note that records are no longer in Clio; the rows stay, and come back if Clio shows the records again.

    Belongs inside `tenant(firm_id)`. What is gone already, or was never here, changes nothing. Version, changed keys
    and history follow the same rules as in `write_batch`.
    """
    kind = "text" if entity.has_text_key else "bigint"
    return _mark(entity, firm_id, f"clio_id = ANY(%(ids)s::{kind}[])", ids=list(ids))


def finish_reading(entity: Entity, *, firm_id: int, reading: int) -> Written:
    """End the whole reading of a snapshot: what it did not hold is gone, and the marks it stands for are set anew.

    reading: the number all its batches were written with. Belongs inside `tenant(firm_id)`, in the transaction of the
    last batch; for a list that is no snapshot there is nothing to do. Returns what is gone, or got another mark.
    """
    if not entity.snapshot:
        return Written((), ())
    gone = _mark(entity, firm_id, "reading IS DISTINCT FROM %(reading)s", reading=reading)
    return gone if entity.marks is None else _set_marks(entity, *entity.marks, firm_id=firm_id)


def _set_marks(source: Entity, marked: Entity, column: str, *, firm_id: int) -> Written:
    """Make a yes-or-no column of `marked` tell which of its records the list `source` holds."""
    trail = Trail(marked)
    statement = f"""
        UPDATE {marked.table} AS mirror SET {column} = NOT mirror.{column}, changed_at = now()
        WHERE firm_id = %(firm_id)s AND {column} IS DISTINCT FROM EXISTS (
            SELECT FROM {source.table} AS listed
            WHERE listed.firm_id = %(firm_id)s AND listed.clio_id = mirror.clio_id AND listed.gone_at IS NULL)
        RETURNING {trail.returning}
    """
    with connection.cursor() as cursor:
        cursor.execute(trail.wrap(statement), {"firm_id": firm_id})
        return as_written(cursor.fetchall())


def _mark(entity: Entity, firm_id: int, condition: str, **values: int | list[RecordKey]) -> Written:
    trail = Trail(entity)
    statement = f"""
        UPDATE {entity.table} SET gone_at = statement_timestamp(), changed_at = now()
        WHERE firm_id = %(firm_id)s AND gone_at IS NULL AND {condition}
        RETURNING {trail.returning}
    """
    with connection.cursor() as cursor:
        cursor.execute(trail.wrap(statement), {"firm_id": firm_id, **values})
        return as_written(cursor.fetchall())
