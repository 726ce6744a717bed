"""The cookie that ties an attempt to connect to the browser it was begun in."""

from datetime import datetime
from typing import Any

BROWSER_COOKIE = "clio_connect"
# Only the callback below this path is told.
_PATH = "/clio/"


def browser_cookie(*, key: str, expires_at: datetime, is_secure: bool) -> dict[str, Any]:
    """Return what an answer's `set_cookie` is given."""
    return {
        "key": BROWSER_COOKIE,
        "value": key,
        "expires": expires_at,
        "path": _PATH,
        "secure": is_secure,
        "httponly": True,
        "samesite": "Lax",
    }
