"""SETTLE: live allocations of approved bills cut over its matters, interest and credit, and written by line."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections import defaultdict
from typing import Any

from apps.reports.ledger.part import Builder, factor, temporary
from apps.reports.ledger.spreading import spread_cuts
from apps.reports.rules.settlement import Allocation, cut_allocations

# K21. Clio says no more of money received directly, and free text is not guessed from.
_METHOD = """CASE WHEN al.parent_type = 'CreditMemo' THEN NULL
            WHEN al.source_account_type = 'Trust' THEN 'trust'
            WHEN al.has_online_payment AND al.payment_type ILIKE '%%check%%' THEN 'echeck'
            WHEN al.has_online_payment AND btrim(al.payment_type) <> '' THEN 'card'
            WHEN al.source_account_type = 'Operating' THEN 'operating'
            ELSE 'direct' END AS method, coalesce(al.parent_id, -al.allocation_id) AS payment_id"""
_ALLOCATIONS = f"""
SELECT al.allocation_id, al.bill_id, al.date AS settled_on, al.matter_id, coalesce(al.interest, false) AS is_interest,
       round(al.amount * b.factor)::bigint AS amount,
       CASE WHEN al.parent_type IS DISTINCT FROM 'CreditMemo' THEN 'payment'
            WHEN memo.discount THEN 'discount' ELSE 'write_off' END AS kind, {_METHOD},
       row_number() OVER (PARTITION BY al.bill_id ORDER BY al.date, al.created_at, al.allocation_id) AS turn
FROM part_bill b
JOIN clio_out_allocations al ON al.firm_id = %(firm)s AND al.bill_id = b.bill_id
LEFT JOIN clio_out_credit_memos memo
       ON memo.firm_id = %(firm)s AND al.parent_type = 'CreditMemo' AND memo.credit_memo_id = al.parent_id
WHERE al.voided_at IS NULL AND memo.voided_at IS NULL AND al.amount IS NOT NULL
"""
_OWED = """
SELECT bill_id, matter_key, sum(owed_net + owed_tax + owed_secondary_tax)::bigint AS owed FROM part_final
GROUP BY bill_id, matter_key
"""
# A bill over one matter that owes something, its interest never overpaid and never given back (which comes off the
# credit first, so it depends on what came before): the running total says what is settled.
_REGULAR = """
SELECT o.bill_id, o.matter_key, o.owed
FROM (SELECT bill_id, min(matter_key) AS matter_key, min(owed) AS owed FROM part_owed GROUP BY bill_id
      HAVING count(*) = 1 AND min(owed) >= 0) o
LEFT JOIN part_interest i USING (bill_id)
WHERE o.bill_id NOT IN (
    SELECT bill_id FROM (
        SELECT a.bill_id, a.amount, coalesce(i.charged, 0) AS charged,
               sum(a.amount) OVER (PARTITION BY a.bill_id ORDER BY a.turn) AS running
        FROM part_allocation a LEFT JOIN part_interest i USING (bill_id) WHERE a.is_interest
    ) interest WHERE amount < 0 OR running > charged)
"""
_REGULAR_CUTS = """
SELECT allocation_id, bill_id, turn, 'matter' AS target, matter_key, settled - before AS amount
FROM (SELECT running.*, lag(settled, 1, 0) OVER (PARTITION BY bill_id ORDER BY turn) AS before
      FROM (SELECT a.allocation_id, a.bill_id, a.turn, r.matter_key,
                   least(sum(a.amount) OVER (PARTITION BY a.bill_id ORDER BY a.turn), r.owed)::bigint AS settled
            FROM part_allocation a JOIN part_regular r USING (bill_id) WHERE NOT a.is_interest) running) cut
"""
_CUTS = f"""
WITH settled AS ({_REGULAR_CUTS})
SELECT * FROM settled WHERE amount <> 0
UNION ALL
SELECT a.allocation_id, a.bill_id, a.turn, 'credit', s.matter_key, a.amount - s.amount
FROM settled s JOIN part_allocation a USING (allocation_id) WHERE a.amount <> s.amount
UNION ALL
SELECT a.allocation_id, a.bill_id, a.turn, 'interest', 0, a.amount
FROM part_allocation a JOIN part_regular USING (bill_id) WHERE a.is_interest AND a.amount <> 0
"""
_IRREGULAR_ALLOCATIONS = """
SELECT bill_id, allocation_id, amount, matter_id, is_interest, turn FROM part_allocation
WHERE bill_id NOT IN (SELECT bill_id FROM part_regular) ORDER BY bill_id, turn
"""
_IRREGULAR_OWED = """
SELECT bill_id, nullif(matter_key, 0), owed FROM part_owed
WHERE bill_id IN (SELECT bill_id FROM part_allocation) AND bill_id NOT IN (SELECT bill_id FROM part_regular)
"""
_IRREGULAR_INTEREST = """
SELECT bill_id, charged FROM part_interest WHERE bill_id NOT IN (SELECT bill_id FROM part_regular)
"""
_ADD_CUTS = """
INSERT INTO part_cut (allocation_id, bill_id, turn, target, matter_key, amount)
SELECT * FROM unnest(%(allocations)s::bigint[], %(cut_bills)s::bigint[], %(turns)s::bigint[], %(targets)s::text[],
                     %(matters)s::bigint[], %(amounts)s::bigint[])
"""
_CLEAR = """
DELETE FROM reports_settle
WHERE firm_id = %(firm)s AND (%(whole)s OR bill_id = ANY(%(bills)s::bigint[]))
"""
_CLEAR_WITHOUT_BILL = "DELETE FROM reports_settle WHERE firm_id = %(firm)s AND bill_id IS NULL"
_COLUMNS = """
INSERT INTO reports_settle (firm_id, allocation_id, bill_id, line_id, item, kind, method, payment_id, settled_on,
                            issued_on, timekeeper_id, matter_id, payer_id, currency, net, tax, secondary_tax,
                            activity_id, worked_on, is_hourly, category_id, cost_kind)
"""
_INSERT_LINES = f"""{_COLUMNS}
SELECT %(firm)s, a.allocation_id, a.bill_id, f.line_id, f.item, a.kind, a.method, a.payment_id, a.settled_on,
       b.issued_on, f.timekeeper_id, f.matter_id, b.payer_id, b.currency, s.net, s.tax, s.secondary_tax,
       f.activity_id, f.worked_on, f.is_hourly, f.category_id, f.cost_kind
FROM part_settled s
JOIN part_final f USING (line_id)
JOIN part_allocation a USING (allocation_id)
JOIN part_bill b ON b.bill_id = a.bill_id
ORDER BY a.settled_on, a.allocation_id, f.line_id
"""
# What reaches no line: interest, the client's credit, and money back on a matter that owes nothing (case 8).
_INSERT_OTHERS = f"""{_COLUMNS}
SELECT %(firm)s, a.allocation_id, a.bill_id, CASE WHEN c.target = 'matter' THEN -a.bill_id END,
       CASE c.target WHEN 'matter' THEN 'unreconciled' ELSE c.target END, a.kind, a.method, a.payment_id,
       a.settled_on, b.issued_on, NULL,
       CASE c.target WHEN 'matter' THEN nullif(c.matter_key, 0)
                     WHEN 'interest' THEN coalesce(b.only_matter_id, i.matter_id) ELSE b.only_matter_id END,
       b.payer_id, b.currency, c.amount, 0, 0, NULL, NULL, false, NULL, NULL
FROM part_cut c
JOIN part_allocation a USING (allocation_id)
JOIN part_bill b ON b.bill_id = a.bill_id
LEFT JOIN part_interest i ON i.bill_id = a.bill_id
LEFT JOIN part_owed o ON o.bill_id = c.bill_id AND o.matter_key = c.matter_key
WHERE c.target <> 'matter' OR o.owed <= 0
"""
_INSERT_WITHOUT_BILL = f"""{_COLUMNS}
SELECT %(firm)s, al.allocation_id, NULL, NULL, 'interest',
       CASE WHEN al.parent_type IS DISTINCT FROM 'CreditMemo' THEN 'payment'
            WHEN memo.discount THEN 'discount' ELSE 'write_off' END, {_METHOD},
       al.date, NULL, NULL, al.matter_id, NULL, %(currency)s, round(al.amount * {factor("%(currency)s")})::bigint, 0, 0,
       NULL, NULL, false, NULL, NULL
FROM clio_out_allocations al
LEFT JOIN clio_out_credit_memos memo
       ON memo.firm_id = %(firm)s AND al.parent_type = 'CreditMemo' AND memo.credit_memo_id = al.parent_id
WHERE al.firm_id = %(firm)s AND al.bill_id IS NULL AND al.interest AND al.voided_at IS NULL AND memo.voided_at IS NULL
  AND al.amount IS NOT NULL
"""


def gather_settlements(builder: Builder) -> None:
    """Fill `part_allocation`, `part_cut` (by matter) and `part_settled` (by line)."""
    builder.run(
        *temporary("part_allocation", _ALLOCATIONS),
        *temporary("part_owed", _OWED),
        *temporary("part_regular", _REGULAR),
        *temporary("part_cut", _CUTS),
    )
    _cut_irregular_bills(builder)
    spread_cuts(builder)


def write_settlements(builder: Builder) -> None:
    """Exchange the part's rows of reports_settle."""
    builder.run(_CLEAR, _INSERT_LINES, _INSERT_OTHERS)
    if builder.values["rest"] or builder.part.without_bill:
        builder.run(_CLEAR_WITHOUT_BILL, _INSERT_WITHOUT_BILL)


def _cut_irregular_bills(builder: Builder) -> None:
    """Cut allocations over matters where each step depends on all before it."""
    owed: dict[int, dict[int | None, int]] = defaultdict(dict)
    for bill_id, matter, amount in builder.fetch(_IRREGULAR_OWED):
        owed[bill_id][matter] = amount
    charged: dict[int, int] = dict(builder.fetch(_IRREGULAR_INTEREST))
    queues: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for bill_id, *allocation in builder.fetch(_IRREGULAR_ALLOCATIONS):
        queues[bill_id].append(tuple(allocation))
    rows = [
        (cut.allocation_id, bill_id, turns[cut.allocation_id], cut.target.value, cut.matter or 0, cut.amount)
        for bill_id, queue in queues.items()
        for turns in ({row[0]: row[4] for row in queue},)
        for cut in cut_allocations(owed[bill_id], charged.get(bill_id, 0), [Allocation(*row[:4]) for row in queue])
    ]
    if rows:
        names = ("allocations", "cut_bills", "turns", "targets", "matters", "amounts")
        builder.run(_ADD_CUTS, **dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
