"""Staff see and change wording in the admin, each as far as their rights go."""

import re
from html import unescape

import pytest
from django.test import Client

from apps.core.models import AuditEntry
from apps.core.staff import staff_view
from apps.core.tenancy import acting_as
from apps.notifications.contracts import Channel
from apps.notifications.interface import set_contact
from apps.notifications.models import WordingVersion
from apps.notifications.queries.wording import list_versions
from apps.notifications.rules.catalogue import KINDS
from tests.accounts.entering import enter_admin
from tests.accounts.factories import make_user
from tests.notifications.staff import KIND, PARTS, admin_client, make_staff, put_into_use

pytestmark = pytest.mark.django_db
OVERVIEW = "/admin/notifications/wordingversion/"
PAGE = f"{OVERVIEW}{KIND}/email/"
SMS_PAGE = f"{OVERVIEW}accounts.sign_in_code/sms/"
VIEW, WRITE, APPROVE = "view_wordingversion", "add_wordingversion", "approve_wordingversion"


def form(act: str, **parts: str) -> dict[str, str]:
    typed = {f"part-{name}": text for name, text in {**PARTS, **parts}.items()}
    return {"act": act, "note": "friendlier", **typed}


def said(answer: object) -> list[str]:
    return [str(message) for message in answer.context["messages"]]  # type: ignore[attr-defined]


def test_the_overview_names_every_kind_and_whose_words_are_in_use():
    staff = make_staff(VIEW)
    put_into_use(staff)

    page = admin_client(staff).get(OVERVIEW).content.decode()

    assert page.count("<td><strong>") == len(KINDS)
    assert "Every message the product sends" in page
    assert page.count(">version 1</span>") == 1
    assert page.count(">file</span>") == sum(len(kind.channels) for kind in KINDS) - 1


def test_the_page_shows_the_words_and_how_they_come_out():
    page = admin_client(make_staff(VIEW)).get(PAGE).content.decode()

    assert "Welcome to Smarter Firms, {{ name }}" in page
    assert page.count("<iframe sandbox ") == 4
    frames = [unescape(found) for found in re.findall(r'srcdoc="([^"]*)"', page)]
    assert [">Welcome, Olivia Hart</h1>" in frame for frame in frames] == [True] * 4
    assert ["@media all" in frame for frame in frames] == [False, True, False, True]
    assert 'value="draft"' not in page
    assert "Put into use" not in page


def test_a_text_message_is_shown_with_its_segments():
    page = admin_client(make_staff(VIEW)).get(SMS_PAGE).content.decode()

    assert "482913 is your Smarter Firms code" in page
    assert "1 segment, " in page


def test_shows_what_was_typed_without_keeping_it():
    client = admin_client(make_staff(VIEW, WRITE))

    page = client.post(PAGE, form("preview", subject="Hi <b>{{ name }}</b>")).content.decode()

    assert "Hi &lt;b&gt;Olivia Hart&lt;/b&gt;" in page
    assert "<b>Olivia" not in page
    assert list_versions(KIND, Channel.EMAIL) == []


def test_says_what_is_wrong_and_keeps_what_was_typed():
    client = admin_client(make_staff(VIEW, WRITE))

    answer = client.post(PAGE, form("draft", body="{{ name.upper }}"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert said(answer)[0].startswith("{{ name.upper }} is not a name")
    assert "{{ name.upper }}</textarea>" in page
    assert "There is nothing to show until the words hold." in page
    assert list_versions(KIND, Channel.EMAIL) == []


def test_drafts_compares_uses_and_goes_back(mailoutbox):
    client = admin_client(make_staff(VIEW, WRITE, APPROVE))

    kept = client.post(PAGE, form("draft"), follow=True)
    assert said(kept) == ["Kept as version 1, a draft. Nobody gets it until it is put into use."]
    compared = client.get(f"{PAGE}compare/0/1/").content.decode()
    assert '<div class="gone"><del>Welcome</del> to <del>Smarter</del> <del>Firms,</del> {{ name }}</div>' in compared
    assert '<div class="new"><ins>Good</ins> to <ins>have</ins> <ins>you,</ins> {{ name }}</div>' in compared

    used = client.post(PAGE, {"act": "approve", "version": "1"}, follow=True)
    assert said(used) == ["Version 1 is in use from the next message on."]
    assert "Good to have you, {{ name }}" in used.content.decode()

    back = client.post(PAGE, {"act": "withdraw"}, follow=True)
    assert said(back) == ["The words of the file are in use again."]
    assert [one.state.value for one in list_versions(KIND, Channel.EMAIL)] == ["retired"]
    again = client.post(PAGE, {"act": "approve", "version": "1"}, follow=True)
    assert "in use from the next message on" in said(again)[0]


def test_a_test_goes_to_the_one_who_asks_and_to_nobody_else(mailoutbox):
    staff = make_staff(VIEW, WRITE)
    client = admin_client(staff)

    answer = client.post(PAGE, {**form("test"), "to": "somebody@else.example", "email": "x@else.example"})

    assert said(answer) == ["Sent to you, with the sample's values."]
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [([staff.email], "[Test] Good to have you, Olivia Hart")]
    assert list_versions(KIND, Channel.EMAIL) == []


def test_a_text_message_goes_to_ones_own_number(twilio):
    staff = make_staff(VIEW, WRITE)
    client = admin_client(staff)
    typed = {"act": "test", "part-body": "{{ code }} is it, for {{ minutes }} minutes."}

    without = client.post(SMS_PAGE, typed)
    set_contact(user_id=staff.pk, email=staff.email, phone="+12125550142")
    with_number = client.post(SMS_PAGE, typed)

    assert said(without) == ["Your own account has no number for text messages."]
    assert said(with_number) == ["Sent to you, with the sample's values."]
    assert [(sms["To"], sms["Body"]) for sms in twilio.messages] == [
        ("+12125550142", "[Test] 482913 is it, for 5 minutes.")
    ]


@pytest.mark.parametrize(
    ("rights", "act", "status"),
    [
        ((), "preview", 403),
        ((VIEW,), "preview", 403),
        ((VIEW,), "draft", 403),
        ((VIEW,), "test", 403),
        ((VIEW, WRITE), "approve", 403),
        ((VIEW, WRITE), "withdraw", 403),
        ((VIEW, APPROVE), "draft", 403),
        ((WRITE, APPROVE), "draft", 403),
        ((VIEW, WRITE), "erase", 404),
        ((VIEW, WRITE), "", 404),
        ((VIEW, WRITE), "preview", 200),
        ((VIEW, WRITE), "draft", 302),
        ((VIEW, APPROVE), "approve", 302),
    ],
)
def test_each_act_takes_its_right(mailoutbox, rights: tuple[str, ...], act: str, status: int):
    put_into_use(make_staff())

    answer = admin_client(make_staff(*rights)).post(PAGE, {**form(act), "version": "1"})

    assert answer.status_code == status
    assert mailoutbox == []


@pytest.mark.parametrize("address", [OVERVIEW, PAGE, f"{PAGE}compare/0/0/"])
def test_nobody_else_gets_in(address: str):
    person = make_user()
    for client in (Client(), admin_client(person)):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/admin/login/")
    assert admin_client(make_staff()).get(address).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        f"{OVERVIEW}accounts.farewell/email/",
        f"{OVERVIEW}{KIND}/sms/",
        f"{OVERVIEW}{KIND}/pigeon/",
        f"{PAGE}compare/1/2/",
        f"{OVERVIEW}1/change/",
        f"{OVERVIEW}add/",
    ],
)
def test_there_is_no_such_page(address: str):
    assert admin_client(make_staff(VIEW, WRITE, APPROVE)).get(address).status_code == 404


def test_a_form_from_elsewhere_is_refused():
    client = Client(enforce_csrf_checks=True)
    enter_admin(client, make_staff(VIEW, WRITE))

    assert client.post(PAGE, form("draft")).status_code == 403


def test_marks_words_that_no_longer_fit():
    staff = make_staff(VIEW)
    with staff_view(staff.pk, "words of an older release"):
        WordingVersion.objects.create(
            kind=KIND,
            channel="email",
            version=1,
            parts={**PARTS, "body": "{{ gone }}"},
            note="n",
            state="approved",
            approved_at="2026-03-03T00:00Z",
        )

    page = admin_client(staff).get(OVERVIEW).content.decode()

    assert "version 1 no longer fits: the file is sent" in page


def test_the_audit_trail_knows_of_the_test(mailoutbox):
    staff = make_staff(VIEW, WRITE)
    admin_client(staff).post(PAGE, form("test"))

    with acting_as(staff.pk):
        entry = AuditEntry.objects.get(action="notifications.wording_tested")
    assert (entry.user_id, entry.target) == (staff.pk, f"{KIND}/email")
