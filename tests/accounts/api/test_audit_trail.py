"""The firm's trail: listed, filtered, taken home."""

import csv
import io

import pytest

from apps.core import audit
from apps.core.models import AuditEntry
from apps.core.tenancy import tenant

pytestmark = pytest.mark.django_db


def _trail(cast) -> str:
    return f"/api/v1/firms/{cast.firm.public_id}/audit"


@pytest.fixture
def entries(cast):
    with tenant(cast.firm.firm_id):
        for number in range(7):
            audit.record(
                "tests.counted" if number % 2 else "tests.weighed",
                firm_id=cast.firm.firm_id,
                user_id=(cast.owner if number < 4 else cast.colleague).pk,
                target=f"bill:{number}",
                ip="203.0.113.9",
                number=number,
            )
    return cast


def _numbers(answer) -> list[int]:
    return [each["details"]["number"] for each in answer.json()["results"] if each["action"].startswith("tests.")]


def test_pages_newest_first_both_ways(entries, api):
    client = api(entries.owner)

    first = client.get(_trail(entries), {"page_size": 3, "action": "tests."})
    second = client.get(first.json()["next"])
    third = client.get(second.json()["next"])
    back = client.get(second.json()["previous"])

    assert [_numbers(page) for page in (first, second, third, back)] == [[6, 5, 4], [3, 2, 1], [0], [6, 5, 4]]
    assert (first.json()["previous"], third.json()["next"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"action": "tests.counted"}, [5, 3, 1]),
        ({"action": "tests."}, [6, 5, 4, 3, 2, 1, 0]),
        ({"target": "bill:2"}, [2]),
        ({"since": "2999-01-01T00:00:00Z"}, []),
        ({"until": "2000-01-01T00:00:00Z"}, []),
        ({"since": "2000-01-01T00:00:00Z", "target": "bill:6"}, [6]),
    ],
)
def test_filters(entries, api, query, numbers):
    assert _numbers(api(entries.owner).get(_trail(entries), query)) == numbers


def test_filters_by_person_and_names_them(entries, api):
    answer = api(entries.owner).get(_trail(entries), {"user_id": entries.colleague.pk, "action": "tests."})

    assert _numbers(answer) == [6, 5, 4]
    assert {(each["person"], each["ip"]) for each in answer.json()["results"]} == {("Cole League", "203.0.113.9")}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"user_id": "me"}, "/user_id"),
        ({"user_id": 2**63}, "/user_id"),
        ({"since": "yesterday"}, "/since"),
        ({"action": "'; DROP"}, "/action"),
        ({"cursor": "xyz"}, "/cursor"),
        ({"cursor": "ZmZmZmZmZmYtZmZmZi1mZmZmLWZmZmYtZmZmZmZmZmZmZmZm"}, "/cursor"),
        ({"page_size": 0}, "/page_size"),
        ({"page_size": "many"}, "/page_size"),
    ],
)
def test_bad_queries_name_the_field(entries, api, query, pointer):
    answer = api(entries.owner).get(_trail(entries), query)

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_another_firm_sees_nothing_of_it(entries, api):
    theirs = api(entries.stranger).get(f"/api/v1/firms/{entries.strangers_firm.public_id}/audit").json()["results"]

    assert {each["action"] for each in theirs} == {"accounts.firm_created"}


def test_the_export_streams_the_same_rows_and_is_itself_recorded(entries, api):
    answer = api(entries.owner).get(f"{_trail(entries)}/export", {"action": "tests."}, headers={"Accept": "text/csv"})

    assert answer.status_code == 200
    assert answer.streaming
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [row["target"] for row in rows] == [f"bill:{number}" for number in reversed(range(7))]
    assert rows[0]["person"] == "Cole League"
    with tenant(entries.firm.firm_id):
        exported = AuditEntry.objects.get(action="accounts.audit_exported")
    assert (exported.user_id, exported.details) == (entries.owner.pk, {"asked": "tests."})


def test_no_cell_of_the_export_is_a_formula(cast, api):
    cast.owner.name = "=HYPERLINK(0)"
    cast.owner.save()
    with tenant(cast.firm.firm_id):
        audit.record("tests.done", firm_id=cast.firm.firm_id, user_id=cast.owner.pk, target="@SUM(A1)")

    answer = api(cast.owner).get(f"{_trail(cast)}/export", {"action": "tests.done"})

    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode()))
    assert (row["person"], row["target"]) == ("'=HYPERLINK(0)", "'@SUM(A1)")


def test_more_entries_than_a_batch_all_arrive(cast, api):
    with tenant(cast.firm.firm_id):
        for number in range(1001):
            audit.record("tests.many", firm_id=cast.firm.firm_id, number=number)

    answer = api(cast.owner).get(f"{_trail(cast)}/export", {"action": "tests.many"})

    assert len(b"".join(answer.streaming_content).decode().splitlines()) == 1002
