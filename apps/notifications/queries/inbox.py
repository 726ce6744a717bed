"""A person's inbox: rows of their own, found by indexes that begin with the person."""

from uuid import UUID

from django.db.models import QuerySet

from apps.core.tenancy import acting_as
from apps.notifications.contracts import Box, UnreadCount
from apps.notifications.models import Notification

# A badge says "99+"; counting on would read as many rows as there are.
MOST_COUNTED = 99


def inbox_rows(user_id: int, box: Box) -> QuerySet[Notification]:
    """Return the rows of one part of a person's inbox, for the caller to cut a page from inside `acting_as`."""
    rows = Notification.objects.filter(user_id=user_id, in_app=True, archived_at__isnull=box is not Box.ARCHIVE)
    return rows.filter(read_at=None) if box is Box.UNREAD else rows


def count_unread(user_id: int) -> UnreadCount:
    """Return how many notifications are unread, counting no further than a badge shows."""
    with acting_as(user_id, read_only=True):
        found = len(inbox_rows(user_id, Box.UNREAD).order_by("-public_id").values_list("pk")[: MOST_COUNTED + 1])
    return UnreadCount(min(found, MOST_COUNTED), found > MOST_COUNTED)


def own_row(user_id: int, public_id: UUID) -> QuerySet[Notification]:
    """Return the one row of a person's inbox, or none; inside `acting_as`."""
    return Notification.objects.filter(user_id=user_id, in_app=True, public_id=public_id)
