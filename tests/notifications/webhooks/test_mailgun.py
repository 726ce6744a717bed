"""Mailgun's events count once, only signed, only fresh, only about mails we sent."""

import json
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.core.models import Job
from apps.core.tenancy import acting_as
from apps.notifications.contracts import Channel
from apps.notifications.models import ProviderEvent, UsedToken
from apps.notifications.queries.suppressions import list_reasons
from apps.notifications.services.apply_events import apply_due_events
from apps.notifications.services.deliver import deliver
from apps.notifications.services.sweep_events import sweep_events
from tests.accounts.factories import make_user
from tests.fakes.mailgun import event, sign
from tests.notifications.factories import get_delivery, promise_welcome, run_pending_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return make_user("Ada Partner")


@pytest.fixture
def sent(mailgun, ada):
    """A mail that went."""
    reference = promise_welcome(ada)
    deliver(reference)
    Job.objects.update(status="done")
    return reference


def _events(ada) -> list[tuple[str, str]]:
    with acting_as(ada.pk):
        return list(ProviderEvent.objects.order_by("pk").values_list("kind", "outcome"))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("delivered", "delivered"),
        ("opened", "opened"),
        ("clicked", "clicked"),
        ("bounced", "bounced"),
        ("refused", "failed"),
        ("complained", "complained"),
    ],
)
def test_an_event_tells_how_far_the_mail_got(mailgun, call_back, ada, sent, name, status):
    assert call_back(sign(event(mailgun.messages[0], name))).status_code == 200
    assert get_delivery(sent).status == "sent"

    apply_due_events()

    assert get_delivery(sent).status == status
    assert [outcome for _, outcome in _events(ada)] == ["applied"]


@pytest.mark.parametrize(
    ("name", "changes", "reasons"),
    [
        ("bounced", {}, {"hard_bounce"}),
        ("complained", {}, {"complaint"}),
        ("unsubscribed", {}, {"stop"}),
        ("refused", {}, set()),
        ("refused", {"reason": "suppress-complaint"}, {"complaint"}),
        ("delivered", {}, set()),
    ],
)
def test_what_an_event_says_about_the_address_is_kept(mailgun, call_back, ada, sent, name, changes, reasons):
    call_back(sign(event(mailgun.messages[0], name, **changes)))

    apply_due_events()

    assert list_reasons(Channel.EMAIL, ada.email) == reasons


def test_a_passing_delay_changes_nothing(mailgun, call_back, ada, sent):
    assert call_back(sign(event(mailgun.messages[0], "delayed"))).status_code == 200

    assert _events(ada) == []


def test_the_same_event_twice_counts_once(mailgun, call_back, ada, sent):
    told = event(mailgun.messages[0], "delivered")

    answers = [call_back(sign(told)).status_code for _ in range(2)]
    apply_due_events()

    assert answers == [200, 200]
    assert _events(ada) == [("delivered", "applied")]


def test_a_later_word_takes_nothing_back(mailgun, call_back, ada, sent):
    for name in ("clicked", "delivered", "opened"):
        call_back(sign(event(mailgun.messages[0], name)))
        apply_due_events()

    assert get_delivery(sent).status == "clicked"
    assert _events(ada) == [("clicked", "applied"), ("delivered", "nothing new"), ("opened", "nothing new")]


def test_a_forged_signature_is_refused(mailgun, call_back, ada, sent):
    answer = call_back(sign(event(mailgun.messages[0], "complained"), key="guessed"))

    assert (answer.status_code, answer.json()["code"]) == (406, "notifications.callback_not_signed")
    assert (_events(ada), UsedToken.objects.count()) == ([], 0)


@pytest.mark.parametrize("age", [16 * 60, -16 * 60])
def test_a_time_stamp_outside_the_window_is_refused(mailgun, call_back, ada, sent, age):
    answer = call_back(sign(event(mailgun.messages[0], "complained"), at=time.time() - age))

    assert (answer.status_code, answer.json()["code"]) == (406, "notifications.callback_too_old")
    assert _events(ada) == []


@pytest.mark.parametrize("age", [14 * 60, -14 * 60])
def test_a_time_stamp_inside_the_window_is_taken(mailgun, call_back, ada, sent, age):
    assert call_back(sign(event(mailgun.messages[0], "opened"), at=time.time() - age)).status_code == 200


def test_a_token_is_good_once_whatever_the_body_says(mailgun, call_back, ada, sent):
    """Mailgun signs no body: whoever overheard one call could otherwise say anything with its signature."""
    call_back(sign(event(mailgun.messages[0], "delivered"), token="overheard"))

    answer = call_back(sign(event(mailgun.messages[0], "complained"), token="overheard"))

    assert (answer.status_code, answer.json()["code"]) == (406, "notifications.callback_replayed")
    assert [kind for kind, _ in _events(ada)] == ["delivered"]


def test_an_event_about_somebody_elses_mail_is_dropped(mailgun, call_back, ada, sent, caplog):
    about = event(mailgun.messages[0], "complained", recipient="victim@example.com")

    assert call_back(sign(about)).status_code == 200

    assert _events(ada) == []
    assert "notifications.event_unmatched" in caplog.text
    assert "victim" not in caplog.text


def test_an_event_with_another_message_id_is_dropped(mailgun, call_back, ada, sent):
    about = event(mailgun.messages[0], "complained", message={"headers": {"message-id": "another@example.com"}})

    assert call_back(sign(about)).status_code == 200

    assert _events(ada) == []


@pytest.mark.parametrize("variables", [{}, {"message_key": "0190a1b2-0000-7000-8000-000000000000"}])
def test_an_event_about_a_mail_we_did_not_send_is_dropped(mailgun, call_back, ada, sent, variables):
    assert call_back(sign(event(mailgun.messages[0], "opened", **{"user-variables": variables}))).status_code == 200

    assert _events(ada) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"signature": 1}', b'{"signature": {"token": 1, "timestamp": 2, "signature": 3}}'],
)
def test_nonsense_is_refused(mailgun, body):
    answer = Client().post("/webhooks/mailgun", body, content_type="application/json")

    assert answer.status_code == 406


def test_a_signed_event_of_an_unknown_shape_is_refused_and_takes_no_token(mailgun, call_back):
    answer = call_back(sign({"event": "delivered", "user-variables": {"message_key": "no uuid"}, "timestamp": 1}))

    assert (answer.status_code, answer.json()["code"]) == (406, "notifications.callback_unreadable")
    assert UsedToken.objects.count() == 0


def test_the_old_form_of_events_is_refused(mailgun, call_back, sent):
    signed = json.loads(sign(event(mailgun.messages[0], "complained")).body)["signature"]

    answer = Client().post("/webhooks/mailgun", {**signed, "event": "complained"})

    assert answer.status_code == 406


def test_is_closed_without_a_signing_key(mailgun, call_back, sent, settings):
    settings.MAILGUN_WEBHOOK_SIGNING_KEY = ""

    callback = sign(event(mailgun.messages[0], "opened"), key=settings.ANYMAIL["MAILGUN_API_KEY"])

    assert call_back(callback).status_code == 404


def test_takes_posts_only(mailgun):
    assert Client().get("/webhooks/mailgun").status_code == 405


def _wake_ups() -> int:
    return Job.objects.filter(name="notifications.apply_events", status="pending").count()


def test_an_event_whose_wake_up_was_lost_is_found_by_the_sweeper(mailgun, call_back, sent):
    call_back(sign(event(mailgun.messages[0], "delivered")))
    assert _wake_ups() == 0  # as if we had died right after the commit, which here never comes

    assert sweep_events() is True
    Job.objects.update(available_at=timezone.now() - timedelta(minutes=1))
    run_pending_jobs()

    assert get_delivery(sent).status == "delivered"
    assert sweep_events() is False


def test_a_burst_of_events_is_one_wake_up(mailgun, call_back, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for name in ("delivered", "opened", "clicked"):
            call_back(sign(event(mailgun.messages[0], name)))

    assert _wake_ups() == 1


def test_the_address_of_an_event_is_kept_unreadable(mailgun, call_back, ada, sent):
    call_back(sign(event(mailgun.messages[0], "delivered")))

    with acting_as(ada.pk):
        (kept,) = ProviderEvent.objects.values()
    assert ada.email not in str(kept)


def test_a_changed_body_under_an_unused_token_still_needs_our_mail(mailgun, call_back, ada, sent):
    callback = sign(event(mailgun.messages[0], "delivered"))
    changed = replace(callback, body=callback.body.replace(ada.email.encode(), b"other@example.com"))

    assert call_back(changed).status_code == 200

    assert _events(ada) == []
