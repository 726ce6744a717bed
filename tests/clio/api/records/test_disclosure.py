"""What needs a permission is null without it, hidden clients are numbers, and neither can be found out by a detour."""

import pytest

from apps.clio.queries.records.kinds import RECORD_KINDS
from apps.core.client_names import shown_client_name, shown_matter_name
from apps.core.scope import Scope, ScopeKind
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
