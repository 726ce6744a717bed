"""Keep a person's inbox: read, read all, archive, and back. Doing it again changes nothing."""

from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce, Now

from apps.core.tenancy import acting_as
from apps.notifications.contracts import Box
from apps.notifications.errors import NotificationUnknown
from apps.notifications.queries.inbox import inbox_rows, own_row


def mark_read(*, user_id: int, public_id: UUID) -> None:
    """Note that a notification was read; the first time counts. Raises NotificationUnknown."""
    with acting_as(user_id):
        if not own_row(user_id, public_id).update(read_at=Coalesce(F("read_at"), Now())):
            raise NotificationUnknown


def mark_all_read(*, user_id: int, through: UUID | None = None) -> int:
    """Note that everything in the inbox was read; return how many were not before.

    through: the youngest the person has seen; what came after it stays unread.
    """
    with acting_as(user_id):
        unread = inbox_rows(user_id, Box.UNREAD)
        if through is not None:
            unread = unread.filter(public_id__lte=through)
        return unread.update(read_at=Now())


def archive(*, user_id: int, public_id: UUID) -> None:
    """Put a notification away; it counts as read. Raises NotificationUnknown."""
    with acting_as(user_id):
        moved = own_row(user_id, public_id).update(
            archived_at=Coalesce(F("archived_at"), Now()), read_at=Coalesce(F("read_at"), Now())
        )
        if not moved:
            raise NotificationUnknown


def take_from_archive(*, user_id: int, public_id: UUID) -> None:
    """Put a notification back into the inbox, read. Raises NotificationUnknown."""
    with acting_as(user_id):
        if not own_row(user_id, public_id).update(archived_at=None):
            raise NotificationUnknown
