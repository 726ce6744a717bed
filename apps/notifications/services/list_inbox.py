"""Show a page of a person's inbox."""

from apps.core.pages import Cursor, Page, take_page
from apps.core.tenancy import acting_as
from apps.notifications.contracts import Box, InboxMessage
from apps.notifications.models import Notification
from apps.notifications.queries.contacts import get_reader
from apps.notifications.queries.inbox import inbox_rows
from apps.notifications.rendering.inbox import write_messages


def list_inbox(*, user_id: int, box: Box, cursor: Cursor) -> tuple[Page[Notification], list[InboxMessage]]:
    """Return a page of one part of the inbox, the youngest first, and the same rows in words."""
    with acting_as(user_id, read_only=True):
        page = take_page(inbox_rows(user_id, box), cursor, key="public_id")
        return page, write_messages(page.rows, get_reader(user_id))
