"""Terms and data-processing agreement: agreed to at sign-up with their version, and asked for again on a change."""

import pytest

from apps.accounts.models import Invitation, PersonalAgreement, TermsAcceptance, User
from apps.core.models import AuditEntry
from apps.core.tenancy import acting_as, tenant
from tests.accounts.entering import bearer, log_in
from tests.accounts.factories import AGREED, PASSWORD
from tests.accounts.mail import mailed_token, run_accounts_jobs
from tests.accounts.mails import invitation_token

pytestmark = pytest.mark.django_db
_EMAIL = "Rita.Moreno@example.com"
_PERSON = {"email": _EMAIL, "name": "Rita Moreno", "password": PASSWORD, "agreed": AGREED}
_NEW_FIRM = {"name": "Oak & Elm", "time_zone": "UTC", "currency": "USD"}


def _agreements(user: User) -> dict[str, tuple[str, str | None]]:
    with acting_as(user.pk):
        rows = PersonalAgreement.objects.filter(user=user)
        return {each.document: (each.version, each.ip) for each in rows}


def _register(client) -> User:
    assert client.post("/api/v1/auth/register", _PERSON, format="json").status_code == 202
    run_accounts_jobs()
    return User.objects.get(email__iexact=_EMAIL)


def test_the_documents_are_listed_with_version_and_address(api):
    rows = api(None).get("/api/v1/terms").json()

    assert {each["document"]: each["version"] for each in rows} == AGREED
    assert {each["address"].rpartition("/")[2] for each in rows} == {"terms", "data-processing"}


def test_what_was_agreed_to_at_sign_up_is_kept_once_the_account_opens(api):
    nobody = api(None)
    rita = _register(nobody)
    assert _agreements(rita) == {}

    token = mailed_token(rita, "accounts.email_verification")
    nobody.post("/api/v1/auth/verify-email", {"token": token}, format="json")

    assert _agreements(rita) == dict.fromkeys(AGREED, ("1.0", "127.0.0.1"))
    with acting_as(rita.pk):
        entries = AuditEntry.objects.filter(action="accounts.terms_agreed").values_list("target", "details")
        assert sorted(entries) == [(document, {"version": "1.0"}) for document in sorted(AGREED)]


@pytest.mark.parametrize(
    ("agreed", "pointers"),
    [
        (None, {"/agreed"}),
        ({}, {"/agreed/terms_of_service", "/agreed/data_processing_agreement"}),
        ({**AGREED, "terms_of_service": "0.9"}, {"/agreed/terms_of_service"}),
        ("yes", {"/agreed"}),
    ],
)
def test_a_sign_up_without_agreement_to_the_versions_in_force_is_refused(api, agreed, pointers):
    answer = api(None).post("/api/v1/auth/register", {**_PERSON, "agreed": agreed}, format="json")
    run_accounts_jobs()

    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == pointers
    assert not User.objects.exists()


def test_a_new_firm_has_its_owner_s_agreement(api):
    nobody = api(None)
    rita = _register(nobody)
    token = mailed_token(rita, "accounts.email_verification")
    nobody.post("/api/v1/auth/verify-email", {"token": token}, format="json")
    client = bearer(log_in(nobody).json()["access"])

    firm_id = client.post("/api/v1/firms", _NEW_FIRM, format="json").json()["id"]

    rows = client.get(f"/api/v1/firms/{firm_id}/terms").json()
    agreed = {each["document"]: (each["version"], each["accepted_by"]) for each in rows}
    assert agreed == dict.fromkeys(AGREED, ("1.0", rita.pk))


def test_an_invited_person_agrees_too(cast, api):
    place = {"email": "cole@example.com", "role": "member", "scope": "self"}
    api(cast.owner).post(f"/api/v1/firms/{cast.firm.public_id}/invitations", place, format="json")
    token = invitation_token(cast.firm, "cole@example.com")
    person = {"token": token, "name": "Cole", "password": PASSWORD}

    without = api(None).post("/api/v1/invitations/accept-as-new", person, format="json")
    old = {**person, "agreed": {**AGREED, "data_processing_agreement": "0.1"}}
    outdated = api(None).post("/api/v1/invitations/accept-as-new", old, format="json")
    assert (without.status_code, outdated.json()["code"]) == (400, "accounts.terms_outdated")
    assert not User.objects.filter(email="cole@example.com").exists()

    joined = api(None).post("/api/v1/invitations/accept-as-new", {**person, "agreed": AGREED}, format="json")

    assert joined.status_code == 204
    assert set(_agreements(User.objects.get(email="cole@example.com"))) == set(AGREED)
    with tenant(cast.firm.firm_id):
        assert Invitation.objects.get().accepted_at is not None


@pytest.fixture
def new_version(cast):
    """The firm and its owner agreed to the terms of service before the version now in force."""
    with tenant(cast.firm.firm_id):
        agreed = TermsAcceptance.objects.get(document="terms_of_service")
        agreed.delete()
        agreed.pk, agreed.version = None, "0.9"
        agreed.save(force_insert=True)
    with acting_as(cast.owner.pk):
        mine = PersonalAgreement.objects.get(user=cast.owner, document="terms_of_service")
        mine.delete()
        mine.pk, mine.version = None, "0.9"
        mine.save(force_insert=True)


def test_a_new_version_asks_owners_and_admins_again(cast, api, new_version):
    firm = f"/api/v1/firms/{cast.firm.public_id}"
    change = {"name": "Ash, Birch & Co"}

    refused = api(cast.owner).patch(firm, change, format="json")

    assert (refused.status_code, refused.json()["code"]) == (403, "core.terms_needed")
    assert refused.json()["documents"] == ["terms_of_service"]
    assert api(cast.owner).get(firm).status_code == 200
    assert api(cast.owner).post(f"{firm}/exports").status_code == 202
    agreed = {"document": "terms_of_service", "version": "1.0"}
    assert api(cast.colleague).post(f"{firm}/terms", agreed, format="json").status_code == 403
    assert api(cast.owner).post(f"{firm}/terms", agreed, format="json").status_code == 204
    assert api(cast.owner).patch(firm, change, format="json").status_code == 200
    with tenant(cast.firm.firm_id):
        versions = TermsAcceptance.objects.filter(document="terms_of_service").values_list("version", flat=True)
        assert sorted(versions) == ["0.9", "1.0"]
        assert AuditEntry.objects.get(action="accounts.terms_accepted").details["version"] == "1.0"


def test_an_agreement_that_is_out_of_date_does_not_hold_for_a_new_firm(cast, api, new_version):
    client = api(cast.owner)
    firm_id = client.post("/api/v1/firms", _NEW_FIRM, format="json").json()["id"]

    answer = client.patch(f"/api/v1/firms/{firm_id}", {"name": "Oak"}, format="json")

    assert (answer.status_code, answer.json()["documents"]) == (403, ["terms_of_service"])


def test_a_person_agrees_to_a_new_version_for_themselves(cast, api, new_version):
    client = api(cast.owner)
    former = {**AGREED, "terms_of_service": "0.9"}

    assert client.post("/api/v1/me/agreements", former, format="json").json()["code"] == "accounts.terms_outdated"
    assert client.post("/api/v1/me/agreements", AGREED, format="json").status_code == 204
    assert client.post("/api/v1/me/agreements", AGREED, format="json").status_code == 204

    mine = client.get("/api/v1/me/agreements").json()
    assert sorted((each["document"], each["version"]) for each in mine) == [
        ("data_processing_agreement", "1.0"),
        ("terms_of_service", "0.9"),
        ("terms_of_service", "1.0"),
    ]
