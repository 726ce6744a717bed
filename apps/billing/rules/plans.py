"""What we sell. Amounts are US cents per seat. Source: product.md, billing."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from apps.billing.contracts import PlanKey

CURRENCY = "usd"
TRIAL = timedelta(days=14)
_MONTHS_PAID_OF_A_YEAR = 10  # two are free


class Seat(StrEnum):
    """What is counted: an Individual plan has exactly one user, a Firm plan one seat per active Clio user."""

    USER = "user"
    ACTIVE_CLIO_USER = "active_clio_user"


class Interval(StrEnum):
    """How often it is paid."""

    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Plan:
    """A price: `amount_cents` for each seat and interval."""

    key: PlanKey
    name: str
    seat: Seat
    interval: Interval
    amount_cents: int


_INDIVIDUAL_CENTS, _FIRM_CENTS = 35_00, 25_00
PLANS = (
    Plan(PlanKey.INDIVIDUAL_MONTHLY, "Individual", Seat.USER, Interval.MONTH, _INDIVIDUAL_CENTS),
    Plan(PlanKey.INDIVIDUAL_YEARLY, "Individual", Seat.USER, Interval.YEAR, _INDIVIDUAL_CENTS * _MONTHS_PAID_OF_A_YEAR),
    Plan(PlanKey.FIRM_MONTHLY, "Firm", Seat.ACTIVE_CLIO_USER, Interval.MONTH, _FIRM_CENTS),
    Plan(PlanKey.FIRM_YEARLY, "Firm", Seat.ACTIVE_CLIO_USER, Interval.YEAR, _FIRM_CENTS * _MONTHS_PAID_OF_A_YEAR),
)
