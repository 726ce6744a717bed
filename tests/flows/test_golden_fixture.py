"""From signing in at Clio to the first numbers, through the front doors: connect, sync, rebuild, read by API."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.clio.sandbox.authority import Application
from apps.clio.sandbox.sandbox import Rules
from apps.clio.sandbox.store import Store
from apps.core.jobs.run import run_job
from apps.core.models import Job
from apps.core.tenancy import tenant
from tests.clio.sandbox.server import RunningSandbox, dataset_store, running_sandbox
from tests.reports.comparing import differences, rendered, theirs
from tests.reports.mirror import TABLES
from tests.reports.recompute import Books, Viewer

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "http://127.0.0.1:8000"
PATIENCE_SECONDS = 300


@contextmanager
def clio_serving(store: Store | None, settings: Any) -> Iterator[RunningSandbox]:
    settings.PUBLIC_BASE_URL = HOME
    settings.REDIS_KEY_PREFIX = f"test:{uuid.uuid4().hex}:"
    application = Application(settings.CLIO_CLIENT_ID, settings.CLIO_CLIENT_SECRET, (f"{HOME}/clio/callback",))
    with running_sandbox(store, Rules(application, rate_limit=0)) as running:
        settings.CLIO_US_HOST = running.base_url
        yield running


def connect(client: APIClient, firm: Any, clio: RunningSandbox) -> None:
    """Go to Clio, say yes, and come back, as a person's browser does."""
    asked = client.post(f"/api/v1/firms/{firm.public_id}/clio/connection", {}, format="json")
    authorize = urlsplit(asked.json()["authorize_url"])
    fields = {name: values[0] for name, values in parse_qs(authorize.query).items()} | {"decision": "allow"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = clio.call("POST", f"{clio.base_url}{authorize.path}", urlencode(fields), form)
    back = urlsplit(reply.headers["Location"])
    browser = Client()
    browser.cookies = client.cookies
    assert browser.get(f"{back.path}?{back.query}").status_code == 200


def work(firm_id: int) -> list[str]:
    """Do what a worker does until nothing is promised any more; return the names of the jobs done."""
    done: list[str] = []
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with tenant(firm_id):
            waiting = list(Job.objects.filter(firm_id=firm_id, status="pending").order_by("available_at"))
        if not waiting:
            return done
        if waiting[0].available_at > datetime.now(UTC):
            time.sleep(0.1)
            continue
        run_job(job_id=waiting[0].pk, firm_id=firm_id)
        done.append(waiting[0].name)
    raise AssertionError(f"still promised after {PATIENCE_SECONDS} s: {[job.name for job in waiting]}")


@pytest.fixture
def first_numbers(
    transactional_db: None, cast: Any, api: Callable[[Any], APIClient], settings: Any
) -> Iterator[Callable[..., Any]]:
    """Return a function that serves a store as Clio, connects the firm, and returns what answers for a period."""
    with_clio: list[Any] = []

    def begin(store: Store | None) -> tuple[RunningSandbox, Callable[[str], Any]]:
        serving = clio_serving(store, settings)
        clio = serving.__enter__()
        with_clio.append(serving)
        client = api(cast.owner)
        connect(client, cast.firm, clio)
        assert "reports.rebuild_ledger" in work(cast.firm.firm_id)
        address = f"/api/v1/firms/{cast.firm.public_id}/reports/overview?period="
        return clio, lambda period: client.get(address + period).json()

    yield begin
    for serving in with_clio:
        serving.__exit__(None, None, None)


def test_march(first_numbers: Callable[..., Any]) -> None:
    _, overview = first_numbers(dataset_store("golden_march"))

    body = overview("2025-03")

    assert body["status"] == "ready"
    assert body["time"] == {
        "recorded_hours": {"billable": 11.0, "non_billable": 5.0, "no_charge": 2.0, "total": 16.0, "agreed_fees": 0.0},
        "available_hours": {"total": 336.0},
        "utilization": {"rate": 3.3},
    }
    figures = body["currencies"][0]["figures"]
    assert (figures["billed"]["fees"], figures["billed"]["expenses"]) == ("3300.00", "400.00")
    assert figures["billed_hours"]["total"] == 14.0
    assert figures["realization"]["rate"] == 91.7
    assert (figures["collected"]["fees"], figures["collected"]["expenses"]) == ("1650.00", "200.00")
    assert figures["collection_rate"]["rate"] == 50.0
    assert (figures["unbilled"]["fees"], figures["unbilled"]["expenses"]) == ("3300.00", "0.00")
    assert figures["receivable"]["total"] == figures["aging"]["days_1_30"] == "1480.00"
    earlier = overview("2025-02")["currencies"][0]["figures"]
    assert (earlier["unbilled"]["fees"], earlier["unbilled"]["expenses"]) == ("3600.00", "400.00")
    assert earlier["receivable"]["total"] == "0.00"
    assert overview("2025-03-01..2025-03-20")["currencies"][0]["figures"]["receivable"]["total"] == "3330.00"


def test_april(first_numbers: Callable[..., Any]) -> None:
    _, overview = first_numbers(dataset_store("golden_april"))

    figures = overview("2025-04")["currencies"][0]["figures"]

    assert figures["billed"]["fees"] == "800.00"
    assert figures["collected"] == {
        "fees": "800.00", "expenses": "300.00", "unreconciled": "0.00", "total": "1100.00", "tax": "40.00",
        "interest": "12.00",
    }  # fmt: skip
    assert figures["receivable"] == {"total": "0.00", "overpaid": "16.00"}
    before = overview("2025-04-01..2025-04-28")["currencies"][0]["figures"]
    assert before["receivable"] == {"total": "684.00", "overpaid": "0.00"}


def test_a_generated_firm_equals_its_recomputation(first_numbers: Callable[..., Any]) -> None:
    clio, overview = first_numbers(None)
    records = {name: clio.list_all(name) for name in TABLES}
    today = datetime.now(UTC).date()
    first, last = date(2025, 11, 1), date(2026, 10, 31)

    mine = rendered(overview(f"{first}..{last}"))

    books = Books(records, currency="USD", zone="UTC", first_synced=datetime.now(UTC))
    assert differences(mine, theirs(books, first, last, today, Viewer())) == {}
    assert float(mine["currencies"]["USD"]["billed"]["total"]) > 100_000
