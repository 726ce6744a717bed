"""The ground every test stands on: real PostgreSQL behind the tenant wall, real Redis, no way out to the network.

Migrations run as the owner of the tables, tests as the application's ordinary role; otherwise every test of the wall
would pass by accident.
"""

import gc
import os
import uuid
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.test.utils import override_settings, setup_databases, teardown_databases
from hypothesis import HealthCheck
from hypothesis import settings as examples
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

import smarterfirms.celery  # noqa: F401 - makes our Celery application the current one, as in every process
from apps.core.database_owner import owner_connection
from smarterfirms import settings as as_written
from tests.database import copy_migrated_database, empty_written_tables
from tests.servers import DATABASE_FIXTURES, commits, may_reach, servers_if_asked, told_apart_by_a_pool
from tests.session_state import IS_POOLED, end_pooled_sessions, watch_statements

# How long an example takes to draw or to run tells of the machine, not of the code. The suite draws the same examples
# in each run: what refuses a change must be the change. `--hypothesis-profile search` looks for others, and for many.
examples.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, max_examples=300
)
examples.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=20_000)
examples.load_profile("suite")
# The longest first: were one of them the last, every other core would wait for it. The second asks for no database, so
# that the second process has work while the first migrates the one to copy.
_LONG_FIRST = (
    "clio/faithful/test_faithful.py",
    "notifications/test_chaos.py",
    "smarterfirms/test_embedded.py",
    "clio/services/test_reconcile_firm.py",
    "clio/test_killed_worker.py",
    "clio/services/test_sync_firm.py",
    "core/jobs/test_real_workers.py",
    "reports/services/test_work_and_cash_recomputed.py",
    "clio/services/test_read_lists.py",
    "clio/services/test_grant_life.py",
    "clio/test_killed_comparison.py",
    "clio/test_sync_command.py",
    "accounts/services/test_own_account_races.py",
    "reports/services/test_overview_recomputed.py",
    "reports/services/test_rebuild_ledger.py",
    "reports/services/test_two_hundred_firms.py",
    "reports/services/test_explained_rows.py",
    "reports/services/test_positions_recomputed.py",
    "reports/services/test_facts.py",
    "reports/services/test_closed_months.py",
    "reports/services/test_rebuild_by_parts.py",
    "reports/services/test_as_reported_recomputed.py",
    "reports/services/test_forecast_recomputed.py",
    "reports/services/test_adjustments.py",
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
    name = connection.settings_dict["TEST"]["NAME"] = f"test_smarterfirms_{worker}_{os.getpid()}"
    with django_db_blocker.unblock(), owner_connection():
        copy_migrated_database(name)
        created = setup_databases(verbosity=0, interactive=False, keepdb=True, serialized_aliases=set())
    watch_statements()
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", empty_written_tables)
    yield
    patch.undo()
    if IS_POOLED:
        connection.close()
        left_behind = end_pooled_sessions(connection.settings_dict)
        assert not any(left_behind.values()), left_behind
    with django_db_blocker.unblock(), owner_connection():
        teardown_databases(created, verbosity=0)


@pytest.fixture(scope="module")
def around_module(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Hold a transaction open around the tests of a module, for what `tests.standing` makes; none may commit."""
    committing = [item.nodeid for item in request.session.items if item.path == request.path and commits(item)]
    assert not committing, f"What stands for a module is not committed, so these would wait for it: {committing}"
    # As Django says of the transaction of a test: what must be outermost may begin inside.
    around: Any = transaction.atomic()
    around._from_testcase = True
    with django_db_blocker.unblock():
        around.__enter__()
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(scope="session", autouse=True)
def _cheap_where_nobody_looks() -> Iterator[None]:
    """Hash passwords quickly, and find static files when asked for them: each test client would else find them all."""
    with override_settings(PASSWORD_HASHERS=["tests.accounts.quick_hasher.QuickHasher"], WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture
def production_hasher(settings: Any) -> None:
    """Hash as production does: for tests about hashing, and for races that a slow hash draws out."""
    settings.PASSWORD_HASHERS = as_written.PASSWORD_HASHERS


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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run make up more firms than the suite does."""
    parser.addoption("--firms", type=int, default=0, help="firms for every test marked generated, instead of its few")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test marked `generated(first, few)` the seeds of its firms; a pool needs one: it is the same firms."""
    mark = metafunc.definition.get_closest_marker("generated")
    if mark:
        first, few = mark.args
        count = metafunc.config.getoption("--firms") or (1 if IS_POOLED else few)
        metafunc.parametrize("seed", range(first, first + count))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Keep servers out of reach of fixtures that did not ask for them; taking down may close what others opened."""
    with servers_if_asked(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Keep servers out of reach of a test that did not ask for them."""
    with servers_if_asked(item):
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
    """Refuse a database that is asked for while the test runs: nobody could have known."""
    if fixturedef.argname in DATABASE_FIXTURES and not may_reach(request.node):
        pytest.fail("Ask for the database by a parameter or a mark, not by getfixturevalue.")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a pool cannot change; order files as processes take them: long ones first, then by their tests."""
    if IS_POOLED:
        kept = told_apart_by_a_pool(items)
        left_out = set(items) - set(kept)
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = kept
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    sizes = Counter(item.path for item in items)
    rank = {_HERE / name: number for number, name in enumerate(_LONG_FIRST)}
    items.sort(key=lambda item: (rank.get(item.path, len(rank)), -sizes[item.path], str(item.path)))


def pytest_collection_finish() -> None:
    """Take what is loaded by now out of the collector's sight: it stays, and each full round would look at it."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no server behind that these tests started."""
    if settings.configured and settings.USES_EMBEDDED_SERVERS:
        from smarterfirms import embedded

        embedded.release(settings.VAR_DIR)
