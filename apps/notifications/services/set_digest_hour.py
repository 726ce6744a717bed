"""Choose the hour of the daily digest."""

from datetime import datetime

from apps.core.tenancy import acting_as
from apps.notifications.services.release_held import release_held
from apps.notifications.services.schedule_digest import schedule_digest


def set_digest_hour(*, user_id: int, hour: int, now: datetime) -> None:
    """Send the person's digest at a local hour, 0 to 23, from the next time clocks show it on a day without one."""
    with acting_as(user_id):
        schedule_digest(user_id=user_id, now=now, hour=hour)
        release_held(user_id=user_id)
