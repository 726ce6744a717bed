"""Cursor pages: a list cut by the last row seen, so that rows added meanwhile shift nothing and are never counted."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from rest_framework.request import Request

from apps.core.errors import FieldFault, InvalidInput

PAGE_SIZE, LARGEST_PAGE = 50, 100
Row = TypeVar("Row", bound=Model)


class InvalidCursor(InvalidInput):
    """The cursor was not made by us, or was cut."""

    code = "core.invalid_cursor"
    title = "This page of the list cannot be found"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after this row, or, backwards, before it. Without a position: at the newest row."""

    position: UUID | None = None
    is_backwards: bool = False
    size: int = PAGE_SIZE

    def text(self) -> str:
        """Return what stands in an address."""
        direction = "b" if self.is_backwards else "f"
        return base64.urlsafe_b64encode(f"{direction}{self.position}".encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page, newest first, and the ways on and back (None: there is nothing)."""

    rows: Sequence[Row]
    next: Cursor | None
    previous: Cursor | None


def read_cursor(query: Mapping[str, str]) -> Cursor:
    """Return the cursor of an address's `?cursor=` and `?page_size=`. Raises InvalidCursor, InvalidInput."""
    size = _read_size(query.get("page_size", ""))
    text = query.get("cursor", "")
    if not text:
        return Cursor(size=size)
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        position = UUID(plain[1:])
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor(
            "`cursor`: take it from `next` or `previous`.",
            faults=(FieldFault("/cursor", "Take it from `next` or `previous`."),),
        ) from error
    return Cursor(position, plain[:1] == "b", size)


def take_page(rows: QuerySet[Row], cursor: Cursor, *, key: str) -> Page[Row]:
    """Return one page of the rows by a unique, growing UUID column, the youngest first. One query; no counting."""
    if cursor.position is not None:
        rows = rows.filter(**{f"{key}__{'gt' if cursor.is_backwards else 'lt'}": cursor.position})
    found = list(rows.order_by(key if cursor.is_backwards else f"-{key}")[: cursor.size + 1])
    has_more, taken = len(found) > cursor.size, found[: cursor.size]
    if cursor.is_backwards:
        taken.reverse()
    if not taken:
        return Page((), None, None)
    older = Cursor(getattr(taken[-1], key), size=cursor.size)
    newer = Cursor(getattr(taken[0], key), is_backwards=True, size=cursor.size)
    if cursor.is_backwards:
        return Page(taken, older, newer if has_more else None)
    return Page(taken, older if has_more else None, newer if cursor.position else None)


def page_body(request: Request, page: Page[Any], results: Sequence[Any]) -> dict[str, Any]:
    """Return the body of a page: addresses of its neighbors, and the rows as they are shown."""
    return {"next": _address(request, page.next), "previous": _address(request, page.previous), "results": results}


def _address(request: Request, cursor: Cursor | None) -> str | None:
    if cursor is None:
        return None
    query = request.query_params.copy()
    query["cursor"] = cursor.text()
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _read_size(text: str) -> int:
    if not text:
        return PAGE_SIZE
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= LARGEST_PAGE):
        detail = f"`page_size` is a whole number from 1 to {LARGEST_PAGE}."
        raise InvalidInput(detail, faults=(FieldFault("/page_size", detail),))
    return int(text)
