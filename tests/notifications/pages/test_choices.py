"""The page of choices behind the footer: what may be refused, kind by kind."""

import re

import pytest
from django.test import Client

from apps.core.tenancy import acting_as
from apps.notifications.contracts import Channel, Choice
from apps.notifications.queries.preferences import read_choices
from apps.notifications.queries.unsubscribe import choices_address, make_token
from apps.notifications.rules.catalogue import KINDS
from apps.notifications.rules.unsubscribe_subject import Subject
from tests.accounts.factories import make_user
from tests.notifications.people import NEWS, SECURITY, SHARED, choose, reachable

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return reachable(make_user("Ada Partner"))


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def _link(user) -> str:
    return choices_address(user.pk).removeprefix("http://127.0.0.1:8000")


def _held(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="([^"]+)" value="([^"]+)" checked', page))


def test_shows_the_mails_that_may_be_refused_and_what_holds(ada, browser):
    choose(ada, SHARED, "email", "digest")

    held = _held(browser.get(_link(ada)).content.decode())

    assert set(held) == {kind.key for kind in KINDS if kind.may_refuse and Channel.EMAIL in kind.channels}
    assert (held[SHARED], held[NEWS]) == ("digest", "off")


def test_keeps_what_was_chosen_and_touches_nothing_else(ada, browser):
    choose(ada, SHARED, "in_app", "off")

    page = browser.post(_link(ada), {SHARED: "off", NEWS: "on"}).content.decode()

    assert "Your choices are kept" in page
    assert (_held(page)[SHARED], _held(page)[NEWS]) == ("off", "on")
    assert read_choices(ada.pk) == {
        (SHARED, Channel.EMAIL): Choice.OFF,
        (NEWS, Channel.EMAIL): Choice.ON,
        (SHARED, Channel.IN_APP): Choice.OFF,
    }


def test_what_it_does_not_offer_cannot_be_sent_to_it(ada, browser):
    browser.post(_link(ada), {SECURITY: "off", "accounts.welcome": "off", SHARED: "loud", "x": "off"})

    assert read_choices(ada.pk) == {}


def test_opens_from_the_link_of_a_mail_and_for_that_person_only(ada, browser):
    stranger = reachable(make_user())
    token = make_token(Subject(SHARED, user_id=ada.pk))

    browser.post(f"/notifications/choices/{token}", {SHARED: "off"})

    assert (len(read_choices(ada.pk)), len(read_choices(stranger.pk))) == (1, 0)


def test_refuses_links_that_are_not_a_person_s(ada, browser):
    outside = make_token(Subject(SHARED, firm_id=1, address_digest="d" * 64))
    own = make_token(Subject("", user_id=ada.pk))

    for token in (outside, own[:-1], "x"):
        assert browser.get(f"/notifications/choices/{token}").status_code == 404
        assert browser.post(f"/notifications/choices/{token}", {SHARED: "off"}).status_code == 404
    # ... and the page's own link turns nothing off by one click.
    assert browser.post(f"/notifications/unsubscribe/{own}").status_code == 404
    assert read_choices(ada.pk) == {}


def test_an_account_that_is_gone_has_no_page(ada, browser):
    link = _link(ada)
    with acting_as(ada.pk):
        ada.delete()

    assert browser.post(link, {SHARED: "off"}).status_code == 404
