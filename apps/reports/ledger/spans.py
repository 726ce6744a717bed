"""STATE: attributes of matters as they were, and what was first seen of bills, from clio's history of changes."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from apps.reports.ledger.merges import exchange_merged
from apps.reports.ledger.part import Builder, temporary

# The mirror's name of an attribute, ours, the view's column of today, and the type of its text.
_ATTRIBUTES = (
    ("client_id", "client_id", "client_id", "bigint"),
    ("practice_area_id", "practice_area_id", "practice_area_id", "bigint"),
    ("responsible_attorney_id", "responsible_id", "responsible_attorney_id", "bigint"),
    ("originating_attorney_id", "originating_id", "originating_attorney_id", "bigint"),
    ("group_id", "group_id", "group_id", "bigint"),
    ("matter_stage_id", "stage_id", "matter_stage_id", "bigint"),
    ("status", "status", "status", "text"),
    ("billing_method", "billing_method", "billing_method", "text"),
    ("open_date", "opened_on", "open_date", "date"),
    ("pending_date", "pending_on", "pending_date", "date"),
    ("close_date", "closed_on", "close_date", "date"),
    ("matter_budget_budget", "budget", "budget", "numeric"),
)
_OURS = ", ".join(ours for _, ours, _, _ in _ATTRIBUTES)
# A value holds from the day it was seen, in the firm's zone; of several on one day the last. The day a matter's first
# change was seen begins its second span. A value is the last one told up to a span's start; what was never told is
# today's.
_VALUES = ",\n       ".join(
    f"""CASE WHEN EXISTS (SELECT FROM part_told t WHERE t.record_id = s.matter_id AND t.attribute = '{theirs}')
            THEN (SELECT t.value::{kind} FROM part_told t WHERE t.record_id = s.matter_id AND t.attribute = '{theirs}'
                    AND (t.place = 1 OR t.seen_on <= s.starts_on) ORDER BY t.place DESC LIMIT 1)
            ELSE m.{today} END AS {ours}"""
    for theirs, ours, today, kind in _ATTRIBUTES
)
_TOLD = """
SELECT record_id, attribute, value, (seen_from AT TIME ZONE %(zone)s)::date AS seen_on,
       row_number() OVER (PARTITION BY record_id, attribute ORDER BY seen_from) AS place
FROM clio_out_history
WHERE firm_id = %(firm)s AND entity = 'matters' AND attribute = ANY(%(attributes)s::text[])
  AND (%(rest)s OR record_id = ANY(%(matters)s::bigint[]))
"""
_FIND_TOLD = "CREATE INDEX ON pg_temp.part_told (record_id, attribute, place)"
_SPANS = f"""
WITH starts AS (
    SELECT DISTINCT record_id AS matter_id, seen_on AS starts_on FROM part_told WHERE place > 1
    UNION ALL
    SELECT matter_id, NULL FROM clio_out_matters
    WHERE firm_id = %(firm)s AND (%(rest)s OR matter_id = ANY(%(matters)s::bigint[]))
), spans AS (
    SELECT matter_id, starts_on, lead(starts_on) OVER (PARTITION BY matter_id ORDER BY starts_on NULLS FIRST)
           AS ends_before
    FROM starts
)
INSERT INTO reports_matter_span (firm_id, matter_id, starts_on, ends_before, {_OURS})
SELECT %(firm)s, s.matter_id, s.starts_on, s.ends_before,
       {_VALUES}
FROM spans s JOIN clio_out_matters m ON m.firm_id = %(firm)s AND m.matter_id = s.matter_id
ORDER BY s.matter_id, s.starts_on NULLS FIRST
"""
_CLEAR_SPANS = """
DELETE FROM reports_matter_span WHERE firm_id = %(firm)s AND (%(rest)s OR matter_id = ANY(%(matters)s::bigint[]))
"""
_APPROVED, _VOID = "('awaiting_payment', 'paid')", "('void', 'deleted')"
_CHOSEN = "(%(rest)s OR {column} = ANY(%(bills)s::bigint[]))"
_LIVES = f"""
WITH told AS (
    SELECT record_id, value, (seen_from AT TIME ZONE %(zone)s)::date AS seen_on,
           row_number() OVER (PARTITION BY record_id ORDER BY seen_from) AS place
    FROM clio_out_history
    WHERE firm_id = %(firm)s AND entity = 'bills' AND attribute = 'state' AND {_CHOSEN.format(column="record_id")}
), seen AS (
    SELECT record_id, min(seen_on) FILTER (WHERE value IN {_APPROVED}) AS approved_on,
           min(seen_on) FILTER (WHERE value IN {_VOID}) AS voided_on,
           min(value) FILTER (WHERE place = 1) AS first_state
    FROM told GROUP BY record_id
), lives AS (
    SELECT b.bill_id, coalesce(b.issued_at, (b.created_at AT TIME ZONE %(zone)s)::date) AS made_on,
           coalesce(s.first_state, b.state) AS first_state, s.approved_on, s.voided_on
    FROM clio_out_bills b LEFT JOIN seen s ON s.record_id = b.bill_id
    WHERE b.firm_id = %(firm)s AND {_CHOSEN.format(column="b.bill_id")}
)
INSERT INTO reports_bill_life (firm_id, bill_id, approved_on, voided_on, was_approved_at_first, was_void_at_first)
SELECT %(firm)s, bill_id, CASE WHEN first_state IN {_APPROVED} THEN made_on ELSE approved_on END,
       CASE WHEN first_state IN {_VOID} THEN made_on ELSE voided_on END,
       first_state IN {_APPROVED}, first_state IN {_VOID}
FROM lives WHERE first_state IN {_APPROVED} OR first_state IN {_VOID} OR coalesce(approved_on, voided_on) IS NOT NULL
"""
_CLEAR_LIVES = f"DELETE FROM reports_bill_life WHERE firm_id = %(firm)s AND {_CHOSEN.format(column='bill_id')}"


def write_spans(builder: Builder) -> None:
    """Exchange the part's spans of matters and lives of bills."""
    part = builder.part
    if builder.values["rest"] or part.matter_ids:
        named = [theirs for theirs, _, _, _ in _ATTRIBUTES]
        builder.run(*temporary("part_told", _TOLD), _FIND_TOLD, _CLEAR_SPANS, _SPANS, attributes=named)
        exchange_merged(builder, "reports_matter_span")
    if builder.values["rest"] or part.bill_ids:
        builder.run(_CLEAR_LIVES, _LIVES)
