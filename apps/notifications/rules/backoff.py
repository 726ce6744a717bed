"""When a delivery that failed is tried again, and when it is given up."""

# Twelve tries span between two and four hours: a vendor may be away for one.
MOST_ATTEMPTS = 12
_FIRST_SECONDS, _LONGEST_SECONDS = 15, 3600
# Longer than one mail can take (a connection and an answer are bounded by 13 s), so nobody claims a mail being sent.
LEASE_SECONDS = 120


def retry_delay_seconds(attempts: int, *, jitter: float) -> float:
    """Return how long to wait after the given number of tries.

    jitter: 0 to 1, spreads those who failed together.
    """
    backoff: int = min(_FIRST_SECONDS * 2 ** (attempts - 1), _LONGEST_SECONDS)
    return backoff * (0.5 + jitter / 2)
