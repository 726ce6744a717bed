"""The vendors of these tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tests.fakes import twilio as twilio_fake
from tests.fakes.mailgun import SIGNING_KEY, Mailgun, running_mailgun
from tests.fakes.twilio import Twilio, running_twilio
from tests.fakes.vendor import Callback


@pytest.fixture
def mailgun(settings: Any) -> Iterator[Mailgun]:
    """Send by Anymail, as in production, to a Mailgun of our own."""
    with running_mailgun() as server:
        settings.EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
        settings.ANYMAIL = {
            "MAILGUN_API_KEY": "key-of-nobody",
            "MAILGUN_SENDER_DOMAIN": "mail.example.com",
            "MAILGUN_API_URL": server.url,
            "REQUESTS_TIMEOUT": (1, 2),
        }
        settings.MAILGUN_WEBHOOK_SIGNING_KEY = SIGNING_KEY
        yield server


@pytest.fixture
def twilio(settings: Any) -> Iterator[Twilio]:
    """Send by Twilio's SDK, as in production, to a Twilio of our own. Every request holds to the contract."""
    with running_twilio() as server:
        settings.TWILIO_ACCOUNT_SID = twilio_fake.ACCOUNT
        settings.TWILIO_AUTH_TOKEN = twilio_fake.TOKEN
        settings.TWILIO_FROM_NUMBER = twilio_fake.NUMBER
        settings.TWILIO_API_BASE_URL = server.origin
        settings.PUBLIC_BASE_URL = "https://app.example.com"
        yield server
    assert server.violations == []


@pytest.fixture
def call_back() -> Callable[[Callback], Any]:
    """Post a vendor's callback to us."""

    def post(callback: Callback) -> Any:
        headers = dict(callback.headers)
        return Client().post(callback.path, callback.body, content_type=callback.content_type, headers=headers)

    return post
