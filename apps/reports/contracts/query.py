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
    CURRENCY = "currency"


KeyValue = int | str | None
"""One value of a dimension: Clio's id, or a word; None is R7's "(none)"."""

Filters = Mapping[Dimension, tuple[KeyValue, ...]]
"""The values admitted per dimension; all dimensions must hold."""


class Comparison(StrEnum):
    """What a period is set beside (K46)."""

    PRIOR_PERIOD = "prior_period"
    PRIOR_YEAR = "prior_year"


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

    currency: money in this one; empty is the firm's. filters narrow the scope, never widen it.
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


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer: an item of a metric. key: `metric.item`."""

    key: str
    metric: str
    item: str
    title: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """Figures of one key. labels: the keys in words, "(No matter)" for none. series: by pieces of the period."""

    keys: tuple[KeyValue, ...]
    labels: tuple[str, ...]
    figures: Figures
    compared: Figures = field(default_factory=dict)
    series: Mapping[date, Figures] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a page, their number in all, the total, and all that R15 wants said of them.

    status: as an overview's. other_currencies: money of the firm that is in none of these figures.
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
    row_count: int = 0
    other_currencies: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    flags: tuple[QualityFlag, ...] = ()
