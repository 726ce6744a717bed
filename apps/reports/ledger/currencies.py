"""R11: which currency an entry is in that is on no bill, and whose entries take another when bills change."""

from apps.reports.ledger.part import Builder, temporary

# Entries of those matters fall back to the firm's currency (case 27). Only where Clio tells another than the firm's
# does it make a difference, so the bills of no other matters are looked at.
_TOLD = """
SELECT DISTINCT a.matter_id
FROM clio_out_activities a
LEFT JOIN clio_out_matters m ON m.firm_id = %(firm)s AND m.matter_id = a.matter_id
LEFT JOIN part_billed b ON b.activity_id = a.activity_id
WHERE a.firm_id = %(firm)s AND a.matter_id IS NOT NULL AND b.activity_id IS NULL
  AND coalesce(a.currency, m.currency) <> %(currency)s
  AND (%(whole)s OR a.activity_id = ANY(%(chosen)s::bigint[]))
"""
# A line's matter is its own, else its entry's, else the bill's only one.
_MIXED = """
SELECT t.matter_id
FROM clio_out_line_items l
JOIN clio_out_bills b ON b.firm_id = %(firm)s AND b.bill_id = l.bill_id
     AND b.state IN ('awaiting_payment', 'paid') AND b.kind IS DISTINCT FROM 'trust_kind'
LEFT JOIN clio_out_activities a ON a.firm_id = %(firm)s AND a.activity_id = l.activity_id AND l.matter_id IS NULL
JOIN part_told_matter t ON t.matter_id = coalesce(
     l.matter_id, a.matter_id, CASE WHEN cardinality(b.matter_ids) = 1 THEN b.matter_ids[1] END)
WHERE l.firm_id = %(firm)s
  AND (l.matter_id IS NULL OR l.matter_id = ANY(ARRAY(SELECT matter_id FROM part_told_matter)))
GROUP BY t.matter_id
HAVING min(coalesce(b.currency, %(currency)s)) <> max(coalesce(b.currency, %(currency)s))
"""
# Entries on no live bill, in another currency than the firm's by what Clio tells, on matters that bills are about or
# were about at the last build.
ENTRIES_BESIDE_BILLS = """
SELECT a.activity_id
FROM clio_out_activities a
LEFT JOIN clio_out_matters m ON m.firm_id = %(firm)s AND m.matter_id = a.matter_id
WHERE a.firm_id = %(firm)s AND coalesce(a.currency, m.currency) <> %(currency)s
  AND a.matter_id = ANY(ARRAY(
      SELECT unnest(%(matters)s::bigint[])
      UNION
      SELECT matter_id FROM reports_line WHERE firm_id = %(firm)s AND bill_id = ANY(%(bills)s::bigint[])
      UNION
      SELECT coalesce(l.matter_id, x.matter_id)
      FROM clio_out_line_items l
      LEFT JOIN clio_out_activities x ON x.firm_id = %(firm)s AND x.activity_id = l.activity_id
      WHERE l.firm_id = %(firm)s AND l.bill_id = ANY(%(bills)s::bigint[])
      UNION
      SELECT unnest(matter_ids) FROM clio_out_bills WHERE firm_id = %(firm)s AND bill_id = ANY(%(bills)s::bigint[])))
  AND NOT EXISTS (SELECT FROM clio_out_bills b
                  WHERE b.firm_id = %(firm)s AND b.bill_id = a.bill_id
                    AND b.state NOT IN ('void', 'deleted') AND b.kind IS DISTINCT FROM 'trust_kind')
"""


def gather_mixed_matters(builder: Builder) -> None:
    """Fill `part_mixed`: matters of the chosen entries whose approved bills differ in currency."""
    builder.run(*temporary("part_told_matter", _TOLD), *temporary("part_mixed", _MIXED))


def own_currency(entry: str, matter: str, mixed: str) -> str:
    """Return the SQL of an entry's currency on no bill: its own, else its matter's, none where bills of that differ."""
    return f"CASE WHEN {mixed}.matter_id IS NULL THEN coalesce({entry}.currency, {matter}.currency) END"
