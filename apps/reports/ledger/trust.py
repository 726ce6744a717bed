"""TRUST: what moved on trust accounts, and whether it comes to the balances Clio tells."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from apps.reports.ledger.part import Builder, factor

_CHOSEN = "(%(all_trust)s OR {column} = ANY(%(trust)s::bigint[]))"
_CURRENCY = "coalesce(nullif(t.currency, ''), nullif(a.currency, ''), %(currency)s)"
# Matters whose trust rows are exchanged, before and after: their balances are looked at anew.
_MATTERS_BEFORE = f"""
SELECT DISTINCT matter_id FROM reports_trust
WHERE firm_id = %(firm)s AND matter_id IS NOT NULL AND {_CHOSEN.format(column="transaction_id")}
"""
_CLEAR = f"DELETE FROM reports_trust WHERE firm_id = %(firm)s AND {_CHOSEN.format(column='transaction_id')}"
_INSERT = f"""
INSERT INTO reports_trust (firm_id, transaction_id, moved_on, bank_account_id, matter_id, client_id, bill_id,
                           allocation_id, currency, amount, source, description)
SELECT %(firm)s, t.bank_transaction_id, t.date, t.bank_account_id, t.matter_id, t.client_id, t.bill_id, t.allocation_id,
       {_CURRENCY}, round((coalesce(t.funds_in, 0) - coalesce(t.funds_out, 0)) * {factor(_CURRENCY)})::bigint,
       coalesce(t.source, ''), coalesce(t.description, '')
FROM clio_out_bank_transactions t
LEFT JOIN clio_out_bank_accounts a ON a.firm_id = %(firm)s AND a.bank_account_id = t.bank_account_id
WHERE t.firm_id = %(firm)s AND coalesce(a.type, t.bank_account_type) = 'Trust'
  AND {_CHOSEN.format(column="t.bank_transaction_id")}
ORDER BY t.date
"""
_CLEAR_CHECKS = """
DELETE FROM reports_trust_check
WHERE firm_id = %(firm)s AND (kind = 'bank_account' OR %(all_trust)s OR record_id = ANY(%(trust_matters)s::bigint[]))
"""
# Balances are today's, so there is nothing to compare before all movements were read.
_CHECK = f"""
INSERT INTO reports_trust_check (firm_id, kind, record_id, ours, clios)
SELECT %(firm)s, kind, record_id, ours, clios FROM (
    SELECT 'bank_account' AS kind, a.bank_account_id AS record_id,
           coalesce((SELECT sum(r.amount) FROM reports_trust r
                     WHERE r.firm_id = %(firm)s AND r.bank_account_id = a.bank_account_id), 0)::bigint AS ours,
           round(a.balance * {factor("coalesce(nullif(a.currency, ''), %(currency)s)")})::bigint AS clios
    FROM clio_out_bank_accounts a WHERE a.firm_id = %(firm)s AND a.type = 'Trust'
    UNION ALL
    SELECT 'matter', m.matter_id,
           coalesce((SELECT sum(r.amount) FROM reports_trust r
                     WHERE r.firm_id = %(firm)s AND r.matter_id = m.matter_id), 0)::bigint,
           round(b.balance * {factor("coalesce(nullif(m.currency, ''), %(currency)s)")})::bigint
    FROM clio_out_matters m
    CROSS JOIN LATERAL (
        SELECT coalesce(sum((each ->> 'balance')::numeric), 0) AS balance
        FROM jsonb_array_elements(CASE jsonb_typeof(m.account_balances::jsonb) WHEN 'array'
                                       THEN m.account_balances::jsonb ELSE '[]' END) each
        WHERE each ->> 'type' = 'Trust'
    ) b
    WHERE m.firm_id = %(firm)s AND (%(all_trust)s OR m.matter_id = ANY(%(trust_matters)s::bigint[]))
) balances
WHERE ours IS DISTINCT FROM clios
  AND EXISTS (SELECT FROM clio_out_sync WHERE firm_id = %(firm)s AND entity = 'bank_transactions'
              AND first_completed_at IS NOT NULL)
"""


def write_trust(builder: Builder) -> None:
    """Exchange the part's movements, and look again at the balances they make or that Clio tells anew."""
    part, values = builder.part, builder.values
    is_checked = values["all_trust"] or part.trust_ids or part.matter_ids or part.lists
    matters = set(part.matter_ids)
    if values["all_trust"] or part.trust_ids:
        matters |= {row[0] for row in builder.fetch(_MATTERS_BEFORE)}
        builder.run(_CLEAR, _INSERT)
        matters |= {row[0] for row in builder.fetch(_MATTERS_BEFORE)}
    if is_checked:
        values["trust_matters"] = sorted(matters)
        builder.run(_CLEAR_CHECKS, _CHECK)
