"""Export and erase a firm's rows table by table; apps name their tables once, in `ready()`."""

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from django.db import connection
from django.db.models import Model
from psycopg2 import sql

_AT_ONCE = 1000


def export_rows(
    model: type[Model], *, without: tuple[str, ...] = (), firm: str = "firm_id"
) -> Callable[[int], Iterator[Mapping[str, object]]]:
    """Return an exporter of a table's rows of one firm, as they are stored.

    without: columns that never leave, such as tokens. It reads through a cursor of the open transaction, so a table of
    any size passes in small pieces.
    """
    table = model._meta.db_table
    name = f"export_{table}"
    declare = sql.SQL(
        "DECLARE {name} NO SCROLL CURSOR FOR SELECT to_jsonb(r) - %s::text[] FROM {table} r WHERE {firm} = %s"
    )
    query = declare.format(name=sql.Identifier(name), table=sql.Identifier(table), firm=sql.Identifier(firm))
    fetch = sql.SQL("FETCH {count} FROM {name}").format(count=sql.Literal(_AT_ONCE), name=sql.Identifier(name))
    close = sql.SQL("CLOSE {name}").format(name=sql.Identifier(name))

    def read(firm_id: int) -> Iterator[Mapping[str, object]]:
        with connection.cursor() as cursor:
            cursor.execute(query, [list(without), firm_id])
            while True:
                cursor.execute(fetch)
                rows = cursor.fetchall()
                if not rows:
                    break
                for (text,) in rows:
                    yield json.loads(text, parse_float=Decimal)  # money stays exact
            cursor.execute(close)

    return read


def erase_rows(*models: type[Model], firm: str = "firm_id") -> Callable[[int], int]:
    """Return an eraser of the tables' rows of one firm, in the order named: rows before what they refer to."""

    def erase(firm_id: int) -> int:
        removed = 0
        with connection.cursor() as cursor:
            for model in models:
                statement = sql.SQL("DELETE FROM {table} WHERE {firm} = %s").format(
                    table=sql.Identifier(model._meta.db_table), firm=sql.Identifier(firm)
                )
                cursor.execute(statement, [firm_id])
                removed += cursor.rowcount
        return removed

    return erase
