"""What Clio may answer to somebody's sign-in that its documents do not promise, over real HTTP."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from apps.clio.contracts import ClioApplication
from apps.clio.errors import ClioGrantRevoked, ClioUserDisabled
from apps.clio.vendors.clio_sign_in import exchange_code, who_am_i
from apps.core.errors import VendorRejected
from tests.fakes.vendor import Form, Vendor, VendorHandler, serving

pytestmark = pytest.mark.servers


class _Handler(VendorHandler):
    def do_GET(self) -> None:
        self._answer(*self.server.take(self.path, {}, dict(self.headers)))


class _Clio(Vendor):
    """Answers whatever it was told to."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.status = 200
        self.body: dict[str, Any] = {}
        self.forms: list[Form] = []

    def take(self, path: str, form: Form, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        self.forms.append(form)
        return self.status, self.body


@pytest.fixture
def clio() -> Iterator[_Clio]:
    with serving(_Clio()) as server:
        yield server


def _application(clio: _Clio) -> ClioApplication:
    return ClioApplication("us", clio.origin, "client", "secret")


def _exchange(clio: _Clio) -> str:
    return exchange_code(_application(clio), code="code", code_verifier="verifier", nonce="ours")


def _id_token(**claims: Any) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'RS256'})}.{part(claims)}.signature"


def test_an_id_token_made_for_us_is_welcome_and_not_needed(clio):
    clio.body = {"access_token": "token", "id_token": _id_token(nonce="ours", sub="1")}
    assert _exchange(clio) == "token"

    clio.body = {"access_token": "token"}
    assert _exchange(clio) == "token"
    assert clio.forms[0]["code_verifier"] == ["verifier"]


@pytest.mark.parametrize(
    "id_token", [_id_token(nonce="another"), _id_token(), "x", "x.y.z", "", 7, "x.e30.z", "x." + "A" * 9 + ".z"]
)
def test_an_id_token_made_for_another_request_is_refused(clio, id_token):
    clio.body = {"access_token": "token", "id_token": id_token}

    with pytest.raises(VendorRejected):
        _exchange(clio)


@pytest.mark.parametrize("body", [{}, {"access_token": ""}, {"access_token": 7}, {"access_token": None}])
def test_an_answer_without_a_token_is_refused(clio, body):
    clio.body = body

    with pytest.raises(VendorRejected):
        _exchange(clio)


def test_a_code_refused_is_told_from_an_application_refused(clio):
    clio.status, clio.body = 400, {"error": "invalid_grant"}
    with pytest.raises(ClioGrantRevoked):
        _exchange(clio)

    clio.status, clio.body = 401, {"error": "invalid_client"}
    with pytest.raises(VendorRejected):
        _exchange(clio)


@pytest.mark.parametrize(
    "person",
    [None, [], {}, {"id": "7"}, {"id": None}, {"id": True}, {"id": 0}, {"id": -1}, {"id": 7.5}],
)
def test_somebody_without_a_number_is_nobody(clio, person):
    clio.body = {"data": person}

    with pytest.raises(VendorRejected):
        who_am_i(_application(clio), access_token="token")


def test_only_the_number_is_needed_and_odd_words_do_no_harm(clio):
    clio.body = {"data": {"id": 2**53 + 1, "name": "A\x00da " + "x" * 400, "email": 7, "account": "Elm"}}

    person = who_am_i(_application(clio), access_token="token")

    assert (person.user_id, person.email, person.account_name) == (2**53 + 1, "", "")
    assert person.name.startswith("Ada x")
    assert len(person.name) == 250


def test_a_user_turned_off_is_refused(clio):
    clio.body = {"data": {"id": 7, "enabled": False}}

    with pytest.raises(ClioUserDisabled):
        who_am_i(_application(clio), access_token="token")


def test_secrets_are_in_no_repr(clio):
    assert "secret" not in repr(_application(clio)).replace("client_secret", "")
