"""How the sources of the ledger are summed: by the dimensions they have, by pieces of a period, to several levels."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from apps.core.scope import Scope
from apps.reports.contracts import Measure, Mode, Source
from apps.reports.queries.sources import (
    apart,
    as_of,
    as_reported,
    budgets,
    capacity,
    client_order,
    clients,
    credit,
    dated,
    expenses,
    matters,
    plan,
    planned,
    profit,
    stages,
    time_by_day,
    to_date,
    trailing,
    trust,
    trust_requests,
)
from apps.reports.queries.sources.reading import Piece, Reading
from apps.reports.queries.sources.rows import RowShape


class Readable(Protocol):
    """A source that can be summed."""

    @property
    def shape(self) -> RowShape:
        """Tell how its rows carry the dimensions."""
        ...

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        ...


READABLE: Mapping[Source, Readable] = {
    Source.TIME: time_by_day.TIME,
    Source.CAPACITY: capacity.CAPACITY,
    Source.BILLED: dated.BILLED,
    Source.INTEREST: dated.INTEREST,
    Source.SETTLED: dated.SETTLED,
    Source.COHORT: dated.COHORT,
    Source.UNBILLED: as_of.UNBILLED,
    Source.RECEIVABLE: as_of.RECEIVABLE,
    Source.UNTRACKED: capacity.UNTRACKED,
    Source.WORKED: dated.WORKED,
    Source.WORK_BILLED: dated.WORK_BILLED,
    Source.WORK_COLLECTED: dated.WORK_COLLECTED,
    Source.BILLED_LINES: apart.BILLED_LINES,
    Source.RECEIVED: dated.RECEIVED,
    Source.PAYMENTS: apart.PAYMENTS,
    Source.PAID_UP: apart.PAID_UP,
    Source.TIME_TO_DATE: to_date.TIME_TO_DATE,
    Source.SETTLED_TO_DATE: to_date.SETTLED_TO_DATE,
    Source.TRUST: to_date.TRUST,
    Source.TRUST_MOVED: dated.TRUST_MOVED,
    Source.BUDGETS: budgets.BUDGETS,
    Source.BUDGET_USED: budgets.BUDGET_USED,
    Source.BUDGET_BURN: budgets.BUDGET_BURN,
    Source.TRUST_MINIMUMS: trust.TRUST_MINIMUMS,
    Source.TRUST_BY_MATTER: trust.TRUST_BY_MATTER,
    Source.TRUST_BELOW_ZERO: trust.TRUST_BELOW_ZERO,
    Source.TRUST_RESTING: trust.TRUST_RESTING,
    Source.TRUST_REQUESTED: trust_requests.TRUST_REQUESTED,
    Source.BILLED_YEAR: trailing.BILLED_YEAR,
    Source.COLLECTED_YEAR: trailing.COLLECTED_YEAR,
    Source.COLLECTED_FISCAL_YEAR: trailing.COLLECTED_FISCAL_YEAR,
    Source.MATTERS: matters.MATTERS,
    Source.MATTERS_OPENED: matters.MATTERS_OPENED,
    Source.MATTERS_CLOSED: matters.MATTERS_CLOSED,
    Source.CLOSED_MATTERS_FEES: matters.CLOSED_MATTERS_FEES,
    Source.COLLECTED_TO_DATE: to_date.COLLECTED_TO_DATE,
    Source.BILLED_12_MONTHS: trailing.BILLED_12_MONTHS,
    Source.COLLECTED_12_MONTHS: trailing.COLLECTED_12_MONTHS,
    Source.COHORT_12_MONTHS: trailing.COHORT_12_MONTHS,
    Source.PAID_12_MONTHS: trailing.PAID_12_MONTHS,
    Source.CLIENTS_COLLECTED: clients.CLIENTS_COLLECTED,
    Source.CLIENTS_BILLED: clients.CLIENTS_BILLED,
    Source.CLIENTS_KEPT: clients.CLIENTS_KEPT,
    Source.COMING_CLIENTS: clients.COMING_CLIENTS,
    Source.DORMANT_CLIENTS: clients.DORMANT_CLIENTS,
    Source.EXPENSES: expenses.EXPENSES,
    Source.EXPENSES_RECOVERED: expenses.EXPENSES_RECOVERED,
    Source.COSTED: profit.COSTED,
    Source.COSTED_TO_DATE: profit.COSTED_TO_DATE,
    Source.RANKED: profit.RANKED,
    Source.PAID_DAYS: profit.PAID_DAYS,
    Source.MATTERS_COLLECTED: profit.MATTERS_COLLECTED,
    Source.MATTERS_COLLECTED_TO_DATE: profit.MATTERS_COLLECTED_TO_DATE,
    Source.MATTERS_BILLED: profit.MATTERS_BILLED,
    Source.MATTERS_BILLED_TO_DATE: profit.MATTERS_BILLED_TO_DATE,
    Source.MATTERS_WORKED: profit.MATTERS_WORKED,
    Source.MATTERS_WORKED_TO_DATE: profit.MATTERS_WORKED_TO_DATE,
    Source.MATTERS_SPENT: profit.MATTERS_SPENT,
    Source.MATTERS_SPENT_TO_DATE: profit.MATTERS_SPENT_TO_DATE,
    Source.CREDITED: credit.CREDITED,
    Source.CREDITED_BILLED: credit.CREDITED_BILLED,
    Source.CREDITED_MATTERS: credit.CREDITED_MATTERS,
    Source.FEE_SHARES: credit.FEE_SHARES,
    Source.TARGET_HOURS: plan.TARGET_HOURS,
    Source.PLAN: plan.PLAN,
    Source.MATTERS_BROUGHT: planned.MATTERS_BROUGHT,
    Source.PERSON_DAYS: capacity.PERSON_DAYS,
    Source.STAGE_STAYS: stages.STAGE_STAYS,
    Source.BUDGET_BY_MATTER: budgets.BUDGET_BY_MATTER,
    Source.CLIENTS_IN_ORDER: client_order.CLIENTS_IN_ORDER,
    Source.WIP_LEFT: as_reported.WIP_LEFT,
    Source.PLAN_TIME: planned.PLAN_TIME,
    Source.PLAN_BILLED: planned.PLAN_BILLED,
    Source.PLAN_COLLECTED: planned.PLAN_COLLECTED,
    Source.PLANNED_TIME: planned.PLANNED_TIME,
    Source.PLANNED_BILLED: planned.PLANNED_BILLED,
    Source.PLANNED_COLLECTED: planned.PLANNED_COLLECTED,
    Source.PLANNED_MATTERS: planned.PLANNED_MATTERS,
}
# What snapshots keep, by the same measures.
AS_REPORTED: Mapping[Source, Readable] = {
    Source.UNBILLED: as_reported.UNBILLED,
    Source.RECEIVABLE: as_reported.RECEIVABLE,
    Source.TRUST: as_reported.TRUST,
    Source.MATTERS: as_reported.MATTERS,
    Source.MATTERS_OPENED: as_reported.MATTERS_OPENED,
    Source.MATTERS_CLOSED: as_reported.MATTERS_CLOSED,
    Source.WIP_LEFT: as_reported.WIP_LEFT,
}


def readable(source: Source, mode: Mode) -> Readable:
    """Return what sums a source in a knowledge mode: as reported a day's snapshot, of those that it holds."""
    return AS_REPORTED[source] if mode is Mode.AS_REPORTED and source in AS_REPORTED else READABLE[source]


def is_nothing_without_rows(source: Source) -> bool:
    """Tell whether sums of a source without rows are no figure, rather than 0: no target is not a target of 0."""
    return source is Source.PLAN


_OF_ROWS_WITH_A_DAY = (
    dated.DatedSource,
    apart.ApartSource,
    to_date.ToDateSource,
    as_of.UnbilledSource,
    as_of.ReceivableSource,
)


def tells_events(source: Source) -> bool:
    """Tell whether rows of a source can be told by what their matter was on their own day; others stand for more."""
    return isinstance(READABLE[source], _OF_ROWS_WITH_A_DAY)


def is_offered(source: Source, scope: Scope) -> bool:
    """Tell whether a source has anything to say for a scope; capacity has no part by practice area or client."""
    of_people = (Source.CAPACITY, Source.UNTRACKED, Source.TARGET_HOURS, Source.PERSON_DAYS)
    return source not in of_people or capacity.offers_capacity(scope)
