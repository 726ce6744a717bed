"""Linking a Clio log-in to an account, taking it away, and opening accounts with one."""

import re
import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.accounts.contracts import Origin, Place
from apps.accounts.errors import IdentityTaken
from apps.accounts.models import LinkedIdentity, Session, User
from apps.accounts.services.invite_person import invite_person
from apps.accounts.services.link_identity import link_identity
from apps.core.errors import DomainError
from apps.core.models import AuditEntry
from apps.core.tenancy import acting_as
from tests.accounts.entering import ADDRESS, add_app, app_code, make_rita
from tests.accounts.factories import PASSWORD, TICKED, make_user, signed_in_client
from tests.accounts.mail import mailed_token, promised, promised_kinds, run_accounts_jobs
from tests.accounts.mails import invitation_token
from tests.clio.signing_in import begin, come_back, decide, ends_at, go_through, identity_of, link, linked, owner_of

pytestmark = pytest.mark.django_db
_LINKED, _UNLINKED = "accounts.clio_sign_in_linked", "accounts.clio_sign_in_unlinked"


@pytest.fixture
def browser():
    return Client()


@pytest.fixture
def rita():
    return make_rita()


def _sign_in(browser: Client, **more: str) -> Any:
    return browser.post("/sign-in", {"email": ADDRESS, "password": PASSWORD, **more})


def _permit(browser: Client) -> Any:
    return browser.post("/account/ways-in/new", {"password": PASSWORD})


def _actions(user: User) -> list[str]:
    with acting_as(user.pk):
        return list(AuditEntry.objects.filter(user_id=user.pk).order_by("pk").values_list("action", flat=True))


def test_links_a_log_in_once_the_person_has_seen_whose_it_is(rita, browser, clio):
    _sign_in(browser)
    assert "Go on to Clio" in _permit(browser).content.decode()

    asked = go_through(browser, clio, purpose="link")

    assert ends_at(asked) == "/account/ways-in/link"
    assert owner_of(clio).email in asked.content.decode()
    assert linked(rita) == []
    done = browser.post("/account/ways-in/link", follow=True)
    assert ends_at(done) == "/account/ways-in?linked=1"
    assert linked(rita) == [("us", owner_of(clio).subject)]
    assert promised(rita, _LINKED)[0]["clio_email"] == owner_of(clio).email
    assert "accounts.identity_linked" in _actions(rita)
    assert ends_at(go_through(Client(), clio)) == "/account/sessions"


def test_nothing_is_linked_without_the_password_of_who_has_no_second_step(rita, browser, clio):
    _sign_in(browser)

    wrong = browser.post("/account/ways-in/new", {"password": "wrong wrong wrong"})

    assert wrong.status_code == 400
    assert "This is not your password." in wrong.content.decode()
    assert browser.post("/auth/clio/", {"purpose": "link"}).headers["Location"] == "/account/ways-in/new"


def test_nothing_is_linked_without_a_fresh_second_step(rita, browser, clio):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        add_app(rita)
        clock.shift(60)
        _sign_in(browser)
        browser.post("/sign-in/second-step", {"method": "app", "code": app_code(rita)})
        assert "Go on to Clio" in browser.get("/account/ways-in/new").content.decode()
        clock.shift(601)

        assert browser.get("/account/ways-in/new").headers["Location"].startswith("/account/confirm?next=")
        assert browser.post("/account/ways-in/new").headers["Location"].startswith("/account/confirm?next=")
        assert browser.post("/auth/clio/", {"purpose": "link"}).headers["Location"] == "/account/ways-in/new"


def test_a_stranger_links_nothing(browser, clio):
    assert browser.post("/auth/clio/", {"purpose": "link"}).headers["Location"] == "/account/ways-in/new"
    for path in ("/account/ways-in", "/account/ways-in/new", "/account/ways-in/link"):
        assert browser.get(path).headers["Location"].startswith("/sign-in?next=")


def test_a_link_is_of_the_session_that_asked_for_it(rita, browser, clio):
    _sign_in(browser)
    _permit(browser)
    back = decide(clio, begin(browser, purpose="link"))
    browser.post("/sign-out")
    _sign_in(browser)

    come_back(browser, back)
    answer = browser.post("/account/ways-in/link")

    assert answer.headers["Location"] == "/account/ways-in"
    assert linked(rita) == []


def test_a_proof_for_signing_in_links_nothing(rita, browser, clio):
    _sign_in(browser)
    come_back(browser, decide(clio, begin(browser)), follow=False)

    assert browser.post("/account/ways-in/link").headers["Location"] == "/account/ways-in"
    assert linked(rita) == []


def test_a_log_in_opens_one_account_only(rita, browser, clio):
    other = make_user()
    link(other, owner_of(clio), timezone.now())
    _sign_in(browser)
    _permit(browser)
    go_through(browser, clio, purpose="link")

    refused = browser.post("/account/ways-in/link")

    assert refused.status_code == 409
    assert "opens another account here" in refused.content.decode()
    assert (linked(rita), len(linked(other))) == ([], 1)
    assert promised_kinds(rita).count(_LINKED) == 0


def test_linking_twice_is_once(rita, clio):
    for _ in range(2):
        link(rita, owner_of(clio), timezone.now())

    assert len(linked(rita)) == 1
    assert promised_kinds(rita) == [_LINKED]


def test_somebody_who_works_for_two_firms_links_both(rita, browser, clio):
    owner_id = int(owner_of(clio).subject)
    other = next(each["id"] for each in clio.list_all("users") if each["id"] != owner_id)
    link(rita, owner_of(clio), timezone.now())
    link(rita, identity_of(clio, other), timezone.now())
    _sign_in(browser)

    page = browser.get("/account/ways-in").content.decode()

    assert page.count("Take away</a>") == 2


def test_takes_a_log_in_away_and_signs_out_what_came_in_by_it(rita, browser, clio):
    link(rita, owner_of(clio), timezone.now())
    by_clio = Client()
    go_through(by_clio, clio)
    _sign_in(browser)
    page = browser.get("/account/ways-in").content.decode()
    address = re.findall(r'href="(/account/ways-in/[0-9a-f-]{36}/remove)"', page)[0]

    assert browser.post(address, {"password": "wrong wrong wrong"}).status_code == 400
    assert len(linked(rita)) == 1
    assert browser.post(address, {"password": PASSWORD}).headers["Location"] == "/account/ways-in"

    assert linked(rita) == []
    assert by_clio.get("/account/sessions").status_code == 302
    assert browser.get("/account/sessions").status_code == 200
    assert promised_kinds(rita).count(_UNLINKED) == 1
    assert "accounts.identity_unlinked" in _actions(rita)
    assert ends_at(go_through(by_clio, clio)) == "/sign-in/identity/unknown"


def _only_by_clio(clio: Any) -> User:
    person = make_user("Cleo Only")
    link(person, owner_of(clio), timezone.now())
    return person


def test_nobody_is_left_without_a_way_in(clio):
    person = _only_by_clio(clio)
    client = signed_in_client(person)
    (shown,) = client.get("/api/v1/me/identities").json()

    refused = client.delete(f"/api/v1/me/identities/{shown['id']}")

    assert (refused.status_code, refused.json()["code"]) == (409, "accounts.last_way_in")
    assert len(linked(person)) == 1
    person.set_password(PASSWORD)
    person.save()
    assert client.delete(f"/api/v1/me/identities/{shown['id']}").status_code == 204
    assert linked(person) == []


def test_who_has_no_password_is_told_to_choose_one_before_anything_is_changed(browser, clio):
    _only_by_clio(clio)
    go_through(browser, clio)

    answer = browser.post("/account/second-step/app", {"password": "whatever it might be"})

    assert answer.status_code == 400
    assert "You have none: choose one first" in answer.content.decode()
    assert "You have none." in browser.get("/account/ways-in").content.decode()


def test_the_api_shows_ones_own_log_ins_and_takes_them_away_after_a_step_up(rita, clio):
    link(rita, owner_of(clio), timezone.now())
    stranger, client = signed_in_client(make_user()), signed_in_client(rita)
    (shown,) = client.get("/api/v1/me/identities").json()
    address = f"/api/v1/me/identities/{shown['id']}"

    assert (shown["provider"], shown["region"], shown["email"]) == ("clio", "us", owner_of(clio).email)
    assert stranger.get("/api/v1/me/identities").json() == []
    assert stranger.delete(address).json()["code"] == "accounts.identity_not_found"
    weak = signed_in_client(rita, second_factor=False).delete(address)
    assert (weak.status_code, weak.json()["code"]) == (403, "core.step_up_needed")
    assert client.delete(f"/api/v1/me/identities/{uuid4()}").status_code == 404
    assert client.delete(address).status_code == 204
    assert client.delete(address).status_code == 404


def _register(browser: Client, clio: Any, **changes: str) -> Any:
    form = go_through(browser, clio, purpose="register")
    assert ends_at(form) == "/register/identity"
    stated = owner_of(clio)
    assert f'value="{stated.email}"' in form.content.decode()
    return browser.post("/register/identity", {"name": stated.name, "email": stated.email, "agreed": TICKED, **changes})


def test_registers_with_clio_after_the_mailbox_was_proved(browser, clio):
    sent = _register(browser, clio)
    run_accounts_jobs()
    person = User.objects.get()

    assert "Check your email" in sent.content.decode()
    assert ends_at(go_through(Client(), clio)) == "/sign-in/identity/unknown"
    address = f"/verify/{mailed_token(person, 'accounts.email_verification')}"
    assert owner_of(clio).email in browser.get(address).content.decode()
    assert linked(person) == []
    assert "Your account is open" in browser.post(address).content.decode()

    person.refresh_from_db()
    assert person.email_verified_at is not None
    assert not person.has_usable_password()
    assert ends_at(go_through(browser, clio)) == "/account/sessions"
    assert {"accounts.welcome", _LINKED} <= set(promised_kinds(person))


def test_registering_with_clio_gives_nothing_away_about_an_address(rita, browser, clio):
    pages = [_register(Client(), clio, email=email).content for email in (ADDRESS, "new@example.com")]
    run_accounts_jobs()

    bare = [re.sub(rb'nonce="[^"]+"', b"", page) for page in pages]
    assert bare[0] == bare[1]
    assert promised_kinds(rita) == ["accounts.already_registered"]
    assert linked(rita) == []


def test_a_log_in_linked_elsewhere_meanwhile_stays_there(rita, browser, clio):
    _register(browser, clio)
    run_accounts_jobs()
    person = User.objects.exclude(pk=rita.pk).get()
    link(rita, owner_of(clio), timezone.now())

    done = browser.post(f"/verify/{mailed_token(person, 'accounts.email_verification')}")

    assert "Your account is open" in done.content.decode()
    assert (linked(person), len(linked(rita))) == ([], 1)


def test_an_unknown_log_in_registers_nobody_by_itself(browser, clio):
    assert browser.get("/register/identity").headers["Location"] == "/register"
    go_through(browser, clio)

    assert browser.get("/register/identity").headers["Location"] == "/register"
    assert User.objects.count() == 0


@pytest.fixture
def invitation(cast):
    """The path of the link mailed to somebody new."""
    place = Place(role="member", scope="whole_firm")
    invite_person(
        firm_id=cast.firm.firm_id, actor_id=cast.owner.pk, email="nora@example.com", place=place, now=timezone.now()
    )
    return f"/invitations/{invitation_token(cast.firm, 'nora@example.com')}"


def test_accepts_an_invitation_with_clio_instead_of_a_password(cast, browser, clio, invitation):
    assert "Join with Clio" in browser.get(invitation).content.decode()

    form = go_through(browser, clio, purpose="join", next=invitation)

    assert ends_at(form) == invitation
    page = form.content.decode()
    assert owner_of(clio).email in page
    assert 'type="password"' not in page
    done = browser.post(invitation, {"name": "Nora New", "agreed": TICKED})
    assert "You belong to" in done.content.decode()
    nora = User.objects.get(email="nora@example.com")
    assert linked(nora) == [("us", owner_of(clio).subject)]
    assert not nora.has_usable_password()
    assert ends_at(go_through(Client(), clio)) == "/account/sessions"


def test_an_invitation_is_not_accepted_with_a_log_in_of_another_account(cast, browser, clio, invitation):
    go_through(browser, clio, purpose="join", next=invitation)
    link(cast.stranger, owner_of(clio), timezone.now())

    refused = browser.post(invitation, {"name": "Nora New", "agreed": TICKED})

    assert refused.status_code == 409
    assert not User.objects.filter(email="nora@example.com").exists()


def test_a_proof_for_one_invitation_is_none_for_another(cast, browser, clio, invitation):
    go_through(browser, clio, purpose="join", next="/invitations/another")

    assert 'type="password"' in browser.get(invitation).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_link_one_log_in_at_once_one_gets_it(clio):
    identity, people = owner_of(clio), [make_user() for _ in range(6)]
    start, ends = threading.Barrier(len(people)), []

    def race(person: User) -> None:
        from django.db import connection

        start.wait()
        try:
            link_identity(user_id=person.pk, identity=identity, origin=Origin(), now=timezone.now())
            ends.append("linked")
        except DomainError as error:
            ends.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == [IdentityTaken.__name__] * 5 + ["linked"]
    assert sum(len(linked(person)) for person in people) == 1


def test_a_session_kept_from_before_shows_when_a_log_in_was_last_used(rita, browser, clio):
    link(rita, owner_of(clio), timezone.now() - timedelta(days=3))
    go_through(browser, clio)

    with acting_as(rita.pk):
        assert LinkedIdentity.objects.get().last_used_at is not None
        assert Session.objects.count() == 1
    assert "last used" in browser.get("/account/ways-in").content.decode()
