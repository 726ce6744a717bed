"""Staff's page of lost second steps: who waits, and the decision with its reason."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from apps.accounts.contracts import Origin
from apps.accounts.models import FactorReset, User
from apps.accounts.services import tokens
from apps.accounts.services.contact_card import update_contact_card
from apps.accounts.services.request_factor_reset import request_factor_reset
from apps.core.models import AuditEntry
from apps.core.tenancy import acting_as
from tests.accounts.entering import add_app, enter_admin, make_rita
from tests.accounts.factories import make_firm, make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/accounts/factorreset/"
_WHY = "Called the number on the engagement letter."


@pytest.fixture
def rita():
    user = make_rita()
    update_contact_card(user_id=user.pk)
    add_app(user)
    return user


@pytest.fixture
def reset(rita):
    make_firm(rita, "Alone LLP")
    pending = tokens.make_pending(user_id=rita.pk, methods=("password",), now=timezone.now())
    request_factor_reset(pending=pending, origin=Origin(), now=timezone.now())
    return _reset(rita)


def _reset(user):
    with acting_as(user.pk):
        return FactorReset.objects.get()


def _staff(*rights):
    user = make_user("Sam Staff")
    user.is_staff = True
    user.save()
    user.user_permissions.add(*Permission.objects.filter(codename__in=[f"{right}_factorreset" for right in rights]))
    browser = Client()
    enter_admin(browser, user)
    return browser, user


def _decide(browser, request, **more):
    body = {"reset": request.pk, "person": request.user_id, "reason": _WHY, **more}
    return browser.post(PAGE, body, follow=True)


def test_shows_who_waits_and_that_nobody_else_could_object(rita, reset):
    browser, staff = _staff("view", "change")

    page = browser.get(PAGE).content.decode()

    assert "Rita Moreno" in page
    assert rita.email in page
    assert "only owner of a firm" in page
    with acting_as(staff.pk):
        assert AuditEntry.objects.get(action="core.staff_viewed").details == {"reason": "factor resets listed"}


def test_approves_with_a_reason_and_says_what_happens_when(rita, reset):
    browser, staff = _staff("view", "change")

    page = _decide(browser, reset).content.decode()

    assert "It happens when the waiting time is over" in page
    stored = _reset(rita)
    assert (stored.status, stored.approved_by_id, stored.reason) == ("approved", staff.pk, _WHY)


def test_after_the_waiting_time_it_is_done_at_once(rita, reset):
    past = timezone.now() - timedelta(days=9)
    with acting_as(rita.pk):
        FactorReset.objects.update(requested_at=past, earliest_at=past + timedelta(days=7))
    browser, _ = _staff("view", "change")

    assert "Approved and done" in _decide(browser, reset).content.decode()

    over = browser.get(f"{PAGE}?over=1").content.decode()
    assert "taken off" in over
    assert _WHY in over


def test_refuses_and_takes_an_approval_back(rita, reset):
    browser, _ = _staff("view", "change")
    _decide(browser, reset)

    page = _decide(browser, reset, refuse="1", reason="The person knew nothing of it.").content.decode()

    assert "Refused." in page
    assert _reset(rita).stopped_because == "refused by staff"


@pytest.mark.parametrize(
    "body", [{"reason": "ok"}, {"reason": ""}, {"reset": "x"}, {"person": "-1"}, {"reset": "9" * 30}]
)
def test_without_a_reason_or_for_nobody_nothing_is_decided(rita, reset, body):
    browser, _ = _staff("view", "change")

    assert _decide(browser, reset, **body).status_code == 200
    assert _reset(rita).status == "requested"


def test_a_request_that_is_over_is_said_to_be(rita, reset):
    browser, _ = _staff("view", "change")
    _decide(browser, reset, refuse="1")

    assert "There is no such open request" in _decide(browser, reset).content.decode()


def test_who_may_only_look_decides_nothing_and_who_may_not_look_sees_nothing(rita, reset):
    looking, _ = _staff("view")
    assert 'name="reason"' not in looking.get(PAGE).content.decode()
    assert _decide(looking, reset).status_code == 403

    assert _staff()[0].get(PAGE).status_code == 403
    assert _reset(rita).status == "requested"


def test_nobody_decides_about_their_own(rita, reset):
    User.objects.filter(pk=rita.pk).update(is_staff=True, is_superuser=True)
    browser = Client()
    enter_admin(browser, User.objects.get(pk=rita.pk))
    assert "A colleague decides about your own" in browser.get(PAGE).content.decode()

    assert "Somebody else decides" in _decide(browser, reset).content.decode()
    assert _reset(rita).status == "requested"
