"""An answer is named by all it depends on: told to be the same, kept for whoever may see it, void when data move."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.accounts.models import Membership
from apps.core.scope import Role, ScopeKind
from apps.core.tenancy import tenant
from tests.accounts.factories import join, make_user
from tests.reports.api.test_custom_reports import DEFINITION
from tests.reports.conftest import golden
from tests.reports.mirror import SYNCED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
Client = Callable[[Any], APIClient]
QUERY = "query?metrics=recorded_hours,billed&dimensions=timekeeper&period=2025-03"
FACES = [QUERY, "reports/overview?period=2025-03", "reports/timekeeper_productivity?period=2025-03"]


@pytest.fixture(autouse=True)
def _noon(time_machine: Any) -> None:
    """What is asked twice is asked on one day."""
    time_machine.move_to(datetime.now(UTC).replace(hour=12), tick=False)


@pytest.fixture
def here(cast: Any, build: Callable[..., Any]) -> str:
    build(golden("march"))
    return f"/api/v1/firms/{cast.firm.public_id}/"


def ask(client: APIClient, address: str, known: str = "") -> Any:
    return client.get(address, headers={"If-None-Match": known} if known else {})


def computed(act: Callable[[], Any]) -> tuple[Any, bool]:
    """Return an answer and whether the ledger was read for it."""
    with CaptureQueriesContext(connection) as captured:
        answer = act()
    return answer, any("reports_time" in each["sql"] or "reports_line" in each["sql"] for each in captured)


@pytest.mark.parametrize("face", FACES)
def test_the_same_is_said_to_be_the_same_and_kept(cast: Any, api: Client, here: str, face: str) -> None:
    client = api(cast.owner)
    first, was_computed = computed(lambda: ask(client, here + face))
    assert (first.status_code, was_computed) == (200, True), first.content

    same, was_asked_again = computed(lambda: ask(client, here + face, first["ETag"]))
    kept, was_computed_again = computed(lambda: ask(client, here + face))

    assert (same.status_code, same.content, same["ETag"], was_asked_again) == (304, b"", first["ETag"], False)
    assert (kept.status_code, kept.content, was_computed_again) == (200, first.content, False)
    assert kept["Content-Type"] == first["Content-Type"] == "application/json"
    assert first["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first["Vary"]


def test_the_order_of_parameters_does_not_matter(cast: Any, api: Client, here: str) -> None:
    one = ask(api(cast.owner), f"{here}query?metrics=billed&period=2025-03")
    other = ask(api(cast.owner), f"{here}query?period=2025-03&metrics=billed")
    third = ask(api(cast.owner), f"{here}query?period=2025-02&metrics=billed")

    assert one["ETag"] == other["ETag"] != third["ETag"]


def test_a_stranger_learns_nothing_from_a_tag(cast: Any, api: Client, here: str) -> None:
    tag = ask(api(cast.owner), here + QUERY)["ETag"]

    assert ask(api(cast.stranger), here + QUERY, tag).status_code == 404
    assert ask(api(None), here + QUERY, tag).status_code == 401


def test_each_scope_and_permission_has_answers_of_its_own(cast: Any, api: Client, here: str) -> None:
    places = [
        {},
        {"permissions": ["names"]},
        {"permissions": ["rates"]},
        {"scope": ScopeKind.SELF, "clio_user_id": 101},
        {"scope": ScopeKind.SELF, "clio_user_id": 102},
        {"scope": ScopeKind.SUBSET, "grants": [{"timekeeper_ids": [101]}]},
    ]
    people = [make_user() for _ in places]
    for person, place in zip(people, places, strict=True):
        join(person, cast.firm, **place)  # type: ignore[arg-type]  # as places are

    answers = [ask(api(person), here + QUERY) for person in people]

    assert len({answer["ETag"] for answer in answers}) == len(places)
    assert answers[0].json() != answers[1].json()  # colleagues' names
    assert [row["keys"] for row in answers[4].json()["rows"]] == [["102"]]


def test_a_scope_made_narrower_is_narrower_at_once(cast: Any, api: Client, here: str) -> None:
    person = make_user()
    join(person, cast.firm, scope=ScopeKind.WHOLE_FIRM, clio_user_id=102)
    before = ask(api(person), here + QUERY)
    with tenant(cast.firm.firm_id):
        Membership.objects.filter(user=person).update(scope=ScopeKind.SELF)

    after = ask(api(person), here + QUERY, before["ETag"])

    assert after.status_code == 200
    assert [row["keys"] for row in after.json()["rows"]] == [["102"]]
    assert len(before.json()["rows"]) == 2


def test_new_data_are_a_new_answer(cast: Any, api: Client, here: str, build: Callable[..., Any]) -> None:
    before = ask(api(cast.owner), here + QUERY)
    records = golden("march")
    records["activities"][-1]["rounded_quantity"] += 3600
    build(records)

    after = ask(api(cast.owner), here + QUERY, before["ETag"])

    assert after.status_code == 200
    total = [answer.json()["total"]["figures"]["recorded_hours.total"] for answer in (before, after)]
    assert total[1] == total[0] + 1


def test_a_sync_that_brought_nothing_moves_the_time_told(cast: Any, api: Client, here: str) -> None:
    before = ask(api(cast.owner), here + QUERY)
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE clio_synced_entities SET last_completed_at = %s", [SYNCED + timedelta(hours=1)])

    after = ask(api(cast.owner), here + QUERY, before["ETag"])

    assert after.status_code == 200
    assert after.json()["last_synced_at"] != before.json()["last_synced_at"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts_firm SET fiscal_year_start_month = 7 WHERE id = %s",
        "INSERT INTO reports_settings_version (firm_id, subject, version, changed_at) VALUES (%s, 'rules', 1, now())",
    ],
)
def test_new_settings_are_a_new_answer(cast: Any, api: Client, here: str, change: str) -> None:
    before = ask(api(cast.owner), here + QUERY)
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute(change, [cast.firm.firm_id])

    assert ask(api(cast.owner), here + QUERY, before["ETag"]).status_code == 200


def test_the_next_day_in_the_firms_zone_is_a_new_answer(cast: Any, api: Client, here: str, time_machine: Any) -> None:
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET time_zone = 'Asia/Tokyo' WHERE id = %s", [cast.firm.firm_id])
    time_machine.move_to(datetime(2027, 3, 10, 14, 58, tzinfo=UTC), tick=False)
    client = api(cast.owner)
    before = ask(client, here + QUERY)
    time_machine.move_to(datetime(2027, 3, 10, 14, 59, tzinfo=UTC), tick=False)
    same_day = ask(client, here + QUERY, before["ETag"])
    time_machine.move_to(datetime(2027, 3, 10, 15, 1, tzinfo=UTC), tick=False)  # past midnight in Tokyo
    next_day = ask(client, here + QUERY, before["ETag"])

    assert (same_day.status_code, next_day.status_code) == (304, 200)
    assert next_day.json()["period"]["today"] == "2027-03-11"


def test_without_redis_answers_are_computed(cast: Any, api: Client, here: str, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    first = ask(api(cast.owner), here + QUERY)
    again, was_computed = computed(lambda: ask(api(cast.owner), here + QUERY))

    assert (first.status_code, again.status_code, was_computed) == (200, 200, True)
    assert again.content == first.content
    assert ask(api(cast.owner), here + QUERY, first["ETag"]).status_code == 304


def test_bad_questions_are_refused_however_they_are_tagged(cast: Any, api: Client, here: str) -> None:
    answer = ask(api(cast.owner), f"{here}query?metrics=happiness", "*")

    assert answer.status_code == 400
    assert "ETag" not in answer


def test_while_loading_nothing_is_kept(cast: Any, api: Client) -> None:
    answer = ask(api(cast.owner), f"/api/v1/firms/{cast.firm.public_id}/{QUERY}")

    assert answer.json()["status"] == "not_connected"
    assert "ETag" not in answer


def test_a_report_one_may_no_longer_see_is_gone_whatever_one_knows(cast: Any, api: Client, here: str) -> None:
    kept = api(cast.owner).post(f"{here}custom-reports", {**DEFINITION, "is_shared": True}, format="json").json()
    address = f"{here}custom-reports/{kept['id']}/answer"
    admin = make_user()
    join(admin, cast.firm, role=Role.ADMIN)
    seen = ask(api(admin), address)
    assert ask(api(admin), address, seen["ETag"]).status_code == 304

    changed = api(cast.owner).put(
        f"{here}custom-reports/{kept['id']}", {**DEFINITION, "is_shared": False}, format="json"
    )
    assert changed.status_code == 200

    assert ask(api(admin), address, seen["ETag"]).status_code == 404
    own = ask(api(cast.owner), address, seen["ETag"])
    assert (own.status_code, own["ETag"] == seen["ETag"]) == (200, False)
