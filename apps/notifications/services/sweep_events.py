"""Ring again for vendors' events that nobody applied, and forget tokens too old to come back."""

from datetime import timedelta

from django.db.models.functions import Now

from apps.notifications.models import UsedToken
from apps.notifications.queries.events import list_due_events
from apps.notifications.services.wake_for_events import wake_for_events

# Twice the window in which a time stamp is valid, before now and after.
_TOKEN_MATTERS = timedelta(hours=1)


def sweep_events() -> bool:
    """Enqueue one wake-up if any event waits; tell whether one does."""
    UsedToken.objects.filter(used_at__lt=Now() - _TOKEN_MATTERS).delete()
    waits = bool(list_due_events(limit=1))
    if waits:
        wake_for_events()
    return waits
