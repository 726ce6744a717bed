"""A link mailed for a registration opens an account once, and sets nothing in one that is open."""

import pytest

from apps.accounts.models import User
from tests.accounts.entering import ADDRESS, log_in
from tests.accounts.factories import AGREED, PASSWORD
from tests.accounts.mail import mailed_token, run_accounts_jobs
from tests.accounts.mails import invitation_token

pytestmark = pytest.mark.django_db
_OWN = "a kettle of blue herons"


def _registered_by_somebody_else(nobody):
    """Somebody registers Rita's address with a password of theirs; she has the mail and leaves it alone."""
    body = {"email": ADDRESS, "name": "Not Rita", "password": PASSWORD, "agreed": AGREED}
    assert nobody.post("/api/v1/auth/register", body, format="json").status_code == 202
    run_accounts_jobs()
    return mailed_token(User.objects.get(email=ADDRESS), "accounts.email_verification")


def _try(nobody, token):
    return nobody.post("/api/v1/auth/verify-email", {"token": token}, format="json")


def test_not_after_she_chose_a_password_by_the_link_for_a_forgotten_one(api):
    nobody = api(None)
    older = _registered_by_somebody_else(nobody)
    nobody.post("/api/v1/auth/password/forgot", {"email": ADDRESS}, format="json")
    run_accounts_jobs()
    token = mailed_token(User.objects.get(), "accounts.password_reset")
    nobody.post("/api/v1/auth/password/reset", {"token": token, "password": _OWN}, format="json")

    refused = _try(nobody, older)

    assert (refused.status_code, refused.json()["code"]) == (400, "accounts.link_refused")
    assert nobody.get(f"/verify/{older}").status_code == 400
    assert log_in(nobody).status_code == 401
    assert log_in(nobody, password=_OWN).status_code == 200


def test_not_after_she_accepted_an_invitation(cast, api):
    nobody = api(None)
    older = _registered_by_somebody_else(nobody)
    place = {"email": ADDRESS, "role": "member", "scope": "whole_firm"}
    api(cast.owner).post(f"/api/v1/firms/{cast.firm.public_id}/invitations", place, format="json")
    token = invitation_token(cast.firm, ADDRESS)
    joined = {"token": token, "name": "Rita Moreno", "password": _OWN, "agreed": AGREED}
    assert nobody.post("/api/v1/invitations/accept-as-new", joined, format="json").status_code == 204

    assert _try(nobody, older).status_code == 400
    assert log_in(nobody).status_code == 401
    assert log_in(nobody, password=_OWN).status_code == 200
