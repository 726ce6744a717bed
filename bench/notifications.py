"""How many messages are accepted, and how fast a long inbox opens."""

import json
import multiprocessing
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import redis
from django.conf import settings
from django.db import connection

from apps.accounts.interface import register_person
from apps.core.encryption import encrypt
from apps.core.pages import Cursor
from apps.core.tenancy import acting_as
from apps.notifications.contracts import Box, Channel
from apps.notifications.rules.catalogue import KINDS
from apps.notifications.services.list_inbox import list_inbox
from bench.notify_client import accept_for

CLIENTS, SECONDS, ROUNDS = 4, 4.0, 3
INBOX, RUNS = 50_000, 21
# A database of the broker's own: the wake-ups of these messages are nobody's to answer.
_BROKER_DATABASE = 14
_FILL = """
INSERT INTO notifications_notification (user_id, outside_email, kind, sealed_context, in_app, read_at, created_at)
SELECT %(user)s, '', kinds.kind, kinds.sealed, true, CASE WHEN number %% 3 = 0 THEN now() END,
       now() - make_interval(mins => number)
FROM generate_series(1, %(count)s) number
JOIN unnest(%(kinds)s, %(sealed)s) WITH ORDINALITY kinds(kind, sealed, place) ON place = 1 + number %% %(many)s
"""


def run() -> dict[str, dict[str, Any]]:
    """Accept messages from four clients at once, then open a full inbox."""
    return {"notifications.accepted_per_s": _accepted(), "notifications.inbox_ms": _inbox()}


def _accepted() -> dict[str, Any]:
    people = [_make_person(f"client{number}") for number in range(CLIENTS)]
    with _broker_of_its_own() as broker:
        rates = [_one_round(people, broker) for _ in range(ROUNDS)]
    return {
        "value": round(statistics.median(rates), 1),
        "unit": "1/s",
        "n": round(sum(rates) * SECONDS),
        "median_of": ROUNDS,
        "detail": f"{CLIENTS} processes, a commit each: notification, delivery, job row, and its wake-up published",
    }


def _one_round(people: list[int], broker: str) -> float:
    """Let every client begin at once; the clock runs until the last has committed its last."""
    context = multiprocessing.get_context("spawn")
    start, counts = context.Barrier(len(people)), context.Queue()
    database = str(connection.settings_dict["NAME"])
    clients = [
        context.Process(target=accept_for, args=(person, database, broker, SECONDS, start, counts)) for person in people
    ]
    for client in clients:
        client.start()
    told = [counts.get(timeout=120) for _ in clients]
    for client in clients:
        client.join()
    return float(sum(count / seconds for count, seconds in told))


@contextmanager
def _broker_of_its_own() -> Iterator[str]:
    address = _with_database(settings.REDIS_URL, _BROKER_DATABASE)
    yield address
    with redis.Redis.from_url(address) as server:
        server.flushdb()


def _with_database(url: str, number: int) -> str:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"{url.partition('?')[0]}?db={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def _inbox() -> dict[str, Any]:
    user_id = _make_person("inbox")
    _fill(user_id)
    page, _ = list_inbox(user_id=user_id, box=Box.INBOX, cursor=Cursor())
    middle = _middle(user_id)
    looks = {
        "first page": lambda: list_inbox(user_id=user_id, box=Box.INBOX, cursor=Cursor()),
        "unread": lambda: list_inbox(user_id=user_id, box=Box.UNREAD, cursor=Cursor()),
        "a page in the middle": lambda: list_inbox(user_id=user_id, box=Box.INBOX, cursor=middle),
    }
    timings = {name: _median_ms(look) for name, look in looks.items()}
    slowest = max(timings, key=lambda name: timings[name])
    return {
        "value": round(timings[slowest], 1),
        "unit": "ms",
        "n": INBOX,
        "median_of": RUNS,
        "detail": f"{len(page.rows)} messages in words, in process; "
        + ", ".join(f"{name} {milliseconds:.1f} ms" for name, milliseconds in timings.items()),
    }


def _fill(user_id: int) -> None:
    kinds = [kind for kind in KINDS if Channel.IN_APP in kind.channels]
    values: dict[str, Any] = {
        "user": user_id,
        "count": INBOX,
        "many": len(kinds),
        "kinds": [kind.key for kind in kinds],
        "sealed": [encrypt(json.dumps(dict(kind.sample))) for kind in kinds],
    }
    with acting_as(user_id), connection.cursor() as cursor:
        cursor.execute(_FILL, values)


def _middle(user_id: int) -> Cursor:
    with acting_as(user_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_id FROM notifications_notification WHERE user_id = %s ORDER BY public_id OFFSET %s LIMIT 1",
            [user_id, INBOX // 2],
        )
        return Cursor(cursor.fetchone()[0])


def _make_person(name: str) -> int:
    return register_person(email=f"bench.{name}@example.com", name="Bench", password=secrets.token_urlsafe(24))


def _median_ms(look: Callable[[], object]) -> float:
    timings = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        look()
        timings.append((time.perf_counter() - begun) * 1000)
    return statistics.median(timings)
