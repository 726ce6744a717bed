"""Sign in, refresh, sign out, and the list of sessions: through the front door."""

import jwt
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import Session, User
from apps.core.models import AuditEntry
from apps.core.tenancy import acting_as
from tests.accounts.entering import bearer, log_in, make_rita, refresh
from tests.accounts.factories import make_user, signed_in_client
from tests.accounts.mail import promised, promised_kinds, run_accounts_jobs

pytestmark = pytest.mark.django_db
_FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
_SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


@pytest.fixture
def nobody(api):
    return api(None)


@pytest.fixture
def rita():
    return make_rita()


@pytest.fixture
def pair(rita, nobody):
    return log_in(nobody).json()


def _me(access):
    return bearer(access).get("/api/v1/me")


def test_signs_in_with_the_address_in_any_case(rita, nobody):
    answer = log_in(nobody, email="rita.MORENO@example.com")

    assert answer.status_code == 200
    assert _me(answer.json()["access"]).json()["email"] == "Rita.Moreno@example.com"


def test_a_wrong_password_and_an_unknown_address_answer_alike(rita, nobody):
    wrong, unknown = log_in(nobody, password="wrong wrong wrong"), log_in(nobody, email="nobody@example.com")

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    differing = {name for name in wrong.json() if wrong.json()[name] != unknown.json()[name]}
    assert differing == {"request_id"}


def test_a_closed_account_cannot_sign_in_and_its_tokens_end(pair, nobody):
    User.objects.update(is_active=False)

    assert log_in(nobody).status_code == 401
    assert _me(pair["access"]).status_code == 401
    assert refresh(nobody, pair["refresh"]).status_code == 401


def test_sign_ins_are_in_the_trail(rita, nobody):
    log_in(nobody)
    log_in(nobody, password="wrong wrong wrong")

    with acting_as(rita.pk):
        actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["accounts.signed_in", "accounts.sign_in_refused"]


def test_refreshing_gives_a_new_pair_and_spends_the_old(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        pair = log_in(nobody).json()
        clock.shift(60)
        fresh = refresh(nobody, pair["refresh"])
        clock.shift(60)

        assert fresh.status_code == 200
        assert _me(fresh.json()["access"]).status_code == 200
        assert refresh(nobody, fresh.json()["refresh"]).status_code == 200


def test_an_honest_retry_within_seconds_locks_nobody_out(rita, pair, nobody):
    fresh = refresh(nobody, pair["refresh"]).json()

    retried = refresh(nobody, pair["refresh"])

    assert (retried.status_code, retried.json()["code"]) == (409, "accounts.refresh_under_way")
    assert refresh(nobody, fresh["refresh"]).status_code == 200
    assert promised_kinds(rita) == []


def test_a_stolen_token_used_again_ends_the_whole_session_and_the_person_is_told_once(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        pair = log_in(nobody).json()
        fresh = refresh(nobody, pair["refresh"]).json()
        clock.shift(11)

        thief = nobody.post(
            "/api/v1/auth/refresh", {"refresh": pair["refresh"]}, format="json", headers={"user-agent": _SAFARI}
        )
        again = refresh(nobody, pair["refresh"])

        assert (thief.status_code, thief.json()["code"]) == (401, "accounts.token_refused")
        assert again.status_code == 401
        assert refresh(nobody, fresh["refresh"]).status_code == 401
        assert _me(fresh["access"]).status_code == 401
    (notice,) = promised(rita, "accounts.session_copied")
    assert notice["device"] == "Safari on iPhone"
    assert notice["place"] == "network address 127.0.0.1"


def test_a_stolen_token_is_reuse_however_often_it_was_rotated_since(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        stolen = token = log_in(nobody).json()["refresh"]
        for _ in range(3):
            clock.shift(60)
            token = refresh(nobody, token).json()["refresh"]

        assert refresh(nobody, stolen).status_code == 401
        assert refresh(nobody, token).status_code == 401


def test_rotation_does_not_lengthen_a_session(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        token = log_in(nobody).json()["refresh"]
        for _ in range(2):
            clock.shift(14 * 86_400)
            token = refresh(nobody, token).json()["refresh"]
        clock.shift(2 * 86_400 + 1)

        assert refresh(nobody, token).status_code == 401


def test_an_access_token_lasts_fifteen_minutes(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        access = log_in(nobody).json()["access"]
        clock.shift(14 * 60)
        assert _me(access).status_code == 200
        clock.shift(60 + 11)  # and ten seconds for clocks that differ
        assert _me(access).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "Bearer", "é" * 10, "0" * 5000, "\x00"])
def test_rubbish_is_refused_and_is_no_500(nobody, token):
    assert _me(token).status_code == 401
    assert refresh(nobody, token).status_code in (400, 401)


def test_signing_out_here_leaves_other_sessions(pair, nobody):
    elsewhere = log_in(nobody).json()

    answer = bearer(pair["access"]).post("/api/v1/auth/logout", {}, format="json")

    assert answer.status_code == 204
    assert _me(pair["access"]).status_code == 401
    assert refresh(nobody, pair["refresh"]).status_code == 401
    assert _me(elsewhere["access"]).status_code == 200


def test_signing_out_everywhere_ends_all_and_the_person_is_told(rita, pair, nobody):
    elsewhere = log_in(nobody).json()

    bearer(pair["access"]).post("/api/v1/auth/logout", {"everywhere": True}, format="json")

    assert _me(pair["access"]).status_code == 401
    assert _me(elsewhere["access"]).status_code == 401
    assert promised_kinds(rita) == ["accounts.signed_out_everywhere"]


def test_no_token_is_stored(rita, pair):
    with acting_as(rita.pk):
        session = Session.objects.get()

    stored = " ".join(str(value) for value in vars(session).values())
    assert pair["refresh"] not in stored
    assert jwt.decode(pair["refresh"], options={"verify_signature": False})["jti"] not in stored


def test_the_list_shows_device_and_place_of_the_last_use(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        pair = nobody.post(
            "/api/v1/auth/login",
            {"email": rita.email, "password": "correct horse battery staple"},
            format="json",
            headers={"user-agent": _FIREFOX},
        ).json()
        clock.shift(600)
        fresh = nobody.post(
            "/api/v1/auth/refresh",
            {"refresh": pair["refresh"]},
            format="json",
            headers={"user-agent": _FIREFOX},
            REMOTE_ADDR="203.0.113.7",
        ).json()

        (listed,) = bearer(fresh["access"]).get("/api/v1/me/sessions").json()

    assert listed.pop("id")
    assert listed == {
        "device": "Firefox on Windows",
        "place": "network address 203.0.113.7",
        "ip": "203.0.113.7",
        "created_at": listed["created_at"],
        "last_used_at": "2030-01-01T00:10:00Z",
        "expires_at": "2030-01-31T00:00:00Z",
        "is_current": True,
        "is_two_factor": False,
    }


def test_one_session_of_the_list_is_ended_and_no_other(rita, pair, nobody):
    elsewhere = log_in(nobody).json()
    client = bearer(pair["access"])
    other = next(each for each in client.get("/api/v1/me/sessions").json() if not each["is_current"])

    assert client.delete(f"/api/v1/me/sessions/{other['id']}").status_code == 204

    assert _me(elsewhere["access"]).status_code == 401
    assert _me(pair["access"]).status_code == 200
    assert client.delete(f"/api/v1/me/sessions/{other['id']}").status_code == 404


def test_nobody_ends_or_sees_a_strangers_session(rita, pair):
    (listed,) = bearer(pair["access"]).get("/api/v1/me/sessions").json()
    stranger = make_user()
    client = signed_in_client(stranger)

    assert client.delete(f"/api/v1/me/sessions/{listed['id']}").status_code == 404

    assert listed["id"] not in {each["id"] for each in client.get("/api/v1/me/sessions").json()}
    assert _me(pair["access"]).status_code == 200


def test_a_device_not_seen_before_is_told_of(rita, nobody):
    for agent in (_FIREFOX, _FIREFOX, _SAFARI):
        nobody.post(
            "/api/v1/auth/login",
            {"email": rita.email, "password": "correct horse battery staple"},
            format="json",
            headers={"user-agent": agent},
        )

    assert [each["device"] for each in promised(rita, "accounts.new_device")] == ["Safari on iPhone"]


def test_the_sixth_wrong_password_meets_a_shut_door_and_so_does_the_right_one(rita, nobody):
    answers = [log_in(nobody, password=f"wrong wrong {at}").status_code for at in range(6)]

    assert answers == [401] * 5 + [429]
    shut = log_in(nobody)
    assert (shut.status_code, shut.json()["code"]) == (429, "accounts.sign_in_locked")
    assert 1 <= int(shut["Retry-After"]) <= 30


def test_the_owner_of_a_locked_account_is_told_once(rita, nobody):
    for at in range(8):
        log_in(nobody, password=f"wrong wrong {at}")
    assert run_accounts_jobs() == 1

    (notice,) = promised(rita, "accounts.locked_out")
    assert notice["tries"] == 5
    assert "T" in notice["opens_at"]


def test_an_unknown_address_locks_in_the_same_way_and_nobody_is_told(nobody):
    answers = [log_in(nobody, email="nobody@example.com").status_code for _ in range(6)]

    assert answers == [401] * 5 + [429]
    assert run_accounts_jobs() == 1


def test_the_lock_grows_and_a_right_password_forgets_it(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        for at in range(5):
            log_in(nobody, password=f"wrong wrong {at}")
        clock.shift(31)
        assert log_in(nobody, password="wrong wrong again").status_code == 401
        clock.shift(31)
        assert log_in(nobody).status_code == 429
        clock.shift(30)
        assert log_in(nobody).status_code == 200
        assert log_in(nobody, password="wrong wrong once").status_code == 401
        assert log_in(nobody).status_code == 200


def test_authentication_is_one_query(cast, api):
    client = api(cast.owner)

    with CaptureQueriesContext(connection) as captured:
        assert client.get("/api/v1/me").status_code == 200

    asked = [each["sql"] for each in captured.captured_queries]
    assert [sql for sql in asked if "resolve_" in sql] == [sql for sql in asked if "resolve_session(" in sql]
    assert len(asked) == 2  # the session, then the person who is shown


def test_a_firms_route_authenticates_by_two_queries(cast, api):
    client = api(cast.owner)

    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 200

    asked = [each["sql"] for each in captured.captured_queries]
    assert "resolve_session(" in asked[0]
    assert "resolve_membership(" in asked[1]
    assert "app.firm_id" in asked[3]  # after the test's own savepoint the firm's transaction begins


def test_a_session_that_ran_out_is_gone_from_the_list(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        log_in(nobody)
        clock.shift(31 * 86_400)
        current = log_in(nobody).json()

        listed = bearer(current["access"]).get("/api/v1/me/sessions").json()

    assert [each["is_current"] for each in listed] == [True]
    assert timezone.now().year < 2030
