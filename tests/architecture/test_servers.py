"""What `make test-pooled` leaves out can reach no server: tests/servers.py sees to it in every test."""

import subprocess
import sys
from collections.abc import Callable

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from apps.core.shared_memory import redis_client
from tests.servers import may_reach

_EMPTY_PROCESS = [sys.executable, "-c", "pass"]


@pytest.mark.parametrize(
    "reach",
    [
        lambda: cache.set("key", 1),
        lambda: redis_client(settings.CACHE_URL).set("key", 1),
        lambda: psycopg2.connect(dbname="smarterfirms"),
        lambda: subprocess.run(_EMPTY_PROCESS, check=True),
        lambda: connection.cursor(),
    ],
)
def test_a_test_that_asked_for_nothing_reaches_no_server(request: pytest.FixtureRequest, reach: Callable[[], object]):
    assert not may_reach(request.node)

    with pytest.raises((AssertionError, RuntimeError), match="mark"):
        reach()


@pytest.mark.servers
def test_one_that_is_marked_does(request: pytest.FixtureRequest):
    assert may_reach(request.node)

    assert subprocess.run(_EMPTY_PROCESS, check=True).returncode == 0


def test_one_that_asks_for_the_database_through_a_fixture_may(request: pytest.FixtureRequest, cast: object):
    assert may_reach(request.node)
    assert connection.cursor()
