"""Take a snapshot: what the ledger's own sources say stands on a day, kept as spans of unchanged rows.

A row is written when it first stands and once more when it ends or changes: the tables grow with what happens in a
firm, not with the days that pass.
"""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection

from apps.reports.contracts import Dimension, Measure, Source
from apps.reports.queries.sources import READABLE
from apps.reports.queries.sources.reading import Piece, Reading, RowKey


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the snapshots. keys, values: its columns with their types; standing: the statement of today's rows."""

    name: str
    columns: Mapping[str, str]
    standing: Callable[[Reading], Piece]
    tells: str = "true"

    def row(self, prefix: str) -> str:
        """Return the SQL of a row's digest, by which rows are compared: empty values are equal to one another."""
        return f"md5(ROW({', '.join(f'{prefix}{column}' for column in self.columns)})::text)"


@dataclass(frozen=True, slots=True)
class Taken:
    """What stands in a snapshot: how many rows, and the digest of them all."""

    rows: int
    checksum: str


def _broken_down(source: Source, keys: Mapping[str, Dimension | RowKey], values: Mapping[str, str]) -> Any:
    """Return a statement of a source's rows: its keys, and values that are SQL over the rows of one key."""

    def standing(reading: Reading) -> Piece:
        places = tuple(f"k{place}" for place in range(len(keys)))
        deeper = replace(reading, dimensions=tuple(keys.values()), levels=(places,))
        measures = [Measure(name, source, expression) for name, expression in values.items()]
        piece = READABLE[source].piece(deeper, measures)
        named = ", ".join(f"s.{place} AS {name}" for place, name in zip(places, keys, strict=True))
        return Piece(f"SELECT {named}, {', '.join(f's.{name}' for name in values)} FROM ({piece.text}) s", piece.values)

    return standing


def _matters(reading: Reading) -> Piece:
    text = """
        SELECT matter_id, status, opened_on, pending_on, closed_on, stage_since
        FROM reports_matter WHERE firm_id = %(firm)s
    """
    return Piece(text, {"firm": reading.scope.firm_id})


_DAY = "%(last)s::date"
UNBILLED = Table(
    "reports_snapshot_unbilled",
    {
        "activity_id": "bigint",
        "timekeeper_id": "bigint",
        "matter_id": "bigint",
        "currency": "text",
        "unbilled_as": "text",
        "worked_on": "date",
        "value": "bigint",
        "seconds": "numeric",
    },
    _broken_down(
        Source.UNBILLED,
        {
            "activity_id": RowKey.ID,
            "timekeeper_id": Dimension.TIMEKEEPER,
            "matter_id": Dimension.MATTER,
            "currency": Dimension.CURRENCY,
        },
        {
            "unbilled_as": "max(r.unbilled_as)",
            "worked_on": f"{_DAY} - max(r.age)",
            "value": "sum(r.value)",
            "seconds": "trim_scale(sum(r.seconds))",
        },
    ),
    tells="value IS DISTINCT FROM 0 OR seconds <> 0 OR (seconds IS NULL AND unbilled_as <> 'expenses')",
)
_RECEIVABLE = Table(
    "reports_snapshot_receivable",
    {
        "bill_id": "bigint",
        "timekeeper_id": "bigint",
        "matter_id": "bigint",
        "payer_id": "bigint",
        "currency": "text",
        "issued_on": "date",
        "aged_from": "date",
        "amount": "bigint",
        "tax": "bigint",
        "interest": "bigint",
    },
    _broken_down(
        Source.RECEIVABLE,
        {
            "bill_id": Dimension.BILL,
            "timekeeper_id": Dimension.TIMEKEEPER,
            "matter_id": Dimension.MATTER,
            "payer_id": Dimension.PAYER,
            "currency": Dimension.CURRENCY,
        },
        {
            "issued_on": f"{_DAY} - max(r.days_since_issue)",
            "aged_from": f"{_DAY} - max(r.days_past_due)",
            "amount": "coalesce(sum(r.visible), 0)",
            "tax": "coalesce(sum(r.visible_tax), 0)",
            "interest": "coalesce(sum(r.visible_interest), 0)",
        },
    ),
    tells="(amount, tax, interest) <> (0, 0, 0)",
)
_TRUST = Table(
    "reports_snapshot_trust",
    {"bank_account_id": "bigint", "matter_id": "bigint", "client_id": "bigint", "currency": "text", "amount": "bigint"},
    _broken_down(
        Source.TRUST,
        {
            "bank_account_id": Dimension.BANK_ACCOUNT,
            "matter_id": Dimension.MATTER,
            "client_id": Dimension.PAYER,
            "currency": Dimension.CURRENCY,
        },
        {"amount": "coalesce(sum(r.amount), 0)"},
    ),
    tells="amount <> 0",
)
_MATTERS = Table(
    "reports_snapshot_matter",
    {
        "matter_id": "bigint",
        "status": "text",
        "opened_on": "date",
        "pending_on": "date",
        "closed_on": "date",
        "stage_since": "date",
    },
    _matters,
)
TABLES: Sequence[Table] = (UNBILLED, _RECEIVABLE, _TRUST, _MATTERS)

# Broken down to single rows, what the planner takes for a few is all there is: row by row a join took minutes.
_JOIN_BY_HASH = "SET LOCAL enable_nestloop = off"
_STANDING = """
CREATE TEMPORARY TABLE snapshot_now ON COMMIT DROP AS
SELECT n.*, {row} AS digest FROM (SELECT {columns} FROM ({standing}) s) n WHERE {tells}
"""
# A later snapshot of the same day: what the earlier one wrote is taken back first.
_TAKE_BACK = "DELETE FROM {table} WHERE firm_id = %(firm)s AND seen_from = %(day)s"
_GO_ON = "UPDATE {table} SET seen_until = NULL{no_more} WHERE firm_id = %(firm)s AND seen_until = %(day)s"
_END = """
UPDATE {table} t SET seen_until = %(day)s
WHERE t.firm_id = %(firm)s AND t.seen_until IS NULL
  AND NOT EXISTS (SELECT FROM snapshot_now n WHERE n.digest = {row})
"""
_BEGIN = """
INSERT INTO {table} (firm_id, seen_from, {columns})
SELECT %(firm)s, %(day)s, {columns} FROM snapshot_now n
WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.firm_id = %(firm)s AND t.seen_until IS NULL AND {row} = n.digest)
"""
# What became of entries that left work in progress, by how they stand now.
_LEFT = """
UPDATE reports_snapshot_unbilled u SET left_as = f.left_as, became = f.became
FROM (
    SELECT o.id,
           CASE WHEN n.currency = o.currency THEN n.value WHEN n.activity_id IS NOT NULL THEN o.value END AS became,
           CASE WHEN n.activity_id IS NOT NULL THEN 'changed'
                WHEN e.activity_id IS NULL THEN 'deleted'
                WHEN e.work_class <> 'billable' THEN 'non_billable'
                WHEN a.written_off THEN 'written_off'
                WHEN e.billed_on <= %(day)s THEN 'billed'
                ELSE 'moved' END AS left_as
    FROM reports_snapshot_unbilled o
    LEFT JOIN snapshot_now n ON n.activity_id = o.activity_id
    LEFT JOIN LATERAL (
        SELECT activity_id, work_class, billed_on FROM reports_time
        WHERE firm_id = %(firm)s AND activity_id = o.activity_id
        UNION ALL
        SELECT activity_id, work_class, billed_on FROM reports_expense
        WHERE firm_id = %(firm)s AND activity_id = o.activity_id
    ) e ON true
    LEFT JOIN clio_out_activities a ON a.firm_id = %(firm)s AND a.activity_id = o.activity_id
    WHERE o.firm_id = %(firm)s AND o.seen_until = %(day)s
) f
WHERE u.firm_id = %(firm)s AND u.id = f.id
"""
_STOOD = """
SELECT count(*), encode(sha256(coalesce(string_agg(digest, '' ORDER BY digest), '')::bytea), 'hex')
FROM (
    SELECT {row} AS digest FROM {table} t
    WHERE t.firm_id = %(firm)s AND t.seen_from <= %(day)s AND (t.seen_until IS NULL OR t.seen_until > %(day)s)
) s
"""


def keep_standing(reading: Reading) -> None:
    """Keep what stands on the reading's last day, inside the firm's transaction; no later day may be kept yet.

    reading: whole firm, all currencies. Twice on a day: the second one stands.
    """
    values = {"firm": reading.scope.firm_id, "day": reading.last}
    _run(_JOIN_BY_HASH, {})
    for table in TABLES:
        _keep(table, reading, values)
    _run("SET LOCAL enable_nestloop TO DEFAULT", {})


def _keep(table: Table, reading: Reading, values: Mapping[str, Any]) -> None:
    piece, columns = table.standing(reading), ", ".join(table.columns)
    typed = ", ".join(f"s.{column}::{kind} AS {column}" for column, kind in table.columns.items())
    no_more = ", left_as = NULL, became = NULL" if table is UNBILLED else ""
    _run(_STANDING.format(row=table.row("n."), columns=typed, standing=piece.text, tells=table.tells), piece.values)
    _run("ANALYZE snapshot_now", {})
    _run(_TAKE_BACK.format(table=table.name), values)
    _run(_GO_ON.format(table=table.name, no_more=no_more), values)
    _run(_END.format(table=table.name, row=table.row("t.")), values)
    _run(_BEGIN.format(table=table.name, columns=columns, row=table.row("t.")), values)
    if table is UNBILLED:
        _run(_LEFT, values)
    _run("DROP TABLE snapshot_now", {})


def read_standing(*, firm_id: int, day: date) -> Taken:
    """Return how many rows stood on a day and their checksum; call it inside the firm's transaction.

    It reads what is kept: it gives the same on the day itself and for ever after, unless somebody changed a row.
    """
    rows, digests = 0, hashlib.sha256()
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(_STOOD.format(table=table.name, row=table.row("t.")), {"firm": firm_id, "day": day})
            count, digest = cursor.fetchone()
        rows += count
        digests.update(digest.encode())
    return Taken(rows, digests.hexdigest())


def _run(statement: str, values: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
