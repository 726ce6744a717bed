"""Firms share server connections all the time, and nothing of one reaches the next."""

import json
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from redis.cluster import RedisCluster

from apps.accounts.models import Membership
from apps.core.shared_memory import is_cluster, redis_client
from apps.core.staff import staff_view
from apps.core.tenancy import acting_as, tenant
from smarterfirms.embedded.pgbouncer import Bouncer
from tests.accounts.factories import make_cast, make_firm, make_user, signed_in_client
from tests.session_state import POOL_SIZE, left_behind

pytestmark = pytest.mark.django_db(transaction=True)
_LOOK = (
    "SELECT pg_backend_pid(), current_setting('app.firm_id', true), current_setting('app.user_id', true), current_user,"
    " (SELECT count(*) FROM accounts_membership)"
)


def _look() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _stranger() -> Any:
    """A client connection of its own, as another process would have."""
    known = connection.settings_dict
    other = psycopg2.connect(host=known["HOST"], dbname=known["NAME"], user=known["USER"])
    other.autocommit = True
    return other


def _asked(other: Any, query: str) -> Any:
    with other.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


def _in_threads(act: Any, items: list[Any]) -> list[Any]:
    """Do something for each item from eight threads, each with client connections of its own."""

    def once(item: Any) -> Any:
        try:
            return act(item)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(once, items))


def test_the_pool_is_what_is_tested():
    known = Bouncer(connection.settings_dict["HOST"])

    settings_of_pool = {row["key"]: row["value"] for row in known.ask("SHOW CONFIG")}

    assert settings_of_pool["pool_mode"] == "transaction"
    assert settings_of_pool["default_pool_size"] == str(POOL_SIZE)
    assert settings.DATABASE_OWNER["HOST"] != connection.settings_dict["HOST"]
    assert connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_one_server_connection_serves_many_firms_and_shows_each_its_own():
    firms = [make_firm(make_user()) for _ in range(6)]
    served: dict[int, set[int]] = defaultdict(set)

    def visit(number: int) -> None:
        firm = firms[number % len(firms)]
        with tenant(firm.firm_id):
            process_id, inside, person, _, rows = _look()
            seen = set(Membership.objects.values_list("firm_id", flat=True))
        _, outside, _, _, rows_outside = _look()
        assert (inside, person or "", rows, seen) == (str(firm.firm_id), "", 1, {firm.firm_id})
        assert (outside or "", rows_outside) == ("", 0)
        served[process_id].add(firm.firm_id)

    _in_threads(visit, list(range(240)))

    assert 0 < len(served) <= POOL_SIZE
    assert max(len(each) for each in served.values()) >= 2
    assert not any(left_behind(connection.settings_dict).values())


def test_requests_of_two_firms_at_once_get_their_own_books():
    cast = make_cast()
    doors = [(signed_in_client(cast.owner), cast.firm), (signed_in_client(cast.stranger), cast.strangers_firm)]

    def call(number: int) -> tuple[str, Any]:
        client, firm = doors[number % 2]
        own = client.get(f"/api/v1/firms/{firm.public_id}")
        other = client.get(f"/api/v1/firms/{doors[(number + 1) % 2][1].public_id}")
        assert (own.status_code, other.status_code) == (200, 404)
        return str(firm.public_id), own.json()["id"]

    assert all(asked == answered for asked, answered in _in_threads(call, list(range(120))))
    assert not any(left_behind(connection.settings_dict).values())


def test_what_a_session_keeps_reaches_the_next_client_and_is_noticed():
    """The counter-proof: what this suite forbids does leak, so that the other tests could fail."""
    first, second = _stranger(), _stranger()
    try:
        _asked(first, "SELECT set_config('app.address_digest', 'of the first', false)")

        assert _asked(second, "SELECT current_setting('app.address_digest')") == ("of the first",)
        assert ["of the first"] in left_behind(connection.settings_dict).values()
    finally:
        first.close()
        second.close()
        _wash()
    assert not any(left_behind(connection.settings_dict).values())


def _wash() -> None:
    """Make every server connection of the pool as good as new."""
    sessions = [_stranger() for _ in range(POOL_SIZE)]
    for session in sessions:
        session.autocommit = False  # each holds a server connection of its own until it commits
        with session.cursor() as cursor:
            cursor.execute("RESET ALL")
    for session in sessions:
        session.commit()
        session.close()


def test_a_person_and_a_member_of_staff_leave_nothing_either():
    cast = make_cast()
    with acting_as(cast.owner.pk):
        assert _look()[2] == str(cast.owner.pk)
    with staff_view(cast.owner.pk, "looking at the pool"), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("smarterfirms_staff",)

    assert not any(left_behind(connection.settings_dict).values())


@pytest.mark.parametrize("ending", ["error", "vanished"])
def test_a_transaction_cut_off_leaves_nothing(ending):
    firm_id = make_firm(make_user()).firm_id
    if ending == "error":
        with pytest.raises(ZeroDivisionError), tenant(firm_id):
            raise ZeroDivisionError
    else:
        gone = _stranger()
        _asked(gone, f"BEGIN; SELECT set_config('app.firm_id', '{firm_id}', true)")
        gone.close()  # without a word, as a killed process would

    others = [_stranger() for _ in range(POOL_SIZE)]
    assert {(_asked(other, _LOOK)[1] or "", _asked(other, _LOOK)[4]) for other in others} == {("", 0)}
    for other in others:
        other.close()
    assert not any(left_behind(connection.settings_dict).values())


def test_waiting_for_a_free_connection_is_waiting_and_no_error():
    firms = [make_firm(make_user()) for _ in range(3 * POOL_SIZE)]
    start = threading.Barrier(len(firms))

    def hold(firm: Any) -> int:
        start.wait(30)
        with tenant(firm.firm_id), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05), current_setting('app.firm_id')")
            return int(cursor.fetchone()[1])

    with ThreadPoolExecutor(len(firms)) as threads:
        held = list(threads.map(lambda firm: _closing(hold, firm), firms))

    assert held == [firm.firm_id for firm in firms]


def _closing(act: Any, item: Any) -> Any:
    try:
        return act(item)
    finally:
        connection.close()


def test_the_cache_is_a_cluster_of_three():
    client = redis_client(settings.CACHE_URL)
    assert isinstance(client, RedisCluster)

    cache.set_many({f"pooled-{number}": json.dumps(number) for number in range(60)}, timeout=60)

    assert is_cluster(settings.CACHE_URL)
    assert not is_cluster(settings.CELERY_BROKER_URL)
    assert len(client.get_primaries()) == 3
    assert all(client.dbsize(target_nodes=node) > 0 for node in client.get_primaries())
