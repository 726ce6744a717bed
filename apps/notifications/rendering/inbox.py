"""Put notifications into words long after they were said: the inbox's pages, and the lines of a digest."""

import json
from collections.abc import Sequence

from apps.core.encryption import decrypt
from apps.notifications.contracts import Channel, ContextValue, InboxMessage, Reader, RenderedInApp
from apps.notifications.models import Notification
from apps.notifications.queries.wording import list_approved_wording
from apps.notifications.rendering.email import render_email
from apps.notifications.rendering.in_app import render_in_app_of_list
from apps.notifications.rules.catalogue import get_kind


def write_messages(rows: Sequence[Notification], reader: Reader) -> list[InboxMessage]:
    """Return the rows in words. One query for staff's words of all of them."""
    return [_message(row, words) for row, words in zip(rows, _in_words(rows, reader), strict=True)]


def write_headlines(rows: Sequence[Notification], reader: Reader) -> list[str]:
    """Return one line per row: what it says, and after a tab where it leads, if anywhere."""
    inbox_rows = [row for row in rows if Channel.IN_APP in get_kind(row.kind).channels]
    by_id = {row.pk: words for row, words in zip(inbox_rows, _in_words(inbox_rows, reader), strict=True)}
    return [_headline(by_id[row.pk]) if row.pk in by_id else _subject(row, reader) for row in rows]


def _in_words(rows: Sequence[Notification], reader: Reader) -> list[RenderedInApp]:
    staffs = list_approved_wording(Channel.IN_APP, {row.kind for row in rows})
    return [render_in_app_of_list(get_kind(row.kind), _context(row), reader, staffs.get(row.kind)) for row in rows]


def _message(row: Notification, words: RenderedInApp) -> InboxMessage:
    kind = get_kind(row.kind)
    return InboxMessage(
        id=row.public_id,
        kind=kind.key,
        category=kind.category,
        label=kind.label,
        title=words.title,
        body=words.body,
        link=words.link,
        created_at=row.created_at,
        read_at=row.read_at,
        archived_at=row.archived_at,
    )


def _headline(words: RenderedInApp) -> str:
    return f"{words.title}\t{words.link}" if words.link else words.title


def _subject(row: Notification, reader: Reader) -> str:
    context = _context(row)
    subject, address = render_email(get_kind(row.kind), context, reader).subject, context.get("address", "")
    return f"{subject}\t{address}" if address else subject


def _context(row: Notification) -> dict[str, ContextValue]:
    context: dict[str, ContextValue] = json.loads(decrypt(row.sealed_context))
    return context
