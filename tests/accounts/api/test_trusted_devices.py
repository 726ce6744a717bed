"""What a trusted device stands for ends with the trust: of a firm, of a role, of a device signed out from afar."""

import pytest
import time_machine
from django.utils import timezone

from apps.accounts.contracts import Origin
from apps.accounts.models import FirmSecurity, Membership, Session, TrustedDevice
from apps.accounts.services.change_member import change_member
from apps.accounts.services.set_firm_security import set_firm_security
from apps.accounts.services.start_session import start_session
from apps.accounts.services.trust_device import is_device_trusted, trust_device
from apps.core.tenancy import acting_as, tenant
from tests.accounts.entering import add_app, app_code, bearer, make_rita
from tests.accounts.factories import join, make_firm, make_user, signed_in_client
from tests.accounts.mails import invitation_token

pytestmark = pytest.mark.django_db
_LAPTOP = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
def rita():
    return make_rita()


@pytest.fixture
def firm(rita):
    """Her firm demands a second factor and trusts devices."""
    made = make_firm(make_user())
    join(rita, made)
    with tenant(made.firm_id):
        FirmSecurity.objects.create(firm_id=made.firm_id, demands_second_factor=True, trusts_devices=True)
    return made


def _by_device(user):
    """A session opened on a trusted device, and the client that holds it."""
    token = trust_device(user_id=user.pk, origin=Origin(user_agent=_LAPTOP), now=timezone.now())
    pair = start_session(
        user_id=user.pk, origin=Origin(user_agent=_LAPTOP), now=timezone.now(), methods=("password", "device")
    )
    return token, bearer(pair.access)


def _status(client, firm):
    answer = client.get(f"/api/v1/firms/{firm.public_id}")
    return answer.status_code if answer.status_code == 200 else answer.json()["code"]


def _trusted(user, token):
    return is_device_trusted(user_id=user.pk, token=token, now=timezone.now())


def test_a_firm_that_stops_trusting_is_obeyed_by_the_next_request(rita, firm):
    token, client = _by_device(rita)
    assert _status(client, firm) == 200

    set_firm_security(firm_id=firm.firm_id, actor_id=rita.pk, demands_second_factor=True, trusts_devices=False)

    assert _status(client, firm) == "core.second_factor_needed"
    assert not _trusted(rita, token)


def test_the_session_goes_on_once_the_second_factor_is_proved_in_it(rita, firm):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        add_app(rita)
        _, client = _by_device(rita)
        set_firm_security(firm_id=firm.firm_id, actor_id=rita.pk, demands_second_factor=True, trusts_devices=False)
        clock.shift(60)

        proof = {"method": "app", "code": app_code(rita)}
        assert client.post("/api/v1/auth/step-up", proof, format="json").status_code == 204

        assert _status(client, firm) == 200


def test_joining_a_firm_that_trusts_no_device_ends_the_trust(rita, firm, cast):
    token, client = _by_device(rita)
    place = {"email": rita.email, "role": "member", "scope": "whole_firm"}
    invited = signed_in_client(cast.owner).post(
        f"/api/v1/firms/{cast.firm.public_id}/invitations", place, format="json"
    )
    assert invited.status_code == 201, invited.json()
    body = {"token": invitation_token(cast.firm, rita.email)}

    assert client.post("/api/v1/invitations/accept", body, format="json").status_code == 204
    assert not _trusted(rita, token)
    assert _status(client, firm) == "core.second_factor_needed"


def test_a_consultant_proves_the_factor_each_time(rita, firm):
    token, client = _by_device(rita)
    with tenant(firm.firm_id):
        membership_id = Membership.objects.get(user=rita).pk
        owner_id = Membership.objects.get(role="owner").user_id

    change_member(
        firm_id=firm.firm_id,
        membership_id=membership_id,
        actor_id=owner_id,
        changes={"role": "consultant", "level": "full"},
    )

    assert not _trusted(rita, token)
    assert _status(client, firm) == "core.second_factor_needed"


def test_a_laptop_signed_out_from_afar_is_trusted_no_more(rita, firm):
    token, _ = _by_device(rita)
    phone = trust_device(user_id=rita.pk, origin=Origin(user_agent="curl/8"), now=timezone.now())
    with acting_as(rita.pk):
        laptop = Session.objects.get(device="Firefox on Windows").public_id

    assert signed_in_client(rita).delete(f"/api/v1/me/sessions/{laptop}").status_code == 204

    assert not _trusted(rita, token)
    assert _trusted(rita, phone)
    with acting_as(rita.pk):
        assert TrustedDevice.objects.count() == 1


def test_a_consultants_list_of_firms_needs_the_second_factor(cast):
    weak = signed_in_client(cast.consultant, second_factor=False).get("/api/v1/consultant/firms")

    assert (weak.status_code, weak.json()["code"]) == (403, "core.second_factor_needed")
    assert len(signed_in_client(cast.consultant).get("/api/v1/consultant/firms").json()) == 2
