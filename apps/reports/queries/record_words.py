"""What single records of money are: their kind, day, and the bill or matter they are of. No amounts are among them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from apps.core.scope import Scope
from apps.reports.contracts import Dimension


@dataclass(frozen=True, slots=True)
class RecordWords:
    """A record in words. subject: what it is of, a bill or a matter by id; None: of neither."""

    kind: str
    day: date | None
    subject: int | None


# An allocation has several rows, which agree in all of this. The days it lies in spare a look at every other.
_ALLOCATIONS = """
SELECT DISTINCT ON (x.allocation_id) x.allocation_id, initcap(left(x.kind, 1)) || replace(substr(x.kind, 2), '_', '-'),
       x.settled_on, x.bill_id
FROM reports_settle x
WHERE x.firm_id = %(firm)s AND x.allocation_id = ANY(%(ids)s::bigint[])
  AND (%(first)s::date IS NULL OR x.settled_on BETWEEN %(first)s AND %(last)s)
ORDER BY x.allocation_id, x.bill_id
"""
_TRANSACTIONS = """
SELECT x.transaction_id, CASE WHEN x.amount < 0 THEN 'Trust withdrawal' ELSE 'Trust deposit' END, x.moved_on,
       x.matter_id
FROM reports_trust x WHERE x.firm_id = %(firm)s AND x.transaction_id = ANY(%(ids)s::bigint[])
"""
SUBJECTS = {Dimension.ALLOCATION: Dimension.BILL, Dimension.TRANSACTION: Dimension.MATTER}
"""The dimensions whose values are single records of money, and what each is of."""


def read_record_words(
    *, scope: Scope, dimension: Dimension, ids: Collection[int], first: date | None = None, last: date | None = None
) -> dict[int, RecordWords]:
    """Return what allocations or trust transactions are, by id; first, last: the days they are looked for in first."""
    if not ids:
        return {}
    found = _fetch(dimension, {"firm": scope.firm_id, "ids": list(ids), "first": first, "last": last})
    missing = [each for each in ids if each not in found]
    if missing and first is not None and dimension is Dimension.ALLOCATION:
        found |= _fetch(dimension, {"firm": scope.firm_id, "ids": missing, "first": None, "last": None})
    return found


# Our copy has no texts of the code sets, only ids; the firm's own categories say what it uses each code for.
_CODES = """
SELECT c.{column}, array_agg(DISTINCT c.name ORDER BY c.name) FROM reports_category c
WHERE c.firm_id = %(firm)s AND c.{column} = ANY(%(ids)s::bigint[]) AND c.name <> '' GROUP BY 1
"""
CODES = {Dimension.UTBMS_TASK: "utbms_task_id", Dimension.UTBMS_ACTIVITY: "utbms_activity_id"}
"""The dimensions whose values are codes of a code set, known by their ids."""


def read_code_uses(*, scope: Scope, dimension: Dimension, ids: Collection[int]) -> dict[int, list[str]]:
    """Return the names of the firm's categories that carry a code, by the code's id."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        statement = _CODES.format(column=CODES[dimension])
        cursor.execute(statement, {"firm": scope.firm_id, "ids": list(ids)})
        return dict(cursor.fetchall())


def _fetch(dimension: Dimension, values: dict[str, Any]) -> dict[int, RecordWords]:
    with connection.cursor() as cursor:
        cursor.execute(_ALLOCATIONS if dimension is Dimension.ALLOCATION else _TRANSACTIONS, values)
        return {row[0]: RecordWords(*row[1:]) for row in cursor.fetchall()}
