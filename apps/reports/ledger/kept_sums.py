"""Sums of the rows that closed months keep, by person and by matter: figures as reported are read from them.

They are kept beside the rows, under families of their own, and made of nothing but what was kept.
"""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from apps.reports.queries.sources.frozen import SUMMED, Family, KeptDepth

_COLUMNS = ("currency", "timekeeper_id", "matter_id", "payer_id")
_INSERT = """
INSERT INTO reports_frozen_row (firm_id, close_id, family, placed_on, row_part, {columns}, keys, figures)
SELECT %(firm)s, %(close)s, family, %(month)s, '', {columns}, keys, figures FROM ({sums}) s
"""
_SUMS = """
SELECT '{name}' AS family, {columns}, keys, kinds || jsonb_strip_nulls(jsonb_build_object({sums})) AS figures
FROM (SELECT {told}, {keys} AS keys, {kinds} AS kinds, figures FROM reports_frozen_row
      WHERE firm_id = %(firm)s AND close_id = %(close)s AND family = '{family}') r
GROUP BY {columns}, keys, kinds
"""


def keep_sums(*, firm_id: int, close_id: int, month: date) -> None:
    """Add up the rows of a close that was just made; call it inside the firm's transaction."""
    with connection.cursor() as cursor:
        for family, depth in SUMMED:
            statement = _INSERT.format(columns=", ".join(_COLUMNS), sums=_sums(family, depth))
            cursor.execute(statement, {"firm": firm_id, "close": close_id, "month": month})


def _sums(family: Family, depth: KeptDepth) -> str:
    told = [column if column in depth.columns else f"NULL::bigint AS {column}" for column in _COLUMNS]
    sums = [f"'{name}', sum((figures ->> '{name}')::numeric)" for name in family.sums]
    return _SUMS.format(
        name=depth.family_of(family),
        family=family.name,
        columns=", ".join(_COLUMNS),
        told=", ".join(told),
        keys=_part_of("keys", sorted(depth.keys)),
        kinds=_part_of("figures", family.kinds),
        sums=", ".join([*sums, "'entries', count(*)"]),
    )


def _part_of(column: str, names: Iterable[str]) -> str:
    named = ", ".join(f"'{name}', {column} -> '{name}'" for name in names)
    return f"jsonb_strip_nulls(jsonb_build_object({named}))"
