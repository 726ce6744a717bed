"""TIME and EXPENSE, and what lines need to know of the entries behind them."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from apps.reports.ledger.currencies import gather_mixed_matters, own_currency
from apps.reports.ledger.merges import merged_people
from apps.reports.ledger.part import Builder, factor, temporary
from apps.reports.ledger.rates import gather_rates

# An entry's bills, by its own reference and by lines; of several approved ones the earliest counts (K22). It takes the
# currency of its own bill, else of the one with the lowest id; on no bill see currencies.py.
_CURRENCY = (
    "CASE WHEN own.bill_id IS NOT NULL THEN coalesce(own.currency, %(currency)s) "
    f"ELSE coalesce({own_currency('a', 'm', 'mixed')}, %(currency)s) END"
)
_BILLED = """
SELECT x.activity_id,
       min(b.issued_at) FILTER (WHERE b.state IN ('awaiting_payment', 'paid')) AS billed_on,
       coalesce(min(b.bill_id) FILTER (WHERE x.is_own), min(b.bill_id)) AS bill_id
FROM (
    SELECT activity_id, bill_id, true AS is_own FROM clio_out_activities
    WHERE firm_id = %(firm)s AND bill_id IS NOT NULL AND (%(whole)s OR activity_id = ANY(%(chosen)s::bigint[]))
    UNION ALL
    SELECT activity_id, bill_id, false FROM clio_out_line_items
    WHERE firm_id = %(firm)s AND activity_id IS NOT NULL AND (%(whole)s OR activity_id = ANY(%(chosen)s::bigint[]))
) x
JOIN clio_out_bills b ON b.firm_id = %(firm)s AND b.bill_id = x.bill_id
WHERE b.state NOT IN ('void', 'deleted') AND b.kind IS DISTINCT FROM 'trust_kind'
GROUP BY x.activity_id
"""
_CHOSEN = """
SELECT unnest(%(activities)s::bigint[])
UNION
SELECT activity_id FROM clio_out_line_items
WHERE firm_id = %(firm)s AND bill_id = ANY(%(bills)s::bigint[]) AND activity_id IS NOT NULL
"""
_ACTIVITIES = f"""
SELECT a.activity_id, a.type, a.date AS worked_on, coalesce(g.main_timekeeper_id, a.user_id) AS timekeeper_id,
       a.matter_id, m.billing_method,
       a.type = 'TimeEntry' AS is_time, coalesce(a.contingency_fee, false) AS is_contingency_fee,
       coalesce(a.flat_rate, false) OR coalesce(a.contingency_fee, false) AS is_agreed_fee,
       CASE WHEN coalesce(a.no_charge, false) THEN 'no_charge'
            WHEN coalesce(a.non_billable, false) OR NOT coalesce(m.billable, true) THEN 'non_billable'
            ELSE 'billable' END AS work_class,
       a.quantity, CASE WHEN coalesce(a.quantity_redacted, false) THEN NULL ELSE a.rounded_quantity END AS seconds,
       c.currency, round(a.total * c.factor)::bigint AS total,
       round(coalesce(a.unbilled_total, a.total) * c.factor)::bigint AS total_before_billing,
       round(a.non_billable_total * c.factor)::bigint AS non_billable_total, b.billed_on,
       coalesce(a.activity_description_id, -a.expense_category_id) AS category_id,
       CASE WHEN a.type = 'TimeEntry' THEN NULL WHEN a.type = 'HardCostEntry' THEN 'hard'
            WHEN a.type = 'SoftCostEntry' THEN 'soft' ELSE 'plain' END AS cost_kind,
       coalesce(kept.rate, u.rate) * c.factor AS standard_rate, cost.rate AS cost_rate,
       (a.created_at AT TIME ZONE %(zone)s)::date AS entered_on, coalesce(a.written_off, false) AS is_written_off
FROM clio_out_activities a
LEFT JOIN clio_out_matters m ON m.firm_id = %(firm)s AND m.matter_id = a.matter_id
LEFT JOIN clio_out_users u ON u.firm_id = %(firm)s AND u.user_id = a.user_id
LEFT JOIN reports_merged_timekeeper g ON g.firm_id = %(firm)s AND g.timekeeper_id = a.user_id
LEFT JOIN part_standard_rate kept
       ON kept.timekeeper_id = a.user_id AND a.date >= kept.starts_on AND a.date < kept.ends_before
LEFT JOIN part_cost_rate cost
       ON cost.timekeeper_id = a.user_id AND a.date >= cost.starts_on AND a.date < cost.ends_before
LEFT JOIN part_billed b ON b.activity_id = a.activity_id
LEFT JOIN clio_out_bills own ON own.firm_id = %(firm)s AND own.bill_id = b.bill_id
LEFT JOIN part_mixed mixed ON mixed.matter_id = a.matter_id
CROSS JOIN LATERAL (SELECT {_CURRENCY} AS currency, {factor(f"({_CURRENCY})")} AS factor) c
WHERE a.firm_id = %(firm)s AND (%(whole)s OR a.activity_id = ANY(%(chosen)s::bigint[]))
"""
_WRITTEN = "(%(whole)s OR activity_id = ANY(%(activities)s::bigint[]))"
# The days of work that a part may take away or bring: whose differ, their employment is looked at anew.
_DAYS_BEFORE = f"""
SELECT timekeeper_id, worked_on FROM reports_time WHERE firm_id = %(firm)s AND NOT %(whole)s AND {_WRITTEN}
"""
_DAYS_MOVED = f"""
SELECT DISTINCT coalesce(b.timekeeper_id, a.timekeeper_id)
FROM (SELECT DISTINCT timekeeper_id, worked_on FROM part_day) b
FULL JOIN (SELECT DISTINCT timekeeper_id, worked_on FROM part_activity WHERE is_time AND {_WRITTEN}) a
  ON a.timekeeper_id = b.timekeeper_id AND a.worked_on = b.worked_on
WHERE a.timekeeper_id IS NULL OR b.timekeeper_id IS NULL
"""
_CLEAR = (
    f"DELETE FROM reports_time WHERE firm_id = %(firm)s AND {_WRITTEN}",
    f"DELETE FROM reports_expense WHERE firm_id = %(firm)s AND {_WRITTEN}",
)
_INSERT_TIME = f"""
INSERT INTO reports_time (firm_id, activity_id, worked_on, timekeeper_id, matter_id, work_class, currency, value,
                          unbilled_as, billed_on, category_id, seconds, raw_seconds, is_agreed_fee, standard,
                          entered_on, cost)
SELECT %(firm)s, activity_id, worked_on, timekeeper_id, matter_id, work_class, currency,
       CASE WHEN work_class = 'billable' THEN total ELSE 0 END,
       CASE WHEN work_class <> 'billable' OR matter_id IS NULL OR is_written_off THEN NULL
            WHEN is_contingency_fee THEN 'contingency_fees'
            WHEN billing_method = 'contingency' THEN NULL ELSE 'fees' END,
       billed_on, category_id, CASE WHEN is_agreed_fee THEN 0 ELSE seconds END,
       CASE WHEN is_agreed_fee THEN 0 ELSE quantity END,
       is_agreed_fee,
       CASE WHEN work_class <> 'billable' THEN 0 WHEN is_agreed_fee THEN total * 3600 ELSE standard_rate * seconds END,
       entered_on, CASE WHEN is_agreed_fee THEN 0 ELSE cost_rate * seconds END
FROM part_activity WHERE is_time AND {_WRITTEN}
ORDER BY worked_on
"""
_INSERT_EXPENSE = f"""
INSERT INTO reports_expense (firm_id, activity_id, worked_on, timekeeper_id, matter_id, work_class, currency, value,
                             unbilled_as, billed_on, category_id, type)
SELECT %(firm)s, activity_id, worked_on, timekeeper_id, matter_id, work_class, currency,
       CASE WHEN work_class = 'billable' THEN total ELSE non_billable_total END,
       CASE WHEN work_class = 'billable' AND matter_id IS NOT NULL AND NOT is_written_off THEN 'expenses' END,
       billed_on, category_id, coalesce(type, '')
FROM part_activity WHERE is_time IS NOT TRUE AND {_WRITTEN}
ORDER BY worked_on
"""


def gather_activities(builder: Builder) -> None:
    """Fill `part_activity`: the chosen entries and those on lines of the chosen bills."""
    chosen = [] if builder.part.is_whole else [row[0] for row in builder.fetch(_CHOSEN)]
    builder.values["chosen"] = chosen
    gather_rates(builder)
    builder.run(*temporary("part_billed", _BILLED))
    gather_mixed_matters(builder)
    builder.run(*temporary("part_activity", _ACTIVITIES))


def write_activities(builder: Builder) -> None:
    """Exchange the chosen entries' rows of reports_time and reports_expense, and note whose days of work moved."""
    if not builder.part.is_whole:
        builder.run(*temporary("part_day", _DAYS_BEFORE))
        builder.values["employed"] += [row[0] for row in builder.fetch(_DAYS_MOVED) if row[0] is not None]
        builder.values["employed"] += merged_people(builder)
    builder.run(*_CLEAR, _INSERT_TIME, _INSERT_EXPENSE)
