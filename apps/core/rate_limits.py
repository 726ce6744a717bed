"""How many requests a caller may make: one counter in Redis per caller and minute, raised in one atomic step.

Tiers and their numbers are settings. While Redis is away requests are served uncounted: a limit is not worth an outage.
Where a limit guards a secret, `count` tells that it could not count, and the caller falls back to the database.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.core.client_address import client_ip, network_of
from apps.core.errors import RateLimited
from apps.core.permissions import Principal
from apps.core.problems import plain_problem
from apps.core.scope import Role
from apps.core.shared_memory import RedisAway, ask

if TYPE_CHECKING:
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)
# One key, so it runs on any node of a cluster. Answers: the count, and milliseconds until it starts anew.
_COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}
"""
# Takes one off a count that still runs; a window that is over, or was never counted in, is left alone.
_GIVE_BACK = """
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count > 0 then redis.call('DECR', KEYS[1]) end
return count
"""
_STANDING = "RATE_LIMIT"


class Tier(StrEnum):
    """Who is counted how: settings.RATE_LIMITS has a number of requests per minute for each."""

    ANONYMOUS = "anonymous"
    PERSON = "person"
    KEY = "key"
    CONSULTANT = "consultant"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands in the current window."""

    limit: int
    window_seconds: int
    used: int
    resets_in_seconds: int

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.limit


def count(subject: str, *, limit: int, window_seconds: int) -> Standing | None:
    """Count one more try of a subject, such as `person:7`, and tell where it stands; None when Redis is away."""
    key = f"{settings.RATE_LIMIT_PREFIX}{{{subject}}}"

    def raise_counter() -> tuple[int, int]:
        # Django's cache decides between one server and a cluster; its client speaks to either.
        client = cache._cache.get_client(key, write=True)  # type: ignore[attr-defined]
        used, left_ms = client.eval(_COUNT, 1, key, window_seconds * 1000)
        return int(used), int(left_ms)

    try:
        used, left_ms = ask(raise_counter)
    except RedisAway as away:
        logger.warning("core.limits_uncounted", extra={"error": away.cause})
        return None
    return Standing(limit, window_seconds, used, ceil(max(left_ms, 0) / 1000))


def give_back(subject: str) -> None:
    """Take one try off a subject's count, which was `count`ed and turned out honest. While Redis is away it stays."""
    key = f"{settings.RATE_LIMIT_PREFIX}{{{subject}}}"

    def lower_counter() -> None:
        client = cache._cache.get_client(key, write=True)  # type: ignore[attr-defined]
        client.eval(_GIVE_BACK, 1, key)

    try:
        ask(lower_counter)
    except RedisAway as away:
        logger.warning("core.limits_uncounted", extra={"error": away.cause})


def charge(request: Request) -> None:
    """Count a request against its caller's tier, once per request. Raises RateLimited when the tier is used up."""
    meta = request._request.META
    if _STANDING in meta:
        return
    tier, subject = _tier(request)
    standing = meta[_STANDING] = count(f"{tier}:{subject}", limit=settings.RATE_LIMITS[tier], window_seconds=60)
    if standing is not None and standing.is_exceeded:
        raise RateLimited(
            f"At most {standing.limit} requests a minute.", retry_after_seconds=max(standing.resets_in_seconds, 1)
        )


def _tier(request: Request) -> tuple[Tier, str]:
    who: Any = request.user
    if not isinstance(who, Principal):
        return Tier.ANONYMOUS, network_of(client_ip(request._request))
    if who.api_key_id is not None:
        return Tier.KEY, str(who.api_key_id)
    if who.firm is not None and who.firm.role is Role.CONSULTANT:
        return Tier.CONSULTANT, str(who.user_id)
    return Tier.PERSON, str(who.user_id)


class WithinRateLimit(BasePermission):
    """The first permission of every view: before anything is looked up, the request is counted."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return True or raise RateLimited."""
        charge(request)
        return True


class RateLimitMiddleware:
    """Tell callers where they stand, and count refused credentials by address.

    The headers are those of the IETF draft `draft-ietf-httpapi-ratelimit-headers-06`: RateLimit-Limit, -Remaining,
    -Reset (seconds) and -Policy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 401 and _STANDING not in request.META:
            response = _count_refusal(request, response)
        standing = request.META.get(_STANDING)
        if isinstance(standing, Standing):
            response.headers["RateLimit-Limit"] = str(standing.limit)
            response.headers["RateLimit-Remaining"] = str(standing.remaining)
            response.headers["RateLimit-Reset"] = str(standing.resets_in_seconds)
            response.headers["RateLimit-Policy"] = f"{standing.limit};w={standing.window_seconds}"
        return response


def _count_refusal(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """A token that is refused never reaches the view, so it is counted here, as its address's request."""
    subject = f"{Tier.ANONYMOUS}:{network_of(client_ip(request))}"
    standing = request.META[_STANDING] = count(subject, limit=settings.RATE_LIMITS[Tier.ANONYMOUS], window_seconds=60)
    if standing is None or not standing.is_exceeded:
        return refused
    error = RateLimited(retry_after_seconds=max(standing.resets_in_seconds, 1))
    response = plain_problem(request, error, 429)
    response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response
