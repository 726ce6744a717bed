"""Count a try before it is judged, so that fifty at once are no more than five in a row."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F

from apps.accounts.errors import SignInLocked
from apps.accounts.models import TryCounter
from apps.accounts.rules.lockout import TryPolicy, lock_after
from apps.core.encryption import keyed_digest
from apps.core.tenancy import knowing_address

_COUNT = """
INSERT INTO accounts_trycounter AS counter (digest, tries, last_tried_at) VALUES (%(digest)s, 1, %(now)s)
ON CONFLICT (digest) DO UPDATE
    SET tries = CASE WHEN counter.last_tried_at < %(calm)s THEN 1 ELSE counter.tries + 1 END, last_tried_at = %(now)s
    WHERE counter.locked_until IS NULL OR counter.locked_until <= %(now)s
RETURNING tries
"""


@dataclass(frozen=True, slots=True)
class Try:
    """A counted try. tries: this one included. locks_until: set when the door shuts behind this try if it fails."""

    subject: str
    tries: int
    locks_until: datetime | None
    is_first_lock: bool


def take_try(*, subject: str, policy: TryPolicy, now: datetime) -> Try:
    """Count one try under a subject (`password:ada@example.com`) and commit. Raises SignInLocked while it is shut.

    Call it before judging the try, and `forget_tries` when the try was right.
    """
    digest = keyed_digest(subject)
    with knowing_address(digest), connection.cursor() as cursor:
        cursor.execute(_COUNT, {"digest": digest, "now": now, "calm": now - policy.forgotten_after})
        row: tuple[int] | None = cursor.fetchone()
        lock = lock_after(row[0], policy) if row else None
        if lock is not None:
            TryCounter.objects.filter(digest=digest).update(locked_until=now + lock)
        shut = None if row else TryCounter.objects.values_list("locked_until", flat=True).get(digest=digest)
    if row is None:
        seconds = max(1, int((shut - now).total_seconds()) if shut else 1)
        raise SignInLocked("Wait a while before you try again.", retry_after_seconds=seconds)
    return Try(subject, row[0], now + lock if lock else None, row[0] == policy.free)


def is_allowed(*, subject: str, policy: TryPolicy, now: datetime) -> bool:
    """Count one try and tell whether it may go ahead, for whom nobody waits for a refusal."""
    try:
        take_try(subject=subject, policy=policy, now=now)
    except SignInLocked:
        return False
    return True


def forget_tries(*, subject: str) -> None:
    """Start the count anew: somebody proved to be who they say."""
    digest = keyed_digest(subject)
    with knowing_address(digest):
        TryCounter.objects.filter(digest=digest).delete()


def give_back_try(*, subject: str, opens_below: int = 0) -> None:
    """Take one try off a count that others share: this one was honest.

    opens_below: with fewer tries than that left, no other one shut the door, so it opens again; otherwise a lock that
    is on stays on.
    """
    digest = keyed_digest(subject)
    with knowing_address(digest):
        TryCounter.objects.filter(digest=digest, tries__gt=0).update(tries=F("tries") - 1)
        TryCounter.objects.filter(digest=digest, tries__lt=opens_below).update(locked_until=None)


def forget_old_tries() -> int:
    """Remove counts nobody added to for two days (the database shows no others here); return how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_trycounter WHERE last_tried_at < now() - interval '2 days'")
        removed: int = cursor.rowcount
    return removed
