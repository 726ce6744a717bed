"""Remove what is kept no longer: one periodic job, the rules of all apps, small batches.

A rule names a table and a condition; the database has the same condition as a policy (`rowsecurity.RetentionMayRemove`)
and shows and gives up no other rows here. docs/retention.md says what is kept how long and why; a test compares.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Model
from psycopg2 import sql

from apps.core.registries import RetentionRule, retention_rules

logger = logging.getLogger(__name__)
BATCH = 500
_MOST_BATCHES = 200
_DELETE = "DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {old} LIMIT %s)"


@contextmanager
def pruning() -> Iterator[None]:
    """Open one transaction in which the database shows, and lets go of, rows that are too old; of every firm."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.pruning', 'on', true)")
        yield


def removes(model: type[Model], old: str) -> Callable[[], int]:
    """Return what removes one batch of a table's old rows and tells how many. old: SQL on a row, as in the policy."""
    meta = model._meta
    query = sql.SQL(_DELETE).format(
        table=sql.Identifier(meta.db_table), key=sql.Identifier(str(meta.pk.column)), old=sql.SQL(f"({old})")
    )

    def prune() -> int:
        with pruning(), connection.cursor() as cursor:
            cursor.execute(query, [BATCH])
            removed: int = cursor.rowcount
        return removed

    return prune


def keep(name: str, *, days: int, old: str, model: type[Model]) -> None:
    """Add a rule: rows of a table for which `old` holds are removed, `days` after what docs/retention.md names."""
    retention_rules.add(name, RetentionRule(keeps_days=days, prune=removes(model, old)))


def prune_old_rows() -> dict[str, int]:
    """Apply every rule, batch by batch, and return how many rows went; what is left over waits for the next run."""
    removed: dict[str, int] = {}
    for name, rule in retention_rules:
        removed[name] = 0
        for _ in range(_MOST_BATCHES):
            batch = rule.prune()
            removed[name] += batch
            if batch < BATCH:
                break
    logger.info("core.old_rows_removed", extra={"removed": {name: count for name, count in removed.items() if count}})
    return removed
