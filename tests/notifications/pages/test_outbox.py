"""The outbox page shows what a development machine kept, and nothing where real firms may be."""

from html import unescape

import pytest
from django.test import Client

from apps.notifications.contracts import Channel
from apps.notifications.services.deliver import deliver
from tests.accounts.factories import make_user
from tests.notifications.factories import NUMBER, promise, promise_welcome


@pytest.fixture
def two_mails(db, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    deliver(promise_welcome(make_user("Ada <First>"), email="ada@example.com"))
    deliver(promise_welcome(make_user("Bea Second"), email="bea@example.com"))


def test_lists_the_newest_first_and_shows_it_in_a_sandbox(two_mails):
    answer = Client().get("/outbox")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.index("bea@example.com") < page.index("ada@example.com")
    assert '<iframe class="mail"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert ">Welcome, Bea Second</h1>" in unescape(page)
    assert ">Welcome, Bea Second</h1>" not in page
    assert "http://" not in page.replace("http://127.0.0.1", "")


def test_shows_an_older_mail_as_text(two_mails):
    context = Client().get("/outbox").context
    older = context["mails"][1]

    page = Client().get("/outbox", {"mail": older.name, "as": "text"}).content.decode()

    assert "<pre>Welcome, Ada &lt;First&gt;\n" in page
    assert "<iframe" not in page


def test_shows_a_text_message(db, settings):
    settings.TWILIO_ACCOUNT_SID = ""
    deliver(promise(make_user(), "accounts.sign_in_code", channel=Channel.SMS))

    page = Client().get("/outbox").content.decode()

    assert NUMBER in page
    assert "<pre>482913 is your Smarter Firms code to sign in." in page


def test_says_so_when_it_is_empty(db):
    assert b"The outbox is empty" in Client().get("/outbox").content


@pytest.mark.parametrize("mode", ["staging", "production"])
def test_is_not_there_when_deployed(db, settings, mode):
    settings.APP_ENV = mode

    answer = Client().get("/outbox")

    assert (answer.status_code, answer.json()["code"]) == (404, "core.not_found")


def test_takes_no_post(db):
    assert Client().post("/outbox").status_code == 405
