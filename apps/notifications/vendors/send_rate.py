"""How fast messages go out, all workers together: one clock per channel in Redis, moved in one atomic step.

Redis being away must not stop messages: then each worker process keeps the pace by itself.
"""

import logging
import time
from threading import Lock

from django.conf import settings

from apps.core.shared_memory import RedisAway, ask, redis_script

logger = logging.getLogger(__name__)
# A worker waits this long for its turn; who would wait longer gives the message back.
LONGEST_WAIT_SECONDS = 2.0
# The next free instant is kept as microseconds. Answers: microseconds to wait, negative when no turn was taken.
_TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local wait = free - now
if wait > tonumber(ARGV[2]) then return -wait end
redis.call('SET', KEYS[1], string.format('%.0f', free + tonumber(ARGV[1])), 'PX', 60000)
return wait
"""


def take_turn(channel: str) -> float:
    """Take the next turn of a channel; return how many seconds to wait for it.

    Above LONGEST_WAIT_SECONDS no turn was taken: come back after that time.
    """
    interval = 1 / settings.SENDS_PER_SECOND[channel]
    key = f"{settings.REDIS_KEY_PREFIX}notifications:turn:{channel}"
    arguments = [int(interval * 1e6), int(LONGEST_WAIT_SECONDS * 1e6)]
    try:
        answer = int(ask(lambda: redis_script(settings.CACHE_URL, _TAKE)(keys=[key], args=arguments)))
    except RedisAway as away:
        logger.warning("notifications.rate_by_itself", extra={"channel": channel, "error": away.cause})
        return _own_pace.take(channel, interval)
    return abs(answer) / 1e6


class _OwnPace:
    """The same clock for this process alone."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._free: dict[str, float] = {}

    def take(self, channel: str, interval: float) -> float:
        with self._lock:
            now = time.monotonic()
            free = max(self._free.get(channel, 0.0), now)
            if free - now <= LONGEST_WAIT_SECONDS:
                self._free[channel] = free + interval
            return free - now


_own_pace = _OwnPace()
