"""A question to the metric layer and its answer: metrics by dimensions over a period, in one currency and one scope."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from apps.reports.contracts.conversion import Conversion
from apps.reports.contracts.months import MonthStanding
from apps.reports.contracts.overview import Figures, Freshness, QualityFlag
from apps.reports.contracts.periods import Grain, Period
from apps.reports.contracts.sources import Unit


class Dimension(StrEnum):
    """What figures may be broken down and filtered by; R17 says which metric knows which.

    COMPANY: the company a client belongs to, or the client itself where it belongs to none (K31).
    """

    TIMEKEEPER = "timekeeper"
    ROLE = "role"
    MATTER = "matter"
    CLIENT = "client"
    PAYER = "payer"
    PRACTICE_AREA = "practice_area"
    RESPONSIBLE = "responsible"
    ORIGINATING = "originating"
    GROUP = "group"
    STAGE = "stage"
    STATUS = "status"
    BILLING_METHOD = "billing_method"
    BILL = "bill"
    FEE_EXPENSE = "fee_expense"
    METHOD = "method"
    ALLOCATION = "allocation"
    TRANSACTION = "transaction"
    CATEGORY = "category"
    COST_KIND = "cost_kind"
    UTBMS_TASK = "utbms_task"
    UTBMS_ACTIVITY = "utbms_activity"
    BANK_ACCOUNT = "bank_account"
    CURRENCY = "currency"
    COMPANY = "company"


KeyValue = int | str | None
"""One value of a dimension: Clio's id, or a word; None is R7's "(none)"."""

Filters = Mapping[Dimension, tuple[KeyValue, ...]]
"""The values admitted per dimension; all dimensions must hold."""


class Comparison(StrEnum):
    """What a period is set beside (K46): one earlier period, or the average of several of its length.

    CLOSED: the same period as it was when its months were closed (R16).
    """

    PRIOR_PERIOD = "prior_period"
    PRIOR_YEAR = "prior_year"
    TRAILING_12_MONTHS = "trailing_12_months"
    AVERAGE_OF_3 = "average_of_3"
    CLOSED = "closed"


class Attributes(StrEnum):
    """Whose practice area, attorneys and group a row counts under: its matter's of today, or of the row's day (R6)."""

    TODAY = "today"
    AT_EVENT = "at_event"


class ChangeUnit(StrEnum):
    """What a change is told in: of amounts percent, of percents points, of other ratios the figure's own unit (K46)."""

    PERCENT = "percent"
    POINTS = "points"
    MONEY = "money"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    COUNT = "count"


class Mode(StrEnum):
    """What a figure is made of (R5): all that is known now, or what was known when its day or period ended."""

    RESTATED = "restated"
    AS_REPORTED = "as_reported"


@dataclass(frozen=True, slots=True)
class SnapshotGap:
    """A day asked for as reported of which nothing was kept. first_kept: the first day of all that has a snapshot.

    why: stale or not_taken, where it was due; none_kept, before_first: nothing was kept yet; not_yet: its night is
    still to come.
    """

    day: date
    nearest_before: date | None
    why: str = ""
    first_kept: date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What rows are sorted by: an item of a metric (`collected.fees`), or a dimension by name. Nothing sorts last."""

    by: str = ""
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows are wanted: at most `limit` after the first `offset`."""

    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """A question. metrics: names of the catalogue. dimensions: at most three. period: see rules/periods.py.

    currency: money in this one, or in all converted into it (`converted:USD`); empty is the firm's. filters narrow the
    scope, never widen it. details: facts of the dimensions' values, `bill.due_on`. subtotals: rows in the order of the
    leading dimensions, each with its subtotal. columns: the items that are wanted of the metrics, `collected.fees`;
    none means all. cut_from: of a single piece of a question, that question's period, which decides what figures are
    read from.
    """

    metrics: tuple[str, ...]
    period: str = ""
    dimensions: tuple[Dimension, ...] = ()
    grain: Grain | None = None
    filters: Filters = field(default_factory=dict)
    comparison: Comparison | None = None
    currency: str = ""
    order: Order = Order()
    page: Page = Page()
    details: tuple[str, ...] = ()
    subtotals: bool = False
    mode: Mode = Mode.RESTATED
    attributes: Attributes = Attributes.TODAY
    columns: tuple[str, ...] = ()
    cut_from: Period | None = None


class DetailKind(StrEnum):
    TEXT = "text"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class DetailColumn:
    """A fact of a dimension's values: key `bill.due_on`."""

    key: str
    dimension: Dimension
    title: str
    kind: DetailKind


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer: an item of a metric. key: `metric.item`. date_basis: the date that places its rows.

    changes_in: what the change against an earlier period is told in.
    """

    key: str
    metric: str
    item: str
    title: str
    unit: Unit
    date_basis: str = ""
    changes_in: ChangeUnit = ChangeUnit.PERCENT

    @property
    def label(self) -> str:
        """Return what tells the column from the others of its metric: `Recorded hours: non billable`."""
        return f"{self.title}: {self.item.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """Figures of one key. labels: the keys in words, "(No matter)" for none. series: by pieces of the period.

    details: facts of the keys. A subtotal has the keys it is about, the leading ones. changes: against `compared`, of
    unrounded figures, in what the column says; new: columns that were nothing before. marks: what its figures call for.
    """

    keys: tuple[KeyValue, ...]
    labels: tuple[str, ...]
    figures: Figures
    compared: Figures = field(default_factory=dict)
    series: Mapping[date, Figures] = field(default_factory=dict)
    details: Mapping[str, str | date | None] = field(default_factory=dict)
    changes: Figures = field(default_factory=dict)
    new: frozenset[str] = frozenset()
    marks: tuple["Mark", ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """What a figure of a row calls for: a warning, a state, a grade. column: `metric.item`; code: stable."""

    code: str
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a page, their number in all, the total, and all that R15 wants said of them.

    status: as an overview's. other_currencies: money of the firm that is in none of these figures. averaged_over: how
    many earlier periods, together `compared_with`, the compared figures are the average of; compared_periods: each of
    them by its exact days, the latest first. mode: the knowledge mode of every figure in it (R5). gaps: days whose
    figures are missing because nothing was kept of them. closes: the months the period touches, each closed or open
    (R15). attributes: whether practice areas, attorneys and groups are today's. conversion: money of other currencies
    is in these figures, converted; None: it is not.
    """

    status: str
    scope: str
    period: Period
    compared_with: Period | None
    currency: str
    data_as_of: Freshness
    columns: tuple[Column, ...] = ()
    rows: tuple[AnswerRow, ...] = ()
    total: AnswerRow | None = None
    details: tuple[DetailColumn, ...] = ()
    subtotals: tuple[AnswerRow, ...] = ()
    averaged_over: int = 1
    row_count: int = 0
    other_currencies: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    flags: tuple[QualityFlag, ...] = ()
    compared_periods: tuple[Period, ...] = ()
    mode: Mode = Mode.RESTATED
    gaps: tuple[SnapshotGap, ...] = ()
    closes: tuple[MonthStanding, ...] = ()
    attributes: Attributes = Attributes.TODAY
    conversion: Conversion | None = None
