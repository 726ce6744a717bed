"""Clio's calls: handshakes taken, deliveries verified, stored once and answered at once."""

import json
import logging
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.clio.models import Webhook, WebhookDelivery
from apps.core.encryption import decrypt, encrypt
from apps.core.models import Job
from apps.core.tenancy import tenant
from tests.clio.hooks import SECRET, TOKEN, body_of, deliver, make_webhook, shake_hands, signature_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_reader_is_awake(settings: Any) -> None:
    """Each test begins without a mark that a reader was woken."""
    settings.REDIS_KEY_PREFIX = f"test:{uuid.uuid4().hex}:"


def stored(firm: Any) -> list[tuple[str, str, str]]:
    with tenant(firm.firm_id):
        rows = WebhookDelivery.objects.order_by("id").values_list("model", "event", "record_id")
        return list(rows)


def webhook(firm: Any) -> Webhook:
    with tenant(firm.firm_id):
        return Webhook.objects.get(firm_id=firm.firm_id)


def promised(firm: Any, name: str) -> int:
    with tenant(firm.firm_id):
        return Job.objects.filter(firm_id=firm.firm_id, name=name).count()


@pytest.mark.parametrize("as_base64", [False, True])
def test_stores_what_is_signed_in_either_form(cast, as_base64):
    make_webhook(cast.firm)
    body = body_of(152)

    answer = deliver(body, signature=signature_of(body, as_base64=as_base64))

    assert answer.status_code == 200
    assert stored(cast.firm) == [("activity", "updated", "152")]


def test_stores_the_same_announcement_once_and_another_etag_or_event_again(cast):
    make_webhook(cast.firm)

    for body in (body_of(1), body_of(1), body_of(1, etag='"b2"'), body_of(1, event="deleted"), body_of(2)):
        assert deliver(body).status_code == 200

    assert [row[1:] for row in stored(cast.firm)] == [
        ("updated", "1"),
        ("updated", "1"),
        ("deleted", "1"),
        ("updated", "2"),
    ]


def test_keeps_what_changed_under_the_same_etag(cast):
    make_webhook(cast.firm)

    for state in ("draft", "paid", "paid"):
        data = {"id": 9, "etag": '"a1"', "bill": {"id": 5, "state": state}}
        body = json.dumps({"data": data, "meta": {"event": "updated", "webhook_id": 7}}).encode()
        assert deliver(body).status_code == 200

    assert len(stored(cast.firm)) == 2


def test_tells_announcements_without_etag_apart_by_their_bodies(cast):
    make_webhook(cast.firm, model="clio_payments_payment")

    for state in ("pending", "completed", "completed"):
        body = json.dumps({"data": {"id": 9, "state": state}, "meta": {"event": "updated", "webhook_id": 7}}).encode()
        assert deliver(body).status_code == 200

    assert len(stored(cast.firm)) == 2


def test_wakes_one_reader_for_many_deliveries(cast, django_capture_on_commit_callbacks):
    make_webhook(cast.firm)

    for number in range(1, 6):
        with django_capture_on_commit_callbacks(execute=True):
            deliver(body_of(number))

    assert promised(cast.firm, "clio.read_deliveries") == 1


def test_wakes_a_reader_without_redis_too(cast, settings, django_capture_on_commit_callbacks):
    make_webhook(cast.firm)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}

    for number in (1, 2):
        with django_capture_on_commit_callbacks(execute=True):
            assert deliver(body_of(number)).status_code == 200

    assert promised(cast.firm, "clio.read_deliveries") == 1
    assert len(stored(cast.firm)) == 2


@pytest.mark.parametrize("signature", ["", "00", signature_of(body_of(1), "another secret"), signature_of(body_of(2))])
def test_refuses_what_is_not_signed(cast, signature):
    make_webhook(cast.firm)

    answer = deliver(body_of(1), signature=signature)

    assert (answer.status_code, answer.json()["code"]) == (401, "clio.delivery_not_signed")
    assert stored(cast.firm) == []


def test_refuses_another_webhook_s_signature(cast):
    make_webhook(cast.firm)
    make_webhook(cast.strangers_firm, token="their-token", secret="their-secret", clio_webhook_id=8)

    answer = deliver(body_of(1), signature=signature_of(body_of(1), "their-secret"))

    assert answer.status_code == 401
    assert stored(cast.firm) == stored(cast.strangers_firm) == []


def test_is_closed_without_a_secret(cast):
    make_webhook(cast.firm, secret="")

    answer = deliver(body_of(1), signature=signature_of(body_of(1), ""))

    assert (answer.status_code, answer.json()["code"]) == (403, "clio.webhook_closed")
    assert stored(cast.firm) == []


def test_tells_clio_that_an_unknown_address_is_gone(cast):
    make_webhook(cast.firm)

    answers = [deliver(body_of(1), token="another"), shake_hands(token="another")]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [(410, "clio.webhook_gone")] * 2


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe", b'{"data":{"id":0},"meta":{"event":"updated"}}'])
def test_refuses_what_cannot_be_read_though_it_is_signed(cast, body):
    make_webhook(cast.firm)

    answer = deliver(body)

    assert (answer.status_code, answer.json()["code"]) == (400, "clio.delivery_unreadable")
    assert stored(cast.firm) == []


def test_refuses_a_delivery_that_names_another_webhook(cast):
    make_webhook(cast.firm)

    assert deliver(body_of(1, webhook_id=8)).status_code == 400

    assert stored(cast.firm) == []


def test_refuses_a_body_larger_than_any_of_clio_s(cast):
    make_webhook(cast.firm)

    answer = deliver(b'{"data":{"id":1},"meta":{"event":"updated"}}' + b" " * 65_536)

    assert (answer.status_code, answer.json()["code"]) == (413, "clio.delivery_too_large")


def test_takes_posts_only(cast):
    make_webhook(cast.firm)

    assert Client().get(f"/webhooks/clio/{TOKEN}").status_code == 405


def test_answers_the_handshake_and_keeps_the_secret_encrypted(cast):
    make_webhook(cast.firm, secret="")

    answer = shake_hands("the-secret")

    assert (answer.status_code, answer.headers["X-Hook-Secret"]) == (200, "the-secret")
    kept = webhook(cast.firm)
    assert (kept.state, decrypt(kept.sealed_secret)) == ("enabled", "the-secret")
    assert "the-secret" not in kept.sealed_secret
    assert deliver(body_of(1), signature=signature_of(body_of(1), "the-secret")).status_code == 200


@pytest.mark.parametrize("number", [7, None])
def test_holds_the_secret_of_a_webhook_whose_id_is_not_known_yet(cast, number):
    make_webhook(cast.firm, secret="", clio_webhook_id=None)

    assert shake_hands("early", number=number).headers["X-Hook-Secret"] == "early"

    kept = webhook(cast.firm)
    assert (kept.state, kept.sealed_secret, decrypt(kept.held_secret), kept.held_for) == (
        "opening",
        "",
        "early",
        number,
    )
    assert deliver(body_of(1), signature=signature_of(body_of(1), "early")).status_code == 200


def test_holds_such_a_secret_for_a_short_while_only(cast):
    past = timezone.now() - timedelta(seconds=1)
    make_webhook(cast.firm, secret="", clio_webhook_id=None, held_secret=encrypt("early"), held_until=past)

    assert deliver(body_of(1), signature=signature_of(body_of(1), "early")).status_code == 403


def test_does_not_replace_a_working_secret_before_clio_was_asked(cast):
    make_webhook(cast.firm)

    answer = shake_hands("another")

    assert answer.status_code == 200
    assert decrypt(webhook(cast.firm).sealed_secret) == SECRET
    assert deliver(body_of(1), signature=signature_of(body_of(1), "another")).status_code == 401
    assert deliver(body_of(1)).status_code == 200
    assert promised(cast.firm, "clio.keep_webhooks") == 1


def test_takes_the_same_handshake_twice(cast):
    make_webhook(cast.firm)

    assert [shake_hands(SECRET).status_code for _ in range(2)] == [200, 200]

    assert webhook(cast.firm).held_secret == ""


@pytest.mark.parametrize("secret", ["x" * 501, "line\tbreak"])
def test_refuses_a_secret_that_cannot_be_one(cast, secret):
    make_webhook(cast.firm, secret="")

    assert shake_hands(secret).status_code == 400

    assert webhook(cast.firm).sealed_secret == ""


def test_logs_neither_address_nor_secret_nor_body(cast, caplog):
    make_webhook(cast.firm, secret="")
    caplog.set_level(logging.DEBUG, logger="apps")

    shake_hands("the-secret")
    deliver(body_of(987_654_321_234_567), signature="bad-signature")
    deliver(b"{ secret words", signature=signature_of(b"{ secret words", "the-secret"))

    logged = " ".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records if "apps." in record.name)
    assert "clio.webhook_refused" in logged
    for word in (TOKEN, "the-secret", "987654321234567", "bad-signature", "secret words"):
        assert word not in logged


def test_a_mark_of_one_firm_does_not_silence_another(cast, django_capture_on_commit_callbacks):
    make_webhook(cast.firm)
    make_webhook(cast.strangers_firm, token="their-token")

    for token in (TOKEN, "their-token"):
        with django_capture_on_commit_callbacks(execute=True):
            assert deliver(body_of(1), token=token).status_code == 200

    assert promised(cast.firm, "clio.read_deliveries") == promised(cast.strangers_firm, "clio.read_deliveries") == 1
