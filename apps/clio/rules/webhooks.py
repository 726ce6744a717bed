"""What to ask of Clio's webhooks, and when to look after them (clio-api.md 10)."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

PATH = "/webhooks/clio/"
# Clio ends a webhook after at most 31 days; the hour keeps clear of a clock that differs.
LASTS = timedelta(days=31) - timedelta(hours=1)
RENEWED_AFTER = timedelta(days=7)
ALARM_BEFORE = timedelta(days=7)
# A handshake that came before Clio told which webhook it is for.
HELD_FOR = timedelta(minutes=10)
HANDSHAKE_TAKES = timedelta(seconds=45)
_LIFE = ("created", "updated", "deleted")
_WITHOUT_DELETED = ("created", "updated")
_MATTER = ("matter_opened", "matter_pended", "matter_closed")
_BRACES = re.compile(r"\{[^}]*\}")
_NESTED = re.compile(r",?\b\w+\{[^}]*\}")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST_IDS = 100
MOST_ATTEMPTS = 7
_QUIET_SECONDS, _LONGEST_WAIT_SECONDS = 0.3, 2.0


def events_of(model: str) -> tuple[str, ...]:
    """Return the events Clio has for a model; sent explicitly, since what it takes by itself is not told."""
    if model == "clio_payments_payment":
        return _WITHOUT_DELETED
    return (*_LIFE, *_MATTER) if model == "matter" else _LIFE


def ways_to_ask(fields: str) -> Iterator[str]:
    """Yield the fields in the ways to try, one after the other: whether webhooks know braces is not told."""
    asked: set[str] = set()
    for way in (fields, _BRACES.sub("", fields), _NESTED.sub("", fields)):
        if way not in asked:
            asked.add(way)
            yield way


def address_hash(token: str) -> str:
    """Return what is stored of the last part of a webhook's address."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(url: str, *, base: str) -> str | None:
    """Return the last part of an address of ours; None for another application's."""
    start = base + PATH
    return url.removeprefix(start) if url.startswith(start) else None


def can_be_called(base: str, *, clio_host: str) -> bool:
    """Tell whether Clio could call us there: it wants https, and only a Clio on this machine reaches this machine."""
    mine, clio = urlsplit(base), urlsplit(clio_host)
    if mine.hostname in _LOOPBACK:
        return clio.hostname in _LOOPBACK
    return mine.scheme == "https"


def is_renewal_due(*, renewed_at: datetime | None, expires_at: datetime | None, now: datetime) -> bool:
    """Tell whether a webhook's life is to be prolonged: weekly, so that three renewals may fail before it ends."""
    if renewed_at is None or expires_at is None:
        return True
    return now - renewed_at >= RENEWED_AFTER or expires_at - now < LASTS - RENEWED_AFTER


def batch_size(attempts: int) -> int:
    """Return how many records are read together that failed so often: ever fewer, until the odd one is alone."""
    return max(MOST_IDS >> (2 * attempts), 1)


def is_ripe(*, waits_seconds: float, quiet_seconds: float) -> bool:
    """Tell whether a batch that is not full goes all the same: no announcement came for a moment, or it waited long."""
    return quiet_seconds >= _QUIET_SECONDS or waits_seconds >= _LONGEST_WAIT_SECONDS


def retry_after(attempts: int) -> timedelta:
    """Return how long a record waits whose reading failed once more: 15 s, a minute, 4, 16 ... minutes."""
    return timedelta(seconds=15 * 4**attempts)
