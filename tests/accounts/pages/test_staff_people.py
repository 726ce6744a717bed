"""Staff look after people's accounts without being able to get into one, or to make themselves more than they are."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from apps.accounts.models import User
from tests.accounts.entering import enter_admin
from tests.accounts.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    client = make_user("Clara Client")
    client.set_password(PASSWORD)
    client.save()
    return client


@pytest.fixture
def staff():
    member = make_user("Sue Port")
    member.is_staff = True
    member.save()
    member.user_permissions.set(
        Permission.objects.filter(content_type__app_label="accounts", codename__endswith="_user")
    )
    return member


@pytest.fixture
def browser(staff):
    made = Client()
    enter_admin(made, staff)
    return made


def _page(user):
    return f"/admin/accounts/user/{user.pk}/change/"


def test_staff_close_an_account_and_open_it_again(browser, person):
    assert browser.post(_page(person), {}).status_code == 302
    person.refresh_from_db()
    assert person.is_active is False

    browser.post(_page(person), {"is_active": "on"})

    person.refresh_from_db()
    assert person.is_active is True


def test_staff_set_nobodys_password_and_change_nobodys_address(browser, person):
    given = {"is_active": "on", "email": "sue@example.com", "password": "x", "name": "Sue"}
    assert browser.post(_page(person), given).status_code == 302
    direct = browser.post(
        f"/admin/accounts/user/{person.pk}/password/",
        {"password1": "a kettle of herons", "password2": "a kettle of herons"},
    )

    person.refresh_from_db()
    assert person.email != "sue@example.com"
    assert person.name == "Clara Client"
    assert person.check_password(PASSWORD)
    assert direct.status_code in (302, 404, 405)
    assert "argon2" not in browser.get(_page(person)).content.decode()


def test_staff_make_nobody_staff_not_even_themselves_more(browser, person, staff):
    group = Group.objects.create(name="Everything")
    browser.post(_page(person), {"is_active": "on", "is_staff": "on", "groups": [group.pk], "is_superuser": "on"})
    own = browser.post(_page(staff), {"is_active": "on", "is_staff": "on", "groups": [group.pk]})

    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser, person.groups.count()) == (False, False, 0)
    assert own.status_code == 403
    assert staff.groups.count() == 0


def test_staff_leave_a_superuser_alone_and_make_no_people(browser, staff):
    chief = User.objects.create_superuser("chief@example.com", PASSWORD, name="Chief")

    assert browser.post(_page(chief), {}).status_code == 403
    assert browser.get("/admin/accounts/user/add/").status_code == 403
    chief.refresh_from_db()
    assert chief.is_active is True


def test_a_superuser_makes_somebody_staff(person):
    chief = User.objects.create_superuser("chief@example.com", PASSWORD, name="Chief")
    browser = Client()
    enter_admin(browser, chief)

    browser.post(_page(person), {"is_active": "on", "is_staff": "on"})

    person.refresh_from_db()
    assert person.is_staff is True


def test_staff_change_their_own_password_by_our_own_page(browser):
    assert browser.post("/admin/password_change/", {"old_password": PASSWORD}).headers["Location"] == "/forgot"
