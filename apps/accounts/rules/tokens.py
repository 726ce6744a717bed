"""Policy of sessions: how a presented refresh token relates to the one on record."""

from datetime import datetime, timedelta
from enum import Enum

RETRY_WINDOW = timedelta(seconds=10)


class Presented(Enum):
    """What a refresh token that is not the current one means."""

    RETRY = "retry"
    REUSE = "reuse"
    UNKNOWN = "unknown"


def judge_old_token(*, token_hash: str, previous_hash: str, rotated_at: datetime, now: datetime) -> Presented:
    """Tell an honest client's retry from a stolen token: the previous token is a retry for a few seconds only.

    Our signature vouches that every token of the session was once its current one, however many came since.
    """
    is_retry = token_hash == previous_hash and now - rotated_at <= RETRY_WINDOW
    return Presented.RETRY if is_retry else Presented.REUSE
