"""The firm overview as it leaves the app, and what goes with every figure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from apps.reports.contracts.conversion import Conversion
from apps.reports.contracts.months import MonthStanding
from apps.reports.contracts.periods import Period


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
    missing: what single figures lack, those and what figures need not wait for and is not read to its end yet.
    """

    is_complete: bool
    last_synced_at: datetime | None
    mirror_version: int
    refused: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


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
    currencies: tuple[str, ...] = ()


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
    """The firm overview as one person sees it. status: ready, loading (first sync runs) or not_connected.

    closes: the months the period touches, each closed or open. conversion: the one currency has the money of all.
    """

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
    closes: tuple[MonthStanding, ...] = ()
    conversion: Conversion | None = None
