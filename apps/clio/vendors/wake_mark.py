"""A mark in Redis that a firm's reader was woken, so that a burst of deliveries wakes it once."""

import logging

from django.conf import settings
from django.core.cache import cache

from apps.core.shared_memory import RedisAway, ask

logger = logging.getLogger(__name__)
# Longer than a woken reader takes to come and clear the mark; should it never come, the next delivery wakes another.
_MARK_SECONDS = 5


def set_mark(firm_id: int) -> bool:
    """Set the mark and tell whether it was not there; without Redis it never is."""
    try:
        return bool(ask(lambda: cache.add(_key(firm_id), 1, timeout=_MARK_SECONDS)))
    except RedisAway:
        logger.warning("clio.wake_mark_unreachable")
        return True


def clear_mark(firm_id: int) -> None:
    """Take the mark away."""
    try:
        ask(lambda: cache.delete(_key(firm_id)))
    except RedisAway:
        logger.warning("clio.wake_mark_unreachable")


def _key(firm_id: int) -> str:
    return f"{settings.REDIS_KEY_PREFIX}clio:woken:{firm_id}"
