"""How long a reset of a lost second factor waits, so that whoever it is not from can object."""

from datetime import timedelta

DELAY = timedelta(hours=48)
# Where nobody else could object for the firm: long enough for a mail to be read on a week's holiday.
DELAY_OF_ONLY_OWNER = timedelta(days=7)
# After the delay staff have this long to approve; then the person asks anew.
APPROVAL_WITHIN = timedelta(days=14)
SHORTEST_REASON = 10


def delay_of(*, is_only_owner: bool) -> timedelta:
    """Return how long a request waits at least."""
    return DELAY_OF_ONLY_OWNER if is_only_owner else DELAY
