"""A circuit breaker per region of Clio, shared by every worker: while a region is down nobody keeps knocking.

It opens after failures in a row of whatever firm (time-outs, connection faults, 5xx). A status below 500 is an answer:
it closes the row, so one firm's refusals never open it. Once the pause is over one request goes through as a probe;
its success closes the breaker, its failure doubles the pause.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from apps.clio.errors import ClioRegionDown
from apps.clio.vendors.redis_scripts import Scripts

OPENS_AFTER = 12
_ROW_MS = 120_000  # failures further apart are no row
_FIRST_PAUSE_MS, _LONGEST_PAUSE_MS = 15_000, 300_000
_PROBE_MS = 75_000  # above what one request can take
_KEPT_MS = 3_600_000
_NOW = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'row', 'opens', 'pause', 'probe')
local row, opens = tonumber(kept[1]) or 0, tonumber(kept[2]) or 0
local pause, probe = tonumber(kept[3]) or 0, tonumber(kept[4]) or 0
"""
# ARGV: how long a probe may take. Answers: milliseconds to wait (0: go), failures in a row, whether this is a probe.
_ADMIT = f"""{_NOW}
if pause == 0 then return {{0, row, 0}} end
if now < opens then return {{opens - now, row, 0}} end
if now < probe then return {{probe - now, row, 0}} end
redis.call('HSET', KEYS[1], 'probe', now + tonumber(ARGV[1]))
return {{0, row, 1}}
"""
# ARGV: failures that open, first and longest pause, how long a row is remembered, how long an open one is kept.
# Answers: milliseconds the breaker is open from now on; 0 while it is closed.
_FAIL = f"""{_NOW}
row = row + 1
local keep = tonumber(ARGV[4])
if pause > 0 and now < opens then return opens - now end
if pause > 0 then pause = math.min(pause * 2, tonumber(ARGV[3]))
elseif row >= tonumber(ARGV[1]) then pause = tonumber(ARGV[2]) end
if pause > 0 then opens = now + pause probe = 0 keep = tonumber(ARGV[5]) end
redis.call('HSET', KEYS[1], 'row', row, 'opens', opens, 'pause', pause, 'probe', probe)
redis.call('PEXPIRE', KEYS[1], keep)
return pause
"""
_SUCCEED = "return redis.call('DEL', KEYS[1])"
# Answers: failures in a row, milliseconds until the next probe, the pause (0: closed).
_LOOK = f"{_NOW} return {{row, math.max(opens, probe) - now, pause}}"
_scripts = Scripts({"admit": _ADMIT, "fail": _FAIL, "succeed": _SUCCEED, "look": _LOOK})


@dataclass(frozen=True, slots=True)
class BreakerState:
    """How a region's breaker stands. probes_in_seconds: 0 when the next request may try."""

    is_open: bool
    failures_in_a_row: int
    probes_in_seconds: float


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave to send one request; after_failures: how many went wrong in a row before it."""

    after_failures: int


class Breaker:
    """The breaker of the region that answers at a host."""

    def __init__(self, host: str) -> None:
        self._key = f"{settings.REDIS_KEY_PREFIX}clio:breaker:{{{urlsplit(host).netloc}}}"

    def admit(self) -> Pass:
        """Let a request through. Raises ClioRegionDown while the breaker is open, VendorUnavailable without Redis."""
        wait_ms, row, _ = _scripts.run("admit", self._key, _PROBE_MS)
        if wait_ms > 0:
            raise ClioRegionDown(retry_after_seconds=wait_ms / 1000)
        return Pass(row)

    def note_answer(self, leave: Pass) -> None:
        """Clio answered, whatever it said: the row of failures ends."""
        if leave.after_failures:
            _scripts.run("succeed", self._key)

    def note_failure(self) -> bool:
        """Clio did not answer, or with a 5xx. Tell whether the breaker is open now."""
        pauses = (OPENS_AFTER, _FIRST_PAUSE_MS, _LONGEST_PAUSE_MS, _ROW_MS, _KEPT_MS)
        return bool(_scripts.run("fail", self._key, *pauses))

    def look(self) -> BreakerState:
        """Return how it stands, without changing anything."""
        row, wait_ms, pause = _scripts.run("look", self._key)
        return BreakerState(pause > 0, row, max(wait_ms, 0) / 1000 if pause > 0 else 0.0)
