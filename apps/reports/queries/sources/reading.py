"""What every source needs to know to sum its rows, and the shape of what it answers with."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from apps.core.scope import Scope
from apps.reports.contracts import Dimension, Filters, FirmCalendar, Grain, KeyValue, Mode
from apps.reports.rules.periods import add_months

Level = tuple[str, ...]
"""The key columns rows are summed up to: of `k0`, `k1`, `k2` (the dimensions) and `bucket`; () is the total."""

BUCKET = "bucket"
_VALUE = re.compile(r"%\((\w+)\)s")


class RowKey(StrEnum):
    """What tells a source's rows from one another: an id, and where one id has several rows a text besides.

    Asked for like dimensions, they break a figure down to the rows behind it, by the very statement that sums it.
    """

    ID = "row_id"
    PART = "row_part"


class Stage(StrEnum):
    """What a conversion is read for: its figures, the rows it has no rate for, or its rows as they were before."""

    FIGURES = "figures"
    UNRATED = "unrated"
    ORIGINALS = "originals"


@dataclass(frozen=True, slots=True)
class Converting:
    """That money of all currencies is read as one (queries/sources/converted.py)."""

    into: str
    stage: Stage = Stage.FIGURES


OTHERS = "others"
"""The part that stands for rows which the reader may not see one by one: beside the id of what they are in, or 0."""
_MONTHS = {Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Reading:
    """The rows a question is about and the levels they are summed up to.

    first, last: both included; sources as of a day take the last, or with a grain the last day of each piece. as_of:
    money paid after it does not count yet. currency: rows of others are left out; None lets all in. moved_months,
    moved_days: added to the rows' days, so that a period set beside another falls on its pieces. prefix: keeps the
    values of two readings in one statement apart. has_facts: the firm's monthly facts stand for this `as_of`.
    whole_last: where the period ends that is cut at today; None: it is not cut. tells_prices: rows tell what single
    pieces of other people's time are worth. mode: as reported, sources as of a day are read from that day's snapshot.
    is_frozen: the rows are those of closed months as they were kept then. at_event: rows count under the practice area,
    attorneys and group that their matter had on their own day; what of them is in scope stays today's. converting:
    money of other currencies is converted into `currency`, and its rows are among those of it. only_rows: ids of the
    rows wanted, where it is broken down to rows; None: all of them. has_kept_sums: all the closed months read keep the
    sums of their rows too.
    """

    scope: Scope
    first: date
    last: date
    as_of: date
    calendar: FirmCalendar = field(default_factory=FirmCalendar)
    dimensions: tuple[Dimension | RowKey, ...] = ()
    grain: Grain | None = None
    filters: Filters = field(default_factory=dict)
    currency: str | None = None
    levels: tuple[Level, ...] = ((),)
    moved_months: int = 0
    moved_days: int = 0
    prefix: str = ""
    has_facts: bool = False
    whole_last: date | None = None
    tells_prices: bool = True
    mode: Mode = Mode.RESTATED
    is_frozen: bool = False
    at_event: bool = False
    converting: Converting | None = None
    only_rows: tuple[int, ...] | None = None
    has_kept_sums: bool = False

    @property
    def keys(self) -> list[str]:
        """Return the names of all key columns, the bucket last."""
        dimensions = [f"k{position}" for position in range(len(self.dimensions))]
        return [*dimensions, BUCKET] if self.grain else dimensions

    def value(self, name: str) -> str:
        """Return the placeholder of a value of this reading."""
        return f"%({self.prefix}{name})s"

    def values(self) -> dict[str, Any]:
        """Return the values every statement may name."""
        named = {"first": self.first, "last": self.last, "as_of": self.as_of, "currency": self.currency}
        return {
            "firm": self.scope.firm_id,
            "billable_classes": self.billable_classes,
            **{f"{self.prefix}{name}": value for name, value in named.items()},
        }

    @property
    def billable_classes(self) -> list[str]:
        """Return the classes of work whose hours are billable hours: by the firm's rule those without charge too."""
        return ["billable", "no_charge"] if self.calendar.rules.counts_no_charge_as_billable else ["billable"]

    def bucket_of(self, day: str) -> str:
        """Return the SQL of the first day of the piece a day lies in."""
        moved = f"({day} + {self.moved_days})" if self.moved_days else day
        return _bucket(_moved(moved, self.moved_months), self.grain, self.calendar)

    def asks_whole_months(self) -> bool:
        """Tell whether sums of closed months answer: nothing less than a month is asked for or told apart."""
        by_months = self.grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR) and not self.moved_days
        are_whole = self.first.day == 1 and (self.last + timedelta(days=1)).day == 1
        return self.has_kept_sums and are_whole and (self.grain is None or by_months)

    def whole_months(self) -> tuple[date, date] | None:
        """Return first and last day of the calendar months that facts may stand for, or None if there are none."""
        by_months = self.grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR) and not self.moved_days
        if self.at_event or not self.has_facts or not (self.grain is None or by_months):
            return None
        first = self.first if self.first.day == 1 else add_months(self.first.replace(day=1), 1)
        last = (self.last + timedelta(days=1)).replace(day=1) - timedelta(days=1)
        return (first, last) if first < last else None

    def stretches(self) -> list[tuple[date, date, bool]]:
        """Return first and last day of what facts may stand for, in order, and whether it is whole calendar years.

        Years only where no piece of the period cuts one; empty where facts may not stand for anything.
        """
        months = self.whole_months()
        if months is None:
            return []
        first, last = months
        january = first if first.month == 1 else date(first.year + 1, 1, 1)
        december = last if last.month == 12 else date(last.year - 1, 12, 31)
        starts = self.calendar.fiscal_year_start_month
        are_years = self.grain is Grain.YEAR and (starts - 1 - self.moved_months) % 12 == 0
        if january > december or not (self.grain is None or are_years):
            return [(first, last, False)]
        day = timedelta(days=1)
        cut = [(first, january - day, False), (january, december, True), (december + day, last, False)]
        return [(start, end, is_years) for start, end, is_years in cut if start < end]

    def last_of_months(self) -> date | None:
        """Return the last day that facts may stand for of all days up to the period's last; None if they may not.

        Every piece but the last ends with a month then.
        """
        by_months = self.grain in (None, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
        if not self.has_facts or not by_months or self.moved_days:
            return None
        return (self.last + timedelta(days=1)).replace(day=1) - timedelta(days=1)

    def ends(self) -> list[tuple[date, date]]:
        """Return first day and last day of every piece of the period, cut at its ends; without a grain one piece."""
        if self.grain is None:
            return [(self.first, self.last)]
        pieces, day = [], self.first
        while day <= self.last:
            following = next_piece(day, self.grain, self.calendar)
            pieces.append((day, min(following - timedelta(days=1), self.last)))
            day = following
        return pieces


def piece_of(day: date, grain: Grain, calendar: FirmCalendar) -> date:
    """Return the first day of the piece a day lies in."""
    if grain is Grain.DAY:
        return day
    if grain is Grain.WEEK:
        return day - timedelta(days=(day.isoweekday() - calendar.week_starts_on) % 7)
    if grain is Grain.MONTH:
        return day.replace(day=1)
    back = (day.month - calendar.fiscal_year_start_month) % _MONTHS[grain]
    return add_months(day.replace(day=1), -back)


def next_piece(day: date, grain: Grain, calendar: FirmCalendar) -> date:
    """Return the first day of the piece after the one a day lies in."""
    start = piece_of(day, grain, calendar)
    if grain in (Grain.DAY, Grain.WEEK):
        return start + timedelta(days=1 if grain is Grain.DAY else 7)
    return add_months(start, _MONTHS.get(grain, 1))


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement that answers with `level` (its place in the reading's levels), the keys and a column per measure.

    shared: queries by name that the statement begins with and others of the same reading may begin with too; beyond:
    the statement without them.
    """

    text: str
    values: Mapping[str, Any]
    shared: Mapping[str, str] = field(default_factory=dict)
    beyond: str = ""

    def renamed(self, names: Mapping[str, str]) -> "Piece":
        """Return the piece with values called otherwise, by their names so far."""
        return Piece(
            _renamed(self.text, names),
            {names.get(name, name): value for name, value in self.values.items()},
            {name: _renamed(text, names) for name, text in self.shared.items()},
            _renamed(self.beyond, names),
        )


def told_apart(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pieces of one statement, values that differ under names that differ.

    Two closes in one question may be open to their reader in different width: what a scope is made of has the same
    names in both.
    """
    taken: dict[str, Any] = {}
    found = []
    for place, piece in enumerate(pieces):
        others = [name for name, value in piece.values.items() if taken.setdefault(name, value) != value]
        found.append(piece.renamed({name: f"{name}_of{place}" for name in others}) if others else piece)
    return found


@dataclass(frozen=True, slots=True)
class SumRow:
    """The sums of one key. keys: a value per dimension; bucket: the first day of a piece of the period."""

    level: Level
    keys: tuple[KeyValue, ...]
    bucket: date | None
    sums: Mapping[str, Decimal | None]
    compared: Mapping[str, Decimal | None] = field(default_factory=dict)


def _bucket(day: str, grain: Grain | None, calendar: FirmCalendar) -> str:
    # The casts to timestamp spare a look at the time zone, which date_trunc would take for a date.
    month = f"date_trunc('month', {day}::timestamp)"
    if grain is None:
        return "NULL::date"
    if grain is Grain.DAY:
        return day
    if grain is Grain.WEEK:
        return f"({day} - mod(extract(isodow FROM {day})::int - {calendar.week_starts_on} + 7, 7))"
    if grain is Grain.MONTH:
        return f"{month}::date"
    back = f"mod(extract(month FROM {day})::int - {calendar.fiscal_year_start_month} + 12, {_MONTHS[grain]})"
    return f"({month} - make_interval(months => {back}))::date"


def _renamed(text: str, names: Mapping[str, str]) -> str:
    return _VALUE.sub(lambda found: f"%({names.get(found[1], found[1])})s", text)


def _moved(day: str, months: int) -> str:
    return f"({day} + make_interval(months => {months}))::date" if months else day
