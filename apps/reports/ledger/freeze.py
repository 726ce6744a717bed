"""Keep the rows behind a month's figures as they stand, family by family, and tell whether they are still the same."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from apps.reports.queries.sources.capacity import available_days
from apps.reports.queries.sources.frozen import (
    CAPACITY,
    COLUMNS,
    FAMILIES,
    KEYS,
    PAID_DAYS,
    SUMMED,
    TARGETS,
    WORKDAYS,
    Family,
)
from apps.reports.queries.sources.plan_to_keep import every_target, every_working_day
from apps.reports.queries.sources.profit import FACTORS, paid_days
from apps.reports.queries.sources.reading import Reading, RowKey
from apps.reports.queries.sources.rows import choose_rows

_KEPT_COLUMNS = ("row_id", "row_part", *COLUMNS.values())
_INSERT = """
INSERT INTO reports_frozen_row (firm_id, close_id, family, placed_on, {columns}, keys, figures)
SELECT %(firm)s, %(close)s, '{family}', r.{placed_on}, {values}, {keys}, {figures}
FROM {table} r {joins}
WHERE r.firm_id = %(firm)s AND r.{placed_on} BETWEEN {first} AND {last} AND {extra} AND {condition}
"""
# Rows are hashed one by one and put in order by their hashes, so that only what they say counts.
_CHECKSUM = """
SELECT count(*) FILTER (WHERE h.is_row),
       encode(sha256(coalesce(string_agg(h.hash, '' ORDER BY h.hash), '')::bytea), 'hex')
FROM (SELECT f.family = ANY(%(families)s::text[]) AS is_row,
             md5(ROW(f.family, f.placed_on, f.row_id, f.row_part, f.currency, f.timekeeper_id, f.matter_id, f.payer_id,
                     f.keys, f.figures)::text) AS hash
      FROM reports_frozen_row f
      WHERE f.firm_id = %(firm)s AND f.close_id = %(close)s
        AND f.family = ANY(%(families)s::text[] || %(of_sums)s::text[])) h
"""


def freeze_rows(*, reading: Reading, close_id: int) -> None:
    """Keep every row behind figures of the reading's days under a close; call it inside the firm's transaction.

    reading: of the whole firm, over the days of one month, as of today.
    """
    every = Reading(
        scope=reading.scope,
        first=reading.first,
        last=reading.last,
        as_of=reading.as_of,
        calendar=reading.calendar,
        dimensions=(RowKey.ID, RowKey.PART, *COLUMNS, *KEYS),
    )
    with connection.cursor() as cursor:
        for family in FAMILIES:
            table, values = _table(family, every)
            chosen = choose_rows(every, family.shape)
            statement = _statement(family, every, table, chosen.joins, chosen.condition, chosen.keys)
            cursor.execute(statement, {**chosen.values, **values, "close": close_id})


def checksum_of(*, firm_id: int, close_id: int) -> tuple[int, str]:
    """Return how many rows a close keeps, and the checksum of them and of their sums."""
    families = [family.name for family in FAMILIES]
    of_sums = [depth.family_of(family) for family, depth in SUMMED]
    with connection.cursor() as cursor:
        cursor.execute(_CHECKSUM, {"firm": firm_id, "close": close_id, "families": families, "of_sums": of_sums})
        count, checksum = cursor.fetchone()
    return count, checksum


def _table(family: Family, reading: Reading) -> tuple[str, Mapping[str, Any]]:
    """Return the live rows of a family, and the values they name: some are worked out day by day."""
    if family is CAPACITY:
        days = available_days(reading)
        return days.text, days.values
    if family is TARGETS:
        targets = every_target(reading)
        return targets.text, targets.values
    if family is WORKDAYS:
        workdays = every_working_day(reading)
        return workdays.text, workdays.values
    if family is PAID_DAYS:
        return paid_days(reading.value("first"), reading.value("last")), {"factors": FACTORS}
    return family.table, {}


def _statement(
    family: Family, reading: Reading, table: str, joins: str, condition: str, expressions: tuple[str, ...]
) -> str:
    kept, keys = expressions[: len(_KEPT_COLUMNS)], expressions[len(_KEPT_COLUMNS) :]
    days = {"as_of": reading.value("as_of"), "first": reading.value("first"), "last": reading.value("last")}
    row_id, row_part, *others = kept
    return _INSERT.format(
        columns=", ".join(_KEPT_COLUMNS),
        family=family.name,
        placed_on=family.placed_on,
        values=", ".join([row_id, f"coalesce({row_part}, '')", *others]),
        keys=_as_object({key.value: each for key, each in zip(KEYS, keys, strict=True)}),
        figures=_as_object({name: each.format(**days) for name, each in family.figures.items()}),
        table=table,
        joins=joins,
        condition=condition,
        extra=family.extra.format(**days),
        first=days["first"],
        last=days["last"],
    )


def _as_object(named: Mapping[str, str]) -> str:
    told = [f"'{name}', {each}" for name, each in named.items() if not each.startswith("NULL::")]
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(told)}))"
