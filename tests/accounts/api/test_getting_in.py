"""Register, sign in, refresh, sign out: through the front door."""

import jwt
import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Session, User
from apps.core.models import AuditEntry
from apps.core.tenancy import acting_as
from tests.accounts.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
_PERSON = {"email": "Rita.Moreno@example.com", "name": "Rita Moreno", "password": PASSWORD}


@pytest.fixture
def nobody(api):
    return api(None)


@pytest.fixture
def rita(nobody):
    return nobody.post("/api/v1/auth/register", _PERSON, format="json").json()


def _me(api, access):
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client.get("/api/v1/me")


def _login(client, **changes):
    body = {"email": _PERSON["email"], "password": PASSWORD, **changes}
    return client.post("/api/v1/auth/login", body, format="json")


def _refresh(client, token):
    return client.post("/api/v1/auth/refresh", {"refresh": token}, format="json")


def test_registering_signs_in(rita, api):
    answer = _me(api, rita["access"])

    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in ("email", "name")} == {
        "email": "Rita.Moreno@example.com",
        "name": "Rita Moreno",
    }


def test_the_password_is_hashed_with_argon2(rita):
    user = User.objects.get(email__iexact=_PERSON["email"])

    assert user.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "not-an-address"}, "/email"),
        ({"email": ""}, "/email"),
        ({"email": "r\u0131ta@example.com"}, "/email"),
        ({"email": "rita@ex\u00e4mple.com"}, "/email"),
        ({"name": " "}, "/name"),
        ({"password": "short"}, "/password"),
        ({"password": "password1234"}, "/password"),
        ({"password": "rita.moreno@example.com"}, "/password"),
        ({"password": None}, "/password"),
    ],
)
def test_registration_names_the_faulty_field_and_creates_nobody(nobody, change, pointer):
    answer = nobody.post("/api/v1/auth/register", {**_PERSON, **change}, format="json")

    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {pointer}
    assert not User.objects.exists()


def test_an_address_registers_once_in_any_case(rita, nobody):
    answer = nobody.post("/api/v1/auth/register", {**_PERSON, "email": "RITA.moreno@EXAMPLE.com"}, format="json")

    assert answer.status_code == 400
    assert answer.json()["code"] == "accounts.email_taken"
    assert User.objects.count() == 1


def test_signs_in_with_the_address_in_any_case(rita, nobody):
    assert _login(nobody, email="rita.MORENO@example.com").status_code == 200


def test_a_wrong_password_and_an_unknown_address_answer_alike(rita, nobody):
    wrong, unknown = _login(nobody, password="wrong wrong wrong"), _login(nobody, email="nobody@example.com")

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    differing = {name for name in wrong.json() if wrong.json()[name] != unknown.json()[name]}
    assert differing == {"request_id"}


def test_a_closed_account_cannot_sign_in_and_its_tokens_end(rita, nobody, api):
    User.objects.update(is_active=False)

    assert _login(nobody).status_code == 401
    assert _me(api, rita["access"]).status_code == 401
    assert _refresh(nobody, rita["refresh"]).status_code == 401


def test_sign_ins_are_in_the_trail(rita, nobody):
    _login(nobody)
    _login(nobody, password="wrong wrong wrong")
    user = User.objects.get()

    with acting_as(user.pk):
        actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["accounts.registered", "accounts.signed_in", "accounts.sign_in_refused"]


def test_refreshing_gives_a_new_pair_and_spends_the_old(rita, nobody, api):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        pair = _login(nobody).json()
        clock.shift(60)
        fresh = _refresh(nobody, pair["refresh"])
        clock.shift(60)

        assert fresh.status_code == 200
        assert _me(api, fresh.json()["access"]).status_code == 200
        assert _refresh(nobody, fresh.json()["refresh"]).status_code == 200


def test_an_honest_retry_within_seconds_locks_nobody_out(rita, nobody):
    fresh = _refresh(nobody, rita["refresh"]).json()

    retried = _refresh(nobody, rita["refresh"])

    assert (retried.status_code, retried.json()["code"]) == (409, "accounts.refresh_under_way")
    assert _refresh(nobody, fresh["refresh"]).status_code == 200


def test_a_token_used_twice_ends_the_whole_session(rita, nobody, api):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        pair = _login(nobody).json()
        fresh = _refresh(nobody, pair["refresh"]).json()
        clock.shift(11)

        reused = _refresh(nobody, pair["refresh"])

        assert (reused.status_code, reused.json()["code"]) == (401, "accounts.token_refused")
        assert _refresh(nobody, fresh["refresh"]).status_code == 401
        assert _me(api, fresh["access"]).status_code == 401


def test_a_stolen_token_is_reuse_however_often_it_was_rotated_since(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        stolen = token = _login(nobody).json()["refresh"]
        for _ in range(3):
            clock.shift(60)
            token = _refresh(nobody, token).json()["refresh"]

        assert _refresh(nobody, stolen).status_code == 401
        assert _refresh(nobody, token).status_code == 401


def test_rotation_does_not_lengthen_a_session(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        token = _login(nobody).json()["refresh"]
        for _ in range(2):
            clock.shift(14 * 86_400)
            token = _refresh(nobody, token).json()["refresh"]
        clock.shift(2 * 86_400 + 1)

        assert _refresh(nobody, token).status_code == 401


def test_an_access_token_lasts_fifteen_minutes(nobody, api, rita):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        access = _login(nobody).json()["access"]
        clock.shift(14 * 60)
        assert _me(api, access).status_code == 200
        clock.shift(60 + 11)  # and ten seconds for clocks that differ
        assert _me(api, access).status_code == 401


def test_neither_kind_of_token_passes_for_the_other(rita, nobody, api):
    assert _me(api, rita["refresh"]).status_code == 401
    assert _refresh(nobody, rita["access"]).status_code == 401


def test_the_two_kinds_have_keys_of_their_own(rita):
    access_key, refresh_key = settings.SIMPLE_JWT["SIGNING_KEY"], settings.JWT_REFRESH_SECRET

    jwt.decode(rita["access"], access_key, algorithms=["HS256"], audience="smarterfirms-api")
    jwt.decode(rita["refresh"], refresh_key, algorithms=["HS256"], audience="smarterfirms-api")
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(rita["refresh"], access_key, algorithms=["HS256"], audience="smarterfirms-api")


@pytest.mark.parametrize("forge", ["none", "other_key", "other_environment", "tampered"])
def test_forged_tokens_are_refused(rita, api, forge):
    claims = jwt.decode(rita["access"], options={"verify_signature": False})
    key = settings.SIMPLE_JWT["SIGNING_KEY"]
    forged = {
        "none": lambda: jwt.encode(claims, "", algorithm="none"),
        "other_key": lambda: jwt.encode(claims, "k" * 64, algorithm="HS256"),
        "other_environment": lambda: jwt.encode({**claims, "iss": "smarterfirms:staging"}, key, algorithm="HS256"),
        "tampered": lambda: rita["access"][:-4] + ("AAAA" if rita["access"][-4:] != "AAAA" else "BBBB"),
    }[forge]()

    assert _me(api, forged).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "Bearer", "é" * 10, "0" * 5000])
def test_rubbish_is_a_401_and_no_500(nobody, api, token):
    assert _me(api, token).status_code == 401
    assert _refresh(nobody, token).status_code in (400, 401)


def test_signing_out_here_leaves_other_sessions(rita, nobody, api):
    elsewhere = _login(nobody).json()
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {rita['access']}")

    answer = client.post("/api/v1/auth/logout", {}, format="json")

    assert answer.status_code == 204
    assert _me(api, rita["access"]).status_code == 401
    assert _refresh(nobody, rita["refresh"]).status_code == 401
    assert _me(api, elsewhere["access"]).status_code == 200


def test_signing_out_everywhere_ends_all(rita, nobody, api):
    elsewhere = _login(nobody).json()
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {rita['access']}")

    client.post("/api/v1/auth/logout", {"everywhere": True}, format="json")

    assert _me(api, rita["access"]).status_code == 401
    assert _me(api, elsewhere["access"]).status_code == 401


def test_no_token_is_stored(rita):
    user = User.objects.get()
    with acting_as(user.pk):
        session = Session.objects.get()

    stored = " ".join(str(value) for value in vars(session).values())
    assert rita["refresh"] not in stored
    assert jwt.decode(rita["refresh"], options={"verify_signature": False})["jti"] not in stored


def test_people_do_not_see_each_others_sessions(rita):
    other = make_user()

    with acting_as(other.pk):
        assert not Session.objects.exists()


def test_authenticating_costs_few_statements(cast, api):
    client = api(cast.owner)

    with CaptureQueriesContext(connection) as captured:
        client.get("/api/v1/me")

    # Naming the person, their session, the person; and one to forget the person, which only a test's transaction needs.
    assert len([each for each in captured.captured_queries if "SELECT" in each["sql"]]) == 4
