"""K1 to K3: recorded hours, available hours, utilization."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.declaration import Metric, Ratio, total
from apps.reports.metrics.dimensions import PEOPLE, TIME_LIKE


def _hours(key: str, condition: str) -> Measure:
    return Measure(key, Source.TIME, f"coalesce(sum(r.seconds) FILTER (WHERE {condition}), 0) / 3600")


# What is billable is the firm's rule: hours without charge may be.
_BILLABLE = "r.work_class = ANY(%(billable_classes)s::text[])"
BILLABLE = _hours("billable_hours", _BILLABLE)
NON_BILLABLE = _hours("non_billable_hours", "r.work_class <> ALL(%(billable_classes)s::text[])")
NO_CHARGE = _hours("no_charge_hours", "r.work_class = 'no_charge'")
MEASURED_BILLABLE = Measure(
    "measured_billable_hours",
    Source.CAPACITY,
    f"coalesce(sum(r.seconds) FILTER (WHERE {_BILLABLE} AND r.is_measured), 0) / 3600",
)
AGREED_FEES = Measure("agreed_fees", Source.TIME, "coalesce(sum(r.entries) FILTER (WHERE r.is_agreed_fee), 0)")
AVAILABLE = Measure(
    "available_hours", Source.CAPACITY, "CASE WHEN %(has_people)s THEN coalesce(sum(r.available), 0) / 3600 END"
)

RECORDED_HOURS = Metric(
    key="K1",
    name="recorded_hours",
    title="Recorded hours",
    question="Where did time go?",
    formula="sum of rounded hours by class; total = billable + non-billable",
    date_basis="date of the work",
    dims=TIME_LIKE,
    definition=(
        "Rounded hours of time entries. No-charge time is a part of non-billable time, or by the firm's choice of "
        "billable time; time on a non-billable matter is non-billable. Agreed fees are counted, not measured. One "
        "figure over all currencies."
    ),
    excludes="Flat-rate and contingency-fee entries count no hours. Redacted entries are counted as hidden rows.",
    items={
        "billable": total(BILLABLE, unit=Unit.HOURS),
        "non_billable": total(NON_BILLABLE, unit=Unit.HOURS),
        "no_charge": total(NO_CHARGE, unit=Unit.HOURS),
        "total": total(BILLABLE, NON_BILLABLE, unit=Unit.HOURS),
        "agreed_fees": total(AGREED_FEES, unit=Unit.COUNT),
    },
)
AVAILABLE_HOURS = Metric(
    key="K2",
    name="available_hours",
    title="Available hours",
    question="How much time could have been worked?",
    formula="working days x daily hours x share of full time, over each timekeeper's days of employment",
    date_basis="calendar day",
    dims=PEOPLE,
    definition=(
        "Timekeepers are Clio users other than client logins. Working days are the firm's or a person's own, less "
        "holidays and leave. Employment runs by the dates the firm keeps; else from creation or first entry to the day "
        "first seen disabled, or the last entry if disabled before the first sync. Without a share of full time of "
        "their own people count full, a NonAttorney on days with a time entry in the 12 months ending that day. By the "
        "firm's choice as Clio counts: 8 hours on 260 days a year, in months with an entry."
    ),
    excludes="Not offered where a scope is by practice area or client: capacity has none.",
    items={"total": total(AVAILABLE, unit=Unit.HOURS)},
)
UTILIZATION = Metric(
    key="K3",
    name="utilization",
    title="Utilization rate",
    question="What share of capacity became billable work?",
    formula="billable hours / available hours",
    date_basis="date of the work",
    dims=PEOPLE,
    definition="Billable hours (K1) of timekeepers with capacity, over their available hours (K2).",
    excludes="Timekeepers without available hours leave both sides.",
    items={"rate": Ratio(over=(MEASURED_BILLABLE,), under=(AVAILABLE,))},
)
