"""A text message goes by Twilio's SDK, once, and never to who must not get it."""

import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from apps.notifications.contracts import Channel
from apps.notifications.interface import set_contact
from apps.notifications.queries.suppressions import list_reasons
from apps.notifications.services.apply_events import apply_due_events
from apps.notifications.services.deliver import deliver
from tests.accounts.factories import make_user
from tests.fakes.twilio import NUMBER as OURS
from tests.fakes.twilio import status
from tests.fakes.vendor import Fault
from tests.notifications.factories import NUMBER, change_delivery, get_delivery, promise

pytestmark = pytest.mark.django_db
CODE = "accounts.sign_in_code"
TEST = "system.test_message"
_ROUNDED = timedelta(milliseconds=5)  # turns are told by Redis, on a clock of its own


def _promise_code():
    return promise(make_user(), CODE, channel=Channel.SMS)


def test_sends_the_code_to_the_persons_number(twilio):
    reference = _promise_code()

    assert deliver(reference) is None

    (message,) = twilio.messages
    delivery = get_delivery(reference)
    assert (message["To"], message["From"]) == (NUMBER, OURS)
    assert "482913" in message["Body"]
    assert message["StatusCallback"] == f"https://app.example.com/webhooks/twilio/status/{delivery.message_key}"
    assert (delivery.status, delivery.vendor_message_id, delivery.segments) == ("sent", message["sid"], 1)


def test_writes_it_to_the_local_outbox_without_an_account(settings):
    settings.TWILIO_ACCOUNT_SID = ""
    reference = _promise_code()

    deliver(reference)

    (kept,) = (settings.OUTBOX_DIR / "sms").glob("*.json")
    assert NUMBER in kept.read_text()
    assert "482913" in kept.read_text()
    assert get_delivery(reference).status == "sent"


def test_a_person_without_a_number_gets_none(twilio):
    ada = make_user()
    reference = promise(ada, TEST, channel=Channel.SMS)
    set_contact(user_id=ada.pk, email=ada.email)

    assert deliver(reference) is None

    assert twilio.messages == []
    assert (get_delivery(reference).status, get_delivery(reference).attempts) == ("skipped", 0)


@pytest.mark.parametrize("fault", [Fault(500), Fault(503), Fault(429), Fault()])
def test_what_may_pass_is_tried_again(twilio, fault):
    reference = _promise_code()
    twilio.failures.append(fault)

    assert deliver(reference) is not None

    assert (twilio.messages, get_delivery(reference).status) == ([], "pending")
    change_delivery(reference, available_at=Now())
    deliver(reference)
    assert (len(twilio.messages), get_delivery(reference).attempts) == (1, 2)


@pytest.mark.parametrize("asked", ["90", "Thu, 01 Jan 2099 00:00:00 GMT"])
def test_waits_as_long_as_the_vendor_asks(twilio, asked):
    reference = _promise_code()
    twilio.failures.append(Fault(429, {"Retry-After": asked}))

    begun = timezone.now()
    deliver(reference)

    expected = timedelta(seconds=90) if asked == "90" else timedelta(hours=6)
    assert begun <= get_delivery(reference).available_at - expected <= timezone.now()


@pytest.mark.parametrize(("code", "reason"), [(21211, "invalid"), (21614, "invalid"), (21610, "stop")])
def test_a_number_that_is_refused_for_good_is_not_written_to_again(twilio, code, reason):
    reference = promise(make_user(), TEST, channel=Channel.SMS)
    twilio.refusals[NUMBER] = code

    assert deliver(reference) is None

    delivery = get_delivery(reference)
    assert (delivery.status, delivery.attempts) == ("dead", 1)
    assert delivery.reason == f"The SMS service refused the number ({code})."
    assert list_reasons(Channel.SMS, NUMBER) == {reason}
    later = promise(make_user(), TEST, channel=Channel.SMS)
    deliver(later)
    assert (get_delivery(later).status, get_delivery(later).reason) == ("suppressed", reason)
    assert twilio.requests == 1


def test_a_refusal_that_blames_no_number_suppresses_none(twilio):
    reference = promise(make_user(), TEST, channel=Channel.SMS)
    twilio.refusals[NUMBER] = 21617

    deliver(reference)

    assert (get_delivery(reference).status, list_reasons(Channel.SMS, NUMBER)) == ("dead", set())


def test_a_wrong_token_of_ours_passes_when_it_is_mended(twilio, settings):
    reference = _promise_code()
    settings.TWILIO_AUTH_TOKEN = "another token"

    assert deliver(reference) is not None

    settings.TWILIO_AUTH_TOKEN = "token-of-nobody"
    change_delivery(reference, available_at=Now())
    deliver(reference)
    assert get_delivery(reference).status == "sent"


def test_a_message_taken_without_an_answer_is_not_sent_again_once_the_vendor_reports_it(twilio, call_back):
    reference = _promise_code()
    twilio.failures.append(Fault(is_taken=True))
    assert deliver(reference) is not None
    assert get_delivery(reference).status == "pending"

    assert call_back(status(twilio.messages[0], "sent")).status_code == 204
    apply_due_events()
    change_delivery(reference, available_at=Now())
    assert deliver(reference) is None

    delivery = get_delivery(reference)
    assert len(twilio.messages) == 1
    assert (delivery.status, delivery.vendor_message_id) == ("sent", twilio.messages[0]["sid"])


def test_too_many_at_once_wait_without_losing_a_try(twilio, settings, clean_cache):
    settings.SENDS_PER_SECOND = {"email": 1, "sms": 1 / 50}
    first, second = _promise_code(), _promise_code()

    begun = timezone.now()
    deliver(first)
    comes_back = deliver(second)

    assert comes_back is not None
    assert len(twilio.messages) == 1
    waiting = get_delivery(second)
    assert (waiting.status, waiting.attempts) == ("pending", 0)
    its_turn = waiting.available_at - timedelta(seconds=50)
    assert begun - _ROUNDED <= its_turn <= timezone.now() + _ROUNDED


def test_no_log_names_a_number_or_a_code(twilio, caplog):
    caplog.set_level("DEBUG")
    reference = _promise_code()
    twilio.failures.append(500)
    deliver(reference)
    change_delivery(reference, available_at=Now())

    deliver(reference)

    said = " ".join(
        f"{record.getMessage()} {vars(record)}" for record in caplog.records if record.name != "django.db.backends"
    )
    assert len(twilio.messages) == 1
    assert "notifications.sent" in said
    assert NUMBER not in said
    assert NUMBER.strip("+") not in said
    assert not re.search(r"(?<![\d.])482913(?![\d.])", said)  # those digits may be in a moment's fractions
