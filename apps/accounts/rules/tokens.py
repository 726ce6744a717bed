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
    """Tell an honest client's retry from a stolen token: the previous token is a retry for a few seconds only."""
    if token_hash != previous_hash or not previous_hash:
        return Presented.UNKNOWN
    return Presented.RETRY if now - rotated_at <= RETRY_WINDOW else Presented.REUSE
