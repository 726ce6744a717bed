"""What an answer of Clio's says beside its records: limits, waiting times, and refusals in either shape."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

import msgspec
import requests

from apps.clio import errors
from apps.clio.vendors.rate_budget import Told

_LONGEST_WAIT_SECONDS = 300
_LONGEST_WINDOW_SECONDS = 61  # a minute, told in whole seconds
_WAIT_HEADERS = ("Retry-After", "Retry-At")  # an older article of Clio's has the second name (clio-api.md 3)
_UNEXPLAINED = "without an explanation"


def limits_told(headers: Mapping[str, str]) -> Told | None:
    """Return what the limit headers say; None where they are missing or no numbers."""
    try:
        limit, remaining = int(headers["X-RateLimit-Limit"]), int(headers["X-RateLimit-Remaining"])
    except (KeyError, ValueError):
        return None
    return Told(limit, remaining, _seconds_to_reset(headers))


def seconds_to_wait(headers: Mapping[str, str]) -> float:
    """Return how long a 429 closes the budget: as asked, else to the window's end, else a minute."""
    asked = next((found for name in _WAIT_HEADERS if (found := _seconds_asked(headers, name)) is not None), None)
    wait = asked if asked is not None else _seconds_to_reset(headers)
    return min(max(60.0 if wait is None else wait, 1.0), _LONGEST_WAIT_SECONDS)


def refuse(response: requests.Response, *, version: str) -> NoReturn:
    """Raise the error that an answer other than 200 means."""
    status, words = response.status_code, _message(response)
    if status == 401:
        raise errors.ClioTokenRefused(words)
    if status == 403:
        raise errors.ClioForbids(words)
    if status == 410:
        raise errors.ClioVersionRetired(
            f"Clio no longer serves version {version} of its API ({words}). "
            "An operator has to set CLIO_API_VERSION to a version it serves."
        )
    raise errors.ClioRequestRefused(f"Clio answered {status}: {words}", status=status)


def _seconds_asked(headers: Mapping[str, str], name: str) -> float | None:
    """Return the seconds of a header that holds seconds, a unix instant or a date."""
    text = headers.get(name, "").strip()
    if text.isdigit():
        number = float(text)
        return number if number < 1_000_000 else _between(headers, number)
    try:
        return _between(headers, parsedate_to_datetime(text).timestamp())
    except ValueError:
        return None


def _seconds_to_reset(headers: Mapping[str, str]) -> float | None:
    """Measure by the clock that set the instant, Clio's own; what cannot be the rest of a minute is not told."""
    try:
        seconds = _between(headers, float(headers["X-RateLimit-Reset"]))
    except (KeyError, ValueError):
        return None
    return seconds if seconds is not None and 0 < seconds <= _LONGEST_WINDOW_SECONDS else None


def _between(headers: Mapping[str, str], instant: float) -> float | None:
    try:
        return instant - parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError):
        return None


def _message(response: requests.Response) -> str:
    """Return the words of either error shape: `error` is an object, or a string beside `error_description`."""
    try:
        body: Any = msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        return _UNEXPLAINED
    if not isinstance(body, dict):
        return _UNEXPLAINED
    error = body.get("error")
    words = error.get("message") if isinstance(error, dict) else body.get("error_description") or error
    return str(words)[:300] if words else _UNEXPLAINED
