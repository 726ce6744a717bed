"""Where a page of the rows behind a figure begins, as text in an address."""

import base64
import binascii
import json

from rest_framework.request import Request

from apps.core.errors import FieldFault
from apps.core.pages import InvalidCursor
from apps.reports.contracts.explanation import RowMark

_LONGEST, _LARGEST = 500, 2**63 - 1
_NO_CURSOR = FieldFault("/cursor", "Take it from `next` or `previous`.")


def mark_text(mark: RowMark) -> str:
    """Return what stands in an address."""
    parts = [mark.source, mark.row_id, mark.part, mark.is_backwards]
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def read_mark(text: str) -> RowMark | None:
    """Return the mark of a cursor of ours; None of an empty one. Raises InvalidCursor."""
    if not text:
        return None
    try:
        if len(text) > _LONGEST:
            raise ValueError("too long")
        parts = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        if [type(part) for part in parts] != [int, int, str, bool]:
            raise ValueError("not of our making")
        mark = RowMark(*parts)
        if not 0 <= mark.source < 100 or abs(mark.row_id) > _LARGEST or "\0" in mark.part:
            raise ValueError("out of range")
        mark.part.encode()
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise InvalidCursor("`cursor`: take it from `next` or `previous`.", faults=(_NO_CURSOR,)) from error
    return mark


def page_address(request: Request, mark: RowMark | None) -> str | None:
    """Return the address of the same list from another place on; None leads nowhere."""
    if mark is None:
        return None
    query = request.query_params.copy()
    query["cursor"] = mark_text(mark)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
