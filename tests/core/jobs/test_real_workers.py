"""Real worker processes on real Redis: killed, emptied, and still every job has its effect exactly once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
import redis
from django.conf import settings
from django.db import connection

from apps.core.jobs import enqueue
from apps.core.jobs.sweep import sweep_jobs
from apps.core.models import AuditEntry, Job
from apps.core.tenancy import tenant
from smarterfirms.settings.environment import BASE_DIR
from tests.accounts.factories import make_firm, make_user

pytestmark = pytest.mark.django_db(transaction=True)
_JOBS = 60
_HANGS_FROM = 30


@contextmanager
def _worker(**environment_of_its_own: str):
    """A Celery worker of the test database in a process group of its own; whoever has it may kill it."""
    database = connection.settings_dict
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
        "DATABASE_OWNER_URL": f"postgresql://smarterfirms_owner@/{database['NAME']}?host={database['HOST']}",
        "REDIS_URL": settings.REDIS_URL,
        "LOG_LEVEL": "ERROR",
        **environment_of_its_own,
    }
    options = ["-Q", "default,critical", "--concurrency", "2", "--loglevel", "ERROR", "--without-mingle"]
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "tests.core.jobs.worker", "worker", *options],
        cwd=BASE_DIR,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _kill(process) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _done(firm_id: int) -> int:
    with tenant(firm_id):
        return Job.objects.filter(name="tests.leave_a_mark", status="done").count()


def _forget_time(firm_id: int) -> None:
    """Let the time pass that makes a lost message, or a dead worker's lease, due again."""
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_job SET published_at = published_at - interval '2 minutes', "
            "lease_until = lease_until - interval '20 minutes' WHERE status IN ('pending', 'running')"
        )


def _wait_for(firm_id: int, count: int, *, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while _done(firm_id) < count and time.monotonic() < deadline:
        time.sleep(0.05)


def test_no_job_is_lost_or_doubled_when_workers_are_killed_and_redis_is_emptied():
    firm_id = make_firm(make_user()).firm_id
    with tenant(firm_id):
        for number in range(_JOBS):
            enqueue("tests.leave_a_mark", firm_id=firm_id, number=number)
    broker = redis.Redis.from_url(settings.REDIS_URL)

    with _worker(HANGS_FROM=str(_HANGS_FROM)) as first:  # so that it is killed at work, however fast it is
        _wait_for(firm_id, 5)
        _kill(first)
    broker.flushdb()
    broker.close()
    assert 5 <= _done(firm_id) <= _HANGS_FROM
    with _worker():
        deadline = time.monotonic() + 180
        while _done(firm_id) < _JOBS and time.monotonic() < deadline:
            _forget_time(firm_id)
            sweep_jobs()
            _wait_for(firm_id, _JOBS, seconds=3)

    with tenant(firm_id):
        marks = AuditEntry.objects.filter(action="tests.mark").values_list("target", flat=True)
        assert sorted(marks, key=int) == [str(number) for number in range(_JOBS)]
        assert not Job.objects.exclude(status="done").exists()
