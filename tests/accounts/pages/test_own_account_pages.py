"""The pages of one's own account, and those behind the links mailed about it."""

import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.accounts.models import AccountDeletion, EmailChange, FactorReset, Membership, User
from apps.accounts.services.contact_card import update_contact_card
from apps.core.scope import Role
from apps.core.tenancy import acting_as, tenant
from tests.accounts.entering import ADDRESS, add_app, app_code, make_rita
from tests.accounts.factories import PASSWORD, join, make_firm
from tests.accounts.mail import mailed_token, promised, run_accounts_jobs

pytestmark = pytest.mark.django_db
_NEW = "rita@moreno.example"


@pytest.fixture
def rita():
    user = make_rita()
    update_contact_card(user_id=user.pk)
    return user


@pytest.fixture
def browser(rita):
    client = Client()
    client.post("/sign-in", {"email": ADDRESS, "password": PASSWORD})
    return client


def _text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/account", "/account/email", "/account/delete", "/account/confirm"])
def test_strangers_sign_in_first_and_come_back(path):
    assert Client().get(path).headers["Location"] == f"/sign-in?next={path.replace('/', '%2F')}"


def test_shows_the_account_and_saves_name_zone_and_language(rita, browser, cast):
    join(rita, cast.firm)
    page = _text(browser.get("/account"))
    assert ADDRESS in page
    assert "Ash &amp; Birch LLP" in page

    saved = browser.post("/account", {"name": "Rita M.", "time_zone": "America/Denver", "locale": "en-CA"}, follow=True)

    assert 'role="status">Saved.' in _text(saved)
    user = User.objects.get(pk=rita.pk)
    assert (user.name, user.zone, user.locale) == ("Rita M.", "America/Denver", "en-CA")


@pytest.mark.parametrize("changes", [{"name": ""}, {"time_zone": "Mars"}, {"locale": "xx"}])
def test_says_at_the_field_what_cannot_be(rita, browser, changes):
    answer = browser.post("/account", {"name": "R", "time_zone": "UTC", "locale": "en-US", **changes})

    assert answer.status_code == 400
    assert 'aria-invalid="true"' in _text(answer)
    assert User.objects.get(pk=rita.pk).name == "Rita Moreno"


def test_an_unusual_zone_of_ones_own_stays_offered(rita, browser):
    User.objects.filter(pk=rita.pk).update(zone="Etc/GMT+5")

    assert '<option value="Etc/GMT+5" selected>' in _text(browser.get("/account"))


def test_the_address_changes_by_two_links_that_do_nothing_by_being_opened(rita, browser):
    asked = browser.post("/account/email", {"email": _NEW, "password": PASSWORD}, follow=True)
    assert "We wrote to both addresses" in _text(asked)
    run_accounts_jobs()
    tokens = [mailed_token(rita, f"accounts.email_change_{kind}") for kind in ("confirm", "requested")]
    mailbox = Client()
    shown = [_text(mailbox.get(f"/email/{token}")) for token in tokens]
    assert _NEW in shown[0]
    assert _NEW not in shown[1]
    with acting_as(rita.pk):
        assert EmailChange.objects.get().new_confirmed_at is None

    first, second = [mailbox.post(f"/email/{token}") for token in tokens]

    assert "One more email" in _text(first)
    assert "Your email address is changed" in _text(second)
    assert User.objects.get(pk=rita.pk).email == _NEW
    assert _NEW in _text(browser.get("/account"))
    assert mailbox.get(f"/email/{tokens[0]}").status_code == 400


def test_the_address_wanted_can_be_taken_back_on_the_page(rita, browser):
    browser.post("/account/email", {"email": _NEW, "password": PASSWORD})

    assert browser.post("/account/email", {"withdraw": "1"}).headers["Location"] == "/account"
    assert browser.post("/account/email", {"withdraw": "1"}).status_code == 302
    assert _NEW not in _text(browser.get("/account"))


def test_faults_of_the_new_address_stand_at_their_fields(rita, browser):
    same = browser.post("/account/email", {"email": ADDRESS, "password": PASSWORD})
    wrong = browser.post("/account/email", {"email": _NEW, "password": "not my password"})

    assert (same.status_code, wrong.status_code) == (400, 400)
    assert 'id="id_email_error"' in _text(same)
    assert 'id="id_password_error"' in _text(wrong)
    assert "not my password" not in _text(wrong)


@pytest.mark.parametrize("path", ["/account/email", "/account/delete"])
def test_with_a_second_step_it_is_asked_for_before_anything_is_filled_in(rita, browser, path):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        browser = Client()
        browser.post("/sign-in", {"email": ADDRESS, "password": PASSWORD})
        add_app(rita)
        clock.shift(60)
        asked = browser.get(path)
        assert asked.headers["Location"] == f"/account/confirm?next={path.replace('/', '%2F')}"
        proved = browser.post("/account/confirm", {"method": "app", "code": app_code(rita), "next": path})
        assert proved.headers["Location"] == path
        assert 'name="password"' not in _text(browser.get(path))


def test_without_a_second_step_the_password_confirms(rita, browser):
    page = browser.get("/account/confirm?next=/account")
    assert 'type="password"' in _text(page)

    wrong = browser.post("/account/confirm", {"password": "wrong wrong", "next": "/account"})
    right = browser.post("/account/confirm", {"password": PASSWORD, "next": "/account"})

    assert wrong.status_code == 400
    assert "This is not your password" in _text(wrong)
    assert right.headers["Location"] == "/account"


def test_leaves_a_firm_after_saying_so_once_more(rita, browser, cast):
    join(rita, cast.firm)
    address = f"/account/firms/{cast.firm.public_id}/leave"
    assert "Leave Ash &amp; Birch LLP?" in _text(browser.get(address))

    left = browser.post(address)

    assert "You left Ash &amp; Birch LLP" in _text(left)
    with tenant(cast.firm.firm_id):
        assert Membership.objects.get(user=rita).status == "ended"
    assert browser.post(address).headers["Location"] == "/account"
    assert promised(cast.owner, "accounts.member_left")[0]["person"] == "Rita Moreno"


def test_the_sole_owner_is_told_why_they_stay(rita, browser):
    firm = make_firm(rita, "Alone LLP")

    leaving = browser.post(f"/account/firms/{firm.public_id}/leave")
    deleting = browser.post("/account/delete", {"sure": "on", "password": PASSWORD})

    assert (leaving.status_code, deleting.status_code) == (409, 409)
    assert "Make somebody else an owner first" in _text(leaving)
    assert "you are the only one of" in _text(deleting)
    assert "<li>Alone LLP</li>" in _text(deleting)
    with tenant(firm.firm_id):
        assert Membership.objects.get(user=rita).status == "active"


def test_deletes_the_account_and_keeps_it_by_the_link(rita, browser):
    unsure = browser.post("/account/delete", {"password": PASSWORD})
    assert "This field is required" in _text(unsure)

    closed = browser.post("/account/delete", {"sure": "on", "password": PASSWORD})

    assert "Your account is closed" in _text(closed)
    assert browser.get("/account").headers["Location"].startswith("/sign-in")
    link = f"/account/keep/{mailed_token(rita, 'accounts.account_deletion_scheduled')}"
    mailbox = Client()
    assert "Keep your account" in _text(mailbox.get(link))
    with acting_as(rita.pk):
        assert AccountDeletion.objects.get().stopped_at is None
    assert "yours again" in _text(mailbox.post(link))
    assert mailbox.get(link).status_code == 400
    assert Client().post("/sign-in", {"email": ADDRESS, "password": PASSWORD}).status_code == 302


def _half_way(rita):
    browser = Client()
    assert (
        browser.post("/sign-in", {"email": ADDRESS, "password": PASSWORD})
        .headers["Location"]
        .startswith("/sign-in/second-step")
    )
    return browser


def test_half_way_in_the_lost_second_step_can_be_said(rita):
    add_app(rita)
    browser = _half_way(rita)
    assert "/sign-in/lost-second-step" in _text(browser.get("/sign-in/second-step"))
    assert Client().get("/sign-in/lost-second-step").headers["Location"] == "/sign-in"
    assert "the owners of your firms" in _text(browser.get("/sign-in/lost-second-step"))
    with acting_as(rita.pk):
        assert not FactorReset.objects.exists()

    asked = browser.post("/sign-in/lost-second-step")

    assert "We have your request" in _text(asked)
    with acting_as(rita.pk):
        assert FactorReset.objects.get().status == "requested"


def test_an_owner_reads_whom_it_is_about_and_stops_it(rita, cast):
    add_app(rita)
    join(rita, cast.firm)
    _half_way(rita).post("/sign-in/lost-second-step")
    link = promised(cast.owner, "accounts.factor_reset_of_member")[0]["address"]
    path = link[link.index("/account/stop/") :]
    mailbox = Client()
    assert "Stop the reset for Rita Moreno?" in _text(mailbox.get(path))

    stopped = mailbox.post(path)

    assert "The reset is stopped" in _text(stopped)
    with acting_as(rita.pk):
        assert FactorReset.objects.get().stopped_because == "by an owner"
    assert mailbox.post(path).status_code == 400


@pytest.mark.parametrize("path", ["/email/x", "/account/stop/x", "/account/keep/x"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_none_says_so(path, method):
    answer = getattr(Client(), method)(path)

    assert answer.status_code == 400
    assert "This link no longer works" in _text(answer)


def test_after_a_reset_the_way_leads_to_a_new_second_step_where_one_is_demanded(rita, cast):
    join(rita, cast.firm, role=Role.CONSULTANT)

    answer = Client().post("/sign-in", {"email": ADDRESS, "password": PASSWORD})

    assert answer.headers["Location"] == "/account/second-step"


def test_the_pages_load_nothing_and_name_every_field(rita, browser):
    for path in ("/account", "/account/email", "/account/delete", "/account/confirm"):
        answer = browser.get(path)
        page = _text(answer)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert not re.search(r"<(script|link|img|iframe)\b", page)
        ids = set(re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', page))
        assert ids == set(re.findall(r'<label for="([^"]+)"', page))
        assert page.count("<h1") == 1


def test_a_session_of_long_ago_is_no_proof_on_the_pages(rita, browser):
    assert timezone.now() > rita.created_at
    assert browser.post("/account/delete", {"sure": "on", "password": ""}).status_code == 200
    assert User.objects.get(pk=rita.pk).is_active
