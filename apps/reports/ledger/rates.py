"""Rates of people by day: list prices as the firm keeps them or as Clio had them, and what their hours cost."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from apps.reports.ledger.part import Builder, factor, temporary


def _kept(table: str, rate: str) -> str:
    """Return the SQL of what a firm keeps for a person; it holds for the users of Clio that stand under them too."""
    return f"""SELECT timekeeper_id, starts_on, {rate} FROM {table} WHERE firm_id = %(firm)s
    UNION ALL
    SELECT g.timekeeper_id, k.starts_on, k.{rate} FROM {table} k
    JOIN reports_merged_timekeeper g ON g.firm_id = %(firm)s AND g.main_timekeeper_id = k.timekeeper_id
    WHERE k.firm_id = %(firm)s"""


# The firm's own rows come first. Before the first of them it is Clio's rate, as it was while we looked; the oldest one
# known stands for the days before. Who has neither has Clio's rate of today.
_STANDARD = f"""
WITH kept AS (
    {_kept("reports_standard_rate", "rate")}
), told AS (
    SELECT record_id AS timekeeper_id, value::numeric AS rate, seen_from,
           CASE WHEN row_number() OVER (PARTITION BY record_id ORDER BY seen_from) = 1 THEN '-infinity'::date
                ELSE (seen_from AT TIME ZONE %(zone)s)::date END AS starts_on
    FROM clio_out_history WHERE firm_id = %(firm)s AND entity = 'users' AND attribute = 'rate'
), known AS (
    SELECT timekeeper_id, starts_on, rate, 'infinity'::timestamptz AS seen_from FROM kept
    UNION ALL
    SELECT t.timekeeper_id, t.starts_on, t.rate, t.seen_from FROM told t
    WHERE t.starts_on < coalesce((SELECT min(k.starts_on) FROM kept k WHERE k.timekeeper_id = t.timekeeper_id),
                                 'infinity')
)
SELECT timekeeper_id, rate, starts_on,
       coalesce(lead(starts_on) OVER (PARTITION BY timekeeper_id ORDER BY starts_on, seen_from), 'infinity')
           AS ends_before
FROM known
"""
_COST = f"""
SELECT timekeeper_id, hourly * {factor("%(currency)s")} AS rate, starts_on,
       coalesce(lead(starts_on) OVER (PARTITION BY timekeeper_id ORDER BY starts_on), 'infinity') AS ends_before
FROM ({_kept("reports_cost_rate", "hourly")}) kept
"""


def gather_rates(builder: Builder) -> None:
    """Fill `part_standard_rate` and `part_cost_rate`: a person's rates and the days they hold, in minor units."""
    builder.run(*temporary("part_standard_rate", _STANDARD), *temporary("part_cost_rate", _COST))
