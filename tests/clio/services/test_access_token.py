"""The access token: one refresh at a time, and a clear end when Clio no longer agrees."""

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from apps.clio.contracts import Grant
from apps.clio.errors import ClioGrantRevoked, ClioNotConnected
from apps.clio.models import ClioConnection
from apps.clio.services.access_token import get_grant, note_revoked, refresh_grant
from apps.core.errors import VendorUnavailable
from apps.core.tenancy import tenant
from tests.clio.factories import one


def refreshes(clio: Any) -> Any:
    return clio.control("requests", method="GET").get("/oauth/token", 0)


def expire(firm: Any) -> None:
    with tenant(firm.firm_id):
        ClioConnection.objects.update(expires_at=timezone.now() + timedelta(minutes=1))


def test_gives_the_stored_token_while_it_is_good(firm, clio):
    first, second = get_grant(firm_id=firm.firm_id), get_grant(firm_id=firm.firm_id)

    assert first == second
    assert first.host == clio.base_url
    assert refreshes(clio) == 0


def test_refreshes_a_token_about_to_expire(firm, clio):
    before = get_grant(firm_id=firm.firm_id)
    expire(firm)

    after = get_grant(firm_id=firm.firm_id)

    assert after.access_token != before.access_token
    assert one(firm, "SELECT expires_at > now() + interval '29 days' FROM clio_connections")
    assert get_grant(firm_id=firm.firm_id) == after
    assert refreshes(clio) == 1


def test_does_not_refresh_what_somebody_refreshed_already(firm, clio):
    stale = get_grant(firm_id=firm.firm_id).version
    fresh = refresh_grant(firm_id=firm.firm_id, stale=stale)

    assert refresh_grant(firm_id=firm.firm_id, stale=stale) == fresh
    assert refreshes(clio) == 1


@pytest.mark.django_db(transaction=True)
def test_refreshes_once_for_all_who_ask_at_the_same_time(transactional_db, firm, clio):
    stale = get_grant(firm_id=firm.firm_id).version
    found: list[Grant] = []
    together = threading.Barrier(5)

    def ask() -> None:
        together.wait()
        try:
            found.append(refresh_grant(firm_id=firm.firm_id, stale=stale))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 5
    assert len(set(found)) == 1
    assert refreshes(clio) == 1


def test_takes_over_a_claim_that_ran_out(firm, clio):
    stale = get_grant(firm_id=firm.firm_id).version
    with tenant(firm.firm_id):
        ClioConnection.objects.update(
            refresh_claim=uuid4(), refresh_claimed_until=timezone.now() - timedelta(seconds=1)
        )

    assert refresh_grant(firm_id=firm.firm_id, stale=stale).version != stale


def test_lets_go_of_the_claim_when_clio_is_away(firm, clio):
    stale = get_grant(firm_id=firm.firm_id).version
    clio.control("faults", {"next": [{"kind": "503", "path": "/oauth/token"}]})

    with pytest.raises(VendorUnavailable):
        refresh_grant(firm_id=firm.firm_id, stale=stale)

    assert refresh_grant(firm_id=firm.firm_id, stale=stale).version != stale


def test_marks_the_connection_when_the_refresh_is_refused(firm, clio):
    grant = get_grant(firm_id=firm.firm_id)
    clio.control("revoke", {"token": grant.access_token})

    with pytest.raises(ClioGrantRevoked):
        refresh_grant(firm_id=firm.firm_id, stale=grant.version)

    assert one(firm, "SELECT status FROM clio_connections") == "revoked"


def test_an_old_refusal_does_not_end_a_newer_connection(firm):
    stale = get_grant(firm_id=firm.firm_id).version
    refresh_grant(firm_id=firm.firm_id, stale=stale)

    note_revoked(firm_id=firm.firm_id, version=stale)

    assert one(firm, "SELECT status FROM clio_connections") == "connected"


def test_needs_a_connection(cast):
    with pytest.raises(ClioNotConnected):
        get_grant(firm_id=cast.firm.firm_id)
