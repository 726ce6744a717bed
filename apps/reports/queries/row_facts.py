"""What the rows behind a figure are about: their day, person, matter, bill."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from apps.core.scope import Scope
from apps.reports.contracts.explanation import RowFacts, RowKind
from apps.reports.queries.rows_behind import RowBehind
from apps.reports.queries.scoping import rows_in
from apps.reports.queries.sources.dated import OF_SHARES
from apps.reports.queries.sources.reading import RowKey

OF_BILL = "bill"
# Each answers with id, part, and the facts in the order of RowFacts. The rows asked about came through the scope as
# they were then; what they are now, and what is made of several, goes through it here.
_ENTRIES = """
SELECT r.activity_id, '', {detail}, r.worked_on, r.timekeeper_id, r.matter_id, NULL::bigint, NULL::bigint, NULL::bigint
FROM {table} r {{join}} WHERE r.firm_id = %(firm)s AND r.activity_id = ANY(%(ids)s::bigint[]) AND {{seen}}
"""
# What the ledger no longer has, as the last snapshot that knew it tells: figures as reported may be made of it.
_KEPT_ENTRIES = """
UNION ALL
SELECT DISTINCT ON (r.activity_id) r.activity_id, '',
       CASE r.unbilled_as WHEN 'expenses' THEN 'billable expense' ELSE 'billable time' END, r.worked_on,
       r.timekeeper_id, r.matter_id, NULL::bigint, NULL::bigint, NULL::bigint
FROM (
    SELECT * FROM reports_snapshot_unbilled k
    WHERE k.firm_id = %(firm)s AND k.activity_id = ANY(%(ids)s::bigint[])
      AND NOT EXISTS (SELECT FROM reports_time t WHERE t.firm_id = %(firm)s AND t.activity_id = k.activity_id)
      AND NOT EXISTS (SELECT FROM reports_expense e WHERE e.firm_id = %(firm)s AND e.activity_id = k.activity_id)
    ORDER BY k.activity_id, k.seen_from DESC
) r {join} WHERE {seen}
"""
_KEPT_BILLS = """
UNION ALL
SELECT r.bill_id, '', 'bill', r.issued_on, NULL::bigint, NULL::bigint, r.bill_id, r.payer_id, NULL::bigint
FROM (
    SELECT DISTINCT ON (k.bill_id) k.bill_id, k.issued_on, k.payer_id FROM reports_snapshot_receivable k
    WHERE k.firm_id = %(firm)s AND k.bill_id = ANY(%(ids)s::bigint[])
      AND NOT EXISTS (SELECT FROM reports_bill b WHERE b.firm_id = %(firm)s AND b.bill_id = k.bill_id)
    ORDER BY k.bill_id, k.seen_from DESC
) r
"""
_FACTS = {
    RowKind.ENTRY: _ENTRIES.format(table="reports_time", detail="r.work_class || ' time'")
    + "UNION ALL"
    + _ENTRIES.format(table="reports_expense", detail="r.work_class || ' expense'")
    + _KEPT_ENTRIES,
    RowKind.LINE: """
SELECT r.line_id, '', CASE WHEN r.is_no_charge THEN 'no_charge ' ELSE '' END || r.item, r.issued_on, r.timekeeper_id,
       r.matter_id, r.bill_id, r.payer_id, NULL::bigint
FROM reports_line r {join} WHERE r.firm_id = %(firm)s AND r.line_id = ANY(%(ids)s::bigint[]) AND {seen}
""",
    RowKind.SETTLEMENT: f"""
SELECT r.allocation_id, {OF_SHARES[RowKey.PART]}, r.kind || ' ' || r.item, r.settled_on, r.timekeeper_id,
       r.matter_id, r.bill_id, r.payer_id, r.payment_id
FROM reports_settle r {{join}}
WHERE r.firm_id = %(firm)s AND (r.bill_id = ANY(%(bills)s::bigint[]) OR r.bill_id IS NULL)
  AND r.allocation_id = ANY(%(ids)s::bigint[]) AND {{seen}}
""",
    RowKind.INTEREST_CHARGE: """
SELECT r.interest_charge_id, '', 'interest', r.charged_on, NULL::bigint, r.matter_id, r.bill_id, r.payer_id,
       NULL::bigint
FROM reports_interest r WHERE r.firm_id = %(firm)s AND r.interest_charge_id = ANY(%(ids)s::bigint[])
""",
    RowKind.BILL: f"""
SELECT r.bill_id, '', '{OF_BILL}', r.issued_on, NULL::bigint, NULL::bigint, r.bill_id, r.payer_id, NULL::bigint
FROM reports_bill r WHERE r.firm_id = %(firm)s AND r.bill_id = ANY(%(ids)s::bigint[])
UNION ALL
SELECT r.bill_id, '', 'trust request', r.issued_on, NULL::bigint, r.matter_id, r.bill_id, r.payer_id, NULL::bigint
FROM reports_trust_request r
WHERE r.firm_id = %(firm)s AND r.bill_id = ANY(%(ids)s::bigint[]) AND r.event_id = 0
"""
    + _KEPT_BILLS,
    RowKind.PAYMENT: """
SELECT r.payment_id, '', 'payment', min(r.settled_on), NULL::bigint, NULL::bigint, NULL::bigint, min(r.payer_id),
       r.payment_id
FROM reports_settle r {join}
WHERE r.firm_id = %(firm)s AND r.settled_on BETWEEN %(first)s AND %(last)s
  AND r.payment_id = ANY(%(ids)s::bigint[]) AND {seen}
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


def is_told_by_key(kind: RowKind) -> bool:
    """Tell whether rows of a kind are told by their id and part alone: no record, kept or not, knows more."""
    return kind in _TOLD_BY_KEY


def read_row_facts(
    *, scope: Scope, kind: RowKind, rows: Sequence[RowBehind], first: date, last: date
) -> dict[tuple[int, str], RowFacts]:
    """Return what rows of one kind are about, by id and part. first, last: the figure's period."""
    if kind in _TOLD_BY_KEY:
        return {(row.row_id, row.part): _TOLD_BY_KEY[kind](row) for row in rows}
    seen = rows_in(scope, payer="" if kind is RowKind.ENTRY else "r.payer_id")
    values: Mapping[str, Any] = {
        **seen.values,
        "firm": scope.firm_id,
        "ids": [row.row_id for row in rows],
        "bills": [int(row.part.split("-")[1]) for row in rows] if kind is RowKind.SETTLEMENT else [],
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS[kind].format(join=seen.join, seen=seen.condition), values)
        return {(row[0], row[1]): RowFacts(*row[2:]) for row in cursor.fetchall()}


def _person_month(row: RowBehind) -> RowFacts:
    return RowFacts("month", date.fromisoformat(f"{row.part}-01"), timekeeper_id=row.row_id)


def _person_day(row: RowBehind) -> RowFacts:
    return RowFacts("day", date.fromisoformat(row.part), timekeeper_id=row.row_id)


def _person(row: RowBehind) -> RowFacts:
    return RowFacts("person", timekeeper_id=row.row_id)


def _client(row: RowBehind) -> RowFacts:
    return RowFacts("client", client_id=row.row_id)


def _ledger(row: RowBehind) -> RowFacts:
    if row.part == "matter":
        return RowFacts("matter ledger", matter_id=row.row_id)
    return RowFacts("client ledger", client_id=row.row_id or None)


def _stage_stay(row: RowBehind) -> RowFacts:
    return RowFacts("stay in a stage", date.fromisoformat(row.part), matter_id=row.row_id)


def _target(row: RowBehind) -> RowFacts:
    measure, _, month = row.part.partition(" ")
    return RowFacts(f"target of {measure}", date.fromisoformat(f"{month}-01"))


_TOLD_BY_KEY = {
    RowKind.PERSON_MONTH: _person_month,
    RowKind.PERSON: _person,
    RowKind.PERSON_DAY: _person_day,
    RowKind.CLIENT: _client,
    RowKind.TARGET: _target,
    RowKind.LEDGER: _ledger,
    RowKind.STAGE_STAY: _stage_stay,
}
