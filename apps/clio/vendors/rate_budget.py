"""Clio's requests per minute, shared by every worker of a firm: one counter in Redis, changed in one atomic step.

Clio counts per access token in windows of 60 seconds and tells limit, remainder and end of window with each answer
(clio-api.md 3). What it tells replaces what was assumed; emptying Redis costs at worst one 429.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from apps.clio.errors import ClioBudgetSpent
from apps.core.errors import VendorUnavailable
from apps.core.shared_memory import REDIS_FAULTS, redis_script

_WINDOW_MS = 60_000
_KEPT_MS = 3_600_000
_TIMEOUT_SECONDS = 5.0  # no person waits here, and without the budget nothing may be sent
_CLOSE_ENOUGH_SECONDS = 1.5
_NOW = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'limit', 'used', 'ends')
local limit, used, ends = tonumber(kept[1]), tonumber(kept[2]) or 0, tonumber(kept[3]) or 0
if now >= ends then used = 0 ends = now + tonumber(ARGV[1]) end
"""
_SAVE = """
redis.call('HSET', KEYS[1], 'limit', limit, 'used', used, 'ends', ends)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
# ARGV: window, keep, limit to begin with. Answers: passed, remaining, limit, milliseconds to the window's end.
_TAKE = f"""{_NOW}
limit = limit or tonumber(ARGV[3])
local passed = 0
if used < limit then used = used + 1 passed = 1 end
{_SAVE}
return {{passed, limit - used, limit, ends - now}}
"""
# ARGV: window, keep, limit, remaining, milliseconds to the window's end as told (0: not told).
_LEARN = f"""{_NOW}
limit = tonumber(ARGV[3])
local told, left = limit - tonumber(ARGV[4]), tonumber(ARGV[5])
if left > 0 and now + left > ends + 2000 then used = told elseif told > used then used = told end
if left > 0 then ends = now + math.min(left, tonumber(ARGV[1])) end
{_SAVE}
"""
# ARGV: window, keep, limit if unknown, milliseconds to wait.
_CLOSE = f"""{_NOW}
limit = limit or tonumber(ARGV[3])
used = limit
ends = now + tonumber(ARGV[4])
{_SAVE}
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer's headers say; seconds until the window ends, None where the header is missing."""

    limit: int
    remaining: int
    resets_in_seconds: float | None

    def agrees_with(self, other: "Told") -> bool:
        """Tell whether both say the same; the end of the window is told in whole seconds."""
        ends = (self.resets_in_seconds or 0.0, other.resets_in_seconds or 0.0)
        same_end = self.resets_in_seconds is None or abs(ends[0] - ends[1]) < _CLOSE_ENOUGH_SECONDS
        return same_end and (self.limit, self.remaining) == (other.limit, other.remaining)


class RateBudget:
    """The budget of one connection. `begins_with`: requests per window until Clio has told its limit."""

    def __init__(self, name: str, *, begins_with: int) -> None:
        self._key = f"{settings.REDIS_KEY_PREFIX}clio:budget:{name}"
        self._begins_with = begins_with
        self._expected: Told | None = None

    def take(self) -> None:
        """Use one request. Raises ClioBudgetSpent until the window ends, VendorUnavailable without Redis."""
        passed, remaining, limit, ends_in_ms = self._run(_TAKE, self._begins_with)
        if not passed:
            raise ClioBudgetSpent(wait_seconds=ends_in_ms / 1000)
        self._expected = Told(limit, remaining, ends_in_ms / 1000)

    def learn(self, told: Told) -> None:
        """Adopt what Clio told; nothing is sent to Redis while it is what was expected.

        A limit below 1 is no limit of Clio's and would close the budget for ever: it is not believed.
        """
        if told.limit < 1:
            return
        if self._expected is not None and told.agrees_with(self._expected):
            return
        left = 0 if told.resets_in_seconds is None else max(int(told.resets_in_seconds * 1000), 1)
        self._run(_LEARN, told.limit, told.remaining, left)

    def close_for(self, seconds: float) -> None:
        """Let nothing pass for a while: Clio answered 429."""
        self._run(_CLOSE, self._begins_with, max(int(seconds * 1000), 1))

    def _run(self, script: str, *arguments: int) -> Any:
        try:
            call = redis_script(settings.CACHE_URL, script, _TIMEOUT_SECONDS)
            return call(keys=[self._key], args=[_WINDOW_MS, _KEPT_MS, *arguments])
        except REDIS_FAULTS as error:
            raise VendorUnavailable("The shared request budget cannot be reached.") from error
