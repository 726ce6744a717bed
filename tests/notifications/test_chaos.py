"""2,000 messages through real workers: killed at each step, Redis emptied, vendors down for an hour, every report twice
and shuffled. Each message reaches its vendor once, and none is lost.

Outside our reach is one moment: a worker killed after the vendor took a message and before we noted it. The vendor's
own report closes it where it comes before the lease runs out (the first killing below); where none comes (the second),
the message goes twice: at most one per process that died.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from apps.core.jobs.sweep import sweep_jobs
from apps.notifications.interface import notify, set_contact
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.services.apply_events import apply_due_events
from apps.notifications.services.sweep_deliveries import sweep_deliveries
from smarterfirms.settings.environment import BASE_DIR
from tests.accounts.factories import make_user
from tests.fakes import mailgun as mailgun_fake
from tests.fakes import twilio as twilio_fake
from tests.fakes.mailgun import Mailgun
from tests.fakes.twilio import Twilio
from tests.fakes.vendor import Callback, Fault
from tests.notifications.factories import NUMBER

pytestmark = pytest.mark.django_db(transaction=True)
_MESSAGES = int(os.environ.get("CHAOS_MESSAGES", "2000"))
_PROCESSES = 2
_KINDS = ("accounts.welcome", "accounts.sign_in_code", "accounts.password_reset", "accounts.welcome")
_PROVEN = ("delivered", "opened")
_HOUR = "61 minutes"


class Stage:
    """The vendors, and looks over all walls at how the messages stand."""

    def __init__(self, mailgun: Mailgun, twilio: Twilio, owner: Any, log: Path) -> None:
        self.mailgun, self.twilio, self._owner, self.log = mailgun, twilio, owner, log
        self._random = random.Random(7)
        self._client = Client()
        self._mails_reported = self._sms_reported = 0
        self._to_post: list[Callback] = []

    def statuses(self) -> Counter[str]:
        return Counter(dict(self._ask("SELECT status, count(*) FROM notifications_delivery GROUP BY status")))

    def requests(self) -> int:
        return self.mailgun.requests + self.twilio.requests

    def progress(self) -> tuple[object, ...]:
        return self.requests(), tuple(sorted(self.statuses().items()))

    def unanswered(self) -> set[str]:
        """The keys of messages a vendor took without telling: nobody can know unless it reports them."""
        mails = {form["v:message_key"][0] for form in list(self.mailgun.unanswered)}
        return mails | {form["StatusCallback"][0].rpartition("/")[2] for form in list(self.twilio.unanswered)}

    def in_hand(self) -> set[str]:
        rows = self._ask("SELECT message_key::text FROM notifications_delivery WHERE status = 'sending'")
        return {key for (key,) in rows}

    def taken(self) -> list[str]:
        """The key of every message a vendor took, as often as it took it."""
        mails = [message["v:message_key"][0] for message in list(self.mailgun.messages)]
        return mails + [message["StatusCallback"].rpartition("/")[2] for message in list(self.twilio.messages)]

    def let_pass(self, interval: str) -> None:
        """Move the rows that wait for a moment instead of waiting for it."""
        for table in ("core_job", "notifications_delivery"):
            self._ask(
                f"UPDATE {table} SET available_at = available_at - interval '{interval}' "
                "WHERE status = 'pending' AND available_at > now() RETURNING 1"
            )

    def bury_the_dead(self) -> None:
        """While no worker lives: leases run out, and messages lost with Redis are noticed."""
        self._ask("UPDATE core_job SET lease_until = now() - interval '1 second' WHERE status = 'running' RETURNING 1")
        self._ask(
            "UPDATE notifications_delivery SET lease_until = now() - interval '1 second' "
            "WHERE status = 'sending' RETURNING 1"
        )
        self.notice_lost_messages()

    def notice_lost_messages(self) -> None:
        """A minute after it was published, a wake-up nobody followed is published again."""
        self._ask(
            "UPDATE core_job SET published_at = now() - interval '2 minutes' "
            "WHERE status IN ('pending', 'running') AND available_at <= now() RETURNING 1"
        )
        self.sweep()

    def sweep(self) -> None:
        """What beat would do every 15 seconds, several times over."""
        sweep_deliveries(limit=50)
        while sweep_jobs() == 500:
            pass

    def report(self, *, at_most: int = 1_000_000) -> int:
        """Let vendors post reports, each of which they post twice, in any order; return how many are still to come."""
        self._to_post += [*self._mail_reports(), *self._sms_reports()] * 2
        self._random.shuffle(self._to_post)
        now, self._to_post = self._to_post[:at_most], self._to_post[at_most:]
        for callback in now:
            self._post(callback)
        return len(self._to_post)

    def _mail_reports(self) -> Iterator[Callback]:
        taken = list(self.mailgun.messages)
        for number, message in enumerate(taken[self._mails_reported :], self._mails_reported):
            for name in ("delivered", "opened") if number % 10 == 0 else ("delivered",):
                yield mailgun_fake.sign(mailgun_fake.event(message, name, id=f"{name}-{number}"))
        self._mails_reported = len(taken)

    def _sms_reports(self) -> Iterator[Callback]:
        taken = list(self.twilio.messages)
        for message in taken[self._sms_reported :]:
            yield twilio_fake.status(message, "delivered")
        self._sms_reported = len(taken)

    def _post(self, callback: Callback) -> None:
        headers = dict(callback.headers)
        answer = self._client.post(callback.path, callback.body, content_type=callback.content_type, headers=headers)
        # Of two with one token the second is refused as replayed, and so counts once as well.
        assert answer.status_code in (200, 204, 406), answer.content

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        with self._owner.cursor() as cursor:
            cursor.execute(query)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


@pytest.fixture
def stage(mailgun: Mailgun, twilio: Twilio, tmp_path: Path) -> Iterator[Stage]:
    database = connection.settings_dict
    owner = psycopg2.connect(host=database["HOST"], dbname=database["NAME"], user="smarterfirms_owner")
    owner.autocommit = True
    yield Stage(mailgun, twilio, owner, tmp_path / "worker.log")
    owner.close()


@contextmanager
def _worker(stage: Stage) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker of ours on the test's database and vendors, in a process group of its own."""
    database = connection.settings_dict
    address = f"@/{database['NAME']}?host={database['HOST']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{database['USER']}{address}",
        "DATABASE_OWNER_URL": f"postgresql://smarterfirms_owner{address}",
        "REDIS_URL": settings.REDIS_URL,
        "LOG_LEVEL": "WARNING",
        "PUBLIC_BASE_URL": settings.PUBLIC_BASE_URL,
        "MAILGUN_API_KEY": "key-of-nobody",
        "MAILGUN_API_URL": stage.mailgun.url,
        "TWILIO_ACCOUNT_SID": twilio_fake.ACCOUNT,
        "TWILIO_AUTH_TOKEN": twilio_fake.TOKEN,
        "TWILIO_FROM_NUMBER": twilio_fake.NUMBER,
        "TWILIO_API_BASE_URL": stage.twilio.origin,
        "EMAIL_PER_SECOND": "10000",
        "SMS_PER_SECOND": "10000",
    }
    options = ["-Q", "critical,email,sms,default", "--concurrency", str(_PROCESSES), "--loglevel", "WARNING"]
    with stage.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "smarterfirms", "worker", *options, "--without-mingle"],
            cwd=BASE_DIR,
            env=environment,
            start_new_session=True,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait_until(stage: Stage, reached: Callable[[], bool], *, seconds: float = 300) -> None:
    """Give the worker time; when it stands still, notice what was lost with Redis, which others may empty too."""
    deadline, look_again, before = time.monotonic() + seconds, time.monotonic() + 5, stage.progress()
    while not reached():
        assert time.monotonic() < deadline, stage.log.read_text(errors="replace")[-3000:]
        if time.monotonic() > look_again:
            look_again, now = time.monotonic() + 5, stage.progress()
            if now == before:
                stage.notice_lost_messages()
            before = now
        time.sleep(0.05)


def _promise_all() -> None:
    people = [make_user(f"Person {number}") for number in range(20)]
    for person in people:
        set_contact(user_id=person.pk, email=person.email, phone=NUMBER)
    for start in range(0, _MESSAGES, 50):
        with transaction.atomic():
            for number in range(start, min(start + 50, _MESSAGES)):
                kind = _KINDS[number % len(_KINDS)]
                notify(recipient=people[number % len(people)].pk, kind=kind, context=get_kind(kind).sample)


def test_every_message_reaches_its_vendor_once_whatever_happens(stage):
    broker = redis.Redis.from_url(settings.REDIS_URL)

    with _worker(stage) as first:
        _promise_all()
        _wait_until(stage, lambda: len(stage.taken()) >= _MESSAGES // 10)
        _take_without_answer(stage)
        _kill(first)
    assert len(stage.in_hand()) == _PROCESSES
    # The vendors' reports come before anybody tries those again, and close the gap.
    known_after_all = stage.unanswered()
    stage.report()
    while apply_due_events():
        pass
    assert stage.in_hand() == set()

    broker.flushdb()
    stage.bury_the_dead()
    stage.mailgun.outage = stage.twilio.outage = Fault(503, {"Retry-After": "20"})
    with _worker(stage) as second:
        for _ in range(2):
            refused = stage.requests() + 40
            stage.let_pass(_HOUR)
            stage.sweep()
            _wait_until(stage, partial(_has_refused, stage, refused))
        _take_without_answer(stage)
        _kill(second)
    # Of these no report comes in time: whether they were taken cannot be known.
    unknowable = stage.unanswered() - known_after_all

    broker.flushdb()
    stage.bury_the_dead()
    stage.mailgun.outage = stage.twilio.outage = None
    stage.mailgun.failures.extend([500, Fault(429, {"Retry-After": "5"}), Fault(after_seconds=2.1), Fault()])
    with _worker(stage):
        _work_off(stage)
        stage.report()
        _wait_until(stage, lambda: sum(stage.statuses()[status] for status in _PROVEN) == _MESSAGES)
    broker.close()

    counts = Counter(stage.taken())
    twice = {key for key, count in counts.items() if count > 1}
    assert len(counts) == _MESSAGES
    assert twice <= unknowable
    assert max(counts.values()) <= 2
    assert set(stage.statuses()) <= set(_PROVEN)
    assert stage.twilio.violations == []


def _has_refused(stage: Stage, requests: int) -> bool:
    return stage.requests() >= requests


def _take_without_answer(stage: Stage) -> None:
    """Bring every process to the worst moment: the vendor took its message, and the answer will never come."""
    stage.mailgun.outage = stage.twilio.outage = Fault(is_taken=True, after_seconds=30)
    before = len(stage.unanswered())
    _wait_until(stage, lambda: len(stage.unanswered()) >= before + _PROCESSES)


def _work_off(stage: Stage, *, seconds: float = 300) -> None:
    """Let the worker go on while vendors report until each message was taken; so long without another is a loss."""
    before, most, deadline = stage.progress(), -1, 0.0
    while (taken := len(set(stage.taken()))) < _MESSAGES:
        if taken > most:
            most, deadline = taken, time.monotonic() + seconds
        assert time.monotonic() < deadline, "some were lost"
        stage.let_pass(_HOUR)
        now = stage.progress()
        if now == before:
            stage.notice_lost_messages()
        before = now
        for _ in range(20):
            stage.report(at_most=25)
            time.sleep(0.1)
