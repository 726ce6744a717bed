"""The time zones somebody may live in."""

import zoneinfo
from functools import cache


@cache
def known_zones() -> frozenset[str]:
    """Return the names of the IANA list. Looked up once per process: each look opens every file of the list."""
    return frozenset(zoneinfo.available_timezones())
