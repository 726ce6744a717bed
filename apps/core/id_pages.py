"""Cursor pages of rows that are known by a number, with the same cursors and the same body as `pages`."""

from uuid import UUID

from django.db.models import QuerySet

from apps.core.errors import FieldFault
from apps.core.pages import Cursor, InvalidCursor, Page, Row

_LARGEST_ID = 2**63 - 1


def take_page_by_id(rows: QuerySet[Row], cursor: Cursor) -> Page[Row]:
    """Return one page by primary key, the youngest first. One query; no counting. Raises InvalidCursor."""
    if cursor.position is not None:
        if cursor.position.int > _LARGEST_ID:
            raise InvalidCursor(
                "`cursor`: take it from `next` or `previous`.",
                faults=(FieldFault("/cursor", "Take it from `next` or `previous`."),),
            )
        rows = rows.filter(**{f"pk__{'gt' if cursor.is_backwards else 'lt'}": cursor.position.int})
    found = list(rows.order_by("pk" if cursor.is_backwards else "-pk")[: cursor.size + 1])
    has_more, taken = len(found) > cursor.size, found[: cursor.size]
    if cursor.is_backwards:
        taken.reverse()
    if not taken:
        return Page((), None, None)
    older = Cursor(UUID(int=taken[-1].pk), size=cursor.size)
    newer = Cursor(UUID(int=taken[0].pk), is_backwards=True, size=cursor.size)
    if cursor.is_backwards:
        return Page(taken, older, newer if has_more else None)
    return Page(taken, older if has_more else None, newer if cursor.position else None)
