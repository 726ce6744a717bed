"""Keep when a person's next daily digest is due."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.core.tenancy import acting_as
from apps.notifications.models import DigestSchedule
from apps.notifications.queries.preferences import get_zone, read_choices
from apps.notifications.rules.catalogue import KINDS
from apps.notifications.rules.choices import FIRST_DIGEST_HOUR, gathers
from apps.notifications.rules.quiet_hours import first_instant, next_local_time
from apps.notifications.services.release_held import release_held


def schedule_digest(*, user_id: int, now: datetime, hour: int | None = None) -> None:
    """Set the next digest by the person's hour, zone and choices; none while nothing is gathered. hour: a new one."""
    with acting_as(user_id):
        schedule, _ = DigestSchedule.objects.select_for_update().get_or_create(
            user_id=user_id, defaults={"hour": FIRST_DIGEST_HOUR}
        )
        schedule.hour = schedule.hour if hour is None else hour
        schedule.next_at = next_digest(user_id, schedule, now) if _gathers_any(user_id) else None
        schedule.save(update_fields=["hour", "next_at"])


def follow_zone(*, user_id: int, now: datetime) -> None:
    """Judge what waits by a person's new zone, and set their digest, if they have one, by its clocks."""
    with acting_as(user_id):
        if DigestSchedule.objects.filter(user_id=user_id).exists():
            schedule_digest(user_id=user_id, now=now)
        release_held(user_id=user_id)


def next_digest(user_id: int, schedule: DigestSchedule, now: datetime) -> datetime:
    """Return when clocks next show the person's hour, on a day that has had no digest yet."""
    zone, at = ZoneInfo(get_zone(user_id)), time(schedule.hour)
    instant = next_local_time(now, at, zone)
    if schedule.last_day is not None and instant.astimezone(zone).date() <= schedule.last_day:
        instant = first_instant(schedule.last_day + timedelta(days=1), at, zone)
    return instant


def local_day(user_id: int, instant: datetime) -> date:
    """Return the day it is for the person."""
    return instant.astimezone(ZoneInfo(get_zone(user_id))).date()


def _gathers_any(user_id: int) -> bool:
    chosen = read_choices(user_id)
    return any(gathers(kind, chosen) for kind in KINDS)
