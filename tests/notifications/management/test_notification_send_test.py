"""`manage.py notification_send_test`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.notifications.factories import NUMBER

pytestmark = pytest.mark.django_db


def _run(*arguments) -> str:
    out = StringIO()
    call_command("notification_send_test", *arguments, stdout=out)
    return out.getvalue()


def test_sends_a_mail_marked_as_a_test(mailgun):
    said = _run("accounts.welcome", "me@example.com")

    (message,) = mailgun.messages
    assert message["to"] == ["me@example.com"]
    assert message["subject"] == ["[Test] Welcome to Smarter Firms, Olivia Hart"]
    assert message["h:Message-Id"][0] in said


def test_sends_a_text_message(twilio):
    _run("accounts.sign_in_code", NUMBER, "--channel", "sms")

    (message,) = twilio.messages
    assert message["To"] == NUMBER
    assert message["Body"].startswith("[Test] 482913 ")


def test_says_where_it_is_without_a_vendor(settings):
    settings.TWILIO_ACCOUNT_SID = ""

    assert "it is in the local outbox" in _run("accounts.sign_in_code", NUMBER, "--channel", "sms")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["accounts.farewell", "me@example.com"], "There is no kind accounts.farewell"),
        (["accounts.welcome", "nobody"], "This is not an email address"),
        (["accounts.sign_in_code", "5550100", "--channel", "sms"], "Give the number with its country"),
        (["accounts.welcome", NUMBER, "--channel", "sms"], "accounts.welcome is not sent by sms"),
    ],
)
def test_says_what_is_wrong_and_sends_nothing(mailgun, twilio, arguments, fault):
    with pytest.raises(CommandError, match=fault):
        _run(*arguments)

    assert (mailgun.requests, twilio.requests) == (0, 0)


def test_says_what_the_vendor_said(mailgun):
    mailgun.failures.append(500)

    with pytest.raises(CommandError, match="The mail service failed"):
        _run("accounts.welcome", "me@example.com")
