"""What `make test-pooled` leaves out can reach no server: tests/servers.py sees to it in every test."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from apps.core.shared_memory import redis_client
from tests.servers import may_reach, told_apart_by_a_pool

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


DATABASE = pytest.mark.django_db
COMMITS = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("mark", "kept"),
    [
        (None, []),
        (DATABASE, ["test_a[1]", "test_b[1]"]),
        (COMMITS, ["test_a[1]", "test_a[2]", "test_b[1]", "test_b[2]"]),
        (pytest.mark.servers, ["test_a[1]", "test_a[2]", "test_b[1]", "test_b[2]"]),
        (pytest.mark.every_case, []),
    ],
)
def test_a_pool_runs_each_test_once_and_what_commits_with_all_its_cases(request, mark, kept):
    assert [item.name for item in told_apart_by_a_pool(_items(request, mark))] == kept


def test_cases_that_are_routes_run_all(request):
    items = _items(request, DATABASE)
    items[0].add_marker(pytest.mark.every_case)
    items[1].add_marker(pytest.mark.every_case)

    assert [item.name for item in told_apart_by_a_pool(items)] == ["test_a[1]", "test_a[2]", "test_b[1]"]


def test_of_figures_a_pool_runs_one_test_of_each_module_and_what_commits(request):
    items = _items(request, DATABASE)
    items[3].add_marker(COMMITS, append=False)
    for item in items:
        item.path = Path(__file__).parents[1] / "reports" / "services" / "test_figures.py"

    assert [item.name for item in told_apart_by_a_pool(items)] == ["test_a[1]", "test_b[2]"]


def _items(request: pytest.FixtureRequest, mark: pytest.MarkDecorator | None) -> list[pytest.Function]:
    """Two tests of two cases each, as pytest collects them."""
    found = []
    for name, case in (("test_a", 1), ("test_a", 2), ("test_b", 1), ("test_b", 2)):
        item = pytest.Function.from_parent(
            request.node.parent, name=f"{name}[{case}]", originalname=name, callobj=lambda: None
        )
        if mark is not None:
            item.add_marker(mark)
        found.append(item)
    return found
