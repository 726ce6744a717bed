"""People read how the messages to them went, and nobody else's."""

import pytest
from django.utils import timezone

from apps.core.tenancy import tenant
from apps.notifications.contracts import OutsideAddress
from apps.notifications.interface import notify
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.services.deliver import deliver
from apps.notifications.services.send_digest import send_digest
from tests.accounts.factories import make_user
from tests.notifications.factories import change_delivery
from tests.notifications.people import ALERT, SECURITY, SHARED, choose, delivery_of, reachable, say

pytestmark = pytest.mark.django_db
HISTORY = "/api/v1/me/deliveries"


@pytest.fixture
def ada():
    return reachable(make_user("Ada Partner"))


def _rows(answer) -> list[dict[str, object]]:
    assert answer.status_code == 200
    results: list[dict[str, object]] = answer.json()["results"]
    return results


def test_tells_what_went_where_and_when(ada, api, mailoutbox):
    reference, _ = delivery_of(ada, say(ada, SECURITY))
    deliver(reference)

    (row,) = _rows(api(ada).get(HISTORY))

    assert row["kind"] == SECURITY
    assert (row["channel"], row["channel_label"], row["address"]) == ("email", "Email", "p•••@e•••.com")
    assert (row["status"], row["status_label"], row["reason"]) == ("sent", "Sent", "")
    assert row["sent_at"] is not None


def test_tells_why_something_did_not_go(ada, api):
    choose(ada, SHARED, "email", "off")
    deliver(delivery_of(ada, say(ada))[0])

    (row,) = _rows(api(ada).get(HISTORY))

    assert (row["status"], row["status_label"]) == ("skipped", "Not sent")
    assert "does not want" in str(row["reason"])


def test_what_a_vendor_told_us_stays_with_us(ada, api):
    change_delivery(delivery_of(ada, say(ada))[0], status="dead", reason="The mail service failed (401).")

    (row,) = _rows(api(ada).get(HISTORY))

    assert (row["status_label"], row["reason"]) == ("Could not be sent", "")


def test_what_went_with_the_digest_says_so(ada, api, time_machine):
    time_machine.move_to("2026-06-10T20:00:00Z")
    choose(ada, SHARED, "email", "digest")
    deliver(delivery_of(ada, say(ada))[0])
    time_machine.move_to("2026-06-11T08:00:00Z")
    send_digest(user_id=ada.pk, now=timezone.now())

    digest, gathered = _rows(api(ada).get(HISTORY))

    assert digest["kind"] == "system.digest"
    assert (gathered["status"], gathered["status_label"]) == ("gathered", "Went with your daily digest")


def test_one_s_own_only(cast, api):
    say(reachable(cast.owner))
    context = get_kind("reports.scheduled_report").sample
    with tenant(cast.firm.firm_id):
        outside = OutsideAddress("auditor@example.net")
        notify(recipient=outside, kind="reports.scheduled_report", context=context, firm_id=cast.firm.firm_id)

    assert len(_rows(api(cast.owner).get(HISTORY))) == 1
    assert _rows(api(cast.colleague).get(HISTORY)) == []
    assert _rows(api(cast.stranger).get(HISTORY)) == []


def test_comes_in_pages(ada, api):
    for _ in range(3):
        say(ada, ALERT)
    client = api(ada)

    first = client.get(HISTORY, {"page_size": 4})
    rest = client.get(first.json()["next"])

    ids = [str(row["id"]) for row in _rows(first) + _rows(rest)]
    assert (len(_rows(first)), len(ids), len(set(ids))) == (4, 6, 6)
    assert ids == sorted(ids, reverse=True)
    assert (client.get(HISTORY, {"cursor": "x"}).status_code, rest.json()["next"]) == (400, None)
