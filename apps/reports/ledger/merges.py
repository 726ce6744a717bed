"""Whose figures stand under another: users of Clio that are one person, practice areas that are one (cases 21, 36).

Entries and lines take the main one when they are gathered, and so do people's employments; what matters say of people
and areas is exchanged after they are written. Without merges none of it costs anything.
"""

from apps.reports.ledger.part import Builder, Statement

_ANY = "SELECT EXISTS (SELECT FROM {merged} WHERE firm_id = %(firm)s)"
# Both tables are written from the mirror just before: rows that no part touched hold the main one already.
_EXCHANGE = """
UPDATE {table} x SET {column} = g.main_{kind}_id FROM reports_merged_{kind} g
WHERE x.firm_id = %(firm)s AND g.firm_id = %(firm)s AND x.{column} = g.{kind}_id
"""
_COLUMNS = (("responsible_id", "timekeeper"), ("originating_id", "timekeeper"), ("practice_area_id", "practice_area"))
# Whoever is looked at, is looked at with everybody who stands under the same person.
_MAIN_PEOPLE = """
SELECT DISTINCT coalesce(g.main_timekeeper_id, e.id) FROM unnest(%(employed)s::bigint[]) e(id)
LEFT JOIN reports_merged_timekeeper g ON g.firm_id = %(firm)s AND g.timekeeper_id = e.id
"""
_EVERYBODY = "SELECT DISTINCT main_timekeeper_id FROM reports_merged_timekeeper WHERE firm_id = %(firm)s"


def exchange_merged(builder: Builder, table: str) -> None:
    """Put the main people and areas into a table that has a matter's attributes."""
    for column, kind in _COLUMNS:
        if _has_any(builder, kind):
            builder.run(_EXCHANGE.format(table=table, column=column, kind=kind))


def main_people(builder: Builder) -> list[int]:
    """Return under whom the part's people stand whose employment is looked at."""
    return [row[0] for row in builder.fetch(_MAIN_PEOPLE)] if builder.values["employed"] else []


def merged_people(builder: Builder) -> list[int]:
    """Return everybody under whom somebody stands: work moved between their users moves their days of employment."""
    return [row[0] for row in builder.fetch(_EVERYBODY)]


def _has_any(builder: Builder, kind: str) -> bool:
    statement: Statement = _ANY.format(merged=f"reports_merged_{kind}")
    return bool(builder.fetch(statement)[0][0])
