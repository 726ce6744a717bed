"""K12 as reported: work that was given up before it was billed, which only our snapshots remember."""

from apps.reports.contracts import Dimension, Measure, Source, Unit
from apps.reports.metrics.declaration import Metric, total
from apps.reports.metrics.dimensions import TIME_LIKE

_GIVEN_UP = ("non_billable", "written_off", "deleted")
_WORK = "r.unbilled_as IN ('fees', 'expenses')"
_ALL = "r.left_as IN ('non_billable', 'written_off', 'deleted')"


def _left(key: str, condition: str) -> Measure:
    return Measure(f"wip_{key}", Source.WIP_LEFT, f"coalesce(sum(r.value) FILTER (WHERE {condition}), 0)")


FEES = _left("lost_fees", f"{_ALL} AND r.unbilled_as = 'fees'")
EXPENSES = _left("lost_expenses", f"{_ALL} AND r.unbilled_as = 'expenses'")
_BEFORE = _left("edited_from", f"r.left_as = 'changed' AND {_WORK}")
_AFTER = Measure(
    "wip_edited_to",
    Source.WIP_LEFT,
    f"coalesce(-sum(r.became) FILTER (WHERE r.left_as = 'changed' AND {_WORK}), 0)",
)

WIP_WRITTEN_OFF = Metric(
    key="K12.wip",
    name="wip_written_off",
    title="Work in progress written off",
    question="What work was given up before the client saw it?",
    formula="value of unbilled entries that became non-billable, were written off or deleted, from one day to the next",
    date_basis="the day it was first seen gone",
    dims=TIME_LIKE | {Dimension.FEE_EXPENSE},
    definition=(
        "Entries that were work in progress in one day's snapshot and are not in the next because they were made "
        "non-billable or free of charge, written off, or deleted, at the value they had. What edits took off entries "
        "that stay in progress stands apart. Known from the first snapshot on; what happened on days without one is "
        "seen on the next day that has one."
    ),
    excludes=(
        "Entries that were billed, lost their matter or moved to one on contingency; contingency fees; entries that "
        "came and went on one day. One that comes back is new work in progress and takes nothing back here."
    ),
    items={
        "total": total(FEES, EXPENSES, unit=Unit.MONEY),
        "fees": total(FEES, unit=Unit.MONEY),
        "expenses": total(EXPENSES, unit=Unit.MONEY),
        **{way: total(_left(f"lost_{way}", f"r.left_as = '{way}' AND {_WORK}"), unit=Unit.MONEY) for way in _GIVEN_UP},
        "edited_down": total(_BEFORE, _AFTER, unit=Unit.MONEY),
    },
    only_as_reported=True,
)
