"""Webhooks are registered, adopted, renewed, made anew where Clio lost or silenced them, and removed."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from apps.clio.mirror.announced import ANNOUNCED
from apps.clio.models import ClioConnection, SyncRun, Webhook, WebhookCare
from apps.clio.queries.webhooks import list_webhook_health
from apps.clio.services.call_clio import calling_clio
from apps.clio.services.keep_webhooks import keep_webhooks
from apps.clio.services.look_after_webhooks import look_after_webhooks
from apps.clio.services.remove_webhooks import forget_webhooks, remove_webhooks_at_clio
from apps.core.encryption import decrypt
from apps.core.models import Job
from apps.core.tenancy import acting_as, tenant
from apps.notifications.models import Notification
from tests.clio.factories import connect, mirrored

pytestmark = pytest.mark.django_db(transaction=True)
WEBHOOKS = "/api/v4/webhooks.json"


@pytest.fixture
def connected(cast: Any, clio: Any, live_server: Any, settings: Any) -> Any:
    """A connected firm whose webhooks the sandbox can call."""
    settings.CLIO_WEBHOOK_BASE_URL = live_server.url
    connect(cast.firm, clio)
    return cast.firm


def keep(firm: Any) -> datetime | None:
    return keep_webhooks(firm_id=firm.firm_id, now=timezone.now())


def time_passes(firm: Any, **parts: int) -> None:
    """Let what we know be older; Clio's clock is its own."""
    with tenant(firm.firm_id):
        ago = timedelta(**parts)
        Webhook.objects.update(opened_at=F("opened_at") - ago, renewed_at=F("renewed_at") - ago)


def ours(firm: Any) -> dict[str, Webhook]:
    with tenant(firm.firm_id):
        return {each.model: each for each in Webhook.objects.filter(firm_id=firm.firm_id)}


def at_clio(clio: Any) -> dict[str, dict[str, Any]]:
    listed = clio.control("webhooks", method="GET")["webhooks"]
    assert len({each["model"] for each in listed}) == len(listed)
    return {each["model"]: each for each in listed}


def settle(clio: Any) -> None:
    assert clio.control("webhooks/settle", {"seconds": 20})["settled"]


def states(firm: Any) -> set[str]:
    return {each.state for each in ours(firm).values()}


def runs(firm: Any) -> int:
    with tenant(firm.firm_id):
        return SyncRun.objects.filter(firm_id=firm.firm_id).count()


@pytest.mark.parametrize("handshake", ["after", "before"])
def test_registers_one_for_each_model_and_shakes_hands(connected, clio, handshake):
    clio.control("webhooks", {"handshake": handshake}, method="PATCH")

    keep(connected)
    settle(clio)

    assert set(ours(connected)) == set(at_clio(clio)) == set(ANNOUNCED)
    assert states(connected) == {"enabled"}
    assert {each["status"] for each in at_clio(clio).values()} == {"enabled"}


def test_asks_for_every_event_for_the_longest_life_and_for_a_secret_address(connected, clio):
    keep(connected)

    listed = at_clio(clio)
    assert set(listed["matter"]["events"]) == {
        "created", "updated", "deleted", "matter_opened", "matter_pended", "matter_closed",
    }  # fmt: skip
    assert ours(connected)["matter"].events == listed["matter"]["events"]
    for each in listed.values():
        left = datetime.fromisoformat(each["expires_at"]) - timezone.now()
        assert timedelta(days=30) < left <= timedelta(days=31)
        assert len(each["url"].rsplit("/", 1)[1]) >= 43
    assert len({each["url"] for each in listed.values()}) == len(listed)


def test_keeps_each_secret_encrypted(connected, clio):
    keep(connected)
    settle(clio)

    for each in ours(connected).values():
        secret = decrypt(each.sealed_secret)
        assert len(secret) >= 32
        assert secret not in each.sealed_secret


def test_a_second_look_changes_nothing(connected, clio):
    keep(connected)
    settle(clio)
    before = at_clio(clio)

    keep(connected)

    assert at_clio(clio) == before
    assert runs(connected) == 0


def test_completes_from_our_side_a_handshake_that_never_came(connected, clio):
    clio.control("webhooks", {"handshake": "lost"}, method="PATCH")
    looks_again_at = keep(connected)
    assert states(connected) == {"opening"}
    assert looks_again_at is not None

    time_passes(connected, minutes=1)
    assert keep(connected) is None

    assert states(connected) == {"enabled"}
    assert {each["status"] for each in at_clio(clio).values()} == {"enabled"}


def test_renews_weekly(connected, clio):
    keep(connected)
    settle(clio)
    first = at_clio(clio)["activity"]

    time_passes(connected, days=6)
    keep(connected)
    assert at_clio(clio)["activity"]["expires_at"] == first["expires_at"]
    time_passes(connected, days=1)
    time.sleep(1.1)  # Clio tells whole seconds
    keep(connected)

    renewed = at_clio(clio)["activity"]
    assert renewed["id"] == first["id"]
    assert renewed["expires_at"] > first["expires_at"]
    known = ours(connected)["activity"]
    assert known.expires_at == datetime.fromisoformat(renewed["expires_at"]).astimezone(UTC)
    assert known.renewed_at is not None
    assert timezone.now() - known.renewed_at < timedelta(minutes=1)


@pytest.mark.parametrize("lever", ["suspend", "expire"])
def test_makes_a_silenced_or_lost_one_anew_and_catches_up(connected, clio, lever):
    keep(connected)
    settle(clio)
    old = ours(connected)["activity"]
    clio.control(f"webhooks/{lever}", {"id": old.clio_webhook_id})

    keep(connected)
    settle(clio)

    new = ours(connected)["activity"]
    assert new.clio_webhook_id != old.clio_webhook_id
    assert (new.address_hash != old.address_hash, new.state) == (True, "enabled")
    assert set(at_clio(clio)) == set(ANNOUNCED)
    assert runs(connected) == 1


def test_finds_by_its_address_the_one_whose_answer_was_lost(connected, clio):
    clio.control("faults", {"next": [{"path": WEBHOOKS, "kind": "drop", "after": 1}]})
    with pytest.raises(Exception, match="did not answer"):
        keep(connected)

    time_passes(connected, minutes=1)
    keep(connected)
    settle(clio)

    assert set(ours(connected)) == set(at_clio(clio)) == set(ANNOUNCED)
    assert states(connected) == {"enabled"}
    assert {each.clio_webhook_id for each in ours(connected).values()} == {
        each["id"] for each in at_clio(clio).values()
    }


def test_keeps_in_words_what_clio_forbids_and_tries_again_the_next_day(connected, clio):
    clio.control("faults", {"next": [{"path": WEBHOOKS, "kind": "403", "after": 1}]})
    keep(connected)
    (refused,) = [each for each in ours(connected).values() if each.state == "refused"]
    assert refused.detail
    assert len(at_clio(clio)) == len(ANNOUNCED) - 1

    time_passes(connected, hours=23)
    keep(connected)
    assert len(at_clio(clio)) == len(ANNOUNCED) - 1
    time_passes(connected, hours=2)
    keep(connected)

    assert len(at_clio(clio)) == len(ANNOUNCED)


def test_asks_without_braces_where_clio_takes_none(connected, clio):
    place = 1 + list(ANNOUNCED).index("matter")  # the list of webhooks is asked for first
    clio.control("faults", {"next": [{"path": WEBHOOKS, "kind": "422", "after": place}]})

    keep(connected)
    settle(clio)

    assert states(connected) == {"enabled"}
    assert ours(connected)["matter"].fields == ANNOUNCED["matter"].webhook_fields.replace("{id}", "")
    assert "{id}" in ours(connected)["activity"].fields


def test_removes_those_under_our_address_that_we_know_nothing_of_and_no_others(connected, clio, settings):
    keep(connected)
    with tenant(connected.firm_id):
        Webhook.objects.filter(model="task").update(address_hash="another")
    base, settings.CLIO_WEBHOOK_BASE_URL = settings.CLIO_WEBHOOK_BASE_URL, "http://127.0.0.1:9"
    with calling_clio(firm_id=connected.firm_id) as caller:
        foreign = caller(lambda api: api.post("webhooks", terms("http://127.0.0.1:9/webhooks/clio/x")))["id"]
    settings.CLIO_WEBHOOK_BASE_URL = base

    keep(connected)

    listed = [each["id"] for each in clio.control("webhooks", method="GET")["webhooks"]]
    assert foreign in listed
    assert sorted(listed) == sorted([foreign, *[each.clio_webhook_id for each in ours(connected).values()]])


def terms(url: str) -> dict[str, Any]:
    return {"url": url, "model": "document", "fields": "id,etag", "events": ["created"]}


def test_where_clio_can_call_us_is_a_question_of_the_firms_region(connected, clio, settings):
    known = clio.sandbox.authority.application
    settings.CLIO_OTHER_REGIONS = {"au": (clio.base_url, known.client_id, known.client_secret)}
    settings.CLIO_US_HOST = "https://app.clio.com"
    with tenant(connected.firm_id):
        ClioConnection.objects.update(region="au")

    keep(connected)
    settle(clio)

    assert {each["status"] for each in at_clio(clio).values()} == {"enabled"}


def test_tells_why_there_are_none_where_clio_cannot_call_us(connected, clio, settings):
    settings.CLIO_WEBHOOK_BASE_URL = "http://numbers.example.com"

    assert keep(connected) is None

    assert (ours(connected), at_clio(clio)) == ({}, {})
    with tenant(connected.firm_id):
        assert "http://numbers.example.com" in WebhookCare.objects.get().detail


def test_a_call_to_one_that_is_not_ours_anymore_silences_it_at_clio(connected, clio):
    keep(connected)
    settle(clio)
    with tenant(connected.firm_id):
        forget_webhooks(firm_id=connected.firm_id)

    clio.control(f"records/activities/{mirrored_id(clio)}", {"note": "changed"}, method="PATCH")
    settle(clio)

    assert at_clio(clio)["activity"]["status"] == "suspended"


def mirrored_id(clio: Any) -> int:
    return int(clio.list_all("activities", "id")[0]["id"])


def test_takes_every_webhook_back(connected, clio):
    keep(connected)

    with calling_clio(firm_id=connected.firm_id) as caller:
        assert caller(remove_webhooks_at_clio) == len(ANNOUNCED)
    with tenant(connected.firm_id):
        assert forget_webhooks(firm_id=connected.firm_id) == len(ANNOUNCED)

    assert (ours(connected), at_clio(clio)) == ({}, {})
    assert mirrored(connected, "activities") == {}


def test_looks_after_firms_that_are_due(connected, cast):
    def promised() -> int:
        with tenant(connected.firm_id):
            return Job.objects.filter(name="clio.keep_webhooks").count()

    assert look_after_webhooks() == 1
    assert look_after_webhooks() == 1  # the first promise is not kept yet, and there is no second
    assert promised() == 1

    keep(connected)

    assert look_after_webhooks() == 0
    assert look_after_webhooks(now=timezone.now() + timedelta(hours=7)) == 1


@pytest.mark.parametrize(("days", "kind"), [(25, "clio.webhooks_lapsing"), (32, "clio.webhooks_lapsed")])
def test_tells_the_administrators_once_that_it_could_not_be_renewed(connected, cast, days, kind):
    keep(connected)

    for _ in range(2):
        look_after_webhooks(now=timezone.now() + timedelta(days=days))

    with owner_sees(cast):
        told = list(Notification.objects.filter(kind__startswith="clio.webhooks").values_list("kind", flat=True))
    assert told == [kind]


def owner_sees(cast: Any) -> Any:
    return acting_as(cast.owner.pk)


def test_is_silent_while_there_is_time(connected, cast):
    keep(connected)

    look_after_webhooks(now=timezone.now() + timedelta(days=23))

    with owner_sees(cast):
        assert not Notification.objects.filter(kind__startswith="clio.webhooks").exists()


def test_health_tells_of_each_webhook(connected, clio):
    keep(connected)
    settle(clio)
    clio.control(f"records/activities/{mirrored_id(clio)}", {"note": "changed"}, method="PATCH")
    settle(clio)

    now = timezone.now()
    health = {each.model: each for each in list_webhook_health(firm_id=connected.firm_id, now=now)}
    late = list_webhook_health(firm_id=connected.firm_id, now=now + timedelta(days=40))

    assert set(health) == set(ANNOUNCED)
    assert (health["activity"].state, health["activity"].waiting) == ("enabled", 1)
    assert health["activity"].last_heard_at is not None
    assert {each.state for each in late} == {"expired"}
