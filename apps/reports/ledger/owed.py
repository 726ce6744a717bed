"""What bills owe, from day to day: a row for every stretch of days on which a part of a bill's balance is the same."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from apps.reports.ledger.part import Builder, temporary
from apps.reports.queries.sources.facts import Depth

_CHOSEN = "firm_id = %(firm)s AND (%(whole)s OR bill_id = ANY(%(bills)s::bigint[]))"
# What is owed of each item, without tax; credit of a bill that still owes is negative.
_ITEMS = {"fees": "fee", "expenses": "expense", "unreconciled": "unreconciled", "credit": "credit"}
_BY_ITEM = ", ".join(
    f"coalesce(sum(m.amount - m.tax) FILTER (WHERE m.item = '{item}'), 0) AS {name}" for name, item in _ITEMS.items()
)
_LISTED, _ADDED = ", ".join(_ITEMS), ", ".join(f"sum(m.{name})" for name in _ITEMS)
_RUN = ", ".join(f"sum(sum(m.{name})) OVER upto AS {name}" for name in _ITEMS)
_MOVED = ", ".join(f"m.{name}" for name in _ITEMS)
_NOTHING = ", ".join("0" for _ in _ITEMS)
_ANY = " OR ".join(f"sum(m.{name}) <> 0" for name in _ITEMS)
# What adds to a bill and takes from it, by person and matter. Before its issue a bill owes nothing: what is dated
# earlier counts from then on.
_MOVES = f"""
SELECT m.bill_id, greatest(m.day, b.issued_on) AS day, m.timekeeper_id, m.matter_id, sum(m.amount) AS amount,
       sum(m.tax) AS tax, sum(m.interest) AS interest, {_BY_ITEM}
FROM (
    SELECT bill_id, issued_on AS day, timekeeper_id, matter_id, owed_net + owed_tax + owed_secondary_tax AS amount,
           owed_tax + owed_secondary_tax AS tax, 0::bigint AS interest, item
    FROM reports_line WHERE {_CHOSEN}
    UNION ALL
    SELECT bill_id, charged_on, NULL, matter_id, amount, 0, amount, 'interest' FROM reports_interest WHERE {_CHOSEN}
    UNION ALL
    SELECT bill_id, settled_on, timekeeper_id, matter_id, -(net + tax + secondary_tax), -(tax + secondary_tax),
           CASE WHEN item = 'interest' THEN -net ELSE 0 END, item
    FROM reports_settle WHERE {_CHOSEN}
) m JOIN part_bill b USING (bill_id)
WHERE m.day IS NOT NULL AND b.issued_on IS NOT NULL
GROUP BY 1, 2, 3, 4
"""
# A bill that came to nothing is no receivable after the day on which it did.
_STRETCHES = f"""
SELECT * FROM (
    SELECT x.bill_id, b.issued_on, b.due_on, b.payer_id, b.currency, x.balance, x.day AS starts_on,
           least(lead(x.day, 1, 'infinity') OVER (PARTITION BY x.bill_id ORDER BY x.day),
                 coalesce(b.closed_on, 'infinity')) AS ends_before
    FROM (SELECT bill_id, day, sum(sum(amount)) OVER (PARTITION BY bill_id ORDER BY day) AS balance
          FROM part_move GROUP BY bill_id, day) x
    JOIN (SELECT * FROM reports_bill WHERE {_CHOSEN}) b USING (bill_id)
) stretches WHERE balance <> 0 AND starts_on < ends_before
"""
# Of a bill paid in hundreds of pieces each day would be added up from all days before: what every part of it comes to
# on every day is added up once. Of others that would be more work than it saves.
_MANY_DAYS = "SELECT bill_id FROM part_move GROUP BY bill_id HAVING count(DISTINCT day) > 20"
_RUNNING = f"""
SELECT m.bill_id, m.day, m.timekeeper_id, m.matter_id, sum(sum(m.amount)) OVER upto AS amount,
       sum(sum(m.tax)) OVER upto AS tax, sum(sum(m.interest)) OVER upto AS interest, {_RUN}
FROM (
    SELECT bill_id, day, timekeeper_id, matter_id, amount, tax, interest, {_LISTED} FROM part_move
    UNION ALL
    SELECT bill_id, d.day, p.timekeeper_id, p.matter_id, 0, 0, 0, {_NOTHING}
    FROM (SELECT DISTINCT bill_id, timekeeper_id, matter_id FROM part_move) p
    JOIN (SELECT DISTINCT bill_id, day FROM part_move) d USING (bill_id)
) m
WHERE m.bill_id IN ({_MANY_DAYS})
GROUP BY m.bill_id, m.day, m.timekeeper_id, m.matter_id
WINDOW upto AS (PARTITION BY m.bill_id, m.timekeeper_id, m.matter_id ORDER BY m.day)
"""
_CLEAR = f"DELETE FROM reports_owed WHERE {_CHOSEN}"
_INSERT = f"""
INSERT INTO reports_owed (firm_id, depth, bill_id, starts_on, ends_before, issued_on, due_on, timekeeper_id, matter_id,
                          payer_id, currency, balance, amount, tax, interest, {_LISTED})
SELECT %(firm)s, CASE WHEN GROUPING(m.timekeeper_id) = 1 THEN {Depth.MATTER.value} ELSE {Depth.BOTH.value} END,
       s.bill_id, s.starts_on, s.ends_before, s.issued_on, s.due_on, m.timekeeper_id, m.matter_id, s.payer_id,
       s.currency, s.balance, sum(m.amount), sum(m.tax), sum(m.interest),
       {_ADDED}
FROM part_stretch s JOIN (
    SELECT * FROM part_running_owed
    UNION ALL
    SELECT s.bill_id, s.starts_on, m.timekeeper_id, m.matter_id, m.amount, m.tax, m.interest, {_MOVED}
    FROM part_stretch s JOIN part_move m ON m.bill_id = s.bill_id AND m.day <= s.starts_on
    WHERE s.bill_id NOT IN (SELECT bill_id FROM part_running_owed)
) m ON m.bill_id = s.bill_id AND m.day = s.starts_on
GROUP BY GROUPING SETS (
    (s.bill_id, s.starts_on, s.ends_before, s.issued_on, s.due_on, s.payer_id, s.currency, s.balance, m.matter_id),
    (s.bill_id, s.starts_on, s.ends_before, s.issued_on, s.due_on, s.payer_id, s.currency, s.balance, m.matter_id,
     m.timekeeper_id))
HAVING sum(m.amount) <> 0 OR sum(m.tax) <> 0 OR sum(m.interest) <> 0 OR {_ANY}
ORDER BY 2, s.ends_before, s.bill_id
"""


def write_owed(builder: Builder) -> None:
    """Exchange the part's rows of reports_owed, once its lines, settlements and bills are written."""
    builder.run(
        *temporary("part_move", _MOVES),
        *temporary("part_stretch", _STRETCHES),
        *temporary("part_running_owed", _RUNNING),
        _CLEAR,
        _INSERT,
    )
