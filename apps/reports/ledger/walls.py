"""Who is in the groups that Clio restricts matters to, and to which group those were kept that are gone."""

# ruff: noqa: S608 - statements are put together from constants of this module; every value is a parameter

from apps.reports.ledger.part import Builder

_CLEAR = "DELETE FROM reports_group_access WHERE firm_id = %(firm)s"
_ACCESS = """
INSERT INTO reports_group_access (firm_id, group_id, timekeeper_id)
SELECT DISTINCT %(firm)s::bigint, a.group_id, coalesce(g.main_timekeeper_id, a.user_id)
FROM clio_out_group_access a
LEFT JOIN reports_merged_timekeeper g ON g.firm_id = %(firm)s AND g.timekeeper_id = a.user_id
WHERE a.firm_id = %(firm)s
"""
_CHOSEN = "(%(rest)s OR matter_id = ANY(%(matters)s::bigint[]))"
_CLEAR_GONE = f"DELETE FROM reports_gone_matter WHERE firm_id = %(firm)s AND {_CHOSEN}"
_GONE = f"""
INSERT INTO reports_gone_matter (firm_id, matter_id, group_id)
SELECT %(firm)s, matter_id, group_id FROM clio_out_gone_matters WHERE firm_id = %(firm)s AND {_CHOSEN}
"""


def write_walls(builder: Builder) -> None:
    """Exchange who is inside where a group or a person changed: one more at work makes a group no longer everybody.

    Which matter is in which group is among the matters' own attributes, and of those gone what is left of them.
    """
    if builder.values["rest"] or builder.part.lists or builder.part.user_ids:
        builder.run(_CLEAR, _ACCESS)
    if builder.values["rest"] or builder.part.matter_ids:
        builder.run(_CLEAR_GONE, _GONE)
