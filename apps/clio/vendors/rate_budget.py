"""Clio's requests per minute, shared by every worker of a firm: one counter in Redis, changed in one atomic step.

Clio counts per access token in windows of 60 seconds and tells limit, remainder and end of window with each answer
(clio-api.md 3). What it tells replaces what was assumed; emptying Redis costs at worst one 429.

A fifth of the window is kept for re-reads, which a webhook or a person waits for. While none waits it is lent to bulk
work; who re-reads, or announces that it will, is waiting from then on and for a few seconds after its last request.
"""

from dataclasses import dataclass

from django.conf import settings

from apps.clio.contracts import Purpose
from apps.clio.errors import ClioBudgetSpent
from apps.clio.vendors.redis_scripts import Scripts

_WINDOW_MS = 60_000
_KEPT_MS = 3_600_000
_WAITS_MS = 5_000
_CLOSE_ENOUGH_SECONDS = 1.5
_NOW = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'limit', 'used', 'ends', 'waits', 'shut')
local limit, used, ends = tonumber(kept[1]), tonumber(kept[2]) or 0, tonumber(kept[3]) or 0
local waits, shut = tonumber(kept[4]) or 0, tonumber(kept[5]) or 0
if now >= ends then used = 0 ends = now + tonumber(ARGV[1]) end
"""
_SAVE = """
redis.call('HSET', KEYS[1], 'limit', limit, 'used', used, 'ends', ends, 'waits', waits, 'shut', shut)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
# ARGV: window, keep, limit to begin with, how long a re-read counts as waiting (0: this is bulk work).
# Answers: passed, remaining, limit, milliseconds to the window's end, milliseconds to wait if it did not pass.
_TAKE = f"""{_NOW}
limit = limit or tonumber(ARGV[3])
local counts, mine, wait = tonumber(ARGV[4]), limit, ends - now
if counts == 0 and now < waits then
    local reserve = math.floor(limit / 5)
    if reserve == 0 and limit > 1 then reserve = 1 end
    mine = limit - reserve
    if used < limit then wait = math.min(wait, waits - now) end
end
local passed = 0
if used < mine then used = used + 1 passed = 1 end
if counts > 0 then waits = math.max(waits, (passed == 1 and now or ends) + counts) end
{_SAVE}
return {{passed, limit - used, limit, ends - now, wait}}
"""
# ARGV: window, keep, limit, remaining, milliseconds to the window's end as told (0: not told). An answer that was on
# its way when another one was a 429 does not open what that one closed.
_LEARN = f"""{_NOW}
limit = tonumber(ARGV[3])
local told, left = limit - tonumber(ARGV[4]), tonumber(ARGV[5])
if left > 0 and now + left > ends + 2000 then used = told elseif told > used then used = told end
if left > 0 then ends = now + math.min(left, tonumber(ARGV[1])) end
if now < shut then used = limit ends = math.max(ends, shut) end
{_SAVE}
"""
# ARGV: window, keep, limit if unknown, milliseconds to wait.
_CLOSE = f"""{_NOW}
limit = limit or tonumber(ARGV[3])
used = limit
shut = math.max(shut, now + tonumber(ARGV[4]))
ends = shut
{_SAVE}
"""
# ARGV: window, keep, limit if unknown, how long a re-read counts as waiting.
_ANNOUNCE = f"""{_NOW}
limit = limit or tonumber(ARGV[3])
waits = math.max(waits, now + tonumber(ARGV[4]))
{_SAVE}
"""
# ARGV: window, keep, limit to begin with. Answers: limit, remaining, milliseconds to the window's end.
_LOOK = f"{_NOW} limit = limit or tonumber(ARGV[3]) return {{limit, math.max(limit - used, 0), ends - now}}"
_scripts = Scripts({"look": _LOOK, "take": _TAKE, "learn": _LEARN, "close": _CLOSE, "announce": _ANNOUNCE})


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
        self._key = f"{settings.REDIS_KEY_PREFIX}clio:budget:{{{name}}}"
        self._begins_with = begins_with

    def take(self, purpose: Purpose = Purpose.BULK) -> Told:
        """Use one request; return what Clio will tell with its answer if nobody else uses the token.

        Raises ClioBudgetSpent until there is one again, VendorUnavailable without Redis.
        """
        counts = _WAITS_MS if purpose is Purpose.REREAD else 0
        passed, remaining, limit, ends_in_ms, wait_ms = self._run("take", self._begins_with, counts)
        if not passed:
            raise ClioBudgetSpent(wait_seconds=max(wait_ms, 1) / 1000)
        return Told(limit, remaining, ends_in_ms / 1000)

    def look(self) -> Told:
        """Return how it stands, without using anything. Raises VendorUnavailable without Redis."""
        limit, remaining, ends_in_ms = self._run("look", self._begins_with)
        return Told(limit, remaining, ends_in_ms / 1000)

    def announce_reread(self) -> None:
        """Let bulk work leave the reserve alone from now on: a re-read is about to begin."""
        self._run("announce", self._begins_with, _WAITS_MS)

    def learn(self, told: Told, *, expected: Told | None = None) -> None:
        """Adopt what Clio told; nothing is sent to Redis while it is what was expected.

        A limit below 1 is no limit of Clio's and would close the budget for ever: it is not believed.
        """
        if told.limit < 1 or (expected is not None and told.agrees_with(expected)):
            return
        left = 0 if told.resets_in_seconds is None else max(int(told.resets_in_seconds * 1000), 1)
        self._run("learn", told.limit, told.remaining, left)

    def close_for(self, seconds: float) -> None:
        """Let nothing pass for a while: Clio answered 429."""
        self._run("close", self._begins_with, max(int(seconds * 1000), 1))

    def _run(self, script: str, *arguments: int) -> list[int]:
        answer: list[int] = _scripts.run(script, self._key, _WINDOW_MS, _KEPT_MS, *arguments)
        return answer
