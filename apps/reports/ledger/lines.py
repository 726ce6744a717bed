"""LINE: what every displayed line of an approved bill is worth, after discounts, tied to the bill's own total."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from apps.core.money import split_by_largest_remainder
from apps.reports.ledger.part import Builder, factor, temporary
from apps.reports.ledger.splitting import largest_remainder
from apps.reports.rules.weights import Part, lower_negatives

_LINES = """
SELECT l.line_item_id AS line_id, l.bill_id, a.activity_id,
       l.type IS NOT DISTINCT FROM 'SummaryLineItem' AS is_summary, n.is_no_charge,
       CASE coalesce(l.kind, CASE WHEN a.is_time IS FALSE THEN 'Expense' END)
           WHEN 'Expense' THEN 'expense' ELSE 'fee' END AS item,
       l.date AS listed_on, a.worked_on, coalesce(u.main_timekeeper_id, l.user_id, a.timekeeper_id) AS timekeeper_id,
       coalesce(l.matter_id, a.matter_id, b.only_matter_id) AS matter_id, l.quantity, g.gross,
       CASE WHEN n.is_no_charge OR l.discount_rate IS NULL THEN 0
            WHEN l.discount_type = 'percentage' THEN round(g.gross * l.discount_rate / 100)
            ELSE round(l.discount_rate * b.factor) END::bigint AS line_discount,
       CASE WHEN n.is_no_charge THEN 0 ELSE coalesce(round(l.tax * b.factor), 0) END::bigint AS tax,
       CASE WHEN n.is_no_charge THEN 0 ELSE coalesce(round(l.secondary_tax * b.factor), 0) END::bigint AS secondary_tax
FROM part_bill b
JOIN clio_out_line_items l ON l.firm_id = %(firm)s AND l.bill_id = b.bill_id
LEFT JOIN part_activity a ON a.activity_id = l.activity_id
LEFT JOIN reports_merged_timekeeper u ON u.firm_id = %(firm)s AND u.timekeeper_id = l.user_id
CROSS JOIN LATERAL (SELECT l.type IS NOT DISTINCT FROM 'NoChargeLineItem' AS is_no_charge) n
CROSS JOIN LATERAL (SELECT CASE WHEN n.is_no_charge THEN 0
    ELSE round(coalesce(l.sub_total, l.price * l.quantity, 0) * b.factor) END::bigint AS gross) g
"""
# The groups a summary line covers: the other lines of its bill, kind and matter.
_SUMMARIZED = """
SELECT l.bill_id, l.item, l.matter_id, l.line_id, l.is_summary, l.gross, l.line_discount, l.tax, l.secondary_tax
FROM part_line l
JOIN (SELECT DISTINCT bill_id, item, coalesce(matter_id, 0) AS matter FROM part_line WHERE is_summary) s
  ON s.bill_id = l.bill_id AND s.item = l.item AND s.matter = coalesce(l.matter_id, 0)
WHERE NOT l.is_no_charge
ORDER BY l.bill_id, l.item, l.matter_id, l.line_id
"""
_SPREAD_SUMMARIES = """
UPDATE part_line l SET gross = s.gross, line_discount = s.line_discount, tax = s.tax, secondary_tax = s.secondary_tax
FROM unnest(%(lines)s::bigint[], %(gross)s::bigint[], %(discount)s::bigint[], %(tax)s::bigint[], %(second)s::bigint[])
     AS s(line_id, gross, line_discount, tax, secondary_tax)
WHERE l.line_id = s.line_id
"""
_DROP_SUMMARIES = "DELETE FROM part_line WHERE line_id = ANY(%(lines)s::bigint[])"
# Case 19: an entry on several lines of bills that live is worth no more than once.
_SHARED_ENTRIES = f"""
SELECT l.line_item_id AS line_id, l.activity_id, a.total_before_billing AS amount,
       greatest(round(coalesce(l.sub_total, l.price * l.quantity, 0)
                      * {factor("coalesce(b.currency, %(currency)s)")})::bigint, 0) AS gross
FROM clio_out_line_items l
JOIN clio_out_bills b ON b.firm_id = %(firm)s AND b.bill_id = l.bill_id
JOIN part_activity a ON a.activity_id = l.activity_id AND a.work_class = 'billable'
WHERE l.firm_id = %(firm)s AND l.type IS DISTINCT FROM 'NoChargeLineItem'
  AND b.state NOT IN ('void', 'deleted') AND b.kind IS DISTINCT FROM 'trust_kind'
"""
_SHARES = largest_remainder(
    f"""(SELECT line_id, activity_id, amount, CASE WHEN sum(gross) OVER entry > 0 THEN gross ELSE 1 END AS weight
         FROM (SELECT shared.*, count(*) OVER (PARTITION BY activity_id) AS lines FROM ({_SHARED_ENTRIES}) shared) many
         WHERE lines > 1 WINDOW entry AS (PARTITION BY activity_id))""",
    keep="line_id", amount="amount", weight="weight", within="activity_id", order="line_id", share="worked",
)  # fmt: skip
_DISCOUNTED = """
SELECT l.line_id, l.bill_id, l.matter_id, l.item, l.gross - l.line_discount AS base,
       greatest(l.gross - l.line_discount, 0) AS weight,
       CASE WHEN b.is_percentage
            THEN round(sum(l.gross - l.line_discount) OVER (PARTITION BY l.bill_id) * b.discount / 100)
            ELSE round(b.discount * b.factor) END::bigint AS amount
FROM part_line l JOIN part_bill b USING (bill_id)
WHERE b.discount <> 0 AND NOT l.is_no_charge AND (NOT b.is_services_only OR l.item = 'fee')
"""
_DISCOUNTS_TO_LOWER = """
SELECT bill_id, matter_id, item, line_id, base FROM part_discounted
WHERE bill_id IN (SELECT bill_id FROM part_discounted WHERE base < 0)
ORDER BY bill_id, line_id
"""
_LOWER_DISCOUNTS = """
UPDATE part_discounted d SET weight = w.weight
FROM unnest(%(lines)s::bigint[], %(weights)s::bigint[]) AS w(line_id, weight)
WHERE d.line_id = w.line_id
"""
_BILL_DISCOUNT = largest_remainder(
    "part_discounted",
    keep="line_id", amount="amount", weight="weight", within="bill_id", order="line_id", share="bill_discount",
)  # fmt: skip
_PRICED = """
SELECT l.*, coalesce(d.bill_discount, 0) AS bill_discount,
       l.gross - l.line_discount - coalesce(d.bill_discount, 0) AS net
FROM part_line l LEFT JOIN part_bill_discount d USING (line_id)
"""
# The bill check: a gap of up to a minor unit per line is rounding, a larger one an "(Unreconciled)" line.
_CHECKED = """
SELECT bill_id, gap, CASE WHEN abs(gap) <= lines THEN largest END AS rounding_line_id,
       abs(gap) > lines AS is_unreconciled
FROM (
    SELECT b.bill_id, count(l.line_id) FILTER (WHERE NOT l.is_no_charge) AS lines,
           (b.due - coalesce(max(i.charged), 0) - coalesce(sum(l.net + l.tax + l.secondary_tax), 0))::bigint AS gap,
           (array_agg(l.line_id ORDER BY abs(l.net) DESC, l.line_id) FILTER (WHERE NOT l.is_no_charge))[1] AS largest
    FROM part_bill b
    LEFT JOIN part_priced l USING (bill_id)
    LEFT JOIN part_interest i USING (bill_id)
    GROUP BY b.bill_id, b.due
) totals
WHERE gap <> 0
"""
_FINAL = """
SELECT l.line_id, l.bill_id, l.activity_id, l.item, l.is_no_charge, l.listed_on, l.worked_on, l.timekeeper_id,
       l.matter_id, coalesce(l.matter_id, 0) AS matter_key, a.category_id, a.cost_kind,
       CASE WHEN l.item <> 'fee' THEN NULL WHEN a.is_time AND NOT a.is_agreed_fee THEN l.quantity ELSE 0 END AS hours,
       coalesce(l.item = 'fee' AND a.is_time AND NOT a.is_agreed_fee, false) AS is_hourly,
       l.gross, l.line_discount, l.bill_discount, coalesce(c.gap, 0) AS rounding, l.net + coalesce(c.gap, 0) AS net,
       l.tax, l.secondary_tax,
       CASE WHEN l.is_no_charge THEN 0 WHEN l.activity_id IS NULL THEN l.gross
            WHEN a.work_class <> 'billable' THEN 0
            WHEN s.line_id IS NOT NULL THEN s.worked ELSE a.total_before_billing END AS worked,
       l.net + coalesce(c.gap, 0) AS owed_net, l.tax AS owed_tax, l.secondary_tax AS owed_secondary_tax
FROM part_priced l
LEFT JOIN part_activity a ON a.activity_id = l.activity_id
LEFT JOIN part_share s ON s.line_id = l.line_id
LEFT JOIN part_check c ON c.rounding_line_id = l.line_id
UNION ALL
SELECT -c.bill_id, c.bill_id, NULL, 'unreconciled', false, NULL, NULL, NULL,
       m.matter_id, coalesce(m.matter_id, 0), NULL, NULL, NULL, false, c.gap, 0, 0, 0, c.gap, 0, 0, 0, c.gap, 0, 0
FROM part_check c
CROSS JOIN LATERAL (
    SELECT matter_id FROM (
        SELECT l.matter_id, sum(l.net + l.tax + l.secondary_tax) AS amount FROM part_priced l
        WHERE l.bill_id = c.bill_id GROUP BY l.matter_id
        UNION ALL
        SELECT b.first_matter_id, NULL FROM part_bill b WHERE b.bill_id = c.bill_id
    ) matters
    ORDER BY amount DESC NULLS LAST, matter_id NULLS LAST LIMIT 1
) m
WHERE c.is_unreconciled
"""
_TO_LOWER = """
SELECT f.bill_id, f.matter_id, f.item, f.line_id, f.owed_net, f.owed_tax, f.owed_secondary_tax
FROM part_final f
JOIN (SELECT bill_id, matter_key FROM part_final GROUP BY bill_id, matter_key
      HAVING bool_or(least(owed_net, owed_tax, owed_secondary_tax) < 0)
         AND sum(owed_net + owed_tax + owed_secondary_tax) > 0) n USING (bill_id, matter_key)
ORDER BY f.bill_id, f.matter_key, f.line_id < 0, f.line_id
"""
_LOWER = """
UPDATE part_final f SET owed_net = w.net, owed_tax = w.tax, owed_secondary_tax = w.second
FROM unnest(%(lines)s::bigint[], %(nets)s::bigint[], %(taxes)s::bigint[], %(seconds)s::bigint[])
     AS w(line_id, net, tax, second)
WHERE f.line_id = w.line_id
"""
_CLEAR = "DELETE FROM reports_line WHERE firm_id = %(firm)s AND (%(whole)s OR bill_id = ANY(%(bills)s::bigint[]))"
_INSERT = """
INSERT INTO reports_line (firm_id, line_id, bill_id, activity_id, item, is_no_charge, issued_on, worked_on, listed_on,
                          timekeeper_id, matter_id, payer_id, billing_method, currency, hours, is_hourly, gross,
                          line_discount, bill_discount, rounding, net, tax, secondary_tax, owed_net, owed_tax,
                          owed_secondary_tax, worked, category_id, cost_kind)
SELECT %(firm)s, f.line_id, f.bill_id, f.activity_id, f.item, f.is_no_charge, b.issued_on, f.worked_on, f.listed_on,
       f.timekeeper_id, f.matter_id, b.payer_id, m.billing_method, b.currency, f.hours, f.is_hourly, f.gross,
       f.line_discount, f.bill_discount, f.rounding, f.net, f.tax, f.secondary_tax, f.owed_net, f.owed_tax,
       f.owed_secondary_tax, f.worked, f.category_id, f.cost_kind
FROM part_final f
JOIN part_bill b USING (bill_id)
LEFT JOIN clio_out_matters m ON m.firm_id = %(firm)s AND m.matter_id = f.matter_id
ORDER BY b.issued_on, f.bill_id, f.line_id
"""


def gather_lines(builder: Builder) -> None:
    """Fill `part_final`, the part's lines with every amount of theirs."""
    builder.run(*temporary("part_line", _LINES), *temporary("part_share", _SHARES))
    _break_summaries(builder)
    builder.run(*temporary("part_discounted", _DISCOUNTED))
    _lower_discount_weights(builder)
    builder.run(
        *temporary("part_bill_discount", _BILL_DISCOUNT),
        *temporary("part_priced", _PRICED),
        *temporary("part_check", _CHECKED),
        *temporary("part_final", _FINAL),
    )
    _lower_what_is_owed(builder)


def write_lines(builder: Builder) -> None:
    """Exchange the part's rows of reports_line."""
    builder.run(_CLEAR, _INSERT)


def _break_summaries(builder: Builder) -> None:
    """Put every summary line's money on the lines it covers; one that covers none stays as it is."""
    spread: dict[int, list[int]] = {}
    broken: list[int] = []
    for rows in _grouped(builder.fetch(_SUMMARIZED), width=3):
        covered = [row for row in rows if not row[4]]
        weights = lower_negatives([Part(None, "", row[5]) for row in covered])
        if sum(weights) <= 0:
            continue
        summaries = [row for row in rows if row[4]]
        broken += [row[3] for row in summaries]
        for row in covered:
            spread[row[3]] = [0, 0, 0, 0]
        for summary in summaries:
            for column, amount in enumerate(summary[5:9]):
                for row, share in zip(covered, split_by_largest_remainder(amount, weights), strict=True):
                    spread[row[3]][column] += share
    if spread:
        columns = dict(
            zip(("gross", "discount", "tax", "second"), map(list, zip(*spread.values(), strict=True)), strict=True)
        )
        builder.run(_SPREAD_SUMMARIES, lines=list(spread), **columns)
        builder.run(_DROP_SUMMARIES, lines=broken)


def _lower_discount_weights(builder: Builder) -> None:
    lines: list[int] = []
    weights: list[int] = []
    for rows in _grouped(builder.fetch(_DISCOUNTS_TO_LOWER), width=1):
        lines += [row[3] for row in rows]
        weights += lower_negatives([Part(row[1], row[2], row[4]) for row in rows])
    if lines:
        builder.run(_LOWER_DISCOUNTS, lines=lines, weights=weights)


def _lower_what_is_owed(builder: Builder) -> None:
    """Apply case 8 where a matter of a bill has negative amounts and still owes something."""
    rows = builder.fetch(_TO_LOWER)
    weights: list[int] = []
    for matter_rows in _grouped(rows, width=2):
        parts = [
            Part(row[1], (row[2], component), amount)
            for row in matter_rows
            for component, amount in enumerate(row[4:7])
        ]
        weights += lower_negatives(parts)
    if rows:
        lines = [row[3] for row in rows]
        builder.run(_LOWER, lines=lines, nets=weights[0::3], taxes=weights[1::3], seconds=weights[2::3])


def _grouped(rows: Sequence[tuple[Any, ...]], *, width: int) -> Iterable[list[tuple[Any, ...]]]:
    groups: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        groups[row[:width]].append(row)
    return groups.values()
