"""Target hours of a firm's timekeepers; inside the firm's transaction."""

from collections.abc import Sequence

from apps.accounts.contracts import HoursTarget
from apps.accounts.models import TargetHours
from apps.core.scope import Scope


def list_target_rows(*, scope: Scope) -> Sequence[TargetHours]:
    """Return every row of the firm, by timekeeper and month."""
    return list(TargetHours.objects.filter(firm_id=scope.firm_id).order_by("timekeeper_id", "starts_on"))


def list_hours_targets(*, firm_id: int) -> list[HoursTarget]:
    """Return the firm's targets as spans of months (kpis.md K4), by timekeeper and start.

    A span ends the day before the timekeeper's next row; a row of 0 hours ends the one before and is no span itself.
    """
    rows = TargetHours.objects.filter(firm_id=firm_id).order_by("timekeeper_id", "starts_on")
    spans: list[HoursTarget] = []
    following: TargetHours | None = None
    for row in reversed(rows):
        is_next = following is not None and following.timekeeper_id == row.timekeeper_id
        ends_before = following.starts_on if following is not None and is_next else None
        if row.monthly_hours > 0:
            spans.append(HoursTarget(row.timekeeper_id, row.starts_on, ends_before, row.monthly_hours))
        following = row
    return spans[::-1]
