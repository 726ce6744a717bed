"""Django's cache on the shared Redis, one server or a cluster; its being away is a miss, never an error of a request.

Reading answers the default, storing is given up. What the caller must know the outcome of still raises: `add`, `incr`,
`delete`, `delete_many` and `clear`.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from apps.core.shared_memory import RedisAway, ask, is_cluster, redis_client

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class SharedCache(RedisCache):
    """A drop-in for Django's RedisCache that a request survives."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ClusterCacheClient if is_cluster(server) else SharedCacheClient

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or the default also while Redis is away."""
        return _or_else(lambda: super(SharedCache, self).get(key, default, version), default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """Return what is known of these keys; nothing while Redis is away."""
        names = list(keys)
        nothing: dict[str, Any] = {}
        return _or_else(lambda: super(SharedCache, self).get_many(names, version), nothing) if names else nothing

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Tell whether the key is known."""
        return bool(_or_else(lambda: super(SharedCache, self).has_key(key, version), False))

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Store a value if Redis is there."""
        _or_else(lambda: super(SharedCache, self).set(key, value, timeout, version), None)

    def set_many(
        self, data: Mapping[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[str]:
        """Store several values; return the keys that could not be stored."""
        values = dict(data)
        return _or_else(lambda: super(SharedCache, self).set_many(values, timeout, version), list(values))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value longer; False when it is not there or Redis is away."""
        return bool(_or_else(lambda: super(SharedCache, self).touch(key, timeout, version), False))


class SharedCacheClient(RedisCacheClient):
    """Django's client, except that it keeps one client of Redis: making one anew costs more than asking it."""

    _serializer: Any
    _servers: list[str]

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """Return the process's client, which finds the node of a cluster by itself."""
        return redis_client(self._servers[0])


class ClusterCacheClient(SharedCacheClient):
    """The same over a cluster: what concerns several keys goes out one key at a time, in one trip per node."""

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        """Return the known values by key."""
        names = list(keys)
        values = self.get_client().mget_nonatomic(names)
        return {
            key: self._serializer.loads(value) for key, value in zip(names, values, strict=True) if value is not None
        }

    def set_many(self, data: Mapping[Any, Any], timeout: Any) -> None:
        """Store several values for so many seconds; 0 forgets them, None keeps them."""
        if timeout == 0:
            self.delete_many(data)
            return
        pipeline = self.get_client(write=True).pipeline()
        for key, value in data.items():
            pipeline.set(key, self._serializer.dumps(value), ex=timeout)
        pipeline.execute()

    def delete_many(self, keys: Iterable[Any]) -> None:
        """Forget several values."""
        pipeline = self.get_client(write=True).pipeline()
        for key in keys:
            pipeline.delete(key)
        pipeline.execute()

    def clear(self) -> bool:
        """Empty every node."""
        client = self.get_client(write=True)
        return bool(client.flushdb(target_nodes=client.PRIMARIES))


def _or_else(act: Callable[[], Answer], otherwise: Answer) -> Answer:
    try:
        return ask(act)
    except RedisAway as away:
        logger.warning("core.cache_away", extra={"error": away.cause})
        return otherwise
