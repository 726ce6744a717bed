"""Keep strangers from trying doors: stricter limits where somebody asks to be let in, by network and by account."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from apps.accounts.rules.lockout import TryPolicy
from apps.accounts.services.take_try import give_back_try, take_try
from apps.core.client_address import network_of
from apps.core.encryption import keyed_digest
from apps.core.errors import RateLimited
from apps.core.rate_limits import count, give_back


@dataclass(frozen=True, slots=True)
class CountedEntry:
    """A request to be let in that was counted against an address. in_redis: there, else in the database."""

    subject: str
    in_redis: bool


def limit_entries(*, ip: str | None, email: str | None, now: datetime) -> CountedEntry | None:
    """Count one request to be let in against its network and, where an address was given, against that address.

    Return what was counted against the address, for `give_back_entry`. Redis counts; while it is away the database
    does, so that these limits hold whatever happens to Redis. Raises
    RateLimited. The lock-out after wrong passwords is another thing and always in the database.
    """
    _count("network", network_of(ip), now)
    return _count("account", keyed_digest(email.strip().lower()), now) if email else None


def give_back_entry(counted: CountedEntry | None) -> None:
    """Take a request off its address's count: it came with the right password, so it was no guess.

    Counting comes first and judging after, so many at once are still no more than the limit; a request that was refused
    for the limit was never judged and stays counted. What was counted of the network stays, too.
    """
    if counted is None:
        return
    if counted.in_redis:
        give_back(counted.subject)
    else:
        give_back_try(subject=counted.subject, opens_below=settings.ENTRY_LIMITS["account"][0])


def _count(by: str, whom: str, now: datetime) -> CountedEntry:
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
    return CountedEntry(subject, in_redis=standing is not None)
