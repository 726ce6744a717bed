"""What needs a permission is null without it, hidden clients are numbers, and neither can be found out by a detour."""

import pytest
from django.db import connection

from apps.clio.queries.records.kinds import RECORD_KINDS
from apps.core.client_names import shown_client_name, shown_made_up_name, shown_matter_name
from apps.core.scope import Scope, ScopeKind
from apps.core.tenancy import tenant
from tests.accounts.factories import join, make_user, signed_in_client
from tests.clio.api.records.firm import CLIENTS, MATTERS, PEOPLE, Place
from tests.clio.api.records.reading import address, faults, get, read_all

pytestmark = pytest.mark.django_db


def test_rates_need_their_permission(cast, books, reader):
    for kind, name in (("activities", "price"), ("line_items", "price"), ("users", "rate")):
        with_it = {row[name] for row in read_all(reader(None, "rates"), cast.firm, kind) if row["id"] != 9}
        without = {row[name] for row in read_all(reader(), cast.firm, kind)}
        assert without == {None}
        assert None not in with_it


def test_the_worth_of_other_people_s_time_needs_the_permission_for_rates(cast, books, reader):
    me, kept_back = reader(Place(ScopeKind.WHOLE_FIRM, me=3)), {"activities": 2, "line_items": 4}
    for kind, is_time, worth in (
        ("activities", lambda row: row["type"] == "TimeEntry", ("total", "non_billable_total")),
        ("line_items", lambda row: row["kind"] == "Service", ("sub_total", "total", "tax", "secondary_tax")),
    ):
        full = {row["id"]: row for row in read_all(reader(None, "rates"), cast.firm, kind)}
        told = read_all(me, cast.firm, kind)
        assert len(told) == len(full)
        assert len(worth) == kept_back[kind]
        for row in told:
            is_told = not is_time(row) or row["user_id"] == 3
            assert [row[name] for name in worth] == [full[row["id"]][name] if is_told else None for name in worth]
            assert row["quantity"] == full[row["id"]]["quantity"]
        assert {row["user_id"] for row in told if is_time(row) and row["total"] is not None} == {3}
        assert any(is_time(row) and row["total"] is None for row in told)


def test_an_expense_has_no_rate(cast, books, reader):
    told = [row for row in read_all(reader(), cast.firm, "line_items") if row["kind"] == "Expense"]

    assert told
    assert None not in {row["sub_total"] for row in told}


def test_who_is_nobody_in_clio_has_no_time_of_their_own(cast, books, reader):
    unassigned = [row for row in read_all(reader(), cast.firm, "activities") if row["user_id"] is None]

    assert unassigned
    assert {row["total"] for row in unassigned} == {None}


def test_one_record_tells_no_more_than_the_list(cast, books, reader):
    me = reader(Place(ScopeKind.WHOLE_FIRM, me=3))
    for row in read_all(me, cast.firm, "activities")[:20]:
        assert me.get(f"{address(cast.firm, 'activities')}/{row['id']}").json()["total"] == row["total"]


def test_other_people_s_names_need_their_permission(cast, books, reader):
    me = reader(Place(ScopeKind.WHOLE_FIRM, me=3))

    named = {row["id"]: row["name"] for row in read_all(me, cast.firm, "users")}
    worked = {(row["user_id"], row["user_name"]) for row in read_all(me, cast.firm, "activities")}
    led = {(row["responsible_attorney_id"], row["responsible_attorney_name"])
           for row in read_all(me, cast.firm, "matters")}  # fmt: skip

    assert named == {number: "Person 3" if number == 3 else None for number in (*PEOPLE, 9)}
    assert {person for person, name in worked if name} == {3}
    assert {person for person, name in led if name} == {3}
    assert all(row["name"] for row in read_all(reader(None, "names"), cast.firm, "users"))


def test_a_hidden_name_cannot_be_found_out_by_a_list(cast, books, reader):
    assert faults(reader(), cast.firm, "users", search="person") == ["/search"]
    assert faults(reader(), cast.firm, "users", sort="name") == ["/sort"]
    assert get(reader(None, "names"), cast.firm, "users", sort="name", search="person")["results"]


@pytest.mark.parametrize("kind", ["trust_line_items", "trust_transactions"])
def test_trust_needs_its_permission(kind, cast, books, reader):
    answer = reader().get(address(cast.firm, kind))

    assert (answer.status_code, answer.json()["code"]) == (403, "core.not_allowed")
    assert get(reader(None, "trust"), cast.firm, kind)["results"]


def test_calendars_tell_no_names_of_those_invited(cast, books, reader):
    assert b"Mr. Client" not in reader(None, "names").get(address(cast.firm, "calendar_entries")).content


@pytest.fixture
def outsider(cast, books, settings):
    """Somebody who sees the whole firm, but for its clients' names."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1_000_000)
    person = make_user()
    join(person, cast.firm, permissions=["names", "trust"], hides_client_names=True)
    return signed_in_client(person)


def test_a_number_stands_for_a_hidden_client_and_a_matter(cast, outsider):
    scope = Scope(cast.firm.firm_id, ScopeKind.WHOLE_FIRM, hides_client_names=True)

    contact = outsider.get(address(cast.firm, "contacts/101")).json()
    matter = outsider.get(address(cast.firm, "matters/201?fields=display_number,client_name,client_id")).json()

    assert contact["name"] == shown_client_name(scope=scope, client_id=101, name="Client 101") != "Client 101"
    assert contact["last_name"] is None
    assert matter["display_number"] == shown_matter_name(scope=scope, matter_id=201, name="00201") != "00201"
    assert matter["client_name"] == shown_client_name(scope=scope, client_id=matter["client_id"], name="A client")


@pytest.mark.parametrize("kind", [kind.name for kind in RECORD_KINDS])
def test_no_list_names_a_hidden_client(kind, cast, outsider):
    body = outsider.get(address(cast.firm, kind, page_size=100)).content.decode()

    clients = [f'"Client {number}"' for number in CLIENTS]  # to the quote: a stand-in may well begin with these digits
    for name in (*clients, "A client", "Mr. Client", *[f'"{number:05d}"' for number in MATTERS]):
        assert name not in body


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("contacts", {"search": "a"}),
        ("contacts", {"sort": "name"}),
        ("matters", {"search": "a"}),
        ("matters", {"sort": "-display_number"}),
        ("tasks", {"search": "a"}),
        ("activities", {"search": "a"}),
        ("line_items", {"search": "a"}),
        ("calendar_entries", {"search": "a"}),
    ],
)
def test_a_hidden_client_cannot_be_found_out_by_a_list(kind, query, cast, outsider):
    assert faults(outsider, cast.firm, kind, **query) == [f"/{name}" for name in query]


def test_words_people_wrote_are_kept_back_where_they_may_name_a_client(cast, outsider, reader):
    firm, name = cast.firm.firm_id, "Quackenbush"
    with tenant(firm), connection.cursor() as cursor:
        for table, columns in {
            "clio_activities": ("note", "reference", "bill_number"),
            "clio_bills": ("number", "subject", "memo"),
            "clio_line_items": ("description", "note", "bill_number"),
            "clio_matters": ("display_number", "custom_number", "description", "location", "client_reference",
                             "group_name"),
            "clio_contacts": ("name", "first_name", "last_name", "title"),
            "clio_allocations": ("bill_number", "parent_identifier", "contact_name"),
            "clio_bank_accounts": ("name",),
            "clio_bank_transactions": ("source", "description", "confirmation", "bill_number"),
            "clio_trust_line_items": ("note", "bill_number", "matter_display_number", "client_name"),
            "clio_tasks": ("name", "matter_display_number"),
            "clio_calendar_entries": ("summary", "location", "calendar_owner_name"),
        }.items():  # fmt: skip
            cursor.execute(f"UPDATE {table} SET {', '.join(f'{each} = %s' for each in columns)}", [name] * len(columns))
    everybody, told = reader(None, "names", "trust"), []

    for kind in RECORD_KINDS:
        if name in get_text(everybody, cast.firm, kind.name):
            told.append(kind.name)
        assert name not in get_text(outsider, cast.firm, kind.name), kind.name

    assert sorted(told) == ["activities", "bills", "calendar_entries", "contacts", "line_items", "matters", "payments",
                            "tasks", "trust_line_items", "trust_transactions"]  # fmt: skip


def get_text(client, firm, kind):
    return client.get(address(firm, kind, page_size=100)).content.decode()


def test_a_plain_number_of_a_bill_is_told_and_an_account_has_a_number(cast, outsider):
    scope = Scope(cast.firm.firm_id, ScopeKind.WHOLE_FIRM, hides_client_names=True)

    bills = get(outsider, cast.firm, "bills")["results"]
    moved = get(outsider, cast.firm, "trust_transactions")["results"]

    assert {bill["number"] for bill in bills} >= {"INV-2001"}
    assert {row["bank_account_name"] for row in moved} == {
        shown_made_up_name(scope=scope, what="account", its_id=51, name="Trust")
    }


@pytest.mark.parametrize("query", [{"search": "inv"}, {"sort": "number"}])
def test_a_bill_s_number_is_no_detour_to_a_name(query, cast, outsider, reader):
    assert faults(outsider, cast.firm, "bills", **query) == [f"/{name}" for name in query]
    assert get(reader(), cast.firm, "bills", **query)["results"]
