"""The mail service of these tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.mailgun import Mailgun, running_mailgun


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
        yield server
