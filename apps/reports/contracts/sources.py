"""What metrics are made of: sums over the sources of the ledger."""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """A table of the ledger, together with the date that places its rows.

    The WORK ones are placed by the date of the work, whatever became of it. BILLED_LINES, PAYMENTS and PAID_UP (bills)
    keep their rows apart, for medians and counts that cannot be added up. The TO_DATE ones reach from the beginning of
    the records to the end of the period; the _YEAR ones over the 365 days, or the fiscal year, before it. The PLAN_
    ones are of whom targets may be about, the PLANNED_ ones of who has one. WIP_LEFT is what left work in progress from
    one day's snapshot to the next.
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
    BILLED_YEAR = "billed_year"
    COLLECTED_YEAR = "collected_year"
    COLLECTED_FISCAL_YEAR = "collected_fiscal_year"
    MATTERS = "matters"
    MATTERS_OPENED = "matters_opened"
    MATTERS_CLOSED = "matters_closed"
    CLOSED_MATTERS_FEES = "closed_matters_fees"
    COLLECTED_TO_DATE = "collected_to_date"
    BILLED_12_MONTHS = "billed_12_months"
    COLLECTED_12_MONTHS = "collected_12_months"
    COHORT_12_MONTHS = "cohort_12_months"
    PAID_12_MONTHS = "paid_12_months"
    CLIENTS_COLLECTED = "clients_collected"
    CLIENTS_BILLED = "clients_billed"
    CLIENTS_KEPT = "clients_kept"
    COMING_CLIENTS = "coming_clients"
    DORMANT_CLIENTS = "dormant_clients"
    EXPENSES = "expenses"
    EXPENSES_RECOVERED = "expenses_recovered"
    TRUST = "trust"
    TRUST_MOVED = "trust_moved"
    BUDGETS = "budgets"
    BUDGET_USED = "budget_used"
    BUDGET_BURN = "budget_burn"
    TRUST_MINIMUMS = "trust_minimums"
    TRUST_BY_MATTER = "trust_by_matter"
    TRUST_BELOW_ZERO = "trust_below_zero"
    TRUST_RESTING = "trust_resting"
    TRUST_REQUESTED = "trust_requested"
    COSTED = "costed"
    COSTED_TO_DATE = "costed_to_date"
    RANKED = "ranked"
    PAID_DAYS = "paid_days"
    MATTERS_COLLECTED = "matters_collected"
    MATTERS_COLLECTED_TO_DATE = "matters_collected_to_date"
    MATTERS_BILLED = "matters_billed"
    MATTERS_BILLED_TO_DATE = "matters_billed_to_date"
    MATTERS_WORKED = "matters_worked"
    MATTERS_WORKED_TO_DATE = "matters_worked_to_date"
    MATTERS_SPENT = "matters_spent"
    MATTERS_SPENT_TO_DATE = "matters_spent_to_date"
    CREDITED = "credited"
    CREDITED_BILLED = "credited_billed"
    CREDITED_MATTERS = "credited_matters"
    FEE_SHARES = "fee_shares"
    TARGET_HOURS = "target_hours"
    PLAN = "plan"
    MATTERS_BROUGHT = "matters_brought"
    CLIENTS_IN_ORDER = "clients_in_order"
    WIP_LEFT = "wip_left"
    PLAN_TIME = "plan_time"
    PLAN_BILLED = "plan_billed"
    PLAN_COLLECTED = "plan_collected"
    PLANNED_TIME = "planned_time"
    PLANNED_BILLED = "planned_billed"
    PLANNED_COLLECTED = "planned_collected"
    PLANNED_MATTERS = "planned_matters"
    STAGE_STAYS = "stage_stays"
    BUDGET_BY_MATTER = "budget_by_matter"
    PERSON_DAYS = "person_days"


class Unit(StrEnum):
    """How a figure is rounded and written: money by its currency, hours to 0.01, percent, days and weeks to 0.1."""

    MONEY = "money"
    HOURS = "hours"
    PERCENT = "percent"
    DAYS = "days"
    COUNT = "count"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class Measure:
    """A sum over one source. `expression` is an SQL aggregate over the source's rows, which it calls `r`."""

    key: str
    source: Source
    expression: str
