"""K5 and K6: what share of recorded time is billable, and whether time is written down at all."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.declaration import Metric, Ratio, total
from apps.reports.metrics.dimensions import PEOPLE, TIME_LIKE
from apps.reports.metrics.time import AVAILABLE, BILLABLE, NON_BILLABLE

MEASURED_HOURS = Measure(
    "measured_hours", Source.CAPACITY, "coalesce(sum(r.seconds) FILTER (WHERE r.is_measured), 0) / 3600"
)
UNTRACKED_HOURS = Measure(
    "untracked_hours",
    Source.UNTRACKED,
    "CASE WHEN %(has_people)s THEN coalesce(sum(greatest(r.available - coalesce(r.seconds, 0), 0)), 0) / 3600 END",
)
LATE = Measure("late_seconds", Source.TIME, "coalesce(sum(r.late_seconds), 0)")
DATED = Measure("dated_seconds", Source.TIME, "coalesce(sum(r.dated_seconds), 0)")

BILLABLE_SHARE = Metric(
    key="K5",
    name="billable_share",
    title="Billable share of recorded time",
    question="How much of the time that was written down can be billed?",
    formula="billable hours / recorded hours",
    date_basis="date of the work",
    dims=TIME_LIKE,
    definition="Billable hours (K1) over all recorded hours (K1). No-charge time is recorded but not billable.",
    excludes="Flat-rate and contingency-fee entries count no hours.",
    follows="Also called utilization or realization elsewhere (Rocket Matter, Productivity per user); it is neither.",
    items={"rate": Ratio(over=(BILLABLE,), under=(BILLABLE, NON_BILLABLE))},
)
CAPTURE = Metric(
    key="K6",
    name="capture",
    title="Capture rate and untracked hours",
    question="Is time being written down?",
    formula="recorded hours / available hours; untracked = available - recorded, where above zero",
    date_basis="date of the work",
    dims=PEOPLE,
    definition=(
        "Recorded hours (K1) of timekeepers with capacity, over their available hours (K2). Untracked hours are taken "
        "per timekeeper and calendar month, cut at the ends of the period, so that one person's long month does not "
        "hide another's gaps. Entry lag is the days from the work to the day the entry was made, weighted by hours."
    ),
    excludes="Timekeepers without available hours leave both sides of the rate. Entries of no hours have no lag.",
    follows="Clio, Firm Dashboard: untracked hours.",
    items={
        "rate": Ratio(over=(MEASURED_HOURS,), under=(AVAILABLE,)),
        "untracked": total(UNTRACKED_HOURS, unit=Unit.HOURS),
        "entry_lag": Ratio(over=(LATE,), under=(DATED,), unit=Unit.DAYS),
    },
)
