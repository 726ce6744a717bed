"""Connecting a firm to Clio, through the addresses and the pages a person meets."""

import threading
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Firm, Membership
from apps.clio.models import ClioConnection, ConnectAttempt
from apps.core.encryption import decrypt
from apps.core.scope import Role
from apps.core.tenancy import tenant
from tests.accounts.factories import join, make_user
from tests.clio.factories import fetch, one
from tests.clio.sandbox.server import RunningSandbox


def address(firm: Any, what: str = "connection") -> str:
    return f"/api/v1/firms/{firm.public_id}/clio/{what}"


def begin(client: Any, firm: Any) -> Any:
    """Ask for the way to Clio; return its address."""
    answer = client.post(address(firm), {}, format="json")
    assert answer.status_code == 201, answer.content
    return answer.json()["authorize_url"]


def decide(clio: RunningSandbox, authorize_url: str, decision: str = "allow") -> str:
    """Answer Clio's question as a person would; return the address they are sent back to."""
    parts = urlsplit(authorize_url)
    assert clio.call("GET", authorize_url).status == 200
    fields = {name: values[0] for name, values in parse_qs(parts.query).items()} | {"decision": decision}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = clio.call("POST", f"{parts.scheme}://{parts.netloc}{parts.path}", urlencode(fields), form)
    assert reply.status == 302
    return reply.headers["Location"]


def come_back(client: Any, location: str) -> Any:
    """Follow Clio's redirect in the browser whose cookies the client has; it sends no token."""
    parts = urlsplit(location)
    browser = Client()
    browser.cookies = client.cookies
    return browser.get(f"{parts.path}?{parts.query}")


def connect(client: Any, firm: Any, clio: RunningSandbox, decision: str = "allow") -> Any:
    return come_back(client, decide(clio, begin(client, firm), decision))


def who_am_i(clio: RunningSandbox, access_token: str) -> int:
    return clio.call("GET", "/api/v4/users/who_am_i", headers={"Authorization": f"Bearer {access_token}"}).status


def test_connects_stores_the_tokens_encrypted_and_starts_the_first_sync(cast, api, clio):
    page = connect(api(cast.owner), cast.firm, clio)

    assert page.status_code == 200
    assert "Clio is connected" in page.content.decode()
    status, access, refresh = fetch(cast.firm, "SELECT status, access_token, refresh_token FROM clio_connections")[0]
    assert status == "connected"
    assert who_am_i(clio, decrypt(access)) == 200
    assert decrypt(refresh) not in (refresh, access)
    assert fetch(cast.firm, "SELECT kind, state, requested_by_id FROM clio_sync_runs") == [
        ("full", "running", cast.owner.pk)
    ]
    assert one(cast.firm, "SELECT count(*) FROM core_job WHERE name = 'clio.sync_firm' AND status = 'pending'") == 1
    assert one(cast.firm, "SELECT count(*) FROM core_auditentry WHERE action = 'clio.connected'") == 1
    with tenant(cast.firm.firm_id):
        assert "clio" in Firm.objects.get(pk=cast.firm.firm_id).onboarding_steps


def test_shows_the_connection_and_never_a_token(cast, api, clio):
    assert api(cast.owner).get(address(cast.firm)).status_code == 404
    connect(api(cast.owner), cast.firm, clio)

    answer = api(cast.colleague).get(address(cast.firm))

    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "connected"
    assert body["clio_account_name"] == clio.store.firm_name
    access = decrypt(one(cast.firm, "SELECT access_token FROM clio_connections"))
    assert access not in answer.content.decode()
    assert not [name for name in body if "token" in name]


def test_the_page_gives_nothing_away(cast, api, clio):
    page = connect(api(cast.owner), cast.firm, clio)

    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert page["Content-Security-Policy"].startswith("default-src 'none'")
    assert '<html lang="en">' in page.content.decode()


def test_says_so_when_the_person_declines(cast, api, clio):
    page = connect(api(cast.owner), cast.firm, clio, decision="deny")

    assert page.status_code == 200
    assert "was not connected" in page.content.decode()
    with tenant(cast.firm.firm_id):
        assert not ClioConnection.objects.exists()
    reasons = "SELECT details->>'reason' FROM core_auditentry WHERE action = 'clio.connection_refused'"
    assert one(cast.firm, reasons) == "declined"


def test_takes_a_state_once(cast, api, clio):
    client = api(cast.owner)
    back = decide(clio, begin(client, cast.firm))
    come_back(client, back)

    again = come_back(client, back)

    assert again.status_code == 400
    assert "no longer works" in again.content.decode()
    assert clio.control("requests", method="GET")["/oauth/token"] == 1


def test_a_link_passed_on_to_another_browser_brings_nobodys_books(cast, api, clio):
    attacker, victim = api(cast.owner), api(cast.stranger)
    back = decide(clio, begin(attacker, cast.firm))
    begin(victim, cast.strangers_firm)

    for browser in (victim, Client()):
        page = come_back(browser, back)
        assert page.status_code == 400
        assert "another browser" in page.content.decode()

    assert "/oauth/token" not in clio.control("requests", method="GET")
    assert come_back(attacker, back).status_code == 200


def test_the_browsers_key_is_kept_from_scripts_and_stored_only_as_its_hash(cast, api, clio):
    client = api(cast.owner)
    begin(client, cast.firm)

    cookie = client.cookies["clio_connect"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/clio/")
    assert cookie.value not in one(cast.firm, "SELECT row_to_json(each)::text FROM clio_connect_attempts each")


def test_takes_a_state_for_ten_minutes(cast, api, clio):
    client, begun = api(cast.owner), timezone.now()
    back = decide(clio, begin(client, cast.firm))
    with tenant(cast.firm.firm_id):
        attempt = ConnectAttempt.objects.get()
        assert begun <= attempt.expires_at - timedelta(minutes=10) <= timezone.now()
        ConnectAttempt.objects.update(expires_at=timezone.now())

    assert come_back(client, back).status_code == 400

    assert "/oauth/token" not in clio.control("requests", method="GET")


@pytest.mark.parametrize("query", ["", "?state=made-up&code=x", "?code=x"])
def test_takes_no_state_that_is_not_ours(db, query):
    page = Client().get(f"/clio/callback{query}")

    assert page.status_code == 400
    assert "no longer works" in page.content.decode()


def test_stores_a_state_only_as_its_hash(cast, api, clio):
    state = parse_qs(urlsplit(begin(api(cast.owner), cast.firm)).query)["state"][0]

    stored = one(cast.firm, "SELECT row_to_json(each)::text FROM clio_connect_attempts each")

    assert state not in stored
    assert len(state) >= 40


def test_refuses_an_account_another_firm_has(cast, api, clio):
    connect(api(cast.owner), cast.firm, clio)

    page = connect(api(cast.stranger), cast.strangers_firm, clio)

    assert page.status_code == 409
    assert "belongs to another firm" in page.content.decode()
    with tenant(cast.strangers_firm.firm_id):
        assert not ClioConnection.objects.exists()
    assert one(cast.firm, "SELECT status FROM clio_connections") == "connected"


@pytest.mark.parametrize("status", ["connected", "disconnected", "revoked"])
def test_refuses_another_account_for_a_firm_that_has_one(cast, api, clio, status):
    connect(api(cast.owner), cast.firm, clio)
    with tenant(cast.firm.firm_id):
        ClioConnection.objects.update(clio_account_id=4711, clio_account_name="Elm LLP", status=status)

    page = connect(api(cast.owner), cast.firm, clio)

    assert page.status_code == 409
    assert "another Clio account" in page.content.decode()
    assert fetch(cast.firm, "SELECT clio_account_id, status FROM clio_connections") == [(4711, status)]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_connect_at_the_same_moment_both_succeed(transactional_db, cast, api, clio):
    admin = make_user("Addy Min")
    join(admin, cast.firm, role=Role.ADMIN)
    first, second = api(cast.owner), api(admin)
    backs = [(first, decide(clio, begin(first, cast.firm))), (second, decide(clio, begin(second, cast.firm)))]
    together, statuses = threading.Barrier(2), []

    def arrive(client: Any, back: str) -> None:
        together.wait()
        try:
            statuses.append(come_back(client, back).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=arrive, args=each) for each in backs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200, 200]
    assert fetch(cast.firm, "SELECT status FROM clio_connections") == [("connected",)]
    assert one(cast.firm, "SELECT count(*) FROM clio_sync_runs WHERE finished_at IS NULL") == 1


def test_offers_the_regions_of_its_applications(cast, api, clio, settings):
    settings.CLIO_OTHER_REGIONS = {"eu": ("https://eu.app.clio.com", "eu-client", "eu-secret")}

    told = api(cast.colleague).get(address(cast.firm, "regions"))

    assert told.json() == [{"region": "us", "name": "United States"}, {"region": "eu", "name": "Europe"}]
    assert api(cast.stranger).get(address(cast.firm, "regions")).status_code == 404
    started = api(cast.owner).post(address(cast.firm), {"region": "eu"}, format="json").json()["authorize_url"]
    assert started.startswith("https://eu.app.clio.com/oauth/authorize?")
    assert "client_id=eu-client" in started


def demote(membership: Membership) -> None:
    Membership.objects.filter(pk=membership.pk).update(role="member")


def suspend(membership: Membership) -> None:
    Membership.objects.filter(pk=membership.pk).update(status="suspended")


def remove(membership: Membership) -> None:
    Membership.objects.filter(pk=membership.pk).delete()


@pytest.mark.parametrize("lose_the_place", [demote, suspend, remove])
def test_refuses_who_is_no_longer_an_administrator(cast, api, clio, lose_the_place):
    admin = make_user("Addy Min")
    place = join(admin, cast.firm, role=Role.ADMIN)
    client = api(admin)
    back = decide(clio, begin(client, cast.firm))
    with tenant(cast.firm.firm_id):
        lose_the_place(place)

    page = come_back(client, back)

    assert page.status_code == 403
    assert "may no longer connect" in page.content.decode()
    with tenant(cast.firm.firm_id):
        assert not ClioConnection.objects.exists()
    reasons = "SELECT details->>'reason' FROM core_auditentry WHERE action = 'clio.connection_refused'"
    assert one(cast.firm, reasons) == "clio.not_administrator_anymore"


def test_says_so_when_clio_is_away(cast, api, clio):
    client = api(cast.owner)
    back = decide(clio, begin(client, cast.firm))
    clio.control("faults", {"next": [{"kind": "503", "path": "/oauth/token", "times": 5}]})

    page = come_back(client, back)

    assert page.status_code == 503
    assert "not answering" in page.content.decode()
    with tenant(cast.firm.firm_id):
        assert not ClioConnection.objects.exists()


def test_reconnects_the_same_account_after_a_revocation(cast, api, clio):
    connect(api(cast.owner), cast.firm, clio)
    with tenant(cast.firm.firm_id):
        ClioConnection.objects.update(status="revoked", access_token="", refresh_token="")

    connect(api(cast.owner), cast.firm, clio)

    assert one(cast.firm, "SELECT status FROM clio_connections") == "connected"
    assert one(cast.firm, "SELECT count(*) FROM clio_sync_runs") == 1


def test_disconnects_here_and_at_clio(cast, api, clio):
    connect(api(cast.owner), cast.firm, clio)
    access = decrypt(one(cast.firm, "SELECT access_token FROM clio_connections"))

    answer = api(cast.owner).delete(address(cast.firm))

    assert answer.status_code == 204
    (stored,) = fetch(cast.firm, "SELECT status, access_token, refresh_token FROM clio_connections")
    assert stored == ("disconnected", "", "")
    assert who_am_i(clio, access) == 401
    assert api(cast.owner).delete(address(cast.firm)).status_code == 404
    assert api(cast.owner).post(address(cast.firm, "sync"), {}, format="json").status_code == 404


def test_offers_only_the_regions_that_are_set_up(cast, api, clio):
    refused = api(cast.owner).post(address(cast.firm), {"region": "eu"}, format="json")
    unknown = api(cast.owner).post(address(cast.firm), {"region": "mars"}, format="json")

    assert (refused.status_code, refused.json()["code"]) == (400, "clio.region_not_offered")
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (400, "/region")


@pytest.mark.parametrize("method", ["post", "delete"])
def test_only_administrators_connect(cast, api, clio, method):
    for person, status in ((cast.colleague, 403), (cast.consultant, 403), (cast.stranger, 404), (None, 401)):
        assert getattr(api(person), method)(address(cast.firm)).status_code == status

    with tenant(cast.firm.firm_id):
        assert not ConnectAttempt.objects.exists()


def test_a_stranger_does_not_learn_of_the_connection(cast, api, clio):
    connect(api(cast.owner), cast.firm, clio)

    assert api(cast.stranger).get(address(cast.firm)).status_code == 404
    assert api(cast.stranger).get(address(cast.firm, "sync")).status_code == 404
