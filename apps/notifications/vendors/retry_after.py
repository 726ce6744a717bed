"""What a vendor asks us to wait."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from django.utils import timezone

_LONGEST_SECONDS = 6 * 3600


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a `Retry-After` header, a number or a date (RFC 9110 10.2.3), or None without a usable one.

    At most six hours: whoever asks for longer is asked again earlier.
    """
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - timezone.now()).total_seconds()
        except (TypeError, ValueError):
            return None
    return min(max(seconds, 0.0), _LONGEST_SECONDS)
