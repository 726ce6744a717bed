"""Closed months: when they were closed, and what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from apps.reports.contracts.explanation import ExplainedRow, RowMark
from apps.reports.contracts.months import MonthStanding
from apps.reports.contracts.periods import Period
from apps.reports.contracts.query import Filters
from apps.reports.contracts.sources import Unit


@dataclass(frozen=True, slots=True)
class MonthClose:
    """A closing of a month. month: its first day. version: 1 for the month's first. Reopened ones stay on record.

    closed_on: the firm's day then. row_count, checksum: of the rows that were kept; is_sound: they still come to it, as
    looked at last. closed_by, reopened_by: the people, as far as the reader may know their names.
    """

    public_id: UUID
    month: date
    version: int
    closed_at: datetime
    closed_on: date
    mirror_version: int
    row_count: int
    checksum: str
    is_sound: bool
    checked_at: datetime | None = None
    closed_by: int | None = None
    reopened_at: datetime | None = None
    reopened_by: int | None = None
    reopen_reason: str = ""


class Change(StrEnum):
    """What became of a row since its month was closed."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ReEntered:
    """The allocation a payment was entered again as, or for which it was: same bill and amount, another id (case 5)."""

    allocation_id: int
    settled_on: date


@dataclass(frozen=True, slots=True)
class AdjustedSum:
    """A sum a figure is made of: at the close, now. Exact, in `unit` times `divisor` as an explained sum's."""

    key: str
    unit: Unit | None
    divisor: int
    adds_up: bool
    closed: Decimal | None
    now: Decimal | None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A row that gives something else now than at the close. closed, now: by sum, exact; what is missing is nothing."""

    change: Change
    row: ExplainedRow
    closed: Mapping[str, Decimal]
    now: Mapping[str, Decimal]
    re_entered: ReEntered | None = None


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What differs between a closed figure and the same figure now, with the rows that make the difference.

    status: as an answer's. The differences of all rows add up to those of the sums exactly, where a sum adds up.
    """

    status: str
    scope: str
    metric: str
    item: str
    unit: Unit
    period: Period
    currency: str
    closes: tuple[MonthStanding, ...] = ()
    closed: Decimal | None = None
    now: Decimal | None = None
    sums: tuple[AdjustedSum, ...] = ()
    rows: tuple[Adjustment, ...] = ()
    next: RowMark | None = None
    previous: RowMark | None = None


@dataclass(frozen=True, slots=True)
class AdjustmentsQuestion:
    """What is asked of a close. item: `collected.fees`. currency: empty is the firm's. mark, size: of the page."""

    item: str
    currency: str = ""
    filters: Filters = field(default_factory=dict)
    mark: RowMark | None = None
    size: int = 50
