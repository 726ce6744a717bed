"""Lists: fields, limits, cursor and offset pages, filters, orders."""

from datetime import datetime
from urllib.parse import quote

import pytest

from tests.clio.sandbox.server import RunningSandbox, next_token


def test_gives_id_and_etag_when_nothing_is_asked_for(sandbox: RunningSandbox) -> None:
    record = sandbox.get("matters.json?limit=1").json["data"][0]

    assert list(record) == ["id", "etag"]
    assert record["etag"].startswith('"')
    assert record["etag"].endswith('"')


def test_gives_defaults_of_a_nested_object_without_braces(sandbox: RunningSandbox) -> None:
    record = sandbox.get("activities.json?limit=1&fields=id,user,bill{id,client}&status=billed").json["data"][0]

    assert list(record["user"]) == ["id", "etag"]
    assert list(record["bill"]["client"]) == ["id", "etag"]


def test_takes_encoded_braces(sandbox: RunningSandbox) -> None:
    record = sandbox.get(f"activities.json?limit=1&fields={quote('id,user{id,name}')}").json["data"][0]

    assert list(record["user"]) == ["id", "name"]


@pytest.mark.parametrize(
    "fields",
    [
        "id,nonsense",
        "id,user{nonsense}",
        "id,bill{id,client{id}}",
        "id,user{id",
        "id{etag}",
        "id,}",
        "matter{user{id},id}",
    ],
)
def test_refuses_fields_it_cannot_serve(sandbox: RunningSandbox, fields: str) -> None:
    reply = sandbox.get(f"activities.json?fields={quote(fields)}")

    assert reply.status == 400
    assert set(reply.json["error"]) == {"type", "message"}


def test_ignores_unknown_parameters(sandbox: RunningSandbox) -> None:
    every = sandbox.get("activities.json?limit=1").json["meta"]["records"]

    assert sandbox.get("activities.json?limit=1&billed=false&date_from=2026-01-01").json["meta"]["records"] == every


def test_pages_visit_each_record_once(sandbox: RunningSandbox) -> None:
    for name in ("activities", "line_items"):
        found = [record["id"] for record in sandbox.list_all(name, "id", limit="170")]

        assert found == list(sandbox.store.tables[name].ids)


def test_next_is_absolute_and_carries_the_query(sandbox: RunningSandbox) -> None:
    reply = sandbox.get("activities.json?limit=3&order=id(asc)&fields=id,user{id}&type=TimeEntry")

    address = reply.json["meta"]["paging"]["next"]
    assert address.startswith(f"{sandbox.base_url}/api/v4/activities.json?")
    assert "fields=id%2Cuser%7Bid%7D" in address
    assert "limit=3" in address
    assert "type=TimeEntry" in address
    assert len(sandbox.get(address).json["data"]) == 3


def test_has_no_next_on_the_last_page(sandbox: RunningSandbox) -> None:
    meta = sandbox.get("users.json").json["meta"]

    assert meta["paging"] == {}
    assert meta["records"] == len(sandbox.store.tables["users"].rows)


def test_a_cursor_survives_removals_and_additions(own_sandbox: RunningSandbox) -> None:
    first = own_sandbox.get("contacts.json?limit=5&order=id(asc)")
    last_seen = first.json["data"][-1]["id"]
    own_sandbox.control(f"records/contacts/{last_seen}", method="DELETE")
    own_sandbox.control(f"records/contacts/{first.json['data'][0]['id']}", method="DELETE")

    second = own_sandbox.get(first.json["meta"]["paging"]["next"])

    expected = [number for number in own_sandbox.store.tables["contacts"].ids if number > last_seen][:5]
    assert [record["id"] for record in second.json["data"]] == expected


@pytest.mark.parametrize(("address", "status"), [
    ("activities.json?limit=0", 400), ("activities.json?limit=201", 400), ("activities.json?limit=x", 400),
    ("users.json?limit=2000", 200), ("users.json?limit=2001", 400), ("activities.json?offset=10001", 422),
    ("activities.json?order=color(asc)", 400), ("activities.json?page_token=rubbish", 400),
    ("activities.json?start_date=soon", 400), ("activities.json?ids[]=x", 400), ("bills.json?state=lost", 400),
    ("nonsense.json", 404), ("activities/who_am_i.json", 404), ("matters.json?open_date[]=2026-01-01", 400),
])  # fmt: skip
def test_refuses_what_is_out_of_bounds(sandbox: RunningSandbox, address: str, status: int) -> None:
    assert sandbox.get(address).status == status


def test_offset_pages_work_up_to_their_limit(sandbox: RunningSandbox) -> None:
    ids = list(sandbox.store.tables["activities"].ids)

    reply = sandbox.get("activities.json?limit=4&offset=8&fields=id")

    assert [record["id"] for record in reply.json["data"]] == ids[8:12]
    paging = reply.json["meta"]["paging"]
    assert [record["id"] for record in sandbox.get(paging["next"]).json["data"]] == ids[12:16]
    assert [record["id"] for record in sandbox.get(paging["previous"]).json["data"]] == ids[4:8]


def test_allocations_come_by_date_unless_told_otherwise(sandbox: RunningSandbox) -> None:
    dates = [record["date"] for record in sandbox.get("allocations.json?fields=id,date").json["data"]]

    assert dates == sorted(dates)
    assert next_token(sandbox.get("allocations.json?limit=2")) != next_token(
        sandbox.get("allocations.json?limit=2&order=id(asc)")
    )


@pytest.mark.parametrize("order", ["date", "updated_at", "created_at", "total", "id"])
def test_orders_both_ways(sandbox: RunningSandbox, order: str) -> None:
    def key(record: dict[str, str]) -> object:
        value = record[order]
        return datetime.fromisoformat(value) if order.endswith("_at") else value

    for direction in ("asc", "desc"):
        records = sandbox.get(f"activities.json?fields=id,{order}&order={order}({direction})").json["data"]
        found = [key(record) for record in records]
        assert found == sorted(found, reverse=direction == "desc")  # type: ignore[type-var]


def test_filters_activities(sandbox: RunningSandbox) -> None:
    every = sandbox.list_all("activities", "id,date,user{id},matter{id},on_bill,billed,non_billable,type")
    user, matter = every[0]["user"]["id"], next(each["matter"]["id"] for each in every if each["matter"])
    expectations = {
        "start_date=2026-03-01&end_date=2026-03-31": lambda each: "2026-03-01" <= each["date"] <= "2026-03-31",
        f"user_id={user}": lambda each: each["user"]["id"] == user,
        f"matter_id={matter}&type=TimeEntry": lambda each: (
            each["matter"] and each["matter"]["id"] == matter and each["type"] == "TimeEntry"
        ),
        "matter_id=null": lambda each: each["matter"] is None,
        "status=unbilled": lambda each: not each["on_bill"] and not each["non_billable"],
        "status=draft": lambda each: each["on_bill"] and not each["billed"],
        "status=billed": lambda each: each["billed"],
        "type=HardCostEntry": lambda each: each["type"] == "HardCostEntry",
    }
    for query, fits in expectations.items():
        parameters = dict(part.split("=") for part in query.split("&"))
        found = [record["id"] for record in sandbox.list_all("activities", "id", **parameters)]
        assert found == [each["id"] for each in every if fits(each)], query
        assert found


def test_filters_other_lists(sandbox: RunningSandbox) -> None:
    bill = sandbox.list_all("bills", "id,state,matters{id}", state="paid")
    assert {each["state"] for each in bill} == {"paid"}
    number = bill[0]["id"]
    lines = sandbox.list_all("line_items", "id,bill{id}", bill_id=str(number))
    assert {each["bill"]["id"] for each in lines} == {number}
    assert {each["bill"]["id"] for each in sandbox.list_all("allocations", "bill{id}", bill_id=str(number))} == {number}
    assert all(each["voided_at"] is None for each in sandbox.list_all("allocations", "voided_at", status="valid"))
    statuses = {each["status"] for each in sandbox.list_all("matters", "status", status="open,pending")}
    assert statuses == {"Open", "Pending"}
    assert {each["enabled"] for each in sandbox.list_all("users", "enabled", enabled="false")} == {False}
    assert {each["kind"] for each in sandbox.list_all("bills", "kind", type="revenue")} == {"revenue_kind"}
    closed = sandbox.list_all("matters", "close_date", **{"close_date[]": ">=2026-03-01"})
    assert min(each["close_date"] for each in closed) >= "2026-03-01"


def test_reads_a_batch_by_ids(sandbox: RunningSandbox) -> None:
    ids = list(sandbox.store.tables["line_items"].ids[3:9])

    reply = sandbox.get("line_items.json?fields=id&ids[]=1&" + "&".join(f"ids[]={number}" for number in ids))

    assert [record["id"] for record in reply.json["data"]] == ids


def test_filters_by_time_of_change(sandbox: RunningSandbox) -> None:
    every = sandbox.list_all("activities", "id,created_at,updated_at")
    mark = datetime.fromisoformat(every[len(every) // 2]["created_at"])
    for name in ("created", "updated"):
        found = sandbox.list_all("activities", "id", **{f"{name}_since": mark.isoformat()})
        expected = [each["id"] for each in every if datetime.fromisoformat(each[f"{name}_at"]) >= mark]
        assert [each["id"] for each in found] == expected


def test_a_single_answers_304_when_unchanged(sandbox: RunningSandbox) -> None:
    number = sandbox.store.tables["matters"].ids[4]
    reply = sandbox.get(f"matters/{number}.json?fields=id,etag")

    assert reply.headers["ETag"] == reply.json["data"]["etag"]
    again = sandbox.get(f"matters/{number}.json", **{"If-None-Match": reply.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    since = sandbox.get(f"matters/{number}.json", **{"If-Modified-Since": reply.headers["Last-Modified"]})
    assert since.status == 304
    assert sandbox.get(f"matters/{number}.json", **{"If-None-Match": '"other"'}).status == 200


def test_versions_are_echoed_or_gone(sandbox: RunningSandbox) -> None:
    assert sandbox.get("users.json").headers["X-API-VERSION"] == "4.0.13"
    assert sandbox.get("users.json", **{"X-API-VERSION": "4.0.9"}).headers["X-API-VERSION"] == "4.0.9"
    assert sandbox.get("users.json", **{"X-API-VERSION": "9.9.9"}).status == 410


def test_task_states_are_any_of(sandbox: RunningSandbox) -> None:
    found = sandbox.get("tasks.json?fields=status&statuses[]=pending&statuses[]=in_progress").json["data"]

    assert {each["status"] for each in found} == {"pending", "in_progress"}


def test_filters_reach_through_other_records(sandbox: RunningSandbox) -> None:
    matter = sandbox.list_all("matters")[2]
    leader = matter["responsible_attorney"]["id"]
    bills = sandbox.list_all("bills", "id,matters{id}", responsible_attorney_id=str(leader))
    led = {each["id"] for each in sandbox.list_all("matters", "id", responsible_attorney_id=str(leader))}
    assert bills
    assert all(led & {each["id"] for each in bill["matters"]} for bill in bills)

    tasks = sandbox.list_all("tasks", "matter{id}", client_id=str(matter["client"]["id"]))
    own = {each["id"] for each in sandbox.list_all("matters", "id", client_id=str(matter["client"]["id"]))}
    assert {each["matter"]["id"] for each in tasks} <= own


def test_the_word_null_finds_what_points_nowhere(sandbox: RunningSandbox) -> None:
    loose = sandbox.list_all("activities", "id,matter{id},task{id}", matter_id="null")
    assert loose
    assert all(each["matter"] is None for each in loose)
    tied = sandbox.list_all("activities", "id,task{id}")
    without = sandbox.list_all("activities", "id", task_id="null")
    assert len(without) == sum(each["task"] is None for each in tied) < len(tied)


def test_snapshots_follow_the_books(own_sandbox: RunningSandbox) -> None:
    before = {each["id"]: each for each in own_sandbox.list_all("billable_matters")}
    entry = next(each for each in own_sandbox.list_all("activities", status="unbilled")
                 if each["type"] == "TimeEntry" and (each["matter"] or {}).get("id") in before)  # fmt: skip
    number = entry["matter"]["id"]

    own_sandbox.control(f"records/activities/{entry['id']}", method="DELETE")

    after = {each["id"]: each for each in own_sandbox.list_all("billable_matters")}
    gone = before[number]["unbilled_amount"] - after.get(number, {"unbilled_amount": 0})["unbilled_amount"]
    assert gone == pytest.approx(entry["total"])
    clients = {each["id"]: each for each in own_sandbox.list_all("billable_clients")}
    for client in clients.values():
        assert sum(each["unbilled_amount"] for each in client["billable_matters"]) == pytest.approx(
            client["unbilled_amount"]
        )


def test_what_is_unbilled_equals_the_entries(sandbox: RunningSandbox) -> None:
    billable = {each["id"] for each in sandbox.list_all("matters") if each["billable"]}
    entries = [
        each
        for each in sandbox.list_all("activities", status="unbilled")
        if (each["matter"] or {}).get("id") in billable
    ]

    total = sum(each["unbilled_amount"] for each in sandbox.list_all("billable_matters"))
    assert total == pytest.approx(sum(each["total"] for each in entries))
    hours = sum(each["unbilled_hours"] for each in sandbox.list_all("billable_matters"))
    assert hours == pytest.approx(sum(each["rounded_quantity_in_hours"] or 0 for each in entries))
    early = sandbox.list_all("billable_matters", "unbilled_amount", end_date="2026-08-31")
    expected = sum(each["total"] for each in entries if each["date"] <= "2026-08-31")
    assert sum(each["unbilled_amount"] for each in early) == pytest.approx(expected)


def test_outstanding_balances_equal_the_bills(sandbox: RunningSandbox) -> None:
    owing: dict[int, float] = {}
    for bill in sandbox.list_all("bills", state="awaiting_payment", type="revenue"):
        owing[bill["client"]["id"]] = owing.get(bill["client"]["id"], 0) + bill["balance"]

    rows = sandbox.list_all("outstanding_client_balances")

    assert {each["contact"]["id"]: each["total_outstanding_balance"] for each in rows} == pytest.approx(
        {client: total for client, total in owing.items() if total > 0.001}
    )


def test_repeated_entries_come_once_or_per_occurrence(sandbox: RunningSandbox) -> None:
    once = [each for each in sandbox.list_all("calendar_entries") if each["recurrence_rule"]]
    assert len(once) == 1

    window = "from=2026-09-01T00:00:00-04:00&to=2026-09-30T00:00:00-04:00"
    reply = sandbox.get(f"calendar_entries.json?expanded=true&{window}&fields=id,start_at,parent_calendar_entry_id")

    weekly = [each for each in reply.json["data"] if each["parent_calendar_entry_id"] == int(once[0]["id"])]
    assert [each["start_at"][:10] for each in weekly] == ["2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28"]
    assert len({each["id"] for each in reply.json["data"]}) == len(reply.json["data"]) == reply.json["meta"]["records"]


def test_orders_by_what_is_nested(sandbox: RunningSandbox) -> None:
    names = [
        each["user"]["name"]
        for each in sandbox.get("activities.json?order=user.name(asc)&fields=user{name}").json["data"]
    ]
    assert names == sorted(names)
