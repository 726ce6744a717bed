"""The life of a grant: withdrawn, noticed, told once, taken up again without a loss; and the people behind it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import Membership
from apps.clio.errors import ClioGrantRevoked, DeauthorizationClosed
from apps.clio.models import ClioConnection, SyncRun
from apps.clio.queries.syncs import find_progress
from apps.clio.services.access_token import get_grant, refresh_grant
from apps.clio.services.describe_health import describe_health
from apps.clio.services.disconnect import disconnect
from apps.clio.services.keep_webhooks import keep_webhooks
from apps.clio.services.note_deauthorization import check_grant, note_deauthorization
from apps.clio.services.open_run import end_open_run, open_run
from apps.clio.services.read_deliveries import read_deliveries
from apps.clio.services.sync_firm import sync_firm
from apps.core.encryption import encrypt
from apps.core.jobs.run import run_job
from apps.core.models import Job
from apps.core.tenancy import acting_as, tenant
from apps.notifications.models import Notification
from tests.clio.factories import connect, differences, fetch, one, start, sync, worker_process

NAMES = ["users", "contacts", "matters", "activities", "bills", "line_items", "allocations"]
REFRESH = """
from apps.clio.services.access_token import refresh_grant
from apps.clio.models import ClioConnection
from apps.core.tenancy import tenant
print(refresh_grant(firm_id={firm_id}, stale={stale!r}).access_token)
"""


def told(user: Any, kind: str) -> int:
    with acting_as(user.pk):
        return int(Notification.objects.filter(user_id=user.pk, kind=kind).count())


def grant_again(firm: Any, clio: Any) -> None:
    """Store what a new consent would bring."""
    granted = clio.control("grant")
    with tenant(firm.firm_id):
        ClioConnection.objects.update(
            access_token=encrypt(granted["access_token"]),
            refresh_token=encrypt(granted["refresh_token"]),
            expires_at=timezone.now() + timedelta(days=30),
            status="connected",
        )


@pytest.mark.django_db(transaction=True)
def test_many_processes_refresh_once(transactional_db, cast, clio):
    connect(cast.firm, clio)
    stale = get_grant(firm_id=cast.firm.firm_id).version

    code = REFRESH.format(firm_id=cast.firm.firm_id, stale=stale)
    workers = [worker_process(code) for _ in range(4)]
    printed = [worker.communicate(timeout=300) for worker in workers]

    assert [worker.returncode for worker in workers] == [0] * 4, printed
    assert len({out.strip() for out, _ in printed}) == 1
    assert clio.control("requests", method="GET")["/oauth/token"] == 1


def test_tells_the_administrators_once_that_the_grant_is_gone(cast, clio):
    granted = connect(cast.firm, clio)
    clio.control("revoke", {"token": granted["refresh_token"]})
    stale = get_grant(firm_id=cast.firm.firm_id).version

    for _ in range(3):
        with pytest.raises(ClioGrantRevoked):
            refresh_grant(firm_id=cast.firm.firm_id, stale=stale)

    assert told(cast.owner, "clio.grant_revoked") == 1
    assert told(cast.stranger, "clio.grant_revoked") == 0


def test_connecting_again_goes_on_where_the_sync_stood(cast, clio):
    granted = connect(cast.firm, clio)
    clio.control("faults", {"next": [{"kind": "503", "path": "/api/v4/line_items.json", "after": 3, "times": 3}]})
    start(cast.firm)
    assert sync_firm(firm_id=cast.firm.firm_id) is not None
    before = one(cast.firm, "SELECT sum(pages) FROM clio_sync_steps")
    clio.control("revoke", {"token": granted["refresh_token"]})
    assert sync_firm(firm_id=cast.firm.firm_id) is None
    progress = find_progress(firm_id=cast.firm.firm_id)
    assert progress is not None
    assert (progress.state, progress.reason) == ("parked", "clio.grant_revoked")
    clio.control("requests", method="DELETE")
    grant_again(cast.firm, clio)

    open_run(firm_id=cast.firm.firm_id, full=False)
    while sync_firm(firm_id=cast.firm.firm_id) is not None:
        pass

    assert one(cast.firm, "SELECT count(*) FROM clio_sync_runs") == 1
    after = one(cast.firm, "SELECT sum(pages) FROM clio_sync_steps")
    asked = sum(count for path, count in clio.control("requests", method="GET").items() if path.startswith("/api/"))
    probes = one(cast.firm, "SELECT count(*) FROM clio_optional_fields")
    assert 0 < before < after
    assert asked <= after - before + 2 * probes
    assert {name: differences(cast.firm, clio, name) for name in NAMES} == {name: [] for name in NAMES}


def member(cast: Any, clio_user_id: int, **changes: Any) -> Any:
    with tenant(cast.firm.firm_id):
        row = Membership.objects.get(firm_id=cast.firm.firm_id, user_id=changes.pop("user").pk)
        row.clio_user_id = clio_user_id
        row.save(update_fields=["clio_user_id"])
        return row


def status_of(cast: Any, user: Any) -> str:
    with tenant(cast.firm.firm_id):
        return str(Membership.objects.get(firm_id=cast.firm.firm_id, user_id=user.pk).status)


def test_who_is_turned_off_in_clio_is_suspended_once_pending_review(cast, clio):
    connect(cast.firm, clio)
    sync(cast.firm)
    off = sorted(clio.store.tables["users"].ids)[-1]
    member(cast, off, user=cast.colleague)
    later = (timezone.now() + timedelta(seconds=5)).isoformat()
    clio.control(f"records/users/{off}", {"enabled": False, "updated_at": later}, "PATCH")

    sync(cast.firm)

    assert status_of(cast, cast.colleague) == "suspended"
    assert told(cast.colleague, "accounts.membership_suspended") == 1
    assert told(cast.owner, "accounts.member_off_in_clio") == 1
    with tenant(cast.firm.firm_id):
        Membership.objects.filter(user_id=cast.colleague.pk).update(status="active")
    sync(cast.firm)
    assert status_of(cast, cast.colleague) == "active"  # an administrator decided otherwise


def test_an_owner_turned_off_in_clio_is_named_and_not_suspended(cast, clio):
    connect(cast.firm, clio)
    sync(cast.firm)
    off = sorted(clio.store.tables["users"].ids)[0]
    member(cast, off, user=cast.owner)
    later = (timezone.now() + timedelta(seconds=5)).isoformat()
    clio.control(f"records/users/{off}", {"enabled": False, "updated_at": later}, "PATCH")

    sync(cast.firm)

    assert status_of(cast, cast.owner) == "active"
    assert told(cast.owner, "accounts.member_off_in_clio") == 1


@pytest.mark.parametrize("body", ['{"data": {"account": {"id": 1}}}', "account_id=1&user_id=x", '["1"]'])
def test_a_call_about_a_removed_application_makes_us_ask_clio(cast, clio, settings, client, body):
    settings.CLIO_DEAUTHORIZATION_TOKEN = "made-up-by-the-operator"
    granted = connect(cast.firm, clio)
    address = "/webhooks/clio/deauthorized/made-up-by-the-operator"

    assert client.post(address, body, content_type="text/plain").status_code == 200

    assert one(cast.firm, "SELECT count(*) FROM core_job WHERE name = 'clio.check_grant'") == 1
    check_grant(firm_id=cast.firm.firm_id)
    assert one(cast.firm, "SELECT status FROM clio_connections") == "connected"  # it was not true
    clio.control("revoke", {"token": granted["refresh_token"]})
    with pytest.raises(ClioGrantRevoked):
        check_grant(firm_id=cast.firm.firm_id)
    assert one(cast.firm, "SELECT status FROM clio_connections") == "revoked"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["json", "form"])
def test_removing_the_application_inside_clio_parks_the_firm_and_tells_its_administrators(
    transactional_db, cast, clio, settings, live_server, form
):
    settings.CLIO_DEAUTHORIZATION_TOKEN = "made-up-by-the-operator"
    granted = connect(cast.firm, clio, account_id=clio_account(clio))
    url = f"{live_server.url}/webhooks/clio/deauthorized/made-up-by-the-operator"
    clio.control("oauth", {"deauthorization_url": url, "deauthorization_form": form}, "PATCH")

    assert clio.control("oauth/remove", {}) == {"grants": 1, "called": True}
    assert clio.control("webhooks/settle", {"seconds": 30}) == {"settled": True}

    assert [each["status"] for each in clio.control("webhooks", method="GET")["recent"]] == [200]
    assert clio.sandbox.authority.find(granted["access_token"]) is None
    with tenant(cast.firm.firm_id):
        job = Job.objects.get(firm_id=cast.firm.firm_id, name="clio.check_grant")
    run_job(job_id=job.pk, firm_id=cast.firm.firm_id)
    assert one(cast.firm, "SELECT status FROM clio_connections") == "revoked"
    assert told(cast.owner, "clio.grant_revoked") == 1


def clio_account(clio: Any) -> int:
    """Return the id of the sandbox's account."""
    return int(clio.control("truth/users?fields=account{id}", method="GET")["data"][0]["account"]["id"])


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"{", b'{"account": {"id": 99}}', b"[" * 500, b"9" * 400])
def test_a_call_that_names_nobody_changes_nothing(cast, clio, settings, body):
    settings.CLIO_DEAUTHORIZATION_TOKEN = "made-up-by-the-operator"
    connect(cast.firm, clio)

    assert note_deauthorization(token="made-up-by-the-operator", body=body) == 0

    with tenant(cast.firm.firm_id):
        assert not Job.objects.filter(name="clio.check_grant").exists()


def test_looking_at_the_grant_waits_for_the_minutes_requests_and_believes_no_other_refusal(cast, clio):
    connect(cast.firm, clio)
    path = "/api/v4/users/who_am_i.json"
    clio.control("faults", {"next": [{"kind": "403", "path": path}, {"kind": "429", "path": path, "seconds": 45}]})
    begun = timezone.now()

    assert check_grant(firm_id=cast.firm.firm_id) is None
    again_at = check_grant(firm_id=cast.firm.firm_id)

    assert again_at is not None
    assert begun <= again_at - timedelta(seconds=45) <= timezone.now()
    assert one(cast.firm, "SELECT status FROM clio_connections") == "connected"


def test_a_region_that_is_no_longer_offered_parks_the_firm_in_words_and_breaks_nothing(cast, clio):
    connect(cast.firm, clio)
    start(cast.firm)
    with tenant(cast.firm.firm_id):
        ClioConnection.objects.update(region="ca")

    assert sync_firm(firm_id=cast.firm.firm_id) is None

    progress = find_progress(firm_id=cast.firm.firm_id)
    assert progress is not None
    assert (progress.state, progress.reason) == ("parked", "clio.region_closed")
    assert "region of Clio" in progress.detail
    assert keep_webhooks(firm_id=cast.firm.firm_id, now=timezone.now()) is None
    assert read_deliveries(firm_id=cast.firm.firm_id) is None
    health = describe_health(firm_id=cast.firm.firm_id, now=timezone.now())
    assert [each.title for each in health.concerns if "region of Clio" in each.title]
    disconnect(firm_id=cast.firm.firm_id, actor_id=cast.owner.pk, now=timezone.now())
    assert one(cast.firm, "SELECT count(*) FROM clio_farewells") == 0


@pytest.mark.parametrize(("configured", "used"), [("", ""), ("", "x"), ("right", "wrong")])
def test_the_address_is_closed_unless_it_is_the_configured_one(cast, clio, settings, configured, used):
    settings.CLIO_DEAUTHORIZATION_TOKEN = configured

    with pytest.raises(DeauthorizationClosed):
        note_deauthorization(token=used, body=b"account_id=1")


def test_another_user_of_the_account_means_that_everything_is_read_again(firm, clio, cast):
    start(firm)
    end_open_run(firm_id=firm.firm_id)
    open_run(firm_id=firm.firm_id, full=True)

    with tenant(firm.firm_id):
        runs = list(SyncRun.objects.order_by("id").values_list("state", "reason", "kind"))
    assert runs == [("failed", "clio.superseded", "full"), ("running", "", "full")]
    assert fetch(firm, "SELECT count(*) FROM clio_sync_runs WHERE finished_at IS NULL") == [(1,)]
