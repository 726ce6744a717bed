"""One wake-up for many events."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.core import jobs
from apps.core.models import Job
from apps.notifications.jobs import APPLY_EVENTS

_KEY = "due"
# A burst of callbacks is one job a second, not one each.
_GATHER = timedelta(seconds=1)


def wake_for_events() -> None:
    """Promise one run over the events that wait, unless one is promised. Call it once they are committed.

    A run that is still pending then will see them. Between their commit and this a crash loses only time: the sweeper
    looks every 15 seconds. Promised in their own transaction, every callback would queue for the lock of the one job.
    """
    with transaction.atomic():
        if not Job.objects.filter(name=APPLY_EVENTS, status=Job.Status.PENDING, dedupe_key=_KEY, firm_id=None).exists():
            jobs.enqueue(APPLY_EVENTS, dedupe_key=_KEY, available_at=timezone.now() + _GATHER)
