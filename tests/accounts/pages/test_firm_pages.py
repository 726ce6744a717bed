"""A firm's pages: real people, keys, copies and the erasure, done through a browser."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import ApiKey, FirmErasure, FirmExport, Invitation, Membership, TermsAcceptance
from apps.accounts.queries.firms import get_firm_profile
from apps.accounts.services.export_firm import make_firm_export
from apps.core.models import AuditEntry
from apps.core.scope import Level, Role
from apps.core.tenancy import tenant
from tests.accounts.entering import add_app, app_code, browser_of, make_rita
from tests.accounts.factories import PASSWORD, join, make_user
from tests.accounts.mails import last_told, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(cast):
    return browser_of(cast.owner)


def _page(cast, path: str) -> str:
    return f"/firm/{path}?firm={cast.firm.public_id}"


def _words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def _found(pattern: str, answer) -> str:
    found = re.search(pattern, answer.content.decode())
    assert found is not None
    return found.group(1)


def _place(cast, user) -> Membership:
    with tenant(cast.firm.firm_id):
        return Membership.objects.get(firm_id=cast.firm.firm_id, user=user)


def _invite(browser, cast, **changes):
    form = {"act": "invite", "email": "dana@example.com", "role": "member", "scope": "self", "level": "", **changes}
    return browser.post(_page(cast, "people"), form)


def test_people_are_shown_with_what_they_are_and_see(cast, browser):
    join(make_user("Connie Full"), cast.firm, role=Role.CONSULTANT, level=Level.FULL)

    words = _words(browser.get(_page(cast, "people")))

    assert "Ash & Birch LLP" in words.replace("&amp;", "&")
    assert "Olive Owner you" in words
    assert "Owner; sees the whole firm" in words
    assert "Connie Full" in words
    assert "Consultant, full; sees the whole firm" in words


def test_an_address_is_invited_shown_sent_again_and_taken_back(cast, browser):
    answer = _invite(browser, cast, scope="subset", grants="areas 12 15; people 7", permissions=["trust"])

    assert answer.status_code == 302
    assert "The invitation is on its way" in _words(browser.get(answer["Location"]))
    with tenant(cast.firm.firm_id):
        invitation = Invitation.objects.get()
        assert invitation.grants == [
            {"practice_area_ids": [12, 15], "timekeeper_ids": [7], "group_ids": [], "client_ids": []}
        ]
        assert invitation.permissions == ["trust"]
        Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    act = {"invitation": invitation.pk}
    assert browser.post(_page(cast, "people"), {"act": "resend", **act}).status_code == 302
    too_soon = browser.post(_page(cast, "people"), {"act": "resend", **act})
    assert too_soon.status_code == 429
    assert "Try again in 60 seconds" in _words(too_soon)
    assert browser.post(_page(cast, "people"), {"act": "revoke", **act}).status_code == 302
    assert "dana@example.com" not in _words(browser.get(_page(cast, "people")))


def test_whether_own_work_includes_ones_matters_is_switched(cast, browser):
    page = _page(cast, "people")

    assert "Show only what each recorded" in _words(browser.get(page))
    off = browser.post(page, {"act": "own-work", "includes_matters": "no"})
    assert off.status_code == 302
    assert "It holds from everybody" in _words(browser.get(off["Location"]))
    assert "sees only what they recorded themselves" in _words(browser.get(page))
    assert browser.post(page, {"act": "own-work", "includes_matters": "maybe"}).status_code == 400
    with tenant(cast.firm.firm_id):
        assert get_firm_profile(firm_id=cast.firm.firm_id).own_work_includes_matters is False
        assert AuditEntry.objects.filter(action="accounts.firm_changed", user_id=cast.owner.pk).count() == 1
    assert browser.post(page, {"act": "own-work", "includes_matters": "yes"}).status_code == 302
    with tenant(cast.firm.firm_id):
        assert get_firm_profile(firm_id=cast.firm.firm_id).own_work_includes_matters is True


def test_the_switch_of_own_work_is_an_administrators(cast):
    page = _page(cast, "people")

    answer = browser_of(cast.colleague).post(page, {"act": "own-work", "includes_matters": "no"})

    assert answer.status_code == 403
    with tenant(cast.firm.firm_id):
        assert get_firm_profile(firm_id=cast.firm.firm_id).own_work_includes_matters is True


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": "no address"}, "Enter a valid email address"),
        ({"scope": "subset"}, "Name at least one grant"),
        ({"scope": "subset", "grants": "rooms 4"}, "Line 1: begin with one of areas"),
        ({"scope": "subset", "grants": "areas x"}, "is no number of Clio"),
        ({"role": "consultant"}, "A consultant has a level"),
        ({"role": "admin"}, "Owners and admins see the whole firm"),
        ({"role": "emperor"}, "Select a valid choice"),
    ],
)
def test_a_faulty_invitation_comes_back_with_its_fault(cast, browser, change, said):
    answer = _invite(browser, cast, **change)

    assert answer.status_code == 400
    assert said in _words(answer).replace("&#x27;", "'")
    with tenant(cast.firm.firm_id):
        assert not Invitation.objects.exists()


def test_a_member_is_changed_paused_restored_and_removed(cast, browser):
    place = _place(cast, cast.colleague)
    page = _page(cast, f"people/{place.pk}")

    form = {"act": "change", "role": "admin", "scope": "whole_firm", "level": ""}
    assert browser.post(page, form).status_code == 302
    assert _place(cast, cast.colleague).role == "admin"
    assert browser.post(page, {"act": "suspend", "reason": "On leave"}).status_code == 302
    assert "paused" in _words(browser.get(page))
    assert browser.post(page, {"act": "restore"}).status_code == 302
    assert _place(cast, cast.colleague).status == "active"
    assert browser.post(page, {"act": "remove"}).status_code == 302
    assert _place(cast, cast.colleague).status == "ended"
    assert browser.get(page).status_code == 404
    assert [kind for kind in told(cast.colleague) if kind.startswith("accounts.membership")] == [
        "accounts.membership_suspended",
        "accounts.membership_restored",
        "accounts.membership_ended",
    ]


def test_the_last_owner_stays_and_the_page_says_why(cast, browser):
    answer = browser.post(_page(cast, f"people/{_place(cast, cast.owner).pk}"), {"act": "remove"})

    assert answer.status_code == 409
    assert "The firm would be left without an owner" in _words(answer)


def test_a_key_is_shown_once_works_and_is_revoked(cast, browser, api):
    ends_on = (timezone.now() + timedelta(days=30)).date().isoformat()
    form = {"act": "make", "name": "Power BI", "ends_on": ends_on, "scopes": ["firm"]}

    made = browser.post(_page(cast, "api-keys"), form).content.decode()

    secret = re.search(r"sf_test_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}", made)
    assert secret is not None
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret.group()}")
    assert client.get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 200
    listed = browser.get(_page(cast, "api-keys")).content.decode()
    assert secret.group() not in listed
    assert "Power BI" in listed
    with tenant(cast.firm.firm_id):
        key_id = ApiKey.objects.get().pk
    assert browser.post(_page(cast, "api-keys"), {"act": "revoke", "key": key_id}).status_code == 302
    assert client.get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 401
    assert browser.post(_page(cast, "api-keys"), {"act": "revoke", "key": key_id}).status_code == 404


def test_a_key_that_lasts_too_long_names_the_field(cast, browser):
    answer = browser.post(
        _page(cast, "api-keys"), {"act": "make", "name": "BI", "ends_on": "2199-01-01", "scopes": ["figures"]}
    )

    assert answer.status_code == 400
    assert "Between now and a year from now" in _words(answer)


def test_a_copy_is_asked_for_told_and_downloaded(cast, browser, settings, tmp_path):
    folder = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": folder}
    assert browser.post(_page(cast, "copies")).status_code == 302
    assert browser.post(_page(cast, "copies")).status_code == 409
    with tenant(cast.firm.firm_id):
        export_id = FirmExport.objects.get().pk
    assert "It is being made" in _words(browser.get(_page(cast, f"copies/{export_id}")))
    make_firm_export(firm_id=cast.firm.firm_id, export_id=export_id, now=timezone.now())

    address = last_told(cast.owner, "accounts.copy_of_everything_ready")["address"]
    page = address.removeprefix(settings.PUBLIC_BASE_URL)
    assert "Download the file" in browser.get(page).content.decode()
    answer = browser.post(page)

    assert answer["Content-Type"] == "application/zip"
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    with tenant(cast.firm.firm_id):
        assert AuditEntry.objects.filter(action="accounts.export_downloaded").count() == 1


def test_an_erasure_is_asked_for_by_name_and_stopped(cast, browser):
    wrong = browser.post(_page(cast, "erasure"), {"act": "request", "firm_name": "Oak & Elm"})
    assert wrong.status_code == 400
    assert "This is not the name of the firm" in _words(wrong)

    assert browser.post(_page(cast, "erasure"), {"act": "request", "firm_name": "Ash & Birch LLP"}).status_code == 302
    with tenant(cast.firm.firm_id):
        day = FirmErasure.objects.get().erase_at
    assert f"{day:%B} {day.day}, {day.year}" in _words(browser.get(_page(cast, "erasure")))
    assert browser.post(_page(cast, "erasure"), {"act": "stop"}).status_code == 302
    assert "Nobody asked for this firm to be erased" in _words(browser.get(_page(cast, "erasure")))
    assert browser.post(_page(cast, "erasure"), {"act": "stop"}).status_code == 404


def test_ownership_is_offered_and_accepted(cast, browser):
    browser.post(_page(cast, "ownership"), {"act": "offer", "to": _place(cast, cast.colleague).pk})
    taker = browser_of(cast.colleague)

    assert "Olive Owner offers you this firm" in _words(taker.get(_page(cast, "ownership")))
    assert "The firm is offered to Cole League" in _words(browser.get(_page(cast, "ownership")))
    answer = taker.post(_page(cast, "ownership"), {"act": "accept"})

    assert "You are the owner of this firm now" in _words(taker.get(answer["Location"]))
    assert (_place(cast, cast.owner).role, _place(cast, cast.colleague).role) == ("admin", "owner")


@pytest.mark.parametrize("form", [{"act": "offer", "to": "1"}, {"act": "revoke"}, {}])
def test_only_an_owner_offers_the_firm(cast, form):
    answer = browser_of(cast.colleague).post(_page(cast, "ownership"), form)

    assert answer.status_code == 403


def test_the_trail_is_paged_and_names_who_did_what(cast, browser):
    for _ in range(51):
        browser.post(_page(cast, "people"), {"act": "revoke", "invitation": "1"})
    with tenant(cast.firm.firm_id):
        AuditEntry.objects.bulk_create(
            AuditEntry(firm_id=cast.firm.firm_id, user=cast.owner, action=f"accounts.made_up_{number}")
            for number in range(60)
        )

    first = browser.get(_page(cast, "audit"))
    older = browser.get(_found(r'href="([^"]*before=\d+)"', first).replace("&amp;", "&"))

    assert "accounts.made_up_59" in _words(first)
    assert "accounts.made_up_59" not in _words(older)
    assert "accounts.firm_created" in _words(older)
    assert "Olive Owner" in _words(older)


def test_the_second_step_is_asked_in_the_middle_and_nothing_filled_in_is_lost(cast):
    rita = make_rita()
    join(rita, cast.firm, role=Role.ADMIN)
    add_app(rita)
    browser = browser_of(rita, second_factor=False)

    asked = _invite(browser, cast)
    form = asked.content.decode().rpartition('class="errors"')[2].partition("Confirm and go on")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    wrong = browser.post(_page(cast, "people"), {**fields, "factor_code": "000000"})
    right = browser.post(_page(cast, "people"), {**fields, "factor_code": app_code(rita, steps_ahead=1)})

    assert "Confirm that it is you" in _words(asked)
    assert fields["email"] == "dana@example.com"
    assert wrong.status_code == 400
    assert "Wrong, used already, or too old" in _words(wrong)
    assert right.status_code == 302
    with tenant(cast.firm.firm_id):
        assert Invitation.objects.get().email == "dana@example.com"
    assert _invite(browser, cast, email="eli@example.com").status_code == 302


def test_who_has_no_second_step_gives_the_password_and_goes_on(cast):
    rita = make_rita()
    join(rita, cast.firm, role=Role.ADMIN)
    browser = browser_of(rita, second_factor=False)

    asked = _invite(browser, cast)
    form = asked.content.decode().rpartition('class="errors"')[2].partition("Confirm and go on")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    wrong = browser.post(_page(cast, "people"), {**fields, "factor_password": "not my password"})
    right = browser.post(_page(cast, "people"), {**fields, "factor_password": PASSWORD})

    assert "Enter your password" in _words(asked)
    assert (wrong.status_code, right.status_code) == (400, 302)
    assert "This is not your password" in _words(wrong)
    with tenant(cast.firm.firm_id):
        assert Invitation.objects.get().email == "dana@example.com"


def test_who_must_have_a_second_step_somewhere_is_sent_to_set_one_up(cast):
    join(cast.owner, cast.strangers_firm, role=Role.CONSULTANT)

    answer = _invite(browser_of(cast.owner, second_factor=False), cast)

    assert answer.status_code == 403
    assert "Set up a second step first" in _words(answer)
    with tenant(cast.firm.firm_id):
        assert not Invitation.objects.exists()


def test_a_consultant_s_look_at_a_page_is_in_the_trail(cast):
    join(adviser := make_user(), cast.firm, role=Role.CONSULTANT, level=Level.FULL)

    assert browser_of(adviser).get(_page(cast, "people")).status_code == 200

    with tenant(cast.firm.firm_id):
        entry = AuditEntry.objects.get(action="core.consultant_read")
    assert (entry.user_id, entry.target) == (adviser.pk, "people-page")


def test_a_page_without_a_firm_leads_to_the_only_one_or_asks_which(cast):
    one = browser_of(cast.colleague).get("/overview", follow=True)
    several = browser_of(cast.consultant).get("/overview", follow=True)

    assert one.redirect_chain[-1][0] == f"/overview?firm={cast.firm.public_id}"
    assert "Which firm?" in _words(several)
    assert f"/overview?firm={cast.strangers_firm.public_id}" in several.content.decode()


@pytest.mark.parametrize("named", ["x", "01234567-89ab-7def-8123-456789abcdef", "%00"])
def test_a_firm_that_is_none_is_a_page_that_says_so(browser, named):
    answer = browser.get(f"/firm/people?firm={named}")

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")


def test_until_the_firm_agreed_to_the_terms_its_admins_change_nothing(cast, browser):
    with tenant(cast.firm.firm_id):
        TermsAcceptance.objects.filter(document="terms_of_service").delete()

    refused = _invite(browser, cast)
    assert refused.status_code == 403
    assert "Agree to the terms first" in _words(refused)
    assert browser.get(_page(cast, "people")).status_code == 200
    page = browser.get(_page(cast, "terms"))
    assert "not agreed" in _words(page)
    assert browser.post(_page(cast, "terms"), {"terms_of_service": "0.9"}).status_code == 400
    assert browser.post(_page(cast, "terms"), {"terms_of_service": "1.0"}).status_code == 302
    assert _invite(browser, cast).status_code == 302


@pytest.mark.parametrize("path", ["/terms", "/data-processing"])
def test_the_documents_are_read_by_everybody_and_say_their_version(path):
    answer = Client().get(path)

    assert answer.status_code == 200
    assert "Version 1.0" in _words(answer)


def test_forms_are_taken_from_a_browser_as_browsers_send_them(cast):
    """Under the policy `no-referrer` browsers send `Origin: null`, and no form of ours would be taken."""
    browser = browser_of(cast.owner, checks_forgery=True)
    page = browser.get(_page(cast, "people"))
    token = _found(r'name="csrfmiddlewaretoken" value="(\w+)"', page)

    assert page["Referrer-Policy"] == "same-origin"
    form = {"act": "revoke", "invitation": "1", "csrfmiddlewaretoken": token}
    assert browser.post(_page(cast, "people"), form, HTTP_ORIGIN="http://testserver").status_code == 404
    assert browser.post(_page(cast, "people"), form, HTTP_ORIGIN="null").status_code == 403
