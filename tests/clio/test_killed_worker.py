"""A worker is killed the hard way in the middle of a page; the next one goes on and nothing is lost or doubled."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.clio.mirror import ENTITIES
from apps.clio.models import SyncRun
from apps.clio.queries.syncs import find_progress
from apps.clio.services.start_due_syncs import start_due_syncs
from apps.core.tenancy import tenant
from tests.clio.factories import connect, differences, one, worker_process
from tests.clio.held_request import held_request

# What Celery's one task does with a message, for the newest job of the firm.
WORK = """
from django.db import connection
from apps.core.jobs.run import run_job
from apps.core.tenancy import tenant
with tenant({firm_id}), connection.cursor() as cursor:
    cursor.execute("SELECT max(id) FROM core_job WHERE name = 'clio.sync_firm'")
    (job_id,) = cursor.fetchone()
run_job(job_id=job_id, firm_id={firm_id})
"""
# Pages of line items that come before one hangs and the worker is killed, and whether they were written by then.
KILLS = ((0, False), (7, True), (3, False))
# Pages are written once they have waited for two seconds, of which the first page's way takes the beginning.
_WRITES_AFTER_SECONDS = 1.5


@pytest.mark.django_db(transaction=True)
def test_goes_on_after_kill_nine_at_any_page(transactional_db, cast, clio):
    firm = cast.firm
    connect(firm, clio)
    for pages, are_written in KILLS:
        time_passes(firm)
        assert start_due_syncs() == 1
        lived = kill_when_hanging(firm, clio, pages, are_written)
    before = written_pages(firm)

    time_passes(firm)
    start_due_syncs()
    worker = worker_process(WORK.format(firm_id=firm.firm_id))
    output = worker.communicate(timeout=300)

    assert worker.returncode == 0, output
    progress = find_progress(firm_id=firm.firm_id)
    assert progress is not None
    assert progress.state == "done"
    # The last three were lost with the worker, unless it lived so long over them that it wrote what it had.
    assert before == 7 or (lived > _WRITES_AFTER_SECONDS and before <= 10)
    counts = clio.control("counts", method="GET")
    # Under several filters a record may come twice; the list of written-off entries is a part of another.
    once = {entity.name: entity.endpoint for entity in ENTITIES if len(entity.variants) == 1 and not entity.marks}
    read = {step.entity: step.records for step in progress.entities if step.entity in once}
    assert read == {name: counts[endpoint]["count"] for name, endpoint in once.items()}
    assert {entity.name: differences(firm, clio, entity.name) for entity in ENTITIES} == {
        entity.name: [] for entity in ENTITIES
    }


def kill_when_hanging(firm: Any, clio: Any, pages: int, are_written: bool) -> float:
    """Run a worker until a page of line items hangs, then end it with SIGKILL; return how long it lived with a page."""
    with held_request(clio, "/api/v4/line_items.json", after=pages) as held:
        worker = worker_process(WORK.format(firm_id=firm.firm_id))
        deadline = time.monotonic() + 120
        while not held.has_come or (are_written and written_pages(firm) < pages):
            assert worker.poll() is None, worker.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        worker.kill()
        worker.communicate()
    assert worker.returncode == -9
    return time.monotonic() - held.begun_at


def written_pages(firm: Any) -> Any:
    return one(firm, "SELECT pages FROM clio_sync_steps WHERE entity = 'line_items'")


def time_passes(firm: Any) -> None:
    """Let every claim of a dead worker run out."""
    with tenant(firm.firm_id):
        past = timezone.now() - timedelta(minutes=5)
        SyncRun.objects.filter(finished_at=None).update(started_at=past, held_until=past, goes_on_at=None)
