"""One mail a day instead of many: gather what waits for a person's digest."""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from apps.core import jobs
from apps.core.tenancy import acting_as
from apps.notifications.contracts import Channel
from apps.notifications.jobs import SEND_DIGEST
from apps.notifications.models import Delivery, DigestSchedule
from apps.notifications.queries.contacts import get_reader
from apps.notifications.queries.digests import list_due_digests
from apps.notifications.queries.preferences import read_choices
from apps.notifications.queries.unsubscribe import choices_address
from apps.notifications.rendering.inbox import write_headlines
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.rules.choices import DIGEST_KIND, gathers
from apps.notifications.services.notify import notify
from apps.notifications.services.schedule_digest import local_day, next_digest

logger = logging.getLogger(__name__)
_BATCH = 500
# A digest is read in a minute; the rest is a click away and named by its number.
MOST_ITEMS = 40
_GATHERED = "Went with the daily digest."


def sweep_digests(*, limit: int = _BATCH) -> int:
    """Enqueue one job per person whose digest is due; return how many. None rings twice at a time."""
    due = list_due_digests(limit=limit)
    for user_id in due:
        with transaction.atomic():
            jobs.enqueue(SEND_DIGEST, dedupe_key=f"{user_id}", user_id=user_id)
    return len(due)


def send_digest(*, user_id: int, now: datetime) -> int | None:
    """Gather a person's waiting mails into their digest of the day; return its notification's id.

    None when it is not due, was sent today, or nothing waits. The day, the digest and what it gathers are one
    transaction under the lock of the schedule: called twice, or by two workers, it says each thing once. Days missed
    while nothing ran are caught up by one digest.
    """
    with acting_as(user_id):
        schedule = DigestSchedule.objects.select_for_update().filter(user_id=user_id, next_at__lte=now).first()
        if schedule is None:
            return None
        day, last_day = local_day(user_id, now), schedule.last_day
        schedule.last_day = day if last_day is None else max(day, last_day)
        schedule.next_at = next_digest(user_id, schedule, now)
        schedule.save(update_fields=["last_day", "next_at"])
        waiting = [] if last_day is not None and day <= last_day else _list_waiting(user_id)
        return _gather(user_id, day, waiting) if waiting else None


def _list_waiting(user_id: int) -> list[Delivery]:
    """Lock what waits, so that no worker takes it up meanwhile; what the person no longer wants gathered is left."""
    chosen = read_choices(user_id)
    held = (
        Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("notification")
        .filter(user_id=user_id, status=Delivery.Status.HELD, channel=Channel.EMAIL.value)
        .order_by("message_key")
    )
    return [delivery for delivery in held if gathers(get_kind(delivery.kind), chosen)]


def _gather(user_id: int, day: date, waiting: Sequence[Delivery]) -> int:
    lines = write_headlines([delivery.notification for delivery in waiting[:MOST_ITEMS]], get_reader(user_id))
    if len(waiting) > MOST_ITEMS:
        lines.append(f"and {len(waiting) - MOST_ITEMS} more")
    notification_id = notify(
        recipient=user_id,
        kind=DIGEST_KIND,
        context={
            "day": day.isoformat(),
            "count": len(waiting),
            "items": "\n".join(lines),
            "address": choices_address(user_id),
        },
    )
    gathered = Delivery.objects.filter(pk__in=[delivery.pk for delivery in waiting])
    gathered.update(status=Delivery.Status.SKIPPED, reason=_GATHERED, gathered_in_id=notification_id)
    logger.info("notifications.digest_gathered", extra={"notification_id": notification_id, "count": len(waiting)})
    return notification_id
