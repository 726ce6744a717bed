"""How many tries of a password or code are free, and how long the door stays shut after that."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class TryPolicy:
    """free: tries before the first lock. first_lock: doubled with every further try, up to longest_lock.

    forgotten_after: a calm this long starts the count anew.
    """

    free: int
    first_lock: timedelta
    longest_lock: timedelta
    forgotten_after: timedelta


# Five guesses, then 30 s, 1, 2, 4 ... minutes up to an hour: about 30 guesses a day, against 20,000 common passwords.
PASSWORD_TRIES = TryPolicy(5, timedelta(seconds=30), timedelta(hours=1), timedelta(days=1))
# A six-digit code: about 30 guesses a day leave a chance of 1 in 10,000 a day with three codes valid at a time.
FACTOR_TRIES = TryPolicy(5, timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
# Text messages cost money, and pumping them is a business: per person, number, thousand numbers in a row, address and
# network. A code that comes back right is given back, so these count messages nobody answered.
SMS_TO_PERSON = TryPolicy(4, timedelta(minutes=5), timedelta(hours=12), timedelta(hours=12))
SMS_TO_NUMBER = TryPolicy(4, timedelta(minutes=5), timedelta(hours=12), timedelta(hours=12))
SMS_TO_RANGE = TryPolicy(20, timedelta(minutes=15), timedelta(hours=12), timedelta(hours=12))
SMS_FROM_PLACE = TryPolicy(20, timedelta(minutes=5), timedelta(hours=12), timedelta(hours=12))
SMS_FROM_NETWORK = TryPolicy(100, timedelta(minutes=5), timedelta(hours=12), timedelta(hours=12))
# Whoever answers them can still be paid for receiving them: so many a day and number, right or not.
SMS_A_DAY = TryPolicy(30, timedelta(hours=12), timedelta(hours=24), timedelta(days=2))
# Nobody's mailbox is filled with our links: after a few an hour the rest are dropped without a word.
MAILS_TO_ADDRESS = TryPolicy(5, timedelta(minutes=15), timedelta(hours=12), timedelta(hours=12))
# Links for a forgotten password count apart and less long: who is locked out by somebody's guessing gets in by them.
RESET_MAILS = TryPolicy(5, timedelta(minutes=15), timedelta(hours=1), timedelta(hours=12))
# Each wish to change an address writes to two mailboxes, and each lost second factor to a whole firm's owners.
EMAIL_CHANGES = TryPolicy(5, timedelta(minutes=15), timedelta(hours=12), timedelta(hours=12))
FACTOR_RESETS = TryPolicy(3, timedelta(hours=12), timedelta(days=7), timedelta(days=7))


def lock_after(tries: int, policy: TryPolicy) -> timedelta | None:
    """Return how long the door stays shut after this many tries, or None while tries are free."""
    beyond = tries - policy.free
    if beyond < 0:
        return None
    doubled: int = 2 ** min(beyond, 20)
    return min(policy.first_lock * doubled, policy.longest_lock)
