"""Orders, filters, searches, pages, and what is said of a bad question."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.clio.models import Activity, LineItem, Matter, MirrorVersion
from apps.clio.queries.records.kinds import RECORD_KINDS
from apps.core.scope import ScopeKind
from apps.core.tenancy import tenant
from tests.clio.api.records.firm import MATTERS, Place
from tests.clio.api.records.reading import address, faults, get, read_all

pytestmark = pytest.mark.django_db
KINDS = {kind.name: kind for kind in RECORD_KINDS}
ALL = ("rates", "trust", "names")


def ids(records):
    return [record["id"] for record in records]


def order_of(row, name, descending):
    """Missing values are last going up and first going down; ties go by id."""
    value = row[name]
    return (value is None, value or "", row["id"]) if not descending else (value is not None, value or "", row["id"])


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind.name, sort.name) for kind in RECORD_KINDS for sort in kind.all_sorts if sort.name != "updated_at"],
)
def test_every_order_is_kept_over_all_pages_and_back(kind, name, sign, cast, books, reader):
    client = reader(None, *ALL)
    everything = read_all(client, cast.firm, kind, page_size=100)

    forth, body = [], get(client, cast.firm, kind, sort=sign + name, page_size=9)
    forth.append(ids(body["results"]))
    while body["next"]:
        body = client.get(body["next"]).json()
        forth.append(ids(body["results"]))
    back = [forth[-1]]
    while body["previous"]:
        body = client.get(body["previous"]).json()
        back.append(ids(body["results"]))

    shown = [each for page in forth for each in page]
    expected = sorted(everything, key=lambda row: order_of(row, name, False))
    if sign:
        expected.reverse()
    assert shown == ids(expected)
    assert [each for page in reversed(back) for each in page] == shown


def test_records_written_meanwhile_shift_nothing(cast, books, reader):
    client, firm_id = reader(), cast.firm.firm_id
    before = ids(read_all(client, cast.firm, "activities", sort="-date"))
    body = get(client, cast.firm, "activities", sort="-date", page_size=20)
    seen = ids(body["results"])

    number = 90_000
    while body["next"]:
        with tenant(firm_id):
            for days in (0, 4, 400):  # in pages behind, at hand and to come
                day = datetime(2025, 1, 1, tzinfo=UTC).date() + timedelta(days=days)
                Activity.objects.create(firm_id=firm_id, clio_id=number, date=day)
                number += 1
            Activity.objects.filter(firm_id=firm_id, clio_id=seen[-1]).delete()  # the page began after it
        body = client.get(body["next"]).json()
        seen += ids(body["results"])

    assert [each for each in seen if each < 90_000] == before
    assert len(seen) == len(set(seen))


def test_a_reading_of_changes_meets_what_changes_meanwhile(cast, books, reader):
    client, firm_id = reader(), cast.firm.firm_id
    body = get(client, cast.firm, "matters", updated_since="2000-01-01T00:00:00Z", page_size=5)
    first = ids(body["results"])

    with tenant(firm_id):
        later = datetime.now(UTC) + timedelta(seconds=1)
        Matter.objects.filter(firm_id=firm_id, clio_id=first[0]).update(status="Closed", changed_at=later)
        raise_to(firm_id)
    rest = []
    while body["next"]:
        body = client.get(body["next"]).json()
        rest += ids(body["results"])

    assert rest[-1] == first[0]
    assert set(first + rest) == set(MATTERS)


def raise_to(firm_id):
    version = MirrorVersion.objects.get(firm_id=firm_id)
    version.version += 1
    version.save()


def test_changes_and_deletions_can_be_followed(cast, books, reader):
    client, firm_id = reader(), cast.firm.firm_id
    asked_at = datetime.now(UTC) + timedelta(seconds=5)
    with tenant(firm_id):
        later = asked_at + timedelta(seconds=5)
        Activity.objects.filter(firm_id=firm_id, clio_id=1003).update(gone_at=later, changed_at=later)
        Activity.objects.filter(firm_id=firm_id, clio_id=1004).update(note="other", changed_at=later)

    since = asked_at.isoformat().replace("+00:00", "Z")
    live = read_all(client, cast.firm, "activities", updated_since=since)
    followed = read_all(client, cast.firm, "activities", updated_since=since, include="gone")

    assert ids(live) == [1004]
    assert [(each["id"], each["gone_at"] is not None) for each in followed] == [(1003, True), (1004, False)]
    assert 1003 not in ids(read_all(client, cast.firm, "activities"))
    assert client.get(address(cast.firm, "activities/1003")).status_code == 404
    assert client.get(address(cast.firm, "activities/1003?include=gone")).json()["gone_at"] is not None


@pytest.mark.parametrize(
    ("kind", "query", "test"),
    [
        ("activities", {"user_id": "1,2"}, lambda row: row["user_id"] in (1, 2)),
        ("activities", {"matter_id": 205}, lambda row: row["matter_id"] == 205),
        ("activities", {"date_from": "2025-01-03", "date_to": "2025-01-05"},
         lambda row: row["date"] is not None and "2025-01-03" <= row["date"] <= "2025-01-05"),
        ("activities", {"type": "ExpenseEntry"}, lambda row: False),
        ("matters", {"status": "Open", "practice_area_id": 12},
         lambda row: row["status"] == "Open" and row["practice_area_id"] == 12),
        ("bills", {"client_id": "101,102"}, lambda row: row["client_id"] in (101, 102)),
        ("payments", {"date_from": "2025-02-03"},
         lambda row: any(each["date"] >= "2025-02-03" for each in row["allocations"])),
        ("payments", {"bill_id": 2005}, lambda row: any(a["bill_id"] == 2005 for a in row["allocations"])),
        ("trust_transactions", {"bank_account_id": 51, "client_id": 103}, lambda row: row["client_id"] == 103),
        ("tasks", {"assignee_id": 3}, lambda row: row["assignee_id"] == 3),
        ("calendar_entries", {"start_at_from": "2025-06-17T00:00:00Z"}, lambda row: row["start_at"] >= "2025-06-17"),
        ("users", {"enabled": "false"}, lambda row: row["enabled"] is False),
        ("contacts", {"is_client": "true"}, lambda row: row["is_client"]),
    ],
)  # fmt: skip
def test_filters_keep_exactly_what_they_say(kind, query, test, cast, books, reader):
    client = reader(None, *ALL)
    everything = read_all(client, cast.firm, kind)

    shown = ids(read_all(client, cast.firm, kind, **query))

    assert sorted(shown) == sorted(row["id"] for row in everything if test(row))


def test_searches_by_the_beginning_in_any_case(cast, books, reader):
    client = reader(None, *ALL)

    assert sorted(ids(read_all(client, cast.firm, "contacts", search="cLIENT 10"))) == list(range(101, 109))
    assert ids(read_all(client, cast.firm, "contacts", search="150")) == [150]
    assert ids(read_all(client, cast.firm, "matters", search="00207")) == [207]
    assert ids(read_all(client, cast.firm, "bills", search="inv-2004")) == [2004]
    assert ids(read_all(client, cast.firm, "users", search="person 3")) == [3]
    assert ids(read_all(client, cast.firm, "tasks", search="task 4009")) == [4009]
    assert ids(read_all(client, cast.firm, "calendar_entries", search="meeting 4009")) == ["4009"]
    assert read_all(client, cast.firm, "contacts", search="ient") == []
    assert read_all(client, cast.firm, "contacts", search="%") == []


def test_searches_what_was_written_of_work_anywhere_and_with_every_filter(cast, books, reader):
    client, firm_id = reader(), cast.firm.firm_id
    with tenant(firm_id):
        Activity.objects.filter(firm_id=firm_id, clio_id__in=[1003, 1007]).update(note="Call with 50%_off Ltd. ÜBER Öl")
        line = LineItem.objects.filter(firm_id=firm_id).earliest("clio_id")
        LineItem.objects.filter(firm_id=firm_id, clio_id=line.clio_id).update(description="Draft of the lease")
        user_id = Activity.objects.get(firm_id=firm_id, clio_id=1003).user_id

    def found(**query):
        return sorted(ids(read_all(client, cast.firm, "activities", page_size=1, **query)))

    assert found(search="50%25_OFF") == [1003, 1007]
    assert found(search="with 50") == [1003, 1007]
    assert found(search="über öl", sort="date") == [1003, 1007]
    assert found(search="50x_off") == found(search="5%25f") == []
    assert 1003 in found(search="ltd", user_id=user_id)
    assert found(search="ltd", user_id=999) == []
    assert ids(read_all(client, cast.firm, "line_items", search="the LEASE")) == [line.clio_id]


def test_a_search_of_notes_finds_only_what_is_in_scope(cast, books, reader):
    client = reader(Place(ScopeKind.SELF, me=2))
    mine = read_all(client, cast.firm, "activities")

    assert mine
    assert ids(read_all(client, cast.firm, "activities", search="mr. client")) == ids(mine)


def test_chooses_fields(cast, books, reader):
    client = reader()

    page = get(client, cast.firm, "activities", fields="date,user_id")
    one = client.get(address(cast.firm, "activities/1001?fields=note")).json()

    assert all(list(row) == ["id", "date", "user_id"] for row in page["results"])
    assert one == {"id": 1001, "note": "Words with Mr. Client"}


def test_money_is_text_and_numbers_are_numbers(cast, books, reader):
    (row,) = get(reader(None, "rates"), cast.firm, "activities", matter_id=",".join(map(str, MATTERS)), page_size=1)[
        "results"
    ]

    assert (row["price"], row["total"], row["quantity"]) == ("100.10", "50.05", 1800.0)


@pytest.mark.parametrize(
    ("kind", "query", "named"),
    [
        ("activities", "billable=true", ["/billable"]),
        ("activities", "date_from=2025-02-30", ["/date_from"]),
        ("activities", "date_from=yesterday&date_to=20250101", ["/date_from", "/date_to"]),
        ("activities", "user_id=", ["/user_id"]),
        ("activities", "user_id=1,x", ["/user_id"]),
        ("activities", "user_id=9223372036854775808", ["/user_id"]),
        ("activities", "user_id=" + ",".join(["1"] * 101), ["/user_id"]),
        ("activities", "user_id=1&user_id=2", ["/user_id"]),
        ("activities", "type=Time", ["/type"]),
        ("activities", "on_bill=yes", ["/on_bill"]),
        ("activities", "updated_since=2025-01-01", ["/updated_since"]),
        ("activities", "updated_since=2025-01-01T25:00:00Z", ["/updated_since"]),
        ("activities", "sort=total", ["/sort"]),
        ("activities", "sort=--date", ["/sort"]),
        ("activities", "fields=date,salary", ["/fields"]),
        ("activities", "fields=", ["/fields"]),
        ("activities", "include=everything", ["/include"]),
        ("activities", "page_size=0", ["/page_size"]),
        ("activities", "page_size=101", ["/page_size"]),
        ("activities", "page_size=%C2%B2", ["/page_size"]),
        ("payments", "search=x", ["/search"]),
        ("matters", "search=", ["/search"]),
        ("matters", "search=%00", ["/search"]),
        ("matters", "search=" + "x" * 201, ["/search"]),
        ("activities/1001", "sort=date", ["/sort"]),
        ("activities/1001", "fields=x", ["/fields"]),
        ("activities", "cursor=x", ["/cursor"]),
        ("activities", "cursor=%F0%9F%98%80", ["/cursor"]),
        ("activities", "cursor=bnVsbA", ["/cursor"]),
        ("activities", "cursor=" + "W" * 3000, ["/cursor"]),
    ],
)
def test_names_what_is_wrong(kind, query, named, cast, books, reader):
    answer = reader().get(f"{address(cast.firm, kind)}?{query}")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert sorted(fault["pointer"] for fault in answer.json()["errors"]) == named


def test_a_cursor_belongs_to_its_order(cast, books, reader):
    client = reader()
    cursor = get(client, cast.firm, "activities", sort="date", page_size=5)["next"].split("cursor=")[1]

    assert faults(client, cast.firm, "activities", sort="-date", cursor=cursor) == ["/cursor"]
    assert faults(client, cast.firm, "activities", sort="id", cursor=cursor) == ["/cursor"]
    assert client.get(address(cast.firm, "activities", sort="date", cursor=cursor)).status_code == 200


@pytest.mark.parametrize("one", ["activities/99999999999999999999999", "calendar_entries/%00", "bills/1"])
def test_an_id_nobody_has_is_not_found(one, cast, books, reader):
    answer = reader().get(address(cast.firm, one))

    assert (answer.status_code, answer.json()["code"]) == (404, "clio.record_not_found")


@pytest.mark.parametrize("kind", KINDS)
def test_takes_two_queries_besides_the_entrance(kind, cast, books, reader):
    client = reader(None, *ALL)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        get(client, cast.firm, kind, page_size=10)

    own = [each["sql"] for each in queries if 'FROM "clio_' in each["sql"] or "FROM clio_" in each["sql"]]
    assert len(own) == 2
