"""Which tests may reach PostgreSQL or Redis, and that no other does; and which of the former `make test-pooled` runs.

A test may if it asks for the database by a parameter or a mark, or is marked `servers`. For every other one the ways
there are shut, in `make test` as well: Django's database (by pytest-django), psycopg2, Redis, and processes, which may
go anywhere. One marked `own_servers` may start processes, which know nothing of the suite's servers: a pool before
those changes nothing about it, so it runs once.
"""

import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import psycopg2
import pytest
from redis.connection import AbstractConnection

# Figures recomputed and added up, of many firms by the same statements; what the API sends for them, tests of it send.
_OF_FIGURES = Path(__file__).parent / "reports" / "services"
DATABASE_FIXTURES = {"db", "transactional_db"}


def may_reach(item: pytest.Item) -> bool:
    """Tell whether a test asked for the database or for servers."""
    marked = any(item.get_closest_marker(name) for name in ("django_db", "servers"))
    return marked or not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


def commits(item: pytest.Item) -> bool:
    """Tell whether a test asked for transactions of its own."""
    mark = item.get_closest_marker("django_db")
    return "transactional_db" in getattr(item, "fixturenames", ()) or bool(mark and mark.kwargs.get("transaction"))


def told_apart_by_a_pool(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Return the tests `make test-pooled` runs: those that can end differently behind a pool and on a cluster.

    All that commit, or use Redis or processes by themselves: their statements go to one server connection after the
    other. Any other test stands in one transaction, so on one server connection from its beginning to its end: a pool
    changes nothing about it but the settings of our side, and those show in whatever sends the same statements. Of its
    cases the first runs, unless it is marked `every_case`; of a module about figures (_OF_FIGURES) the first test.
    """
    seen: set[tuple[Path, str]] = set()
    kept = []
    for item in items:
        is_kept = commits(item) or any(item.get_closest_marker(name) for name in ("servers", "every_case"))
        if may_reach(item) and (is_kept or _like(item) not in seen):
            kept.append(item)
            seen.add(_like(item))
    return kept


def _like(item: pytest.Item) -> tuple[Path, str]:
    """Return what a test has in common with those that send the statements it sends."""
    is_of_figures = item.path.is_relative_to(_OF_FIGURES)
    return item.path, "" if is_of_figures else getattr(item, "originalname", item.name)


@contextmanager
def servers_if_asked(item: pytest.Item) -> Iterator[None]:
    """Shut the ways to servers inside the block, unless the test asked for them."""
    with pytest.MonkeyPatch.context() as patch:
        if not (may_reach(item) or item.get_closest_marker("own_servers")):
            for name in ("connect", "send_packed_command"):  # the second, where a connection is open already
                patch.setattr(AbstractConnection, name, _refusing("Redis"))
            patch.setattr(psycopg2, "connect", _refusing("PostgreSQL"))
            patch.setattr(subprocess.Popen, "__init__", _refusing("another process"))
        yield


def _refusing(what: str) -> Callable[..., NoReturn]:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError(
            f"A test that asked for no database reached for {what}: mark it `servers`, or test-pooled leaves it out."
        )

    return refuse
