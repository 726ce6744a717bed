"""A time entry written in Clio reaches the overview: by webhook at once, without webhooks by the next sync."""

import time
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.clio.sandbox.authority import Application
from apps.clio.sandbox.firm.found import found_firm
from apps.clio.sandbox.sandbox import Rules
from apps.clio.sandbox.store import store_firm
from apps.clio.services.keep_webhooks import keep_webhooks
from apps.core.jobs.run import run_job
from apps.core.models import Job
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.interface import compute_overview
from tests.clio.factories import connect, sync
from tests.clio.sandbox.server import running_sandbox

pytestmark = pytest.mark.django_db(transaction=True)
# Generous: the promise is seconds, and the machine of a test may be busy.
LONGEST_SECONDS = 300.0
_ENTRY = (
    "id,type,quantity,rounded_quantity,quantity_in_hours,rounded_quantity_in_hours,price,total,non_billable,no_charge,"
    "flat_rate,billed,on_bill,user{id},matter{id}"
)


@pytest.fixture
def clio(settings: Any) -> Any:
    """A sandbox whose firm worked until today."""
    application = Application(settings.CLIO_CLIENT_ID, settings.CLIO_CLIENT_SECRET, ())
    store = store_firm(found_firm(7, 3, 1, date.today()))  # noqa: DTZ011 - the sandbox's own day
    with running_sandbox(store, Rules(application, rate_limit=0)) as running:
        settings.CLIO_US_HOST = running.base_url
        settings.REDIS_KEY_PREFIX = f"test:{uuid4().hex}:"
        yield running


@pytest.fixture
def firm(cast: Any, clio: Any) -> Any:
    """The cast's firm, connected, synced and with its ledger built."""
    connect(cast.firm, clio)
    sync(cast.firm)
    deadline = time.monotonic() + LONGEST_SECONDS
    while overview(cast.firm) is None:  # a rebuild waits a moment for changes that follow
        assert time.monotonic() < deadline
        work_on_jobs(cast.firm)
        time.sleep(0.2)
    return cast.firm


def work_on_jobs(firm: Any) -> None:
    """Do what a worker does with the firm's due jobs."""
    with tenant(firm.firm_id):
        due = Job.objects.filter(firm_id=firm.firm_id, status="pending", available_at__lte=timezone.now())
        waiting = list(due.exclude(name="clio.sync_firm").order_by("id").values_list("pk", flat=True))
    for job_id in waiting:
        run_job(job_id=job_id, firm_id=firm.firm_id)


def overview(firm: Any) -> Any:
    with tenant(firm.firm_id, read_only=True):
        found = compute_overview(scope=Scope.whole_firm(firm.firm_id), period="last_12_months", now=timezone.now())
    return (found.time, found.currencies) if found.status == "ready" else None


def enter_time(clio: Any) -> None:
    """Write an entry of today, like one the firm has."""
    known = clio.list_all("activities", _ENTRY, status="unbilled", type="TimeEntry")
    entry = next(each for each in known if each["total"] and not each["non_billable"])
    del entry["id"]
    clio.control("records/activities", {**entry, "date": date.today().isoformat()})  # noqa: DTZ011


def see_it_change(firm: Any, before: Any) -> None:
    """Work until the overview is another one."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while overview(firm) == before:
        assert time.monotonic() < deadline, "the entry did not reach the overview"
        work_on_jobs(firm)
        time.sleep(0.1)


def test_by_webhook_without_any_sync(firm, clio, live_server, settings):
    settings.CLIO_WEBHOOK_BASE_URL = live_server.url
    keep_webhooks(firm_id=firm.firm_id, now=timezone.now())
    assert clio.control("webhooks/settle", {"seconds": 30})["settled"]
    before = overview(firm)

    enter_time(clio)

    see_it_change(firm, before)


def test_within_one_sync_where_clio_cannot_call_us(firm, clio):
    before = overview(firm)
    enter_time(clio)
    work_on_jobs(firm)
    assert overview(firm) == before

    sync(firm)

    see_it_change(firm, before)
