"""The days a firm keeps: listed page by page, taken on demand by its administrators, and answered from."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from rest_framework.test import APIClient

from apps.core.models import AuditEntry
from apps.core.scope import Role, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.take_snapshot import take_due_snapshot
from tests.accounts.factories import join, make_user
from tests.reports.conftest import golden
from tests.reports.mirror import fill_mirror

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]
MIDNIGHT = datetime(2025, 4, 1, 0, 5, tzinfo=UTC)


@pytest.fixture
def firm(cast: Any) -> Any:
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET time_zone = 'UTC' WHERE id = %s", [cast.firm.firm_id])
    return cast.firm


@pytest.fixture
def nights(firm: Any) -> Callable[[int], None]:
    """Return a function that lets so many nights pass, the second of them without anybody at work."""

    def pass_by(count: int) -> None:
        for number in range(count):
            now = MIDNIGHT + timedelta(days=number)
            fill_mirror(firm.firm_id, golden("march"), synced_at=now)
            rebuild_ledger(firm_id=firm.firm_id, now=now)
            if number != 1:
                take_due_snapshot(firm_id=firm.firm_id, now=now)

    return pass_by


@pytest.fixture
def address(firm: Any) -> str:
    return f"/api/v1/firms/{firm.public_id}/snapshots"


def test_lists_days_kept_and_missing(cast: Any, api: Client, nights: Callable[[int], None], address: str) -> None:
    nights(3)

    body = api(cast.owner).get(address).json()

    assert [(each["day"], each["is_missing"], each["why"], each["rows"]) for each in body["results"]] == [
        ("2025-04-02", False, "", 6),
        ("2025-04-01", True, "not_taken", 0),
        ("2025-03-31", False, "", 6),
    ]
    assert body["results"][0]["taken_at"] == "2025-04-03T00:05:00Z"
    assert body["results"][0]["is_end_of_day"]
    assert len(body["results"][0]["checksum"]) == 64
    assert body["results"][1]["taken_at"] is None


def test_goes_on_to_earlier_days_and_back(cast: Any, api: Client, nights: Callable[[int], None], address: str) -> None:
    nights(4)
    client = api(cast.owner)

    first = client.get(address, {"page_size": "2"}).json()
    second = client.get(first["next"]).json()
    back = client.get(second["previous"]).json()

    assert [each["day"] for each in first["results"]] == ["2025-04-03", "2025-04-02"]
    assert [each["day"] for each in second["results"]] == ["2025-04-01", "2025-03-31"]
    assert back["results"] == first["results"]
    assert (first["previous"], second["next"], back["previous"]) == (None, None, None)


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [
        ({"cursor": "x2025-03-31"}, "/cursor"),
        ({"cursor": "f2025-02-30"}, "/cursor"),
        ({"page_size": "0"}, "/page_size"),
        ({"day": "2025-03-31"}, "/day"),
    ],
)
def test_refuses_what_it_does_not_know(
    cast: Any, api: Client, address: str, parameters: dict[str, str], pointer: str
) -> None:
    answer = api(cast.owner).get(address, parameters)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_an_administrator_keeps_today(
    cast: Any, api: Client, nights: Callable[[int], None], address: str, firm: Any
) -> None:
    nights(1)
    with time_machine.travel(MIDNIGHT + timedelta(hours=5), tick=False):
        answer = api(cast.owner).post(address)
        listed = api(cast.owner).get(address).json()["results"]

    assert answer.status_code == 201
    assert (answer.json()["day"], answer.json()["is_end_of_day"]) == ("2025-04-01", False)
    assert [each["day"] for each in listed] == ["2025-04-01", "2025-03-31"]
    with tenant(firm.firm_id):
        (entry,) = AuditEntry.objects.filter(firm_id=firm.firm_id, action="reports.snapshot_taken")
        assert (entry.user_id, entry.target) == (cast.owner.pk, "2025-04-01")


def test_there_is_nothing_to_keep_while_clios_data_are_too_old(
    cast: Any, api: Client, nights: Callable[[int], None], address: str
) -> None:
    nights(1)
    with time_machine.travel(MIDNIGHT + timedelta(hours=7), tick=False):
        answer = api(cast.owner).post(address)

    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["why"]) == ("reports.snapshot_not_possible", "stale")


def test_who_sees_a_part_of_the_firm_does_not_see_how_much_there_is(
    cast: Any, api: Client, address: str, firm: Any
) -> None:
    part = make_user()
    join(part, firm, role=Role.MEMBER, scope=ScopeKind.SELF)

    assert api(part).get(address).status_code == 403
    assert api(cast.colleague).post(address).status_code == 403
    assert api(cast.stranger).get(address).status_code == 404


def test_an_answer_as_reported_is_not_kept_beyond_the_next_snapshot(
    cast: Any, api: Client, nights: Callable[[int], None], firm: Any
) -> None:
    nights(1)
    asked = {"metrics": "unbilled", "period": "2025-04-01..2025-04-01", "mode": "as_reported"}
    where = f"/api/v1/firms/{firm.public_id}/query"
    with time_machine.travel(MIDNIGHT + timedelta(hours=5), tick=False):
        before = api(cast.owner).get(where, asked)
        api(cast.owner).post(f"/api/v1/firms/{firm.public_id}/snapshots")
        after = api(cast.owner).get(where, asked)

    assert before.json()["mode"] == "as_reported"
    assert before.json()["total"]["figures"]["unbilled.fees"] is None
    assert before.json()["gaps"] == [
        {"day": "2025-04-01", "nearest_before": "2025-03-31", "why": "not_yet", "first_kept": "2025-03-31"}
    ]
    assert after.json()["total"]["figures"]["unbilled.fees"] == "3300.00"
    assert after.json()["gaps"] == []
    assert before["ETag"] != after["ETag"]


def test_an_operator_takes_what_is_due(nights: Callable[[int], None], firm: Any) -> None:
    nights(1)
    told = io.StringIO()
    with time_machine.travel(MIDNIGHT + timedelta(hours=1), tick=False):
        call_command("take_snapshot", "--firm", str(firm.public_id), stdout=told)
        call_command("take_snapshot", "--all", stdout=told)

    assert "2025-04-01: 6 rows are kept." in told.getvalue()
    assert "nothing_due: " in told.getvalue()
    with pytest.raises(CommandError, match="There is no firm"):
        call_command("take_snapshot", "--firm", "01234567-89ab-7def-8123-456789abcdef")
    with time_machine.travel(MIDNIGHT + timedelta(days=3), tick=False), pytest.raises(CommandError, match="six hours"):
        call_command("take_snapshot", "--firm", str(firm.public_id))


def test_days_are_the_firms_own(firm: Any) -> None:
    with tenant(firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET time_zone = 'Pacific/Auckland' WHERE id = %s", [firm.firm_id])
    now = datetime(2025, 3, 31, 11, 5, tzinfo=UTC)  # 1 April, five past midnight there
    fill_mirror(firm.firm_id, golden("march"), synced_at=now)
    rebuild_ledger(firm_id=firm.firm_id, now=now)

    assert take_due_snapshot(firm_id=firm.firm_id, now=now).day == date(2025, 3, 31)
