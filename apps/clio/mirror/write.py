"""Write a batch of records: COPY into a temporary table, then one upsert that touches only what differs."""

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.db import connection

from apps.clio.contracts import Written
from apps.clio.mirror.declaration import Entity

_CHUNK = 1 << 18
_RAISE_VERSION = """
INSERT INTO clio_mirror_versions AS mirror (firm_id, version) VALUES (%s, 1)
ON CONFLICT (firm_id) DO UPDATE SET version = mirror.version + 1
"""


def write_batch(entity: Entity, *, firm_id: int, lines: Iterable[str]) -> Written:
    """Bring the mirror up to a batch of records and raise its version if a row changed.

    lines: as `rows.lines_by_id` makes them, each record once. Belongs inside `tenant(firm_id)`. A record older
    (`updated_at`) than the one in the mirror changes nothing.
    """
    statements = _statements(entity)
    with connection.cursor() as cursor:
        cursor.execute(statements.create)
        _copy(cursor, statements.copy, "\n".join(lines))
        cursor.execute(statements.upsert, {"firm_id": firm_id})
        rows: list[tuple[int, bool]] = cursor.fetchall()
        cursor.execute(statements.drop)
        if rows:
            cursor.execute(_RAISE_VERSION, [firm_id])
    return Written(
        inserted=tuple([clio_id for clio_id, is_new in rows if is_new]),
        updated=tuple([clio_id for clio_id, is_new in rows if not is_new]),
    )


def _copy(cursor: Any, statement: str, text: str) -> None:
    with connection.wrap_database_errors:  # Django wraps what it knows, and it does not know COPY
        cursor.copy_expert(statement, BytesIO(text.encode()), _CHUNK)


class _Statements:
    """The statements of an entity."""

    def __init__(self, entity: Entity) -> None:
        batch = f"batch_{entity.table}"
        names = [column.name for column in entity.columns]
        derived = entity.derived
        listed = ", ".join(names)
        self.create = (
            f"CREATE TEMPORARY TABLE {batch} "
            f"({', '.join(f'{column.name} {column.sql_type}' for column in entity.columns)}) ON COMMIT DROP"
        )
        self.drop = f"DROP TABLE {batch}"
        self.copy = f"COPY {batch} ({listed}) FROM STDIN"
        self.upsert = f"""
            INSERT INTO {entity.table} AS mirror ({", ".join(["firm_id", *names, *[each.column for each in derived]])})
            SELECT {", ".join(["%(firm_id)s", *names, *[each.when_new for each in derived]])} FROM {batch} AS batch
            ON CONFLICT (firm_id, clio_id) DO UPDATE SET
                {", ".join(f"{name} = excluded.{name}" for name in names[1:])},
                {"".join(f"{each.column} = {each.when_known}, " for each in derived)}
                changed_at = now(), gone_at = NULL
            WHERE ((({", ".join(f"mirror.{name}" for name in names[1:])})
                   IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in names[1:])}))
                  OR mirror.gone_at IS NOT NULL)
              AND (excluded.updated_at >= mirror.updated_at) IS NOT FALSE
            RETURNING new.clio_id, old.clio_id IS NULL
        """  # noqa: S608 - names come from the declarations, values never


@lru_cache(maxsize=64)
def _statements(entity: Entity) -> _Statements:
    return _Statements(entity)
