"""Sources over the days that lead up to a day: the period's end, with a grain the end of each piece."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from apps.reports.contracts import FirmCalendar, Grain, Measure
from apps.reports.queries.sources.as_of import DAYS_KNOWN, points_of, rows_of
from apps.reports.queries.sources.dated import OF_LINES, OF_MONEY, used
from apps.reports.queries.sources.reading import Piece, Reading, piece_of
from apps.reports.queries.sources.rows import RowShape, by_levels, choose_rows, listed_measures
from apps.reports.rules.periods import twelve_months_before

FEWEST_DAYS_KNOWN = 90
# The spans of two pieces overlap, so rows are added up by key and day before each piece takes its own.
_SUMS = """
WITH points AS (
    SELECT *{known} FROM unnest({buckets}::date[], {days}::date[], {firsts}::date[], {lasts}::date[])
                         AS point(bucket, day, span_first, span_last)
), summed AS MATERIALIZED (
    SELECT {keys}r.{placed_on} AS placed_on, {kinds}{columns}count(*) AS entries
    FROM {table} r {joins}
    WHERE r.firm_id = %(firm)s AND r.{placed_on} BETWEEN {earliest} AND {latest} AND {extra} AND {condition}
    GROUP BY {grouped}r.{placed_on}{grouped_kinds}
), placed AS (
    SELECT summed.*, points.bucket, points.day
    FROM summed JOIN points ON summed.placed_on BETWEEN points.span_first AND points.span_last {enough}
)
{levels}
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Days that lead up to a day. name: keeps the values of several spans in one statement apart."""

    name: str
    days: Callable[[date, FirmCalendar], tuple[date, date]]


def _fiscal_year_before(day: date, calendar: FirmCalendar) -> tuple[date, date]:
    last = piece_of(day, Grain.YEAR, calendar) - timedelta(days=1)
    return piece_of(last, Grain.YEAR, calendar), last


_DAY = timedelta(days=1)
days_365 = Span("days_365", lambda day, _: (day - timedelta(days=364), day))
twelve_months = Span("twelve_months", lambda day, _: (twelve_months_before(day) + _DAY, day))
two_years = Span("two_years", lambda day, _: (twelve_months_before(twelve_months_before(day)) + _DAY, day))
fiscal_year_before = Span("fiscal_year", _fiscal_year_before)


def spans_of(reading: Reading, span: Span) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the placeholders of the spans before the ends of the reading's pieces, by name, and their values."""
    buckets, days = points_of(reading)
    spans = [span.days(day, reading.calendar) for day in days]
    firsts, lasts = [first for first, _ in spans], [last for _, last in spans]
    values = {"buckets": buckets, "days": days, "firsts": firsts, "lasts": lasts}
    found: dict[str, Any] = {**values, "earliest": min(firsts), "latest": max(lasts)}
    named = {name: reading.value(f"{span.name}_{name}") for name in found}
    return named, {f"{reading.prefix}{span.name}_{name}": value for name, value in found.items()}


@dataclass(frozen=True, slots=True)
class TrailingSource:
    """A table, the column that places its rows, the span of days each figure is over, and what its measures look at.

    `extra`, a further condition, may name `{as_of}`. is_of_known_days: a day that the firm has less than 90 days of
    history before has no rows.
    """

    table: str
    placed_on: str
    span: Span
    kinds: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    shape: RowShape = field(default_factory=RowShape)
    extra: str = "true"
    is_of_known_days: bool = False

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, self.shape)
        kinds, columns = used(self.kinds, measures), used(self.columns, measures)
        named, values = spans_of(reading, self.span)
        text = _SUMS.format(
            known=f", {DAYS_KNOWN}" if self.is_of_known_days else "",
            enough=f"AND points.days_known >= {FEWEST_DAYS_KNOWN}" if self.is_of_known_days else "",
            keys=chosen.selected,
            placed_on=self.placed_on,
            kinds="".join(f"{expression} AS {name}, " for name, expression in kinds.items()),
            grouped_kinds="".join(f", {expression}" for expression in kinds.values()),
            columns="".join(f"sum({each}) AS {name}, " for name, each in columns.items()),
            table=self.table,
            joins=chosen.joins,
            extra=self.extra.format(as_of=reading.value("as_of")),
            condition=chosen.condition,
            grouped=chosen.grouped,
            levels=by_levels(reading, lambda level: rows_of(level, reading), listed_measures(measures)),
            **named,
        )
        return Piece(text, {**chosen.values, **values})


_ITEM = {"item": "r.item"}
_NET = {"net": "r.net"}
CAME_IN = "r.kind = 'payment' AND r.item IN ('fee', 'expense', 'unreconciled')"
BILLED_YEAR = TrailingSource(
    "reports_line",
    "issued_on",
    days_365,
    _ITEM,
    {**_NET, "taxes": "r.tax + r.secondary_tax"},
    OF_LINES,
    is_of_known_days=True,
)
COLLECTED_YEAR = TrailingSource(
    "reports_settle", "settled_on", days_365, _ITEM, _NET, OF_MONEY, extra=CAME_IN, is_of_known_days=True
)
COLLECTED_FISCAL_YEAR = TrailingSource(
    "reports_settle", "settled_on", fiscal_year_before, _ITEM, _NET, OF_MONEY, extra=CAME_IN
)
BILLED_12_MONTHS = TrailingSource("reports_line", "issued_on", twelve_months, _ITEM, _NET, OF_LINES)
COLLECTED_12_MONTHS = TrailingSource(
    "reports_settle", "settled_on", twelve_months, _ITEM, _NET, OF_MONEY, extra=CAME_IN
)
# What was paid up to today on bills issued in the 12 months (K16).
COHORT_12_MONTHS = TrailingSource(
    "reports_settle",
    "issued_on",
    twelve_months,
    _ITEM,
    _NET,
    OF_MONEY,
    extra=f"{CAME_IN} AND r.settled_on <= {{as_of}}",
)
# Payments on bills with a date of issue, interest and client credit out (K20).
PAID_12_MONTHS = TrailingSource(
    "reports_settle",
    "settled_on",
    twelve_months,
    columns={
        "aged": "r.net + r.tax + r.secondary_tax",
        "money_days": "(r.net + r.tax + r.secondary_tax) * greatest(r.settled_on - r.issued_on, 0)",
    },
    shape=OF_MONEY,
    extra="r.kind = 'payment' AND r.item NOT IN ('interest', 'credit') AND r.issued_on IS NOT NULL",
)
