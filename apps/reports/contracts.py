"""What crosses the rooms and the door of reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class FirmCalendar:
    """How a firm counts time. fiscal_year_start_month: 1-12. week_starts_on: ISO weekday, 1 or 7."""

    fiscal_year_start_month: int = 1
    week_starts_on: int = 1


@dataclass(frozen=True, slots=True)
class Period:
    """A closed interval of plain dates, cut at today. `ends_whole_on` is its end as asked."""

    name: str
    starts_on: date
    ends_on: date
    ends_whole_on: date
    today: date

    @property
    def is_complete(self) -> bool:
        """Tell whether the period is over."""
        return self.ends_whole_on < self.today

    def months(self) -> list[date]:
        """Return the first day of every calendar month the period touches, in order."""
        first, months = self.starts_on.replace(day=1), []
        while first <= self.ends_on:
            months.append(first)
            first = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        return months


class Source(StrEnum):
    """A table of the ledger, together with the date that places its rows; each is read by one statement."""

    TIME = "time"
    BILLED = "billed"
    INTEREST = "interest"
    SETTLED = "settled"
    COHORT = "cohort"
    UNBILLED = "unbilled"
    RECEIVABLE = "receivable"


class Unit(StrEnum):
    """How a figure is rounded and written: money by its currency, hours to 0.01, percent to 0.1."""

    MONEY = "money"
    HOURS = "hours"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Measure:
    """A sum over one source. `expression` is an SQL aggregate over the source's rows, which it calls `r`."""

    key: str
    source: Source
    expression: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """The sums of one currency and month. month None: the whole period. currency None: of no currency."""

    currency: str | None
    month: date | None
    sums: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Freshness:
    """How current the figures are.

    is_complete: every entity they need was read to its end at least once, or is refused by Clio. refused: the latter.
    """

    is_complete: bool
    last_synced_at: datetime | None
    mirror_version: int
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerState:
    """What the ledger was built from and what was noticed on the way."""

    generation: int
    mirror_version: int
    built_at: datetime
    unreconciled_bills: int = 0
    unbalanced_bills: int = 0
    hidden_rows: int = 0
    future_rows: int = 0


@dataclass(frozen=True, slots=True)
class QualityFlag:
    """A fault in the records behind the figures: a stable code, how many rows, a sentence."""

    code: str
    count: int
    text: str


Figures = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class CurrencyFigures:
    """Metric name -> item -> value, all in one currency. Money is in the currency's own unit, rounded."""

    currency: str
    metrics: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One month of the period, cut at its ends."""

    month: date
    time: Mapping[str, Figures]
    currencies: list[CurrencyFigures]


@dataclass(frozen=True, slots=True)
class Overview:
    """The firm overview as one person sees it. status: ready, loading (first sync runs) or not_connected."""

    status: str
    scope: str
    period: Period
    data_as_of: Freshness
    ledger: LedgerState | None
    time: Mapping[str, Figures] = field(default_factory=dict)
    currencies: list[CurrencyFigures] = field(default_factory=list)
    months: list[MonthFigures] = field(default_factory=list)
    hidden_rows: int = 0
    incomplete: list[str] = field(default_factory=list)
    flags: list[QualityFlag] = field(default_factory=list)
