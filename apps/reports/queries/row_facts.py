"""What the rows behind a figure are about: their day, person, matter, bill."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from apps.core.scope import Scope
from apps.reports.contracts.explanation import RowFacts, RowKind
from apps.reports.queries.rows_behind import RowBehind
from apps.reports.queries.sources.dated import OF_SHARES
from apps.reports.queries.sources.reading import RowKey

# Each answers with id, part, and the facts in the order of RowFacts.
_ENTRIES = """
SELECT r.activity_id, '', {detail}, r.worked_on, r.timekeeper_id, r.matter_id, NULL::bigint, NULL::bigint, NULL::bigint
FROM {table} r WHERE r.firm_id = %(firm)s AND r.activity_id = ANY(%(ids)s::bigint[])
"""
_FACTS = {
    RowKind.ENTRY: _ENTRIES.format(table="reports_time", detail="r.work_class || ' time'")
    + "UNION ALL"
    + _ENTRIES.format(table="reports_expense", detail="r.work_class || ' expense'"),
    RowKind.LINE: """
SELECT r.line_id, '', CASE WHEN r.is_no_charge THEN 'no_charge ' ELSE '' END || r.item, r.issued_on, r.timekeeper_id,
       r.matter_id, r.bill_id, r.payer_id, NULL::bigint
FROM reports_line r WHERE r.firm_id = %(firm)s AND r.line_id = ANY(%(ids)s::bigint[])
""",
    RowKind.SETTLEMENT: f"""
SELECT r.allocation_id, {OF_SHARES[RowKey.PART]}, r.kind || ' ' || r.item, r.settled_on, r.timekeeper_id,
       r.matter_id, r.bill_id, r.payer_id, r.payment_id
FROM reports_settle r
WHERE r.firm_id = %(firm)s AND (r.bill_id = ANY(%(bills)s::bigint[]) OR r.bill_id IS NULL)
  AND r.allocation_id = ANY(%(ids)s::bigint[])
""",
    RowKind.INTEREST_CHARGE: """
SELECT r.interest_charge_id, '', 'interest', r.charged_on, NULL::bigint, r.matter_id, r.bill_id, r.payer_id,
       NULL::bigint
FROM reports_interest r WHERE r.firm_id = %(firm)s AND r.interest_charge_id = ANY(%(ids)s::bigint[])
""",
    RowKind.BILL: """
SELECT r.bill_id, '', 'bill', r.issued_on, NULL::bigint, NULL::bigint, r.bill_id, r.payer_id, NULL::bigint
FROM reports_bill r WHERE r.firm_id = %(firm)s AND r.bill_id = ANY(%(ids)s::bigint[])
""",
    RowKind.PAYMENT: """
SELECT r.payment_id, '', 'payment', min(r.settled_on), NULL::bigint, NULL::bigint, NULL::bigint, min(r.payer_id),
       r.payment_id
FROM reports_settle r
WHERE r.firm_id = %(firm)s AND r.settled_on BETWEEN %(first)s AND %(last)s
  AND r.payment_id = ANY(%(ids)s::bigint[])
GROUP BY r.payment_id
""",
    RowKind.TRANSACTION: """
SELECT r.transaction_id, '', r.source, r.moved_on, NULL::bigint, r.matter_id, r.bill_id, r.client_id, NULL::bigint
FROM reports_trust r WHERE r.firm_id = %(firm)s AND r.transaction_id = ANY(%(ids)s::bigint[])
""",
    RowKind.MATTER: """
SELECT r.matter_id, '', 'matter', r.opened_on, r.responsible_id, r.matter_id, NULL::bigint, r.client_id, NULL::bigint
FROM reports_matter r WHERE r.firm_id = %(firm)s AND r.matter_id = ANY(%(ids)s::bigint[])
""",
}


def read_row_facts(
    *, scope: Scope, kind: RowKind, rows: Sequence[RowBehind], first: date, last: date
) -> dict[tuple[int, str], RowFacts]:
    """Return what rows of one kind are about, by id and part. first, last: the figure's period."""
    if kind in _TOLD_BY_KEY:
        return {(row.row_id, row.part): _TOLD_BY_KEY[kind](row) for row in rows}
    values: Mapping[str, Any] = {
        "firm": scope.firm_id,
        "ids": [row.row_id for row in rows],
        "bills": [int(row.part.split("-")[1]) for row in rows] if kind is RowKind.SETTLEMENT else [],
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS[kind], values)
        return {(row[0], row[1]): RowFacts(*row[2:]) for row in cursor.fetchall()}


def _person_month(row: RowBehind) -> RowFacts:
    return RowFacts("month", date.fromisoformat(f"{row.part}-01"), timekeeper_id=row.row_id)


def _person(row: RowBehind) -> RowFacts:
    return RowFacts("person", timekeeper_id=row.row_id)


def _client(row: RowBehind) -> RowFacts:
    return RowFacts("client", client_id=row.row_id)


def _target(row: RowBehind) -> RowFacts:
    measure, _, month = row.part.partition(" ")
    return RowFacts(f"target of {measure}", date.fromisoformat(f"{month}-01"))


_TOLD_BY_KEY = {
    RowKind.PERSON_MONTH: _person_month,
    RowKind.PERSON: _person,
    RowKind.CLIENT: _client,
    RowKind.TARGET: _target,
}
