"""Tokens: each kind, key and environment for itself; forged ones opened with the real library."""

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from apps.accounts.errors import TokenRefused
from apps.accounts.services import tokens
from tests.accounts.entering import add_app, bearer, log_in, make_rita, refresh

pytestmark = pytest.mark.django_db
_OLD, _NEW = "an older key of sixty-four characters, used until the last change", "N" * 32 + "ew key" * 6


@pytest.fixture
def rita():
    return make_rita()


@pytest.fixture
def pair(rita, api):
    return log_in(api(None)).json()


def _me(access):
    return bearer(access).get("/api/v1/me").status_code


def test_neither_kind_of_token_passes_for_another(rita, pair, api):
    add_app(rita)
    pending = log_in(api(None)).json()["pending"]

    for wrong in (pair["refresh"], pending):
        assert _me(wrong) == 401
    for wrong in (pair["access"], pending):
        assert refresh(api(None), wrong).status_code == 401
    for wrong in (pair["access"], pair["refresh"]):
        answer = api(None).post(
            "/api/v1/auth/second-step", {"pending": wrong, "method": "app", "code": "000000"}, format="json"
        )
        assert (answer.status_code, answer.json()["code"]) == (401, "accounts.token_refused")


def test_the_two_kinds_have_keys_of_their_own(pair):
    access_key, refresh_key = settings.SIMPLE_JWT["SIGNING_KEY"], settings.JWT_REFRESH_SECRET

    jwt.decode(pair["access"], access_key, algorithms=["HS256"], audience="smarterfirms-api")
    jwt.decode(pair["refresh"], refresh_key, algorithms=["HS256"], audience="smarterfirms-api")
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(pair["refresh"], access_key, algorithms=["HS256"], audience="smarterfirms-api")


_FORGERIES = {
    "none": lambda claims, key: jwt.encode(claims, "", algorithm="none"),
    "other_key": lambda claims, key: jwt.encode(claims, "k" * 64, algorithm="HS256"),
    "other_algorithm": lambda claims, key: jwt.encode(claims, key, algorithm="HS512"),
    "asymmetric": lambda claims, key: jwt.encode(
        claims, rsa.generate_private_key(public_exponent=65537, key_size=2048), algorithm="RS256"
    ),
    "other_environment": lambda claims, key: jwt.encode({**claims, "iss": "smarterfirms:staging"}, key, "HS256"),
    "other_audience": lambda claims, key: jwt.encode({**claims, "aud": "another-api"}, key, "HS256"),
    "without_issuer": lambda claims, key: jwt.encode({n: v for n, v in claims.items() if n != "iss"}, key, "HS256"),
    "without_expiry": lambda claims, key: jwt.encode({n: v for n, v in claims.items() if n != "exp"}, key, "HS256"),
    "without_session": lambda claims, key: jwt.encode({n: v for n, v in claims.items() if n != "sid"}, key, "HS256"),
    "another_session": lambda claims, key: jwt.encode({**claims, "sid": claims["sid"] + 1}, key, "HS256"),
    "session_as_text": lambda claims, key: jwt.encode({**claims, "sid": "1 OR 1=1"}, key, "HS256"),
    "another_person": lambda claims, key: jwt.encode({**claims, "user_id": "999999"}, key, "HS256"),
    "huge_person": lambda claims, key: jwt.encode({**claims, "user_id": "9" * 30}, key, "HS256"),
    "other_kind": lambda claims, key: jwt.encode({**claims, "token_type": "mfa_pending"}, key, "HS256"),
}


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("forgery", _FORGERIES)
def test_forged_access_tokens_are_refused(pair, forgery):
    claims = jwt.decode(pair["access"], options={"verify_signature": False})

    assert _me(_FORGERIES[forgery](claims, settings.SIMPLE_JWT["SIGNING_KEY"])) == 401


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("forgery", _FORGERIES)
def test_forged_refresh_tokens_are_refused(pair, api, forgery):
    claims = jwt.decode(pair["refresh"], options={"verify_signature": False})
    forged = _FORGERIES[forgery](claims, settings.JWT_REFRESH_SECRET)

    assert refresh(api(None), forged).status_code == 401


def test_the_same_claims_under_the_right_key_are_taken(pair):
    claims = jwt.decode(pair["access"], options={"verify_signature": False})

    assert _me(jwt.encode(claims, settings.SIMPLE_JWT["SIGNING_KEY"], algorithm="HS256")) == 200


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_tampered_part_is_refused(pair, part):
    parts = pair["access"].split(".")
    parts[part] = parts[part][:-4] + ("AAAA" if parts[part][-4:] != "AAAA" else "BBBB")

    assert _me(".".join(parts)) == 401


def _rotate(settings) -> None:
    settings.JWT_SECRET_PREVIOUS, settings.JWT_REFRESH_SECRET_PREVIOUS = (
        settings.SIMPLE_JWT["SIGNING_KEY"],
        settings.JWT_REFRESH_SECRET,
    )
    settings.SIMPLE_JWT = {**settings.SIMPLE_JWT, "SIGNING_KEY": _NEW}
    settings.JWT_REFRESH_SECRET = _NEW[::-1]


def test_while_secrets_change_the_previous_ones_verify(pair, api, settings):
    _rotate(settings)

    assert _me(pair["access"]) == 200
    fresh = refresh(api(None), pair["refresh"])
    assert fresh.status_code == 200
    jwt.decode(fresh.json()["refresh"], _NEW[::-1], algorithms=["HS256"], audience="smarterfirms-api")


def test_after_the_change_the_previous_secrets_are_refused(pair, api, settings):
    _rotate(settings)
    settings.JWT_SECRET_PREVIOUS = settings.JWT_REFRESH_SECRET_PREVIOUS = ""

    assert _me(pair["access"]) == 401
    assert refresh(api(None), pair["refresh"]).status_code == 401


def test_a_previous_secret_signs_nothing(rita, api, settings):
    _rotate(settings)
    access = log_in(api(None)).json()["access"]

    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(access, settings.JWT_SECRET_PREVIOUS, algorithms=["HS256"], audience="smarterfirms-api")


def test_a_session_is_new_at_every_sign_in_whatever_the_client_brought(pair):
    second = log_in(bearer(pair["access"])).json()

    old, new = (tokens.read_access(each["access"])["sid"] for each in (pair, second))
    assert old != new
    assert _me(pair["access"]) == 200


def test_a_half_way_token_lasts_five_minutes(rita, api):
    add_app(rita)
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        pending = log_in(api(None)).json()["pending"]
        clock.shift(311)  # ten seconds of leeway

        with pytest.raises(TokenRefused):
            tokens.read_pending(pending)
