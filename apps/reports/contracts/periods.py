"""How a firm counts time, and the closed intervals of plain dates figures are taken over."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from apps.reports.contracts.kept import FirmRules


@dataclass(frozen=True, slots=True)
class FirmCalendar:
    """How a firm counts. fiscal_year_start_month: 1-12. week_starts_on: ISO weekday, 1 or 7.

    working_days: ISO weekdays; holidays: days off for all; daily_hours: of a person without hours of their own. rules:
    what the firm chose where the definitions leave a choice.
    """

    fiscal_year_start_month: int = 1
    week_starts_on: int = 1
    working_days: tuple[int, ...] = (1, 2, 3, 4, 5)
    holidays: tuple[date, ...] = ()
    daily_hours: Decimal = Decimal(8)
    rules: FirmRules = field(default_factory=FirmRules)


class Grain(StrEnum):
    """The pieces a period is cut into. Quarters and years are the firm's fiscal ones, weeks begin on its day (R4)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


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
