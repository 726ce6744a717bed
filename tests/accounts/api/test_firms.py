"""Firms: created by a person, seen by its members and by nobody else."""

import pytest

from apps.accounts.models import Firm, Membership
from apps.core.models import AuditEntry
from apps.core.tenancy import tenant
from tests.accounts.factories import join, make_user

pytestmark = pytest.mark.django_db
_FIRM = {"name": "Yew & Rowan", "time_zone": "Europe/London", "currency": "GBP"}


def test_the_creator_becomes_the_owner(api):
    person = make_user()
    client = api(person)

    created = client.post("/api/v1/firms", _FIRM, format="json")

    assert created.status_code == 201
    mine = client.get("/api/v1/firms").json()
    assert [(each["firm"]["name"], each["role"], each["scope"]) for each in mine] == [
        ("Yew & Rowan", "owner", "whole_firm")
    ]
    assert mine[0]["firm"] == created.json()


def test_the_creation_is_in_the_firms_trail(cast):
    with tenant(cast.firm.firm_id):
        entry = AuditEntry.objects.get(action="accounts.firm_created")

    assert entry.user_id == cast.owner.pk


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"name": ""}, "/name"), ({"time_zone": "London"}, "/time_zone"), ({"currency": "XYZ"}, "/currency")],
)
def test_bad_input_names_the_field_and_creates_nothing(api, change, pointer):
    client = api(make_user())

    answer = client.post("/api/v1/firms", {**_FIRM, **change}, format="json")

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert client.get("/api/v1/firms").json() == []


def test_a_member_reads_the_firm_and_a_stranger_finds_none(cast, api):
    address = f"/api/v1/firms/{cast.firm.public_id}"

    assert api(cast.colleague).get(address).json()["name"] == cast.firm.name
    assert api(cast.stranger).get(address).status_code == 404


def test_a_suspended_member_is_a_stranger(cast, api):
    person = make_user()
    membership = join(person, cast.firm)
    with tenant(cast.firm.firm_id):
        Membership.objects.filter(pk=membership.pk).update(status="suspended")

    client = api(person)

    assert client.get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 404
    assert client.get("/api/v1/firms").json() == []


def test_a_consultant_lists_every_client_firm(cast, api):
    mine = api(cast.consultant).get("/api/v1/firms").json()

    assert [(each["firm"]["name"], each["role"]) for each in mine] == [
        ("Ash & Birch LLP", "consultant"),
        ("Other & Sons", "consultant"),
    ]


def test_an_address_that_is_no_id_is_a_plain_404(cast, api):
    assert api(cast.owner).get("/api/v1/firms/1").status_code == 404


def test_inside_one_firm_no_other_firm_is_seen(cast):
    with tenant(cast.firm.firm_id):
        assert list(Firm.objects.values_list("pk", flat=True)) == [cast.firm.firm_id]


def test_firms_have_time_ordered_public_ids(cast):
    assert cast.firm.public_id.version == 7
    assert cast.firm.public_id < cast.strangers_firm.public_id
