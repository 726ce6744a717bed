"""Clio's own figures beside ours, and what the difference is made of. All in minor units of one currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.money import minor_digits
from apps.reports.queries.sources.facts import Depth


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sums and the reasons, by sentence, that lie between them: ours less Clio's, what is left is unexplained."""

    ours: int
    clios: int
    reasons: Mapping[str, int]

    @property
    def unexplained(self) -> int:
        """Return what no reason accounts for."""
        return self.ours - self.clios - sum(self.reasons.values())


# Every approved bill by itself: what it owes by the ledger on the day, and the balance Clio states.
_RECEIVABLE = """
WITH owed AS (
    SELECT bill_id, sum(amount) AS amount FROM reports_owed
    WHERE firm_id = %(firm)s AND depth = %(depth)s AND starts_on <= %(day)s AND ends_before > %(day)s GROUP BY bill_id
), ahead AS (
    SELECT bill_id FROM reports_interest WHERE firm_id = %(firm)s AND charged_on > %(day)s
    UNION SELECT bill_id FROM reports_settle WHERE firm_id = %(firm)s AND settled_on > %(day)s
), bill AS (
    SELECT CASE WHEN b.issued_on <= %(day)s THEN coalesce(owed.amount, 0) ELSE 0 END AS ours,
           coalesce(round(c.balance * %(factor)s), 0)::bigint AS clios, b.is_balanced,
           b.issued_on IS NULL AS is_undated, b.issued_on > %(day)s OR ahead.bill_id IS NOT NULL AS is_ahead
    FROM reports_bill b
    JOIN clio_out_bills c ON c.firm_id = b.firm_id AND c.bill_id = b.bill_id
    LEFT JOIN owed ON owed.bill_id = b.bill_id
    LEFT JOIN ahead ON ahead.bill_id = b.bill_id
    WHERE b.firm_id = %(firm)s AND b.currency = %(currency)s
)
SELECT coalesce(sum(ours) FILTER (WHERE ours > 0), 0), coalesce(sum(clios), 0),
       coalesce(-sum(ours) FILTER (WHERE ours < 0), 0),
       coalesce(sum(ours - clios) FILTER (WHERE is_ahead), 0),
       coalesce(sum(ours - clios) FILTER (WHERE is_undated), 0),
       coalesce(sum(ours - clios) FILTER (WHERE NOT is_balanced AND NOT is_undated AND is_ahead IS NOT TRUE), 0)
FROM bill
"""
_RECEIVABLE_REASONS = (
    "Overpaid bills: Clio nets what clients paid too much, here it stands apart.",
    "Bills, interest and money dated after today count only on their day.",
    "Bills without an issue date are in no figure.",
    "Bills whose balance in Clio is not what is due less payments and credits.",
)
_BILLED = """
WITH bill AS (
    SELECT b.bill_id, coalesce(round(c.due * %(factor)s), 0)::bigint AS due
    FROM reports_bill b JOIN clio_out_bills c ON c.firm_id = b.firm_id AND c.bill_id = b.bill_id
    WHERE b.firm_id = %(firm)s AND b.currency = %(currency)s AND b.issued_on BETWEEN %(first)s AND %(day)s
)
SELECT %(net)s::numeric, (SELECT coalesce(sum(due), 0) FROM bill), -%(taxes)s::numeric,
       (SELECT coalesce(-sum(i.amount), 0) FROM reports_interest i JOIN bill USING (bill_id) WHERE i.firm_id = %(firm)s)
"""
_BILLED_REASONS = (
    "Tax is in what Clio says is due, not in revenue.",
    "Interest charged on these bills is in what Clio says is due, not in revenue.",
)
# A payment on a bill in no known currency is taken in the firm's, as the ledger does; a memo's are credits. Of money on
# no bill only interest is in the ledger.
_COLLECTED = """
WITH paid AS (
    SELECT coalesce(round(a.amount * %(factor)s), 0)::bigint AS amount,
           b.bill_id IS NOT NULL OR (a.bill_id IS NULL AND a.interest IS TRUE) AS is_known
    FROM clio_out_allocations a
    LEFT JOIN clio_out_bills c ON c.firm_id = a.firm_id AND c.bill_id = a.bill_id
    LEFT JOIN reports_bill b ON b.firm_id = a.firm_id AND b.bill_id = a.bill_id
    WHERE a.firm_id = %(firm)s AND a.date BETWEEN %(first)s AND %(day)s AND a.voided_at IS NULL
      AND a.parent_type IS DISTINCT FROM 'CreditMemo' AND coalesce(c.currency, %(firms_own)s) = %(currency)s
)
SELECT %(net)s::numeric, coalesce(sum(amount), 0), -%(taxes)s::numeric, -%(interest)s::numeric, -%(credit)s::numeric,
       coalesce(-sum(amount) FILTER (WHERE NOT is_known), 0)
FROM paid
"""
_COLLECTED_REASONS = (
    "Tax that was paid is no revenue.",
    "Interest that was paid is no revenue.",
    "What clients paid beyond what their bills owe is their credit.",
    "Money on bills that are drafts, void, deleted or trust requests, or on no bill at all.",
)


def compare_receivable(*, firm_id: int, currency: str, today: date) -> Compared:
    """Return what approved bills owe today beside the sum of their balances in Clio (K23)."""
    return _compare(_RECEIVABLE, _RECEIVABLE_REASONS, firm_id, currency, day=today, depth=Depth.MATTER.value)


def compare_billed(*, firm_id: int, currency: str, first: date, last: date, ours: Mapping[str, Decimal]) -> Compared:
    """Return revenue billed in a period beside what Clio says is due on the same bills (K8).

    ours: `net` and `taxes` of all lines of the period.
    """
    return _compare(_BILLED, _BILLED_REASONS, firm_id, currency, first=first, day=last, **ours)


def compare_collected(
    *, firm_id: int, currency: str, first: date, last: date, firms_own: str, ours: Mapping[str, Decimal]
) -> Compared:
    """Return revenue collected in a period beside Clio's payments of the same days (K15).

    firms_own: currency. ours: `net` of the revenue in all payments of the period, and what else is in them: `taxes`,
    `interest` and `credit`.
    """
    days = {"first": first, "day": last}
    return _compare(_COLLECTED, _COLLECTED_REASONS, firm_id, currency, firms_own=firms_own, **days, **ours)


def _compare(statement: str, reasons: tuple[str, ...], firm_id: int, currency: str, **more: Any) -> Compared:
    values = {"firm": firm_id, "currency": currency, "factor": 10 ** minor_digits(currency), **more}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        ours, clios, *amounts = (int(amount) for amount in cursor.fetchone())
    return Compared(ours, clios, {reason: amount for reason, amount in zip(reasons, amounts, strict=True) if amount})
