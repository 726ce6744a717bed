"""What metrics are made of: sums over the sources of the ledger."""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """A table of the ledger, together with the date that places its rows.

    The WORK ones are placed by the date of the work, whatever became of it. BILLED_LINES, PAYMENTS and PAID_UP (bills)
    keep their rows apart, for medians and counts that cannot be added up. The TO_DATE ones reach from the beginning of
    the records to the end of the period.
    """

    TIME = "time"
    CAPACITY = "capacity"
    BILLED = "billed"
    INTEREST = "interest"
    SETTLED = "settled"
    COHORT = "cohort"
    UNBILLED = "unbilled"
    RECEIVABLE = "receivable"
    UNTRACKED = "untracked"
    WORKED = "worked"
    WORK_BILLED = "work_billed"
    WORK_COLLECTED = "work_collected"
    BILLED_LINES = "billed_lines"
    RECEIVED = "received"
    PAYMENTS = "payments"
    PAID_UP = "paid_up"
    TIME_TO_DATE = "time_to_date"
    SETTLED_TO_DATE = "settled_to_date"


class Unit(StrEnum):
    """How a figure is rounded and written: money by its currency, hours to 0.01, percent and days to 0.1."""

    MONEY = "money"
    HOURS = "hours"
    PERCENT = "percent"
    DAYS = "days"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Measure:
    """A sum over one source. `expression` is an SQL aggregate over the source's rows, which it calls `r`."""

    key: str
    source: Source
    expression: str
