"""The ground every test stands on: real PostgreSQL behind the tenant wall, real Redis, no way out to the network.

Migrations run as the owner of the tables, tests as the application's ordinary role; otherwise every test of the wall
would pass by accident.
"""

import os
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

import smarterfirms.celery  # noqa: F401 - makes our Celery application the current one, as in every process
from apps.core.database_owner import owner_connection
from tests.session_state import IS_POOLED, end_pooled_sessions, watch_statements

# The longest first: were one of them the last, every other core would wait for it.
_LONG_FIRST = (
    "notifications/test_chaos.py",
    "clio/test_killed_worker.py",
    "reports/services/test_overview_recomputed.py",
    "core/jobs/test_real_workers.py",
    "smarterfirms/test_embedded.py",
    "clio/services/test_sync_firm.py",
    "reports/services/test_rebuild_ledger.py",
)
_HERE = Path(__file__).parent
# These prove the pool itself and say nothing without one: `make test-pooled`.
collect_ignore = [] if IS_POOLED else ["pooled"]


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Create the test database as the owner, then use it as the application."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    connection.settings_dict["TEST"]["NAME"] = f"test_smarterfirms_{worker}_{os.getpid()}"
    with django_db_blocker.unblock(), owner_connection():
        created = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
        with connection.cursor() as cursor:
            # Tests that commit clean up by TRUNCATE; nobody else may.
            cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO smarterfirms_app")
    watch_statements()
    yield
    if IS_POOLED:
        connection.close()
        left_behind = end_pooled_sessions(connection.settings_dict)
        assert not any(left_behind.values()), left_behind
    with django_db_blocker.unblock(), owner_connection():
        teardown_databases(created, verbosity=0)


@pytest.fixture(autouse=True)
def _an_ordinary_role(request: pytest.FixtureRequest) -> None:
    """Refuse to test the wall from above it."""
    if request.node.get_closest_marker("django_db") is None and "db" not in request.fixturenames:
        return
    request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


@pytest.fixture(autouse=True)
def _fresh_settings(settings: Any, tmp_path: Any) -> None:
    """Messages of a test go to its own outbox, and its requests are counted on their own."""
    settings.RATE_LIMIT_PREFIX = f"test:{uuid.uuid4()}:"
    settings.ENTRY_LIMITS = {"network": (1000, 60), "account": (1000, 900)}  # the lock-out is tested behind them
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.EMAIL_FILE_PATH = str(tmp_path / "outbox" / "email")


@pytest.fixture
def clean_cache(settings: Any) -> None:
    """A cache nobody has used: keys of its own, because emptying Redis would empty other tests' too."""
    settings.REDIS_KEY_PREFIX = f"test:{uuid.uuid4().hex}:"
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"{settings.REDIS_KEY_PREFIX}cache"}}


@pytest.fixture
def cast(db: None) -> Any:
    """The people of every test: see tests.accounts.factories.Cast."""
    from tests.accounts.factories import make_cast

    return make_cast()


@pytest.fixture
def api() -> Callable[[Any], APIClient]:
    """Return a client signed in as a person: `api(cast.owner).get(...)`; `api(None)` is nobody."""
    from tests.accounts.factories import signed_in_client

    return signed_in_client


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files into the order in which processes take them: the long ones, then by how many tests they hold."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    sizes = Counter(item.path for item in items)
    rank = {_HERE / name: number for number, name in enumerate(_LONG_FIRST)}
    items.sort(key=lambda item: (rank.get(item.path, len(rank)), -sizes[item.path], str(item.path)))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no server behind that these tests started."""
    if settings.configured and settings.USES_EMBEDDED_SERVERS:
        from smarterfirms import embedded

        embedded.release(settings.VAR_DIR)
