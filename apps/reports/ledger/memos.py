"""Who granted credits, and why: beside the settlements that credits are."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from apps.reports.ledger.part import Builder

_CHOSEN = "(%(rest)s OR {column} = ANY(%(memos)s::bigint[]))"
_CLEAR = f"DELETE FROM reports_credit_memo WHERE firm_id = %(firm)s AND {_CHOSEN.format(column='memo_id')}"
_MEMOS = f"""
INSERT INTO reports_credit_memo (firm_id, memo_id, granted_by_id, note)
SELECT %(firm)s, c.credit_memo_id, coalesce(g.main_timekeeper_id, c.user_id), coalesce(c.description, '')
FROM clio_out_credit_memos c
LEFT JOIN reports_merged_timekeeper g ON g.firm_id = %(firm)s AND g.timekeeper_id = c.user_id
WHERE c.firm_id = %(firm)s AND {_CHOSEN.format(column="c.credit_memo_id")}
"""


def write_memos(builder: Builder) -> None:
    """Exchange the part's credit memos."""
    if builder.values["rest"] or builder.part.memo_ids:
        builder.run(_CLEAR, _MEMOS)
