"""How money that reached a matter of a bill is spread over the components of its lines: the firm's spreading rule.

Components are filled tier by tier: the money of a tier comes when those before it are full, and is split inside by
weight. Proportional is one tier of all, oldest first a tier per line. What a tier holds follows from the running total
alone, so an allocation's share is the difference from the split before.
"""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from apps.reports.contracts.kept import PaymentAllocation
from apps.reports.ledger.part import Builder, temporary
from apps.reports.ledger.rules_of_firm import spreading_rule
from apps.reports.ledger.splitting import largest_remainder

# The tiers inside a bill and matter, in order. What stands for an unexplained gap comes last.
_BY_AGE = "f.line_id < 0, coalesce(f.listed_on, b.issued_on), f.line_id"
_TIERS = {
    PaymentAllocation.PROPORTIONAL: "true",
    PaymentAllocation.OLDEST_FIRST: _BY_AGE,
    PaymentAllocation.EXPENSES_FIRST_PROPORTIONAL: "f.item <> 'expense'",
    PaymentAllocation.EXPENSES_FIRST_OLDEST: f"f.item <> 'expense', {_BY_AGE}",
}
_COMPONENTS = """
SELECT f.bill_id, f.matter_key, f.line_id, c.component, c.weight,
       dense_rank() OVER (PARTITION BY f.bill_id, f.matter_key ORDER BY {tiers}) AS tier,
       row_number() OVER (ORDER BY f.bill_id, f.matter_key, f.line_id < 0, f.line_id, c.component) AS place
FROM part_final f
JOIN part_owed o USING (bill_id, matter_key)
JOIN part_bill b ON b.bill_id = f.bill_id
CROSS JOIN LATERAL (VALUES (1, f.owed_net), (2, f.owed_tax), (3, f.owed_secondary_tax)) AS c(component, weight)
WHERE o.owed > 0 AND c.weight > 0
"""
_TIER_SUMS = """
SELECT bill_id, matter_key, tier, weight AS owed, row_number() OVER (ORDER BY bill_id, matter_key, tier) AS tier_number,
       (sum(weight) OVER matter - weight)::bigint AS before, tier = 1 AS is_first,
       lead(tier) OVER (PARTITION BY bill_id, matter_key ORDER BY tier) IS NULL AS is_last
FROM (SELECT bill_id, matter_key, tier, sum(weight)::bigint AS weight FROM part_component GROUP BY 1, 2, 3) tiers
WINDOW matter AS (PARTITION BY bill_id, matter_key ORDER BY tier)
"""
_RUNNING = """
SELECT cut_number, allocation_id, bill_id, matter_key, turn, running,
       lag(running, 1, 0::bigint) OVER (PARTITION BY bill_id, matter_key ORDER BY turn) AS was
FROM (SELECT row_number() OVER () AS cut_number, allocation_id, bill_id, matter_key, turn,
             sum(amount) OVER (PARTITION BY bill_id, matter_key ORDER BY turn)::bigint AS running
      FROM part_cut WHERE target = 'matter') cuts
"""
# What a tier holds at a running total; below zero it is all on the first.
_HELD = """CASE WHEN {running} < 0 THEN CASE WHEN is_first THEN {running} ELSE 0 END
                WHEN is_last THEN greatest({running} - before, 0)
                ELSE least(greatest({running} - before, 0), owed) END"""
_STEPS = f"""
SELECT * FROM (
    SELECT r.cut_number, r.turn, bill_id, matter_key, t.tier, t.tier_number, t.owed,
           {_HELD.format(running="r.running")} AS held, {_HELD.format(running="r.was")} AS held_before
    FROM part_running r JOIN part_tier t USING (bill_id, matter_key)
) steps WHERE held <> held_before
"""
# One bill of thousands of lines and hundreds of payments makes millions of rows here: they are kept narrow.
_SPREAD = largest_remainder(
    """(SELECT cut_number, turn, held, tier_number, place AS component_place, weight, owed
        FROM part_step JOIN part_component USING (bill_id, matter_key, tier))""",
    keep="cut_number, component_place, turn", amount="held", weight="weight", within="cut_number, tier_number",
    order="component_place", share="settled", whole="owed",
)  # fmt: skip
_SETTLED = f"""
SELECT allocation_id, line_id, coalesce(sum(amount) FILTER (WHERE component = 1), 0)::bigint AS net,
       coalesce(sum(amount) FILTER (WHERE component = 2), 0)::bigint AS tax,
       coalesce(sum(amount) FILTER (WHERE component = 3), 0)::bigint AS secondary_tax
FROM (SELECT cut_number, component_place,
             settled - lag(settled, 1, 0::bigint) OVER (PARTITION BY component_place ORDER BY turn) AS amount
      FROM ({_SPREAD}) spread) difference
JOIN part_running USING (cut_number)
JOIN part_component ON place = component_place
WHERE difference.amount <> 0
GROUP BY allocation_id, line_id
"""


def spread_cuts(builder: Builder) -> None:
    """Fill `part_settled`, by allocation and line, from `part_cut`, by allocation and matter."""
    tiers = _TIERS[spreading_rule(builder.part.firm_id)]
    builder.run(
        *temporary("part_component", _COMPONENTS.format(tiers=tiers)),
        *temporary("part_tier", _TIER_SUMS),
        *temporary("part_running", _RUNNING),
        *temporary("part_step", _STEPS),
        *temporary("part_settled", _SETTLED),
    )
