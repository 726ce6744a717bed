"""A question to the metric layer and its answer: metrics by dimensions over a period, in one currency and one scope."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from apps.reports.contracts.overview import Figures, Freshness, QualityFlag
from apps.reports.contracts.periods import Grain, Period
from apps.reports.contracts.sources import Unit


class Dimension(StrEnum):
    """What figures may be broken down and filtered by; R17 says which metric knows which."""

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
    BANK_ACCOUNT = "bank_account"
    CURRENCY = "currency"


KeyValue = int | str | None
"""One value of a dimension: Clio's id, or a word; None is R7's "(none)"."""

Filters = Mapping[Dimension, tuple[KeyValue, ...]]
"""The values admitted per dimension; all dimensions must hold."""


class Comparison(StrEnum):
    """What a period is set beside (K46): one earlier period, or the average of several of its length."""

    PRIOR_PERIOD = "prior_period"
    PRIOR_YEAR = "prior_year"
    TRAILING_12_MONTHS = "trailing_12_months"
    AVERAGE_OF_3 = "average_of_3"


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

    currency: money in this one; empty is the firm's. filters narrow the scope, never widen it. details: facts of the
    dimensions' values, `bill.due_on`. subtotals: rows in the order of the leading dimensions, each with its subtotal.
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
    """A column of an answer: an item of a metric. key: `metric.item`. date_basis: the date that places its rows."""

    key: str
    metric: str
    item: str
    title: str
    unit: Unit
    date_basis: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """Figures of one key. labels: the keys in words, "(No matter)" for none. series: by pieces of the period.

    details: facts of the keys. A subtotal has the keys it is about, the leading ones.
    """

    keys: tuple[KeyValue, ...]
    labels: tuple[str, ...]
    figures: Figures
    compared: Figures = field(default_factory=dict)
    series: Mapping[date, Figures] = field(default_factory=dict)
    details: Mapping[str, str | date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a page, their number in all, the total, and all that R15 wants said of them.

    status: as an overview's. other_currencies: money of the firm that is in none of these figures. averaged_over: how
    many earlier periods, together `compared_with`, the compared figures are the average of.
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
