"""Hours and capacity day by day: what people wrote down and had available, read once for all that is asked of it."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

import hashlib
from collections.abc import Mapping, Sequence

from apps.reports.contracts import Dimension, Grain
from apps.reports.queries.sources.reading import BUCKET, Level, Piece, Reading
from apps.reports.queries.sources.rows import key_type, level_number

# Keys that are a person's own: within a day a person has one row, whatever level it is summed up to.
_OF_PEOPLE = frozenset({Dimension.TIMEKEEPER, Dimension.ROLE})
_CAPACITY = """
WITH days AS (
    SELECT day, {bucket} AS bucket, day AS month
    FROM (SELECT day::date AS day
          FROM generate_series({first}::timestamp, {last}::timestamp, interval '1 day') day) every
)
{capacity}
"""
_PLACED = """
SELECT {listed}{bucket} AS bucket, g.day, g.{person} AS timekeeper_id, g.work_class, g.is_hidden, g.entries, g.seconds,
       NULL::numeric AS available, {is_measured} AS is_measured
FROM {hours} g {capacity_of_hours}
UNION ALL
SELECT {capacity_listed}c.bucket, c.month, c.timekeeper_id, NULL, false, 0, NULL, c.available, c.available > 0
FROM {capacity} c
"""
_CAPACITY_OF_HOURS = "LEFT JOIN {capacity} c ON c.timekeeper_id = g.{person} AND c.month = g.day"
_CELLS = """
SELECT {listed}bucket, day, timekeeper_id, sum(available) AS available, sum(seconds) AS seconds,
       bool_or(is_hidden) AND sum(available) > 0 AS is_hidden, bool_or(is_hidden) AS hides, sum(entries) AS written,
       sum(entries) FILTER (WHERE is_hidden) AS entries
FROM {placed} GROUP BY {listed}bucket, day, timekeeper_id
"""
_MONTHS = """
SELECT {listed}timekeeper_id, sum(available) AS available, sum(seconds) AS seconds,
       bool_or(hides) AND sum(available) > 0 AS is_hidden, sum(written) AS written, sum(entries) AS entries
FROM {cells} GROUP BY {listed}timekeeper_id, date_trunc('month', day::timestamp)
"""
_PEOPLE = """
SELECT p.*, sum(available) OVER (PARTITION BY timekeeper_id) > 0 AS is_measured
FROM (SELECT {listed}timekeeper_id, work_class, is_hidden, sum(available) AS available, sum(seconds) AS seconds,
             sum(entries) AS entries
      FROM {placed} GROUP BY {listed}timekeeper_id, work_class, is_hidden) p
"""


def may_answer(reading: Reading) -> bool:
    """Tell whether a reading is by day, and by nothing that splits a person's day."""
    return reading.grain is Grain.DAY and not reading.moved_months and is_of_people(reading)


def is_of_people(reading: Reading) -> bool:
    """Tell whether a reading is by nothing that splits a person's day; its rows of days are the same at every level."""
    return {*reading.dimensions, *reading.filters} <= _OF_PEOPLE


def hours(worked: Piece) -> dict[str, str]:
    """Return the one shared query of hours by its name. worked: hours by key, person, day and kind."""
    # What each reading calls its values keeps the names of two readings apart.
    return {f"hours_{_mark(worked.text)}": worked.text}


def sums_of_hours(reading: Reading, worked: Piece, sums: str) -> Piece:
    """Return the statement of sums over hours alone."""
    shared = hours(worked)
    (name,) = shared
    kinds = f"(SELECT {reading.bucket_of('g.day')} AS bucket, g.* FROM {name} g)"
    beyond = _in_sets(reading, list(enumerate(reading.levels)), kinds, sums)
    return Piece(f"WITH {_begin(shared)} {beyond}", worked.values, shared, beyond)


def piece(reading: Reading, worked: Piece, capacity: str, cut: Grain | None, sums: str) -> Piece:
    """Return the statement of sums over hours and capacity, as CapacitySource tells them apart.

    worked: hours by key, person (the key behind those of the reading), day and kind. capacity: of everybody by day,
    over `days`. cut: what a row is: a person's day or month, or the hours of a kind beside those available.
    """
    listed = "".join(f"k{place}, " for place in range(len(reading.dimensions)))
    bucket, person = reading.bucket_of("day"), f"k{len(reading.dimensions)}"
    days = _CAPACITY.format(bucket=bucket, first=reading.value("first"), last=reading.value("last"), capacity=capacity)
    shared = hours(worked)
    (of_hours,) = shared
    tells_kinds = may_answer(reading)  # else nothing but days is asked for
    mark = _mark(f"{worked.text} {days}")
    named = {name: f"{name}_{mark}" for name in ("capacity", "placed", "cells")}
    placed = _PLACED.format(
        listed="".join(f"g.{key}, " for key in listed.replace(",", "").split()),
        capacity_listed="".join(f"c.{key}, " for key in listed.replace(",", "").split()),
        bucket=reading.bucket_of("g.day"),
        person=person,
        is_measured="c.available > 0" if tells_kinds else "NULL::boolean",
        capacity_of_hours=_CAPACITY_OF_HOURS.format(capacity=named["capacity"], person=person) if tells_kinds else "",
        hours=of_hours,
        capacity=named["capacity"],
    )
    shared |= {named["capacity"]: days, named["placed"]: placed}
    if cut:
        shared[named["cells"]] = _CELLS.format(listed=listed, placed=named["placed"])
    beyond = _levels(reading, cut, sums, listed, named["cells"] if cut else named["placed"])
    return Piece(f"WITH {_begin(shared)} {beyond}", worked.values, shared, beyond)


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _begin(shared: Mapping[str, str]) -> str:
    return ", ".join(f"{name} AS MATERIALIZED ({text})" for name, text in shared.items())


def _levels(reading: Reading, cut: Grain | None, sums: str, listed: str, rows: str) -> str:
    """Return the levels of pieces, and those of the whole period: there a row is a month, or a person is measured."""
    levels = list(enumerate(reading.levels))
    pieces = [each for each in levels if BUCKET in each[1] or cut is Grain.DAY]
    whole = [each for each in levels if each not in pieces]
    over_all = (_MONTHS if cut else _PEOPLE).format(listed=listed, cells=rows, placed=rows)
    parts = [_in_sets(reading, pieces, rows, sums)] if pieces else []
    parts += [_in_sets(reading, whole, f"({over_all})", sums)] if whole else []
    return " UNION ALL ".join(parts)


def _in_sets(reading: Reading, levels: Sequence[tuple[int, Level]], rows: str, sums: str) -> str:
    """Return some levels of a reading in one pass over rows."""
    keys = [key for key in reading.keys if any(key in level for _, level in levels)]
    listed = "".join(f"{key if key in keys else _none(reading, key)} AS {key}, " for key in reading.keys)
    if not keys:
        return f"SELECT {levels[0][0]} AS level, {listed}{sums} FROM {rows} r"
    sets = ", ".join(f"({', '.join(level)})" for _, level in levels)
    return f"SELECT {level_number(keys, levels)} AS level, {listed}{sums} FROM {rows} r GROUP BY GROUPING SETS ({sets})"


def _none(reading: Reading, key: str) -> str:
    return "NULL::date" if key == BUCKET else f"NULL::{key_type(reading.dimensions[int(key[1:])])}"
