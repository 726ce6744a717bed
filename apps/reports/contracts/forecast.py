"""What is expected to come in, week by week (kpis.md K45)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

METHOD_VERSION = 2
"""Rises when the same books would be forecast differently; stored forecasts keep the one they were made by."""

METHOD = (
    "How much of what was billed came in within so many days of issue is taken from bills issued 24 to 6 months ago: "
    "the client's own with 8 such bills, else the practice area's with 20, else the firm's. Credits count as never "
    "collected. What open bills still owe follows the rest of that curve from their age on. Unbilled work is taken at "
    "the matter's realization of 12 months, billed at its usual gap between bills (else at the month's end and the "
    "firm's average days to bill), and follows the curve from there. The band is the middle 80% of how past quarters' "
    "forecasts, made the same way with what was known then, compare with what came in of the same bills and work."
)


@dataclass(frozen=True, slots=True)
class ForecastWeek:
    """Seven days. Money in the currency's own unit; low and high: None without enough past quarters to judge by."""

    starts_on: date
    ends_on: date
    from_receivables: Decimal
    from_unbilled: Decimal
    total: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class PastForecast:
    """Thirteen weeks looked at again: what was expected on the day, and what came in of the same bills and work.

    is_back_test: made afterwards by today's method, with what was known on the day; otherwise it was kept as it was
    made, and scored when its weeks were over.
    """

    made_on: date
    expected: Decimal
    came_in: Decimal
    is_back_test: bool = True
    method_version: int = METHOD_VERSION


@dataclass(frozen=True, slots=True)
class Forecast:
    """status: as an overview's, or too_short: under 12 months of bills.

    past: the latest first; of the whole firm those that were kept and scored, as soon as there is one.
    """

    status: str
    scope: str
    currency: str
    made_on: date
    weeks: tuple[ForecastWeek, ...] = ()
    past: tuple[PastForecast, ...] = ()
    method: str = METHOD
    method_version: int = METHOD_VERSION
