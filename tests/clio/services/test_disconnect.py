"""A firm is disconnected at once; what Clio must be told waits until Clio answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.clio.models import ClioConnection, Farewell, Webhook
from apps.clio.services.disconnect import disconnect
from apps.clio.services.say_farewell import say_farewell
from apps.core.models import Job
from apps.core.tenancy import tenant
from tests.clio.factories import connect
from tests.clio.hooks import deliver, make_webhook

pytestmark = pytest.mark.django_db
DEAUTHORIZE, WEBHOOKS = "/oauth/deauthorize", "/api/v4/webhooks.json"


def is_granted(clio: Any, token: str) -> bool:
    reply = clio.call("GET", "/api/v4/users.json?fields=id", headers={"Authorization": f"Bearer {token}"})
    return bool(reply.status == 200)


def register(clio: Any, token: str, settings: Any) -> None:
    """Let the sandbox have a webhook of ours."""
    settings.CLIO_WEBHOOK_BASE_URL = "http://127.0.0.1:9"
    reply = clio.call(
        "POST",
        "/api/v4/webhooks.json",
        '{"data":{"url":"http://127.0.0.1:9/webhooks/clio/x","model":"bill","fields":"id,etag","events":["created"]}}',
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    assert reply.status == 201


def farewells(firm: Any) -> list[Farewell]:
    with tenant(firm.firm_id):
        return list(Farewell.objects.all())


def leave(cast: Any) -> None:
    disconnect(firm_id=cast.firm.firm_id, actor_id=cast.owner.pk, now=timezone.now())


def webhooks(clio: Any) -> list[Any]:
    return list(clio.control("webhooks", method="GET")["webhooks"])


def test_takes_webhooks_and_grant_back(cast, clio, settings):
    token = connect(cast.firm, clio)["access_token"]
    register(clio, token, settings)
    make_webhook(cast.firm, model="bill")

    leave(cast)

    assert (webhooks(clio), is_granted(clio, token), farewells(cast.firm)) == ([], False, [])
    with tenant(cast.firm.firm_id):
        assert not Webhook.objects.exists()


def test_from_then_on_every_delivery_is_told_that_the_webhook_is_gone(cast, clio):
    connect(cast.firm, clio)
    make_webhook(cast.firm)

    leave(cast)

    assert deliver(b"{}").status_code == 410


def test_remembers_what_clio_could_not_be_told(cast, clio, settings):
    token = connect(cast.firm, clio)["access_token"]
    register(clio, token, settings)
    clio.control("faults", {"next": [{"path": WEBHOOKS, "kind": "503", "times": 3}]})

    leave(cast)

    (remembered,) = farewells(cast.firm)
    with tenant(cast.firm.firm_id):
        assert ClioConnection.objects.get().access_token == ""
        assert Job.objects.get(name="clio.say_farewell").arguments == {"farewell_id": remembered.pk}
    assert token not in remembered.access_token
    clio.control("faults", method="DELETE")
    now = timezone.now()
    assert say_farewell(firm_id=cast.firm.firm_id, farewell_id=remembered.pk, now=now) is None
    assert (webhooks(clio), is_granted(clio, token), farewells(cast.firm)) == ([], False, [])


def test_tries_for_three_days_and_forgets_the_tokens_then(cast, clio):
    connect(cast.firm, clio)
    clio.control("faults", {"next": [{"path": WEBHOOKS, "kind": "503", "times": 12}]})
    leave(cast)
    (remembered,) = farewells(cast.firm)

    def say(**later: int) -> Any:
        now = timezone.now() + timedelta(**later)
        return say_farewell(firm_id=cast.firm.firm_id, farewell_id=remembered.pk, now=now)

    assert say(days=2) is not None
    assert say(days=3) is None
    assert farewells(cast.firm) == []


def test_refreshes_a_token_that_expired_meanwhile(cast, clio):
    token = connect(cast.firm, clio)["access_token"]
    clio.control("expire")

    leave(cast)

    assert farewells(cast.firm) == []
    assert clio.control("requests", method="GET")[DEAUTHORIZE] == 1
    assert not is_granted(clio, token)


def test_does_not_end_the_grant_of_a_firm_that_connected_again(cast, clio):
    connect(cast.firm, clio)
    clio.control("faults", {"next": [{"path": WEBHOOKS, "kind": "503", "times": 3}]})
    leave(cast)
    (remembered,) = farewells(cast.firm)
    with tenant(cast.firm.firm_id):
        ClioConnection.objects.update(status="connected")

    assert say_farewell(firm_id=cast.firm.firm_id, farewell_id=remembered.pk, now=timezone.now()) is None

    assert farewells(cast.firm) == []
    assert DEAUTHORIZE not in clio.control("requests", method="GET")
