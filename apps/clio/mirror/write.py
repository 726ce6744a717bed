"""Write a batch of records: COPY into a temporary table, then one upsert that touches only what differs."""

import time
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.db import connection

from apps.clio.contracts import RecordKey, Written
from apps.clio.mirror.declaration import Column, Entity, Kind
from apps.clio.mirror.trail import Trail

_CHUNK = 1 << 18


def write_batch(
    entity: Entity, *, firm_id: int, lines: Iterable[str], asked_at: float, reading: int | None = None
) -> Written:
    """Bring the mirror up to a batch of records; with each row that changed go its version, its key and its past.

    lines: as `rows.lines_by_id` makes them, each record once. Belongs inside `tenant(firm_id)`. A record older
    (`updated_at`) than the one in the mirror changes nothing, unless it is a snapshot's. asked_at: when Clio was asked
    for the first of them, by `time.monotonic()`; what was found gone after that stays gone. reading: for a snapshot,
    the number of the whole reading this is a part of, which `gone.finish_reading` ends.
    """
    statements = _statements(entity)
    values: dict[str, float | None] = {"firm_id": firm_id, "reading": reading}
    with connection.cursor() as cursor:
        cursor.execute(statements.create)
        _copy(cursor, statements.copy, "\n".join(lines))
        # The age, not an instant: `gone_at` is of the database's clock, which may differ from this machine's.
        cursor.execute(statements.upsert, {**values, "asked_seconds_ago": time.monotonic() - asked_at})
        rows: list[tuple[RecordKey, bool]] = cursor.fetchall()
        if entity.snapshot:
            cursor.execute(statements.mark_read, values)
        cursor.execute(statements.drop)
    return as_written(rows)


def refresh_batch(entity: Entity, *, firm_id: int, lines: Iterable[str]) -> Written:
    """Bring rows whose mark (etag) is the record's up to what changed inside the record without moving it.

    Objects and collections are taken as told. Of a record's own fields nothing is believed to have become empty: that
    is a right the connected user has lost, since its mark did not move. lines and trail as for `write_batch`.
    """
    statements = _statements(entity)
    with connection.cursor() as cursor:
        cursor.execute(statements.create)
        _copy(cursor, statements.copy, "\n".join(lines))
        cursor.execute(statements.refresh, {"firm_id": firm_id})
        rows: list[tuple[RecordKey, bool]] = cursor.fetchall()
        cursor.execute(statements.drop)
    return as_written(rows)


def as_written(rows: Iterable[tuple[RecordKey, bool]]) -> Written:
    """Sort what a statement with a trail returned."""
    rows = list(rows)
    return Written(
        inserted=tuple([key for key, is_new in rows if is_new]),
        updated=tuple([key for key, is_new in rows if not is_new]),
    )


def _copy(cursor: Any, statement: str, text: str) -> None:
    with connection.wrap_database_errors:  # Django wraps what it knows, and it does not know COPY
        cursor.copy_expert(statement, BytesIO(text.encode()), _CHUNK)


class _Statements:
    """The statements of an entity."""

    def __init__(self, entity: Entity) -> None:
        batch = f"batch_{entity.table}"
        columns = [(f'"{column.name}"', column.sql_type) for column in entity.columns]
        columns.append(("unknown_fields", "jsonb"))
        names = [name for name, _ in columns]
        derived = entity.derived
        listed = ", ".join(names)
        self.create = (
            f"CREATE TEMPORARY TABLE {batch} ({', '.join(f'{name} {kind}' for name, kind in columns)}) ON COMMIT DROP"
        )
        self.drop = f"DROP TABLE {batch}"
        self.copy = f"COPY {batch} ({listed}) FROM STDIN"
        self.mark_read = f"""
            UPDATE {entity.table} SET reading = %(reading)s
            WHERE firm_id = %(firm_id)s AND clio_id IN (SELECT clio_id FROM {batch})
        """  # noqa: S608 - names come from the declarations, values never
        trail = Trail(entity)
        # A sum's `updated_at` is of what it is made of, and goes back when the youngest bill is paid.
        not_older = "true" if entity.snapshot else "(excluded.updated_at >= mirror.updated_at) IS NOT FALSE"
        self.upsert = trail.wrap(f"""
            INSERT INTO {entity.table} AS mirror ({", ".join(["firm_id", *names, *[each.column for each in derived]])})
            SELECT {", ".join(["%(firm_id)s", *names, *[each.when_new for each in derived]])} FROM {batch} AS batch
            ORDER BY clio_id  -- two writers meet the same rows in the same order
            ON CONFLICT (firm_id, clio_id) DO UPDATE SET
                {", ".join(f"{name} = excluded.{name}" for name in names[1:])},
                {"".join(f"{each.column} = {each.when_known}, " for each in derived)}
                changed_at = now(), gone_at = NULL
            WHERE ((({", ".join(f"mirror.{name}" for name in names[1:])})
                   IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in names[1:])}))
                  OR mirror.gone_at IS NOT NULL)
              AND {not_older}
              AND (mirror.gone_at >= statement_timestamp() - make_interval(secs => %(asked_seconds_ago)s)) IS NOT TRUE
            RETURNING {trail.returning}
        """)  # noqa: S608 - names come from the declarations, values never
        told = {f'"{column.name}"': _told_unmoved(column) for column in entity.columns[1:]}
        told["unknown_fields"] = "batch.unknown_fields"
        told |= {
            each.column: f"coalesce({each.when_known.replace('excluded.', 'batch.')}, mirror.{each.column})"
            for each in derived
        }
        self.refresh = trail.wrap(f"""
            UPDATE {entity.table} AS mirror
            SET {", ".join(f"{name} = {value}" for name, value in told.items())}, changed_at = now()
            FROM {batch} AS batch
            WHERE mirror.firm_id = %(firm_id)s AND mirror.clio_id = batch.clio_id AND mirror.gone_at IS NULL
              AND mirror.{entity.mark} = batch.{entity.mark}
              AND ({", ".join(f"mirror.{name}" for name in told)}) IS DISTINCT FROM ({", ".join(told.values())})
            RETURNING {trail.returning}
        """)  # noqa: S608 - names come from the declarations, values never


def _told_unmoved(column: Column) -> str:
    is_own = column.inner is None and column.kind not in (Kind.DOCUMENT, Kind.IDENTIFIERS)
    told = f'batch."{column.name}"'
    return f'coalesce({told}, mirror."{column.name}")' if is_own else told


@lru_cache(maxsize=64)
def _statements(entity: Entity) -> _Statements:
    return _Statements(entity)
