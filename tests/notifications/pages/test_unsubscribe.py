"""The way out of every mail that may be refused: says what it does, does it with one click, and takes it back."""

import re

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as our_settings
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.core.tenancy import acting_as, tenant
from apps.notifications.contracts import Channel, Go, Skip
from apps.notifications.models import Delivery, OutsideRefusal
from apps.notifications.queries.preferences import decide
from apps.notifications.queries.unsubscribe import make_token
from apps.notifications.rules.choices import DIGEST_KIND
from apps.notifications.rules.unsubscribe_subject import Subject
from apps.notifications.services.deliver import deliver
from apps.notifications.services.unsubscribe import unsubscribe_address
from tests.accounts.factories import make_user
from tests.notifications.people import NEWS, SECURITY, SHARED, choose, delivery_of, reachable, say

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def ada():
    return reachable(make_user("Ada Partner"))


@pytest.fixture
def browser() -> Client:
    """Somebody without a cookie, and with the check for forged posts on."""
    return Client(enforce_csrf_checks=True)


def _link(user, kind: str = SHARED) -> str:
    return f"/notifications/unsubscribe/{make_token(Subject(kind, user_id=user.pk))}"


def _goes(user, kind: str = SHARED) -> bool:
    verdict = decide(user.pk, kind, Channel.EMAIL, timezone.now())
    assert isinstance(verdict, Go | Skip)
    return isinstance(verdict, Go)


def test_looking_says_what_a_click_would_do_and_does_nothing(ada, browser):
    for method in (browser.get, browser.head):
        assert method(_link(ada)).status_code == 200

    page = browser.get(_link(ada)).content.decode()
    assert "A report was shared with you" in page
    assert "Nothing has changed yet" in page
    assert "still appear in your inbox" in page
    assert ada.email not in page
    assert "p•••@e•••.com" in page
    assert _goes(ada)


def test_one_click_of_a_mailbox_provider_is_enough(ada, browser):
    answer = browser.post(_link(ada), ONE_CLICK)

    assert answer.status_code == 200
    assert not _goes(ada)
    assert answer.cookies == {}


def test_a_click_sent_as_a_plain_form_does_the_same(ada, browser):
    answer = browser.post(_link(ada), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")

    assert (answer.status_code, _goes(ada)) == (200, False)


def test_works_for_somebody_who_is_signed_in_elsewhere_too(cast):
    reachable(cast.owner)
    reachable(cast.stranger)
    signed_in = Client(enforce_csrf_checks=True)
    signed_in.force_login(cast.stranger)

    signed_in.post(_link(cast.owner), ONE_CLICK)

    assert (_goes(cast.owner), _goes(cast.stranger)) == (False, True)


def test_refuses_this_kind_by_mail_and_nothing_else(ada, browser):
    choose(ada, NEWS, "email", "on")

    browser.post(_link(ada))

    assert (_goes(ada), _goes(ada, NEWS), _goes(ada, SECURITY)) == (False, True, True)
    assert decide(ada.pk, SHARED, Channel.IN_APP, timezone.now()) == Go()


def test_twice_is_once_and_the_way_back_is_on_the_page(ada, browser):
    pages = [browser.post(_link(ada)).content.decode() for _ in range(2)]

    assert all("You get no more of these emails" in page for page in pages)
    (back,) = re.findall(r'action="([^"]+)"', pages[1])
    assert browser.get(back).status_code == 405
    again = browser.post(back).content.decode()
    assert "You get these emails again" in again
    assert _goes(ada)
    assert "Nothing has changed yet" in browser.get(_link(ada)).content.decode()
    with acting_as(ada.pk), connection.cursor() as cursor:
        cursor.execute("SELECT action FROM core_auditentry WHERE action LIKE 'notifications.%%' ORDER BY id")
        assert cursor.fetchall() == [("notifications.unsubscribed",), ("notifications.resubscribed",)]


def test_refusing_the_digest_names_what_goes_with_it(ada, browser):
    choose(ada, SHARED, "email", "digest")

    page = browser.get(_link(ada, DIGEST_KIND)).content.decode()
    assert "not emailed by itself either: A report was shared with you" in page

    browser.post(_link(ada, DIGEST_KIND))
    assert not _goes(ada)


def test_a_message_that_waited_for_the_digest_is_dropped_with_it(ada, browser, mailoutbox):
    choose(ada, SHARED, "email", "digest")
    public_id = say(ada)
    deliver(delivery_of(ada, public_id)[0])

    browser.post(_link(ada, DIGEST_KIND))
    deliver(delivery_of(ada, public_id)[0])

    assert (mailoutbox, delivery_of(ada, public_id)[1].status) == ([], "skipped")


def test_a_link_outlives_the_key_it_was_signed_with(ada, browser, settings):
    link = _link(ada)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]

    assert browser.post(link, ONE_CLICK).status_code == 200
    assert not _goes(ada)

    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert browser.get(link).status_code == 404


def _tampered(token: str) -> list[str]:
    plain, _, signature = token.partition(".")
    other = signing.Signer(key=our_settings.ENCRYPTION_KEYS[0], salt="something.else", sep=".").sign(plain)
    return [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "A" + token[1:],
        plain,
        f"{plain}.",
        f".{signature}",
        other,
        "x",
        "🙂",
        "a" * 5000,
    ]


def test_a_link_that_is_not_ours_changes_nothing(ada, browser):
    for token in _tampered(make_token(Subject(SHARED, user_id=ada.pk))):
        for call in (browser.get, browser.post):
            answer = call(f"/notifications/unsubscribe/{token}")
            assert answer.status_code == 404, token
            assert b"This link is not complete" in answer.content
        assert browser.post(f"/notifications/unsubscribe/{token}/undo").status_code == 404
    assert _goes(ada)


@pytest.mark.parametrize("kind", [SECURITY, "accounts.welcome", "reports.unheard_of"])
def test_no_link_refuses_what_cannot_be_refused(ada, browser, kind):
    assert browser.get(_link(ada, kind)).status_code == 404
    assert browser.post(_link(ada, kind)).status_code == 404


def test_an_account_that_is_gone_is_no_fault(ada, browser):
    link = _link(ada)
    with acting_as(ada.pk):
        ada.delete()

    assert browser.post(link).status_code == 200


def test_an_outside_address_has_its_own_link(cast, browser):
    delivery = Delivery(firm_id=cast.firm.firm_id, kind="reports.scheduled_report")
    address = unsubscribe_address(delivery, "Auditor@Example.net")
    link = address.removeprefix("http://127.0.0.1:8000")

    page = browser.get(link).content.decode()
    assert "the address this email was sent to" in page
    assert "notifications/choices" not in page
    browser.post(link, ONE_CLICK)
    browser.post(link, ONE_CLICK)

    with tenant(cast.firm.firm_id):
        assert OutsideRefusal.objects.count() == 1
    browser.post(f"{link}/undo")
    with tenant(cast.firm.firm_id):
        assert OutsideRefusal.objects.count() == 0


def test_the_page_loads_nothing_and_tells_nobody_its_address(ada, browser):
    answer = browser.get(_link(ada))

    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    (nonce,) = re.findall(r"style-src 'nonce-([^']+)'", answer["Content-Security-Policy"])
    assert f'<style nonce="{nonce}">' in answer.content.decode()
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert not re.search(r"<script|https?://", answer.content.decode())
