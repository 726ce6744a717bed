"""Answers are as the document says, are kept by who asked until the mirror moves, and open to the right keys."""

import copy
from datetime import timedelta

import pytest
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # no stubs installed
from rest_framework.test import APIClient

from apps.accounts.models import Membership
from apps.accounts.services.create_api_key import create_api_key
from apps.clio.queries.records.kinds import RECORD_KINDS
from apps.core.scope import ScopeKind
from apps.core.tenancy import tenant
from tests.clio.api.records.firm import Place
from tests.clio.api.records.reading import address, get
from tests.reports.mirror import raise_version

pytestmark = pytest.mark.django_db
ALL = ("rates", "trust", "names")


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator().get_schema(request=None, public=True)


def key_of(cast, *scopes, permissions=()):
    now = timezone.now()
    with tenant(cast.firm.firm_id):
        membership_id = Membership.objects.get(user=cast.owner).pk
    made = create_api_key(
        firm_id=cast.firm.firm_id, membership_id=membership_id, actor_id=cast.owner.pk, name="Power BI",
        scopes=list(scopes), permissions=list(permissions), expires_at=now + timedelta(days=9), now=now,
    )  # fmt: skip
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {made.secret}")
    return client


@pytest.mark.every_case
@pytest.mark.parametrize("kind", RECORD_KINDS, ids=[kind.name for kind in RECORD_KINDS])
def test_pages_and_records_are_as_the_document_says(kind, cast, books, reader, document):
    client = reader(None, *ALL)
    page = get(client, cast.firm, kind.name, page_size=3)
    one = client.get(address(cast.firm, f"{kind.name}/{page['results'][0]['id']}")).json()

    for path, body in ((kind.name, page), (f"{kind.name}/{{clio_id}}", one)):
        operation = document["paths"][f"/api/v1/firms/{{firm_id}}/{path}"]["get"]
        schema = copy.deepcopy(operation["responses"]["200"]["content"]["application/json"]["schema"])
        schema["components"] = document["components"]
        assert [error.message for error in Draft202012Validator(schema).iter_errors(body)] == []
    assert one == page["results"][0]
    assert list(one) == [field.name for field in kind.all_fields]
    listed = document["paths"][f"/api/v1/firms/{{firm_id}}/{kind.name}"]["get"]["parameters"]
    known = {each["name"] for each in listed} - {"firm_id"}
    assert known >= {"fields", "include", "sort", "cursor", "page_size", "updated_since"}
    assert {each.name for each in kind.filters} <= known


def test_nothing_new_is_a_304_until_the_mirror_moves(cast, books, reader):
    client = reader()
    here = address(cast.firm, "matters", status="Open")
    first = client.get(here)

    again = client.get(here, headers={"If-None-Match": first["ETag"]})
    with tenant(cast.firm.firm_id):
        raise_version(cast.firm.firm_id)
    moved = client.get(here, headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first["Vary"]
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert moved.status_code == 200
    assert moved.json() == first.json()


def test_tags_differ_by_scope_permission_and_question(cast, books, reader):
    here = address(cast.firm, "matters")
    asked = [
        (reader(), here),
        (reader(None, "rates"), here),
        (reader(Place(ScopeKind.WHOLE_FIRM, me=5)), here),
        (reader(Place(ScopeKind.SELF, me=3)), here),
        (reader(Place(ScopeKind.SELF, me=2)), here),
        (reader(), f"{here}?page_size=3"),
        (reader(), f"{here}/201"),
    ]

    tags = [client.get(question)["ETag"] for client, question in asked]

    assert len(set(tags)) == len(tags)
    assert reader().get(here)["ETag"] == tags[0]


def test_a_key_reads_records_with_the_scope_for_them(cast, books):
    assert key_of(cast, "figures", "firm").get(address(cast.firm, "matters")).status_code == 403
    key = key_of(cast, "records")
    assert key.get(address(cast.firm, "matters")).status_code == 200
    assert key.get(address(cast.firm, "trust_line_items")).status_code == 403
    trusted = key_of(cast, "records", permissions=["trust"])
    assert trusted.get(address(cast.firm, "trust_line_items")).status_code == 200


def test_only_reads_are_taken(cast, books, api):
    assert api(cast.owner).post(address(cast.firm, "matters"), {}, format="json").status_code == 405
    assert api(None).get(address(cast.firm, "matters")).status_code == 401
