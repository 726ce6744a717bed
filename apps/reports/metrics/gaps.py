"""K22 in hours, K6 in days, K15 in shares: what reports show beside the figures themselves."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.cash import COLLECTED_EXPENSES, COLLECTED_FEES, COLLECTED_UNRECONCILED
from apps.reports.metrics.declaration import Metric, Share, total
from apps.reports.metrics.dimensions import MONEY_LIKE, PEOPLE, TIME_LIKE

_UNBILLED = Measure(
    "unbilled_hours",
    Source.UNBILLED,
    "coalesce(sum(r.seconds) FILTER (WHERE r.unbilled_as = 'fees'), 0) / 3600",
)


def _days(key: str, condition: str) -> Measure:
    expression = f"CASE WHEN %(has_people)s THEN count(*) FILTER (WHERE {condition}) END"
    return Measure(key, Source.PERSON_DAYS, expression)


UNBILLED_HOURS = Metric(
    key="K22.hours",
    name="unbilled_hours",
    title="Unbilled hours",
    question="How many hours wait for their bill?",
    formula="hours of the time entries that work in progress is made of",
    date_basis="as of the period's end, by the date of the work",
    dims=TIME_LIKE,
    definition="Rounded hours of the billable time that is work in progress (K22) on the day, in the row's currency.",
    excludes="What work in progress leaves out, contingency fees, expenses. Flat-rate entries count no hours.",
    items={"total": total(_UNBILLED, unit=Unit.HOURS)},
    has_months=False,
)
TIMESHEET_GAPS = Metric(
    key="K6.days",
    name="timesheet_gaps",
    title="Days without time",
    question="On how many days did people write nothing down?",
    formula="days with capacity and without a time entry; days with capacity",
    date_basis="date of the work; calendar day",
    dims=PEOPLE,
    definition=(
        "Days on which a person has available hours (K2) and no time entry at all, each person's days counted on their "
        "own; beside them all days with available hours."
    ),
    excludes="Days off, holidays and leave; work on such days fills no other day.",
    items={
        "missing_days": total(_days("missing_days", "r.available > 0 AND coalesce(r.written, 0) = 0"), unit=Unit.COUNT),
        "days": total(_days("days_with_capacity", "r.available > 0"), unit=Unit.COUNT),
    },
)
COLLECTED_SHARE = Metric(
    key="K15.share",
    name="collected_share",
    title="Share of what came in",
    question="What part of the money is whose?",
    formula="the row's collected fees, or all collected / those of all rows",
    date_basis="date of the payment's allocation to the bill",
    dims=MONEY_LIKE,
    definition="Revenue collected (K15) of the row in that of all rows of the question, which add up to 100%.",
    excludes="Tax and interest. No share where the whole is zero or less.",
    items={
        "fees": Share((COLLECTED_FEES,)),
        "total": Share((COLLECTED_FEES, COLLECTED_EXPENSES, COLLECTED_UNRECONCILED)),
    },
)
