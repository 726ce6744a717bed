"""The matrix of preferences, quiet hours and the digest's hour over the API."""

import pytest

from apps.notifications.rules.catalogue import KINDS
from tests.accounts.factories import make_user
from tests.notifications.people import ALERT, NEWS, SECURITY, SHARED, reachable

pytestmark = pytest.mark.django_db
MATRIX, QUIET, DIGEST = (
    "/api/v1/me/notification-preferences",
    "/api/v1/me/quiet-hours",
    "/api/v1/me/notification-digest",
)


@pytest.fixture
def ada():
    return reachable(make_user("Ada Partner"), zone="America/New_York")


@pytest.fixture
def client(ada, api):
    return api(ada)


def _cell(body, kind: str, channel: str) -> dict[str, object]:
    found: list[dict[str, object]] = [
        cell
        for group in body["categories"]
        for line in group["kinds"]
        for cell in line["channels"]
        if (line["kind"], cell["channel"]) == (kind, channel)
    ]
    (cell,) = found
    return cell


def _change(*changes: tuple[str, str, str | None]) -> dict[str, object]:
    return {"changes": [{"kind": kind, "channel": channel, "choice": choice} for kind, channel, choice in changes]}


def test_shows_every_kind_once_with_words_and_defaults(client):
    body = client.get(MATRIX).json()

    listed = [line["kind"] for group in body["categories"] for line in group["kinds"]]
    assert sorted(listed) == sorted(kind.key for kind in KINDS)
    assert body["categories"][0]["category"] == "security"
    assert all(group["label"] and group["text"] for group in body["categories"])
    assert _cell(body, SHARED, "email") == {
        "channel": "email",
        "label": "Email",
        "choice": "on",
        "default": "on",
        "choices": ["on", "digest", "off"],
        "may_change": True,
    }
    assert _cell(body, NEWS, "email")["choice"] == "off"
    assert _cell(body, ALERT, "sms")["choice"] == "off"
    assert _cell(body, ALERT, "sms")["choices"] == ["on", "off"]


def test_no_security_kind_can_be_changed(client):
    (security,) = [group for group in client.get(MATRIX).json()["categories"] if group["category"] == "security"]

    assert len(security["kinds"]) > 5
    for line in security["kinds"]:
        assert line["may_change"] is False
        for cell in line["channels"]:
            assert (cell["choice"], cell["choices"]) == ("on", ["on"])
            change = _change((line["kind"], cell["channel"], "off"))
            answer = client.patch(MATRIX, change, format="json")
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "not_refusable")


def test_patch_changes_what_it_names(client):
    client.patch(MATRIX, _change((SHARED, "email", "digest"), (SHARED, "in_app", "off")), format="json")

    answer = client.patch(MATRIX, _change((ALERT, "sms", "on")), format="json")

    assert answer.status_code == 200
    body = client.get(MATRIX).json()
    assert body == answer.json()
    assert _cell(body, SHARED, "email")["choice"] == "digest"
    assert _cell(body, SHARED, "in_app")["choice"] == "off"
    assert _cell(body, ALERT, "sms")["choice"] == "on"


def test_put_returns_the_rest_to_its_default(client):
    client.patch(MATRIX, _change((SHARED, "email", "off"), (NEWS, "email", "on")), format="json")

    body = client.put(MATRIX, _change((NEWS, "email", "on")), format="json").json()

    assert (_cell(body, SHARED, "email")["choice"], _cell(body, NEWS, "email")["choice"]) == ("on", "on")
    assert _cell(client.put(MATRIX, _change(), format="json").json(), NEWS, "email")["choice"] == "off"


def test_null_returns_one_cell_to_its_default(client):
    client.patch(MATRIX, _change((SHARED, "email", "off")), format="json")

    body = client.patch(MATRIX, _change((SHARED, "email", None)), format="json").json()

    assert _cell(body, SHARED, "email")["choice"] == "on"


def test_every_fault_is_named_by_its_place_and_nothing_is_changed(client):
    before = client.get(MATRIX).json()

    answer = client.put(
        MATRIX,
        _change(
            (SHARED, "email", "off"),
            ("reports.unheard_of", "email", "off"),
            (SHARED, "sms", "off"),
            (SHARED, "in_app", "digest"),
            (SECURITY, "email", "off"),
        ),
        format="json",
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "notifications.preferences_refused")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/changes/1/kind", "unknown_kind"),
        ("/changes/2/channel", "unknown_channel"),
        ("/changes/3/choice", "not_offered"),
        ("/changes/4/choice", "not_refusable"),
    ]
    assert client.get(MATRIX).json() == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/changes"),
        ({"changes": [{"kind": SHARED, "channel": "email"}]}, "/changes/0/choice"),
        ({"changes": "all"}, "/changes"),
        ({"changes": [{"kind": SHARED, "channel": "email", "choice": "x" * 11}]}, "/changes/0/choice"),
    ],
)
def test_a_body_that_cannot_be_read_is_named_too(client, body, pointer):
    answer = client.patch(MATRIX, body, format="json")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_a_stranger_s_choices_are_theirs(cast, api):
    api(cast.owner).patch(MATRIX, _change((SHARED, "email", "off")), format="json")

    assert _cell(api(cast.stranger).get(MATRIX).json(), SHARED, "email")["choice"] == "on"


def test_quiet_hours_are_set_shown_and_given_up(client):
    assert client.get(QUIET).json() == {
        "starts_at": None,
        "ends_at": None,
        "zone": "America/New_York",
        "quiet_until": None,
    }

    answer = client.put(QUIET, {"starts_at": "22:00", "ends_at": "07:00"}, format="json")

    assert (answer.json()["starts_at"], answer.json()["ends_at"]) == ("22:00", "07:00")
    assert client.get(QUIET).json() == answer.json()
    assert [client.delete(QUIET).status_code for _ in range(2)] == [204, 204]
    assert client.get(QUIET).json()["starts_at"] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"starts_at": "22:00", "ends_at": "22:00"}, "/ends_at"),
        ({"starts_at": "22:00:10", "ends_at": "22:00:50"}, "/ends_at"),
        ({"starts_at": "25:00", "ends_at": "07:00"}, "/starts_at"),
        ({"starts_at": "22:00"}, "/ends_at"),
    ],
)
def test_refuses_quiet_hours_that_are_none(client, body, pointer):
    answer = client.put(QUIET, body, format="json")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    assert client.get(QUIET).json()["starts_at"] is None


def test_the_digest_comes_at_the_chosen_hour_once_something_is_gathered(ada, api, time_machine):
    time_machine.move_to("2026-03-07T20:00:00Z", tick=False)
    client = api(ada)
    assert client.get(DIGEST).json() == {"hour": 8, "zone": "America/New_York", "kinds": [], "next_at": None}

    client.patch(MATRIX, _change((SHARED, "email", "digest")), format="json")

    # The night in between is the one on which clocks go forward.
    assert client.get(DIGEST).json()["kinds"] == [SHARED]
    assert client.get(DIGEST).json()["next_at"] == "2026-03-08T12:00:00Z"
    assert client.put(DIGEST, {"hour": 16}, format="json").json()["next_at"] == "2026-03-07T21:00:00Z"

    client.patch(MATRIX, _change((SHARED, "email", "on")), format="json")
    assert client.get(DIGEST).json() == {"hour": 16, "zone": "America/New_York", "kinds": [], "next_at": None}


@pytest.mark.parametrize("hour", [-1, 24, "noon", None])
def test_refuses_an_hour_no_clock_shows(client, hour):
    answer = client.put(DIGEST, {"hour": hour}, format="json")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/hour")


def test_works_for_people_without_a_contact_card(api):
    nobody_knows = api(make_user())

    assert nobody_knows.get(MATRIX).status_code == 200
    assert nobody_knows.get(QUIET).json()["zone"] == "UTC"
    assert nobody_knows.put(DIGEST, {"hour": 7}, format="json").json()["zone"] == "UTC"
