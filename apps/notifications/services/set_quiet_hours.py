"""Keep a person's quiet hours."""

from datetime import time

from apps.core.errors import FieldFault
from apps.core.tenancy import acting_as
from apps.notifications.errors import QuietHoursRefused
from apps.notifications.models import QuietHours
from apps.notifications.services.release_held import release_held


def set_quiet_hours(*, user_id: int, starts_at: time, ends_at: time) -> None:
    """Leave a person alone between two local times, over midnight when the end is the earlier one; seconds are cut.

    Messages that wait are judged again. Raises QuietHoursRefused when both times are the same.
    """
    starts_at, ends_at = (at.replace(second=0, microsecond=0, tzinfo=None) for at in (starts_at, ends_at))
    if starts_at == ends_at:
        fault = FieldFault("/ends_at", "Quiet hours end at another time than they begin.", "same_time")
        raise QuietHoursRefused(faults=(fault,))
    with acting_as(user_id):
        QuietHours.objects.update_or_create(user_id=user_id, defaults={"starts_at": starts_at, "ends_at": ends_at})
        release_held(user_id=user_id)


def clear_quiet_hours(*, user_id: int) -> None:
    """Have no quiet hours; what waited for their end goes."""
    with acting_as(user_id):
        QuietHours.objects.filter(user_id=user_id).delete()
        release_held(user_id=user_id)
