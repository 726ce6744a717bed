"""The version of what is edited, as ETag and If-Match."""

import re

from rest_framework.request import Request

from apps.core.errors import FieldFault, InvalidInput


def etag(subject: str, version: int) -> str:
    """Return the ETag of a version of something."""
    return f'"{subject}-{version}"'


def if_version(request: Request, subject: str) -> int | None:
    """Return the version that If-Match names; None: whatever is there. Raises InvalidInput."""
    text = request.headers.get("If-Match", "").strip()
    if text in ("", "*"):
        return None
    match = re.fullmatch(rf'"{re.escape(subject)}-(\d{{1,18}})"', text)
    if match is None:
        detail = "`If-Match` is the ETag of what was read, as it came."
        raise InvalidInput(detail, faults=(FieldFault("/headers/If-Match", detail, "invalid_etag"),))
    return int(match[1])
