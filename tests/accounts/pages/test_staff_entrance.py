"""Staff come into the admin by our own sign-in, with a second factor, and by nothing else."""

import pytest
import time_machine
from django.test import Client

from tests.accounts.entering import ADDRESS, add_app, app_code, make_rita
from tests.accounts.factories import PASSWORD, signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    return Client()


@pytest.fixture
def staff():
    rita = make_rita()
    rita.is_staff = rita.is_superuser = True
    rita.save()
    return rita


def _sign_in(browser, to="/admin/"):
    return browser.post("/sign-in", {"email": ADDRESS, "password": PASSWORD, "next": to})


def _with_second_factor(browser, staff, clock):
    add_app(staff)
    clock.shift(60)
    _sign_in(browser)
    body = {"method": "app", "code": app_code(staff), "next": "/admin/"}
    assert browser.post("/sign-in/second-step", body).headers["Location"] == "/admin/"


def test_the_admin_asks_for_our_sign_in(browser):
    asked = browser.get("/admin/", follow=True)

    assert asked.redirect_chain[-1][0] == "/sign-in?next=%2Fadmin%2F"


def test_the_admins_own_password_form_lets_nobody_in(browser, staff):
    browser.post("/admin/login/", {"username": ADDRESS, "password": PASSWORD})

    assert browser.get("/admin/").status_code == 302


def test_a_password_alone_leads_to_setting_up_a_second_factor(browser, staff):
    _sign_in(browser)

    led = browser.get("/admin/", follow=True)

    assert led.redirect_chain[-1][0] == "/account/second-step"


def test_the_password_given_again_is_no_second_factor(browser, staff):
    _sign_in(browser)
    browser.post("/account/confirm", {"method": "password", "code": PASSWORD, "password": PASSWORD, "next": "/admin/"})

    assert browser.get("/admin/").status_code == 302
    assert browser.get("/admin/", follow=True).redirect_chain[-1][0] == "/account/second-step"


def test_a_second_factor_opens_it_and_ending_the_session_elsewhere_shuts_it(browser, staff):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        _with_second_factor(browser, staff, clock)
        assert browser.get("/admin/").status_code == 200

        signed_in_client(staff).post("/api/v1/auth/logout", {"everywhere": True}, format="json")

        assert browser.get("/admin/").status_code == 302


def test_leaving_the_admin_ends_the_session(browser, staff):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        _with_second_factor(browser, staff, clock)
        kept = browser.cookies["sessionid"].value
        browser.post("/admin/logout/")
        old = Client()
        old.cookies["sessionid"] = kept

        assert old.get("/admin/").status_code == 302


def test_a_cookie_that_names_no_session_of_ours_is_not_enough(browser, staff):
    browser.force_login(staff)

    assert browser.get("/admin/").status_code == 302


def test_somebody_who_is_not_staff_is_refused(browser):
    make_rita()
    _sign_in(browser)

    assert browser.get("/admin/", follow=True).status_code == 403
