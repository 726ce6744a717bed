"""The Redis that all processes share for caching and counting: one server, or a cluster where CACHE_URL says so.

It is a convenience: losing it loses nothing but time. Whoever asks it goes through `ask`, which tells when it is away.
Every key stands alone or carries a {tag}, because a cluster refuses what touches two of its nodes. Celery's broker is
another role and never a cluster (CELERY_BROKER_URL).
"""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.commands.core import Script
from redis.exceptions import RedisClusterException, RedisError
from redis.exceptions import TimeoutError as RedisTimeout
from redis.retry import Retry

Answer = TypeVar("Answer")
# The client of a cluster has a root of its own for what stops it as a whole.
REDIS_FAULTS = (RedisError, RedisClusterException)
CLUSTER_SUFFIX = "+cluster"
TIMEOUT_SECONDS = 1.0
_PAUSE_SECONDS = 5.0


class RedisAway(Exception):
    """Redis could not be asked; `cause` names the kind of fault."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class _Pause:
    """After a fault that costs time this process leaves Redis alone for a moment, so that not every request waits."""

    until = 0.0


def ask(act: Callable[[], Answer]) -> Answer:
    """Do something that needs Redis and return its answer. Raises RedisAway, at once while Redis was away just now."""
    if time.monotonic() < _Pause.until:
        raise RedisAway("Pause")
    try:
        return act()
    except REDIS_FAULTS as error:
        if isinstance(error, RedisTimeout | RedisClusterException):
            _Pause.until = time.monotonic() + _PAUSE_SECONDS
        raise RedisAway(type(error).__name__) from error


@lru_cache(maxsize=8)
def redis_client(url: str, timeout_seconds: float = TIMEOUT_SECONDS) -> Redis | RedisCluster:
    """Return this process's client for an address; `redis+cluster://` and `rediss+cluster://` name a node of a cluster.

    It is safe to share between threads and after a fork. A cluster is looked up here. Raises one of REDIS_FAULTS.
    """
    options: dict[str, Any] = {"socket_timeout": timeout_seconds, "socket_connect_timeout": timeout_seconds}
    if not is_cluster(url):
        return Redis.from_url(url, **options)
    # One more try after the cluster's map was read anew; the default would keep a request waiting for a minute.
    return RedisCluster.from_url(url.replace(CLUSTER_SUFFIX, "", 1), retry=Retry(NoBackoff(), 1), **options)


@lru_cache(maxsize=32)
def redis_script(url: str, text: str, timeout_seconds: float = TIMEOUT_SECONDS) -> Script:
    """Return a Lua script to call with `keys` and `args`; all its keys must lie in one slot. Raises as redis_client."""
    return redis_client(url, timeout_seconds).register_script(text)


def is_cluster(url: str) -> bool:
    """Tell whether an address names a cluster."""
    return url.partition("://")[0].endswith(CLUSTER_SUFFIX)
