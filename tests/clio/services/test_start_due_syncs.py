"""Which firms' syncs are started, and when."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.clio.mirror import ENTITIES
from apps.clio.models import ClioConnection, SyncRun
from apps.clio.services.start_due_syncs import start_due_syncs
from apps.core.models import Job
from apps.core.tenancy import tenant
from tests.clio.factories import connect, one, start, sync


def change_run(firm: Any, **changes: Any) -> None:
    with tenant(firm.firm_id):
        SyncRun.objects.update(**changes)


def runs(firm: Any) -> Any:
    return one(firm, "SELECT count(*) FROM clio_sync_runs")


def jobs(firm: Any) -> Any:
    return one(firm, "SELECT count(*) FROM core_job WHERE name = 'clio.sync_firm' AND status = 'pending'")


def ago(**parts: int) -> Any:
    return timezone.now() - timedelta(**parts)


def test_starts_what_was_never_read(firm, cast):
    assert start_due_syncs() == 1

    assert (runs(firm), jobs(firm)) == (1, 1)
    with tenant(cast.strangers_firm.firm_id):
        assert not SyncRun.objects.exists()


def test_starts_again_after_a_quarter_of_an_hour(firm):
    sync(firm)
    change_run(firm, started_at=ago(minutes=14))
    assert start_due_syncs() == 0
    change_run(firm, started_at=ago(minutes=16))

    assert start_due_syncs() == 1

    assert runs(firm) == 2
    assert one(firm, "SELECT kind FROM clio_sync_runs ORDER BY id DESC LIMIT 1") == "incremental"


def test_leaves_a_run_alone_that_is_worked_on(firm):
    start(firm)
    change_run(firm, started_at=ago(hours=1), held_until=timezone.now() + timedelta(seconds=30))

    assert start_due_syncs() == 0


def test_leaves_a_run_alone_that_waits_for_its_turn(firm):
    start(firm)
    change_run(firm, started_at=ago(hours=1), goes_on_at=timezone.now() + timedelta(seconds=30))

    assert start_due_syncs() == 0


def test_wakes_a_run_whose_worker_died(firm):
    start(firm)
    with tenant(firm.firm_id):
        Job.objects.update(status="running", lease_until=timezone.now() + timedelta(minutes=10))
    change_run(firm, started_at=ago(hours=1), held_until=ago(seconds=100))

    assert start_due_syncs() == 1

    assert (runs(firm), jobs(firm)) == (1, 1)


def test_forgets_runs_of_more_than_a_month_ago(firm):
    sync(firm)
    change_run(firm, started_at=ago(days=31), finished_at=ago(days=31))

    start(firm)

    assert runs(firm) == 1
    assert one(firm, "SELECT count(*) FROM clio_sync_steps") == len([each for each in ENTITIES if not each.every_hours])


@pytest.mark.parametrize("status", ["revoked", "disconnected"])
def test_leaves_firms_alone_that_are_not_connected(cast, clio, status):
    connect(cast.firm, clio)
    with tenant(cast.firm.firm_id):
        ClioConnection.objects.update(status=status)

    assert start_due_syncs() == 0
