"""Sources over the days that lead up to a day: the period's end, with a grain the end of each piece."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from apps.reports.contracts import FirmCalendar, Grain, Measure
from apps.reports.queries.sources.as_of import DAYS_KNOWN, points_of, rows_of
from apps.reports.queries.sources.dated import OF_LINES, OF_MONEY, SETTLED, used
from apps.reports.queries.sources.facts import COHORT_FACTS, LINE_FACTS, SETTLE_FACTS, Facts
from apps.reports.queries.sources.over_spans import Placed, Stretch, over_spans
from apps.reports.queries.sources.reading import Piece, Reading, piece_of
from apps.reports.queries.sources.rows import RowShape, by_levels, choose_rows, listed_measures
from apps.reports.rules.periods import twelve_months_before

FEWEST_DAYS_KNOWN = 90
_SUMS = """
WITH placed AS (SELECT * FROM ({rows}) g WHERE {enough})
{levels}
"""
_ENOUGH = """day IN (SELECT day FROM (SELECT day, {known} FROM unnest({days}::date[]) AS point(day)) k
                     WHERE days_known >= {fewest})"""


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
year_before = Span(
    "year_before",
    lambda day, _: (twelve_months_before(twelve_months_before(day)) + _DAY, twelve_months_before(day)),
)
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


def stretches_of(reading: Reading, span: Span, *, is_before: bool = False) -> list[Stretch]:
    """Return the spans of the reading's pieces."""
    buckets, days = points_of(reading)
    return [
        Stretch(bucket, day, *span.days(day, reading.calendar), is_before)
        for bucket, day in zip(buckets, days, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class TrailingSource:
    """A table, the column that places its rows, the span of days each figure is over, and what its measures look at.

    `extra`, a further condition, may name `{as_of}`. facts: sums of the same rows by month. is_of_known_days: a day
    that the firm has less than 90 days of history before has no rows.
    """

    table: str
    placed_on: str
    span: Span
    kinds: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    shape: RowShape = field(default_factory=RowShape)
    extra: str = "true"
    facts: Facts | None = None
    is_of_known_days: bool = False

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, self.shape)
        placed = Placed(self.table, self.placed_on, self.extra, self.facts)
        kinds, columns = used(self.kinds, measures), used(self.columns, measures)
        stretches, name = stretches_of(reading, self.span), self.span.name
        rows = over_spans(reading, placed, chosen, kinds, columns, stretches, name)
        points = reading.value(f"{name}_points")
        text = _SUMS.format(
            rows=rows.text,
            enough=_ENOUGH.format(known=DAYS_KNOWN, days=points, fewest=FEWEST_DAYS_KNOWN)
            if self.is_of_known_days
            else "true",
            levels=by_levels(reading, lambda level: rows_of(level, reading), listed_measures(measures)),
        )
        values = {f"{reading.prefix}{name}_points": sorted({each.day for each in stretches})}
        return Piece(text, {**chosen.values, **rows.values, **values})


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
    facts=LINE_FACTS,
    is_of_known_days=True,
)
COLLECTED_YEAR = TrailingSource(
    "reports_settle",
    "settled_on",
    days_365,
    _ITEM,
    _NET,
    OF_MONEY,
    extra=CAME_IN,
    facts=SETTLE_FACTS,
    is_of_known_days=True,
)
COLLECTED_FISCAL_YEAR = TrailingSource(
    "reports_settle", "settled_on", fiscal_year_before, _ITEM, _NET, OF_MONEY, extra=CAME_IN, facts=SETTLE_FACTS
)
BILLED_12_MONTHS = TrailingSource("reports_line", "issued_on", twelve_months, _ITEM, _NET, OF_LINES, facts=LINE_FACTS)
COLLECTED_12_MONTHS = TrailingSource(
    "reports_settle", "settled_on", twelve_months, _ITEM, _NET, OF_MONEY, extra=CAME_IN, facts=SETTLE_FACTS
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
    facts=COHORT_FACTS,
)
# Payments, interest and client credit out; those on bills without a date of issue have no age (K20).
PAID_12_MONTHS = TrailingSource(
    "reports_settle",
    "settled_on",
    twelve_months,
    columns={name: SETTLED.columns[name] for name in ("aged", "money_days")},
    shape=OF_MONEY,
    extra="r.kind = 'payment' AND r.item NOT IN ('interest', 'credit')",
    facts=SETTLE_FACTS,
)
