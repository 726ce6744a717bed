"""Approved revenue bills (R1): what they owe, the check against their lines, and the day they came to nothing."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from apps.reports.ledger.part import Builder, factor, temporary

_BILLS = f"""
SELECT b.bill_id, b.number, b.issued_at AS issued_on, b.due_at AS due_on, b.client_id AS payer_id, c.currency, c.factor,
       round(b.due * c.factor)::bigint AS due,
       coalesce(b.balance = b.due - b.paid - b.credits_issued, true) AS is_balanced,
       CASE WHEN cardinality(b.matter_ids) = 1 THEN b.matter_ids[1] END AS only_matter_id,
       (SELECT min(matter) FROM unnest(b.matter_ids) matter) AS first_matter_id,
       coalesce(b.discount_rate, 0) AS discount, b.discount_type = 'percentage' AS is_percentage,
       lower(btrim(coalesce(b.discount_services_only, ''))) IN ('true', 't', 'yes', '1') AS is_services_only
FROM clio_out_bills b
CROSS JOIN LATERAL (SELECT coalesce(b.currency, %(currency)s) AS currency,
                           {factor("coalesce(b.currency, %(currency)s)")} AS factor) c
WHERE b.firm_id = %(firm)s AND b.state IN ('awaiting_payment', 'paid') AND b.kind IS DISTINCT FROM 'trust_kind'
  AND (%(whole)s OR b.bill_id = ANY(%(bills)s::bigint[]))
"""
_CHARGES = """
SELECT i.interest_charge_id, i.bill_id, i.date AS charged_on, round(i.total * b.factor)::bigint AS amount,
       CASE WHEN cardinality(i.matter_ids) = 1 THEN i.matter_ids[1] ELSE b.only_matter_id END AS matter_id
FROM part_bill b
JOIN clio_out_interest_charges i ON i.firm_id = %(firm)s AND i.bill_id = b.bill_id
"""
_INTEREST = """
SELECT bill_id, sum(amount)::bigint AS charged, max(charged_on) AS last_on,
       coalesce(sum(amount) FILTER (WHERE charged_on <= %(today)s), 0)::bigint AS charged_by_today,
       CASE WHEN min(matter_id) = max(matter_id) AND count(matter_id) = count(*) THEN min(matter_id) END AS matter_id
FROM part_charge GROUP BY bill_id
"""
_CLEAR = (
    "DELETE FROM reports_bill WHERE firm_id = %(firm)s AND (%(whole)s OR bill_id = ANY(%(bills)s::bigint[]))",
    "DELETE FROM reports_interest WHERE firm_id = %(firm)s AND (%(whole)s OR bill_id = ANY(%(bills)s::bigint[]))",
)
_INSERT_CHARGES = """
INSERT INTO reports_interest (firm_id, interest_charge_id, bill_id, charged_on, matter_id, payer_id, currency, amount)
SELECT %(firm)s, c.interest_charge_id, c.bill_id, c.charged_on, c.matter_id, b.payer_id, b.currency, c.amount
FROM part_charge c JOIN part_bill b USING (bill_id)
WHERE c.amount IS NOT NULL
"""
_INSERT_BILLS = """
INSERT INTO reports_bill (firm_id, bill_id, number, issued_on, due_on, closed_on, paid_up_on, payer_id, currency,
                          principal, unreconciled, is_balanced)
SELECT %(firm)s, b.bill_id, b.number, b.issued_on, b.due_on,
       CASE WHEN l.principal + coalesce(i.charged, 0) - coalesce(s.settled, 0) = 0
            THEN greatest(b.issued_on, i.last_on, s.last_on) END,
       CASE WHEN s.is_paid AND l.principal + coalesce(i.charged_by_today, 0) <= s.settled_by_today
            THEN s.last_by_today END,
       b.payer_id, b.currency, l.principal, l.unreconciled, b.is_balanced
FROM part_bill b
JOIN (SELECT bill_id, coalesce(sum(net + tax + secondary_tax), 0)::bigint AS principal,
             coalesce(sum(net) FILTER (WHERE item = 'unreconciled'), 0)::bigint AS unreconciled
      FROM part_bill LEFT JOIN part_final USING (bill_id) GROUP BY bill_id) l USING (bill_id)
LEFT JOIN part_interest i USING (bill_id)
LEFT JOIN (SELECT bill_id, sum(amount) AS settled, max(settled_on) AS last_on,
                  sum(amount) FILTER (WHERE settled_on <= %(today)s) AS settled_by_today,
                  max(settled_on) FILTER (WHERE settled_on <= %(today)s AND amount <> 0) AS last_by_today,
                  bool_or(kind = 'payment' AND amount > 0 AND settled_on <= %(today)s) AS is_paid
           FROM part_allocation GROUP BY bill_id) s USING (bill_id)
ORDER BY b.issued_on
"""


def gather_bills(builder: Builder) -> None:
    """Fill `part_bill`, `part_charge` and `part_interest`."""
    builder.run(
        *temporary("part_bill", _BILLS), *temporary("part_charge", _CHARGES), *temporary("part_interest", _INTEREST)
    )


def write_bills(builder: Builder) -> None:
    """Exchange the part's rows of reports_bill and reports_interest; lines and allocations are gathered by then."""
    builder.run(*_CLEAR, _INSERT_CHARGES, _INSERT_BILLS)
