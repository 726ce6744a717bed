"""The pages of getting in: behind every mailed link, at sign-in, and for a person's own safety."""

import re

import pyotp
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Session, User
from apps.core.tenancy import acting_as
from tests.accounts.entering import ADDRESS, add_app, app_code, make_rita
from tests.accounts.factories import PASSWORD, TICKED
from tests.accounts.mail import mailed_token, run_accounts_jobs, texted_code

pytestmark = pytest.mark.django_db
_NEW = "a kettle of blue herons"


@pytest.fixture
def browser():
    return Client()


@pytest.fixture
def rita():
    return make_rita()


def _sign_in(browser, **more):
    return browser.post("/sign-in", {"email": ADDRESS, "password": PASSWORD, **more})


def _open_sessions(user):
    with acting_as(user.pk):
        return Session.objects.filter(revoked_at__isnull=True).count()


def test_signs_in_and_leads_on_to_our_own_pages_only(rita, browser):
    assert _sign_in(browser, next="/account/second-step").headers["Location"] == "/account/second-step"
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"):
        assert _sign_in(Client(), next=elsewhere).headers["Location"] == "/account/sessions"


def test_a_wrong_password_is_said_where_a_screen_reader_hears_it(rita, browser):
    answer = _sign_in(browser, password="wrong wrong wrong")

    page = answer.content.decode()
    assert answer.status_code == 401
    assert 'role="alert"' in page
    assert "Email address or password is not right" in page
    assert "wrong wrong wrong" not in page


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sign-in", {"email": ADDRESS, "password": "wrong wrong wrong"}),
        ("/forgot", {"email": ADDRESS}),
        ("/register", {"email": ADDRESS, "name": "Rita Moreno", "password": PASSWORD, "agreed": TICKED}),
    ],
)
def test_the_entrances_are_limited_as_on_the_api(browser, settings, clean_cache, path, fields):
    settings.ENTRY_LIMITS = {"network": (1000, 60), "account": (2, 900)}

    statuses = [browser.post(path, fields).status_code for _ in range(4)]

    assert 429 not in statuses[:2]
    assert statuses[2:] == [429, 429]
    assert browser.post(path, {**fields, "email": "somebody.else@example.com"}).status_code != 429


def test_an_address_of_letters_that_look_alike_is_refused(browser):
    answer = browser.post(
        "/register", {"email": "r\u0131ta@example.com", "name": "Rita", "password": PASSWORD, "agreed": TICKED}
    )

    assert answer.status_code == 400
    assert "plain letters" in answer.content.decode()
    assert not User.objects.exists()


def test_a_page_needs_its_forgery_token(rita):
    strict = Client(enforce_csrf_checks=True)

    assert _sign_in(strict).status_code == 403
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', strict.get("/sign-in").content.decode())
    assert found is not None
    assert _sign_in(strict, csrfmiddlewaretoken=found.group(1)).status_code == 302


def test_a_planted_cookie_is_worth_nothing_after_sign_in(rita, browser):
    browser.get("/sign-in")
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    before = browser.cookies["sessionid"].value if "sessionid" in browser.cookies else session.session_key
    browser.cookies["sessionid"] = before

    _sign_in(browser)

    assert browser.cookies["sessionid"].value != before
    assert "planted" not in browser.session
    planted = Client()
    planted.cookies["sessionid"] = before
    assert planted.get("/account/sessions").headers["Location"].startswith("/sign-in?next=")


def test_the_second_step_is_asked_for_and_nothing_opens_before_it(rita, browser):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        add_app(rita)
        clock.shift(60)
        asked = _sign_in(browser, next="/account/second-step")
        assert asked.headers["Location"].startswith("/sign-in/second-step?next=")
        assert browser.get("/account/sessions").status_code == 302

        wrong = browser.post("/sign-in/second-step", {"method": "app", "code": "000000"})
        assert wrong.status_code == 400
        assert "Wrong, used already, or too old." in wrong.content.decode()
        body = {"method": "app", "code": app_code(rita), "next": "/account/second-step"}
        done = browser.post("/sign-in/second-step", body)

        assert done.headers["Location"] == "/account/second-step"
        assert browser.get("/account/second-step").status_code == 200


def test_a_trusted_device_is_remembered_by_a_cookie_scripts_cannot_read(rita, browser):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        add_app(rita)
        clock.shift(60)
        _sign_in(browser)
        body = {"method": "app", "code": app_code(rita), "trust_device": "on"}
        browser.post("/sign-in/second-step", body)
        cookie = browser.cookies["sf_device"]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/sign-in")
        again = Client()
        again.cookies["sf_device"] = cookie.value

        assert _sign_in(again).headers["Location"] == "/account/sessions"


def test_the_verification_link_is_used_by_the_button_and_not_by_opening_it(browser):
    browser.post("/register", {"name": "Rita Moreno", "email": ADDRESS, "password": PASSWORD, "agreed": TICKED})
    run_accounts_jobs()
    address = f"/verify/{mailed_token(User.objects.get(), 'accounts.email_verification')}"

    for _ in range(2):
        assert "Confirm my email address" in browser.get(address).content.decode()
    assert _sign_in(browser).status_code == 401
    assert "Your email address is confirmed" in browser.post(address).content.decode()
    assert _sign_in(browser).status_code == 302
    assert browser.get(address).status_code == 400


def test_registering_says_the_same_for_a_known_address(rita, browser):
    pages = [
        browser.post("/register", {"name": "X", "email": email, "password": PASSWORD, "agreed": TICKED}).content
        for email in (ADDRESS, "new@example.com")
    ]

    assert _without_nonce(pages[0]) == _without_nonce(pages[1])


def _without_nonce(page: bytes) -> str:
    return re.sub(r'nonce="[^"]+"|value="[^"]{32,}"', "", page.decode())


def test_the_reset_link_sets_a_password_and_signs_out_everywhere(rita, browser):
    _sign_in(browser)
    Client().post("/forgot", {"email": ADDRESS})
    run_accounts_jobs()
    address = f"/reset/{mailed_token(rita, 'accounts.password_reset')}"
    other = Client()

    weak = other.post(address, {"password": "short"})
    done = other.post(address, {"password": _NEW})

    assert weak.status_code == 400
    assert 'aria-invalid="true"' in weak.content.decode()
    assert "Your password is changed" in done.content.decode()
    assert browser.get("/account/sessions").status_code == 302
    assert _sign_in(other, password=_NEW).status_code == 302
    assert other.get(address).status_code == 400


@pytest.mark.parametrize("path", ["verify", "reset"])
@pytest.mark.parametrize("token", ["x", "é", "a" * 43, "a" * 3000, "%00", "<script>alert(1)"])
def test_a_link_that_is_none_says_so_and_is_no_500(browser, path, token):
    answer = browser.get(f"/{path}/{token}")

    assert answer.status_code in (400, 404)
    assert b"<script>" not in answer.content


def test_signing_out_ends_the_session_the_cookie_named(rita, browser):
    _sign_in(browser)

    assert browser.post("/sign-out").headers["Location"] == "/sign-in"

    assert _open_sessions(rita) == 0
    assert browser.get("/account/sessions").status_code == 302


def test_a_device_of_the_list_is_signed_out(rita, browser):
    other = Client()
    _sign_in(browser)
    _sign_in(other)
    page = browser.get("/account/sessions").content.decode()
    ids = re.findall(r'name="session" value="([^"]+)"', page)
    assert len(ids) == 2
    assert page.count("this device") == 1
    mine = page.index("this device")
    theirs = next(each for each in ids if page.index(each) < mine or ids.index(each) == 1)

    browser.post("/account/sessions", {"session": theirs})

    assert _open_sessions(rita) == 1


@pytest.mark.parametrize("session", ["", "x", "01234567-89ab-7def-8123-456789abcdef"])
def test_a_session_that_is_none_changes_nothing_and_is_no_500(rita, browser, session):
    _sign_in(browser)

    assert browser.post("/account/sessions", {"session": session}).status_code == 302
    assert _open_sessions(rita) == 1


def test_an_app_is_set_up_on_pages_and_its_recovery_codes_are_shown_once(rita, browser):
    _sign_in(browser)
    begun = browser.post("/account/second-step/app", {"password": PASSWORD}).content.decode()
    found = re.search(r"<code>([A-Z2-7]+)</code>", begun)
    assert found is not None
    assert "<svg" in begun

    shown = browser.post("/account/second-step/app", {"code": pyotp.TOTP(found.group(1)).at(timezone.now())})

    assert len(re.findall(r"<li>([a-z2-9-]{14})</li>", shown.content.decode())) == 10
    assert "10 of 10 left" in browser.get("/account/second-step").content.decode()


def test_a_number_is_set_up_and_removed_again_after_a_step_up(rita, browser):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        _sign_in(browser)
        browser.post("/account/second-step/phone", {"phone": "+12124567890", "password": PASSWORD})
        code = texted_code(rita, "accounts.phone_code")
        assert "Keep these codes" in browser.post("/account/second-step/phone", {"code": code}).content.decode()
        clock.shift(601)
        asked = browser.post("/account/second-step/remove/sms")
        assert asked.headers["Location"] == "/account/confirm?next=%2Faccount%2Fsecond-step%2Fremove%2Fsms"
        browser.post("/account/confirm", {"send": "1", "method": "sms"})
        proof = {"method": "sms", "code": texted_code(rita, "accounts.step_up_code"), "next": "/account/second-step"}
        assert browser.post("/account/confirm", proof).headers["Location"] == "/account/second-step"

        assert browser.post("/account/second-step/remove/sms").headers["Location"] == "/account/second-step"

    assert "ending in" not in browser.get("/account/second-step").content.decode()


def test_pages_are_kept_by_nobody_and_load_nothing_from_elsewhere(rita, browser):
    _sign_in(browser)
    for path in ("/sign-in", "/register", "/forgot", "/account/sessions", "/account/second-step"):
        answer = browser.get(path)

        assert "no-store" in answer.headers["Cache-Control"], path
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert not re.search(r"(src|href)=\"https?:", answer.content.decode())


def test_every_field_has_a_label_and_every_page_a_language_a_title_and_one_heading(rita, browser):
    _sign_in(browser)
    paths = (
        "/sign-in",
        "/register",
        "/forgot",
        "/account/sessions",
        "/account/second-step",
        "/account/second-step/app",
    )
    for path in paths:
        page = (Client() if path in paths[:3] else browser).get(path).content.decode()
        fields = re.findall(r'<input type="(?:text|email|password|checkbox)"[^>]* id="([^"]+)"', page)

        assert '<html lang="en">' in page
        assert re.search(r"<title>[^<]{5,} · Smarter Firms</title>", page), path
        assert page.count("<h1") == 1
        assert all(f'for="{name}"' in page for name in fields), path
