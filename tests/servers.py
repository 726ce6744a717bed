"""Which tests may reach PostgreSQL or Redis, and that no other does: `make test-pooled` runs the former alone.

A test may if it asks for the database by a parameter or a mark, or is marked `servers`. For every other one the ways
there are shut, in `make test` as well: Django's database (by pytest-django), psycopg2, Redis, and processes, which may
go anywhere. One marked `own_servers` may start processes, which know nothing of the suite's servers: a pool before
those changes nothing about it, so it runs once.
"""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import psycopg2
import pytest
from redis.connection import AbstractConnection

DATABASE_FIXTURES = {"db", "transactional_db"}


def may_reach(item: pytest.Item) -> bool:
    """Tell whether a test asked for the database or for servers."""
    marked = any(item.get_closest_marker(name) for name in ("django_db", "servers"))
    return marked or not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


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
