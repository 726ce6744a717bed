"""Keep strangers from trying doors: stricter limits where somebody asks to be let in, by network and by account."""

from datetime import datetime, timedelta

from django.conf import settings

from apps.accounts.rules.lockout import TryPolicy
from apps.accounts.services.take_try import take_try
from apps.core.client_address import network_of
from apps.core.encryption import keyed_digest
from apps.core.errors import RateLimited
from apps.core.rate_limits import count


def limit_entries(*, ip: str | None, email: str | None, now: datetime) -> None:
    """Count one request to be let in against its network and, where an address was given, against that address.

    Redis counts; while it is away the database does, so that these limits hold whatever happens to Redis. Raises
    RateLimited. The lock-out after wrong passwords is another thing and always in the database.
    """
    _count("network", network_of(ip), now)
    if email:
        _count("account", keyed_digest(email.strip().lower()), now)


def _count(by: str, whom: str, now: datetime) -> None:
    limit, window_seconds = settings.ENTRY_LIMITS[by]
    subject = f"entry:{by}:{whom}"
    standing = count(subject, limit=limit, window_seconds=window_seconds)
    if standing is None:
        window = timedelta(seconds=window_seconds)
        take_try(subject=subject, policy=TryPolicy(limit, window, window, forgotten_after=window), now=now)
    elif standing.is_exceeded:
        raise RateLimited(
            "Too many requests to be let in. Wait a while.", retry_after_seconds=max(standing.resets_in_seconds, 1)
        )
