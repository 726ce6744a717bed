"""A worker that compares is killed the hard way between two pages; the next one goes on at that page."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.clio.models import ClioConnection, Sweep, Turn
from apps.clio.services.open_reconciliation import open_reconciliation
from apps.core.tenancy import tenant
from tests.clio.factories import connect, mirrored, sandbox_records, sync, worker_process
from tests.clio.held_request import held_request

ACTIVITIES = "/api/v4/activities.json"
# What Celery's one task does with a message, for the newest job of the firm.
WORK = """
from django.db import connection
from apps.core.jobs.run import run_job
from apps.core.tenancy import tenant
with tenant({firm_id}), connection.cursor() as cursor:
    cursor.execute("SELECT max(id) FROM core_job WHERE name = 'clio.reconcile_firm'")
    (job_id,) = cursor.fetchone()
run_job(job_id=job_id, firm_id={firm_id})
"""


@pytest.mark.django_db(transaction=True)
def test_goes_on_after_kill_nine_at_the_page_it_was_at(transactional_db, cast, clio):
    firm = cast.firm
    connect(firm, clio)
    with tenant(firm.firm_id):
        ClioConnection.objects.update(clio_user_since=timezone.now() - timedelta(days=1))
    sync(firm, full=True)
    ids = sorted(sandbox_records(clio, "activities"))
    vanished = {ids[10], ids[-10]}
    for number in vanished:
        clio.control(f"records/activities/{number}", method="DELETE")
    pages = -(-(len(ids) - 2) // 200)

    open_reconciliation(firm_id=firm.firm_id, entities=("activities",))
    kill_when_hanging(firm, clio, after=5)
    before = sweep_of(firm)
    clio.control("requests", method="DELETE")
    time_passes(firm)
    open_reconciliation(firm_id=firm.firm_id)
    worker = worker_process(WORK.format(firm_id=firm.firm_id))
    output = worker.communicate(timeout=300)

    assert worker.returncode == 0, output
    after = sweep_of(firm)
    assert (before.pages, before.state) == (5, "reading")
    assert (after.state, after.gone, after.missing) == ("done", 2, 2)
    asked = int(clio.control("requests", method="GET")[ACTIVITIES])
    assert asked == (pages - 5) + 1 + 2  # the rest, the written-off ones, and two questions by ids: one per filter
    assert {number for number, row in mirrored(firm, "activities").items() if row["gone_at"]} == vanished


def kill_when_hanging(firm: Any, clio: Any, *, after: int) -> None:
    """Run a worker until a page of ids hangs, then end it with SIGKILL."""
    with held_request(clio, ACTIVITIES, after=after) as held:
        worker = worker_process(WORK.format(firm_id=firm.firm_id))
        deadline = time.monotonic() + 120
        while not held.has_come:
            assert worker.poll() is None, worker.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        worker.kill()
        worker.communicate()
    assert worker.returncode == -9


def sweep_of(firm: Any) -> Sweep:
    with tenant(firm.firm_id):
        return Sweep.objects.get(entity="activities")


def time_passes(firm: Any) -> None:
    """Let every claim of a dead worker run out."""
    with tenant(firm.firm_id):
        Turn.objects.update(held_until=timezone.now() - timedelta(minutes=1))
