"""API keys: made, used, ended."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.models import ApiKey, Membership, User
from apps.core.models import AuditEntry
from apps.core.scope import ScopeKind
from apps.core.tenancy import tenant
from tests.accounts.factories import join, make_user, signed_in_client
from tests.accounts.mails import last_told

pytestmark = pytest.mark.django_db


def _keys(cast) -> str:
    return f"/api/v1/firms/{cast.firm.public_id}/api-keys"


def _firm(cast) -> str:
    return f"/api/v1/firms/{cast.firm.public_id}"


def _wanted(**changes):
    expires_at = (timezone.now() + timedelta(days=90)).isoformat()
    return {"name": "Power BI", "scopes": ["firm", "figures"], "expires_at": expires_at, **changes}


def _make(client, cast, **changes):
    return client.post(_keys(cast), _wanted(**changes), format="json")


def _with(secret: str) -> APIClient:
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}")


@pytest.fixture
def secret(cast, api) -> str:
    text: str = _make(api(cast.owner), cast).json()["secret"]
    return text


def _stored() -> ApiKey:
    key = ApiKey.objects.get()
    assert isinstance(key, ApiKey)
    return key


def test_a_key_reads_what_its_scopes_name(cast, secret):
    assert _with(secret).get(_firm(cast)).json()["name"] == cast.firm.name
    assert _with(secret).get(f"{_firm(cast)}/reports/overview").status_code == 200


def test_a_key_writes_nothing_and_speaks_for_nobody(cast, secret):
    client = _with(secret)

    assert client.patch(_firm(cast), {"name": "Mine"}, format="json").status_code == 403
    assert client.get("/api/v1/me").status_code == 403
    assert client.get("/api/v1/firms").status_code == 403
    assert client.post("/api/v1/firms", {"name": "Mine"}, format="json").status_code == 403
    assert client.get(f"/api/v1/firms/{cast.strangers_firm.public_id}").status_code == 404


def test_only_the_beginning_and_a_digest_are_kept(cast, secret, api):
    with tenant(cast.firm.firm_id):
        key = _stored()
        trail = str(list(AuditEntry.objects.values_list("target", "details")))
    listed = api(cast.owner).get(_keys(cast)).json()

    assert secret.startswith(key.prefix)
    hidden = secret.removeprefix(key.prefix).removeprefix("_")
    assert len(hidden) == 43
    assert hidden not in str(vars(key)) + trail + str(listed)


def test_the_administrators_are_told_by_whom_and_until_when(cast, secret):
    words = last_told(cast.owner, "accounts.api_key_created")

    assert (words["person"], words["key_label"]) == ("Olive Owner", "Power BI")
    assert secret.startswith(words["key_start"])
    assert secret not in str(words)


def test_a_key_sees_no_more_than_its_member_and_follows_at_once(cast, api):
    member = make_user()
    join(member, cast.firm, permissions=["api_keys"])
    client = _with(_make(api(member), cast).json()["secret"])
    overview = f"{_firm(cast)}/reports/overview"
    before = client.get(overview).json()["scope"]

    with tenant(cast.firm.firm_id):
        Membership.objects.filter(user=member).update(scope=ScopeKind.SELF.value)

    assert (before, client.get(overview).json()["scope"]) == ("whole_firm", "self")


@pytest.mark.parametrize("end", ["revoked", "expired", "suspended", "deactivated"])
def test_a_key_ends_with_its_time_its_member_and_its_persons_account(cast, api, end):
    member = make_user()
    join(member, cast.firm, permissions=["api_keys"])
    made = _make(api(member), cast).json()
    client = _with(made["secret"])
    assert client.get(_firm(cast)).status_code == 200

    with tenant(cast.firm.firm_id):
        if end == "expired":
            ApiKey.objects.update(expires_at=timezone.now())
        elif end == "suspended":
            Membership.objects.filter(user=member).update(status="suspended")
    if end == "revoked":
        assert api(cast.owner).delete(f"{_keys(cast)}/{made['id']}").status_code == 204
    elif end == "deactivated":
        User.objects.filter(pk=member.pk).update(is_active=False)

    answer = client.get(_firm(cast))
    assert (answer.status_code, answer.json()["code"]) == (401, "accounts.token_refused")


def test_use_is_noted_at_most_once_a_minute(cast, api):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        client = _with(_make(api(cast.owner), cast).json()["secret"])
        seen = []
        for seconds in (0, 30, 29, 2):
            clock.shift(seconds)
            client.get(_firm(cast))
            with tenant(cast.firm.firm_id):
                seen.append(_stored().last_used_at)

    start = datetime(2030, 1, 1, tzinfo=UTC)
    assert seen == [start, start, start, start + timedelta(seconds=61)]
    with tenant(cast.firm.firm_id):
        assert _stored().last_used_ip == "127.0.0.1"


def test_a_key_costs_two_queries(cast, secret):
    client = _with(secret)
    client.get(_firm(cast))

    with CaptureQueriesContext(connection) as captured:
        assert client.get("/api/v1/me").status_code == 403

    # Naming the firm is not counted: its statement also looks whether the firm was erased, in the same round trip.
    asked = [each["sql"] for each in captured.captured_queries if "set_config" not in each["sql"]]
    assert len([sql for sql in asked if " FROM " in sql]) == 2


def test_a_member_sees_and_revokes_only_their_own(cast, api, secret):
    member = make_user()
    join(member, cast.firm, permissions=["api_keys"])
    owners = api(cast.owner).get(_keys(cast)).json()[0]["id"]

    assert api(member).get(_keys(cast)).json() == []
    answer = api(member).delete(f"{_keys(cast)}/{owners}")

    assert (answer.status_code, answer.json()["code"]) == (404, "accounts.api_key_not_found")
    assert _with(secret).get(_firm(cast)).status_code == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["everything"]}, "/scopes/0"),
        ({"permissions": ["trust", "x"]}, "/permissions/1"),
        ({"expires_at": "tomorrow"}, "/expires_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"expires_at": "2999-01-01T00:00:00Z"}, "/expires_at"),
    ],
)
def test_bad_input_names_the_field_and_makes_no_key(cast, api, change, pointer):
    answer = _make(api(cast.owner), cast, **change)

    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {pointer}
    assert api(cast.owner).get(_keys(cast)).json() == []


def test_nobody_gives_a_key_what_they_do_not_hold(cast, api):
    member = make_user()
    join(member, cast.firm, permissions=["api_keys"])

    answer = _make(api(member), cast, permissions=["exports", "trust"])

    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/permissions/1"]


def test_making_one_asks_for_the_second_factor_anew(cast, api):
    answer = _make(signed_in_client(cast.owner, second_factor=False), cast)

    assert answer.status_code == 403
    assert api(cast.owner).get(_keys(cast)).json() == []


@pytest.mark.parametrize(
    "text", ["sf_", "sf_live_x", "sf_live_ABCDEFGH_" + "a" * 43, "sf_test_" + "é" * 8, "sf_" * 2000]
)
def test_rubbish_is_a_401_and_no_500(cast, text):
    assert _with(text.encode().decode("latin-1")).get(_firm(cast)).status_code == 401
