"""Trust requests: approved bills that ask for trust money; no revenue and no receivable (R1), but a risk (K41)."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from apps.reports.ledger.part import Builder, factor

_CURRENCY = "coalesce(b.currency, %(currency)s)"
_CLEAR = (
    "DELETE FROM reports_trust_request WHERE firm_id = %(firm)s AND (%(whole)s OR bill_id = ANY(%(bills)s::bigint[]))"
)
# What Clio's own balance tells beyond the allocations counts from the day last paid, else from the day of issue.
_INSERT = f"""
WITH request AS (
    SELECT b.bill_id, b.issued_at AS issued_on, b.client_id AS payer_id, {_CURRENCY} AS currency,
           CASE WHEN cardinality(b.matter_ids) = 1 THEN b.matter_ids[1] END AS matter_id,
           coalesce((b.paid_at AT TIME ZONE %(zone)s)::date, b.issued_at) AS last_on, {factor(_CURRENCY)} AS factor,
           coalesce(b.due, 0) AS due, coalesce(b.balance, 0) AS balance, b.balance IS NOT NULL AS is_told
    FROM clio_out_bills b
    WHERE b.firm_id = %(firm)s AND b.state IN ('awaiting_payment', 'paid') AND b.kind = 'trust_kind'
      AND b.issued_at IS NOT NULL AND (%(whole)s OR b.bill_id = ANY(%(bills)s::bigint[]))
), settled AS (
    SELECT r.bill_id, al.allocation_id, al.date, round(al.amount * r.factor)::bigint AS amount
    FROM request r JOIN clio_out_allocations al ON al.firm_id = %(firm)s AND al.bill_id = r.bill_id
    LEFT JOIN clio_out_credit_memos memo
           ON memo.firm_id = %(firm)s AND al.parent_type = 'CreditMemo' AND memo.credit_memo_id = al.parent_id
    WHERE al.voided_at IS NULL AND memo.voided_at IS NULL AND al.amount IS NOT NULL AND al.date IS NOT NULL
), event AS (
    SELECT bill_id, 0 AS event_id, issued_on AS happened_on, round(due * factor)::bigint AS amount FROM request
    UNION ALL
    SELECT s.bill_id, s.allocation_id, s.date, -s.amount FROM settled s
    UNION ALL
    SELECT r.bill_id, -1, greatest(r.last_on, r.issued_on),
           round(r.balance * r.factor)::bigint - round(r.due * r.factor)::bigint
           + coalesce((SELECT sum(s.amount) FROM settled s WHERE s.bill_id = r.bill_id), 0)::bigint
    FROM request r WHERE r.is_told
)
INSERT INTO reports_trust_request (firm_id, bill_id, event_id, happened_on, issued_on, matter_id, payer_id, currency,
                                   amount)
SELECT %(firm)s, e.bill_id, e.event_id, greatest(e.happened_on, r.issued_on), r.issued_on, r.matter_id, r.payer_id,
       r.currency, e.amount
FROM event e JOIN request r USING (bill_id)
WHERE e.event_id = 0 OR e.amount <> 0
"""


def write_trust_requests(builder: Builder) -> None:
    """Exchange the part's trust requests; what changes with a bill or its money names that bill."""
    if builder.part.has_bills:
        builder.run(_CLEAR, _INSERT)
