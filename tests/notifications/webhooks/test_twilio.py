"""Twilio's reports count once and only signed for our address; people's STOP, START and HELP are honored."""

from dataclasses import replace

import pytest
from django.test import Client

from apps.core.tenancy import acting_as, knowing_address
from apps.notifications.contracts import Channel
from apps.notifications.models import ProviderEvent
from apps.notifications.queries.suppressions import digest_of, list_reasons
from apps.notifications.services.apply_events import apply_due_events
from apps.notifications.services.deliver import deliver
from tests.accounts.factories import make_user
from tests.fakes.twilio import inbound, status
from tests.notifications.factories import NUMBER, get_delivery, promise

pytestmark = pytest.mark.django_db
BASE = "https://app.example.com"


@pytest.fixture
def sent(twilio):
    """A text message that went."""
    reference = promise(make_user(), "system.test_message", channel=Channel.SMS)
    deliver(reference)
    return reference


def _count(reference) -> int:
    with acting_as(reference.user_id):
        return ProviderEvent.objects.count()


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        (["queued", "sending", "sent"], "sent"),
        (["delivered", "sent", "queued"], "delivered"),
        (["sent", "delivered", "sent", "delivered"], "delivered"),
        (["undelivered", "sent"], "failed"),
        (["failed"], "failed"),
    ],
)
def test_reports_count_in_whatever_order_and_twice(twilio, call_back, sent, words, ends):
    answers = {call_back(status(twilio.messages[0], word)).status_code for word in words}
    apply_due_events()

    assert answers == {204}
    assert get_delivery(sent).status == ends
    assert _count(sent) == len(set(words))


@pytest.mark.parametrize(("code", "reasons"), [(30005, {"invalid"}), (30006, set()), (30003, set())])
def test_a_number_that_does_not_exist_is_not_written_to_again(twilio, call_back, sent, code, reasons):
    call_back(status(twilio.messages[0], "undelivered", error_code=code))

    apply_due_events()

    assert list_reasons(Channel.SMS, NUMBER) == reasons
    assert get_delivery(sent).reason == f"the vendor reported: failed {code}"


def test_a_forged_report_is_refused(twilio, call_back, sent):
    answer = call_back(status(twilio.messages[0], "failed", token="guessed"))

    assert (answer.status_code, answer.json()["code"]) == (403, "notifications.callback_not_signed")
    assert _count(sent) == 0


@pytest.mark.parametrize("header", [{}, {"X-Twilio-Signature": ""}])
def test_an_unsigned_report_is_refused(twilio, call_back, sent, header):
    assert call_back(replace(status(twilio.messages[0], "failed"), headers=header)).status_code == 403


def test_a_signature_holds_for_its_own_body_and_address_only(twilio, call_back, sent):
    signed = status(twilio.messages[0], "delivered")

    other_body = replace(signed, body=signed.body.replace(b"delivered", b"undelivered"))
    other_address = replace(signed, path=signed.path + "?again=1")

    assert [call_back(other_body).status_code, call_back(other_address).status_code] == [403, 403]


def test_the_address_is_ours_whatever_the_host_says(twilio, sent, settings):
    settings.ALLOWED_HOSTS = ["*"]
    signed = status(twilio.messages[0], "delivered")
    headers = {**signed.headers, "Host": "internal:8000"}

    answer = Client().post(signed.path, signed.body, content_type=signed.content_type, headers=headers)

    assert answer.status_code == 204


def test_a_report_about_another_message_is_dropped(twilio, call_back, sent):
    other = {**twilio.messages[0], "sid": "SM" + "0" * 32}

    assert call_back(status(other, "failed")).status_code == 204

    assert _count(sent) == 0


def test_another_accounts_report_is_refused(twilio, call_back, sent, settings):
    signed = status(twilio.messages[0], "failed")
    settings.TWILIO_ACCOUNT_SID = "AC" + "f" * 32

    assert call_back(signed).status_code == 403


def test_stop_ends_ordinary_messages_and_start_brings_them_back(twilio, call_back, sent):
    answer = call_back(inbound(BASE, NUMBER, "Stop"))
    apply_due_events()

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml")
    assert b"<Message>" not in answer.content
    assert list_reasons(Channel.SMS, NUMBER) == {"stop"}
    refused = promise(make_user(), "system.test_message", channel=Channel.SMS)
    deliver(refused)
    assert (get_delivery(refused).status, get_delivery(refused).reason) == ("suppressed", "stop")

    call_back(inbound(BASE, NUMBER, "START"))
    apply_due_events()

    assert list_reasons(Channel.SMS, NUMBER) == set()


def test_start_does_not_make_an_invalid_number_valid(twilio, call_back, sent):
    call_back(status(twilio.messages[0], "undelivered", error_code=30005))
    call_back(inbound(BASE, NUMBER, "START"))

    apply_due_events()

    assert list_reasons(Channel.SMS, NUMBER) == {"invalid"}


def test_the_same_stop_twice_counts_once(twilio, call_back):
    said = inbound(BASE, NUMBER, "STOP")

    for _ in range(2):
        assert call_back(said).status_code == 200
    apply_due_events()

    with knowing_address(digest_of(Channel.SMS, NUMBER)):
        assert ProviderEvent.objects.count() == 1


def test_help_is_answered_unless_twilio_did(twilio, call_back):
    ours = call_back(inbound(BASE, NUMBER, "help")).content
    theirs = call_back(inbound(BASE, NUMBER, "aide", stated="HELP")).content

    assert b"<Message>Smarter Firms: " in ours
    assert b"<Message>" not in theirs


def test_the_meaning_twilio_states_counts_in_any_language(twilio, call_back):
    call_back(inbound(BASE, NUMBER, "ARRET", stated="STOP"))

    apply_due_events()

    assert list_reasons(Channel.SMS, NUMBER) == {"stop"}


def test_other_words_change_nothing(twilio, call_back):
    assert call_back(inbound(BASE, NUMBER, "thanks, please stop by")).status_code == 200

    with knowing_address(digest_of(Channel.SMS, NUMBER)):
        assert ProviderEvent.objects.count() == 0


def test_a_forged_stop_is_refused(twilio, call_back):
    assert call_back(inbound(BASE, NUMBER, "STOP", token="guessed")).status_code == 403
    apply_due_events()

    assert list_reasons(Channel.SMS, NUMBER) == set()


def test_is_closed_without_an_account(twilio, call_back, sent, settings):
    signed, said = status(twilio.messages[0], "failed"), inbound(BASE, NUMBER, "STOP")
    settings.TWILIO_AUTH_TOKEN = ""

    assert [call_back(signed).status_code, call_back(said).status_code] == [404, 404]
