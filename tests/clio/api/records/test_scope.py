"""Each scope sees exactly its records: what the API shows is what the rules say in plain Python."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.clio.models import ClioUser, Matter
from apps.clio.queries.records.asked import Asked
from apps.clio.queries.records.kinds import RECORD_KINDS
from apps.clio.queries.records.read import list_records
from apps.core.access import Extra
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from tests.clio.api.records.firm import (
    CIRCLE,
    CLIENTS,
    EMPTY,
    EVERYBODY,
    Place,
    amount_seen,
    line_seen,
    lines_of,
    make_books,
    put,
    visible,
)
from tests.clio.api.records.reading import address, get, read_all

pytestmark = pytest.mark.django_db
ALL = ("rates", "trust", "names")
SUBSET = ScopeKind.SUBSET
PLACES = {
    "whole firm": Place(ScopeKind.WHOLE_FIRM),
    "self": Place(ScopeKind.SELF, me=2),
    "self in the circle": Place(ScopeKind.SELF, me=3),
    "self without a Clio user": Place(ScopeKind.SELF),
    "an area": Place(SUBSET, grants=(Grant(practice_area_ids=(11,)),)),
    "two people": Place(SUBSET, me=1, grants=(Grant(timekeeper_ids=(4, 5)),)),
    "a group from inside": Place(SUBSET, me=3, grants=(Grant(group_ids=(CIRCLE,)),)),
    "a group from outside": Place(SUBSET, me=4, grants=(Grant(group_ids=(CIRCLE, EMPTY)),)),
    "clients": Place(SUBSET, grants=(Grant(client_ids=(101, 102, 103)),)),
    "a person's work in an area": Place(SUBSET, grants=(Grant(timekeeper_ids=(1,), practice_area_ids=(12,)),)),
    "either": Place(
        SUBSET, me=5, grants=(Grant(client_ids=(104,), practice_area_ids=(13,)), Grant(timekeeper_ids=(2,)))
    ),
    "a grant of nothing": Place(SUBSET, me=1, grants=(Grant(),)),
    "no grant": Place(SUBSET, me=1),
}
KINDS = [kind.name for kind in RECORD_KINDS]


@pytest.mark.parametrize("seed", [7, 8])
@pytest.mark.parametrize("name", PLACES)
def test_shows_exactly_the_records_in_scope(name, seed, cast, reader):
    books, place = make_books(seed), PLACES[name]
    put(cast.firm.firm_id, books)
    client = reader(place, *ALL)

    shown = {kind: [row["id"] for row in read_all(client, cast.firm, kind, page_size=7)] for kind in KINDS}

    assert {kind: sorted(ids) for kind, ids in shown.items()} == {
        kind: sorted(visible(books, place, kind)) for kind in KINDS
    }


@pytest.mark.parametrize("few", [0, 3, 100_000])
@pytest.mark.parametrize("name", [name for name in PLACES if name != "whole firm"])
def test_few_rows_looked_for_by_themselves_are_the_same_as_in_the_whole_list(name, few, cast, books):
    place = PLACES[name]
    scope = Scope(cast.firm.firm_id, place.kind, clio_user_id=place.me, grants=place.grants)

    for kind in RECORD_KINDS:
        for sort in (kind.default_sort, "id"):
            asked = Asked(
                sort=sort.removeprefix("-"), is_descending=sort.startswith("-"), size=1000, includes_gone=True
            )
            with tenant(scope.firm_id, read_only=True):
                page = list_records(kind, scope=scope, holds=frozenset(Extra), asked=asked, few=few)
            assert {each["id"] for each in page.records} == visible(books, place, kind.name), kind.name


def test_a_few_rows_of_a_long_list_are_reached_by_indexes_and_not_by_looking_through(cast, books):
    scope = Scope(cast.firm.firm_id, SUBSET, grants=(Grant(client_ids=tuple(CLIENTS)),))
    long = [kind for kind in RECORD_KINDS if kind.ways is not None]
    assert {kind.name for kind in long} == {"line_items", "bills", "payments"}

    for kind in long:
        with tenant(scope.firm_id, read_only=True), CaptureQueriesContext(connection) as seen:
            list_records(kind, scope=scope, holds=frozenset(Extra), asked=Asked(sort="id"))
        gathered, page = [each["sql"] for each in seen if "clio_" in each["sql"]]
        with tenant(scope.firm_id, read_only=True), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            for statement in (gathered, page):
                cursor.execute(f"EXPLAIN {statement}")
                assert "Seq Scan" not in "\n".join(line for (line,) in cursor.fetchall()), kind.name


def test_the_scopes_differ_and_none_is_the_whole_firm(books):
    seen = {
        name: tuple(
            tuple(sorted(visible(books, place, kind))) for kind in ("matters", "activities", "bills", "payments")
        )
        for name, place in PLACES.items()
    }

    sure = [name for name in PLACES if name not in ("no grant", "a grant of nothing", "self without a Clio user")]
    assert len({seen[name] for name in sure}) == len(sure) > 8


@pytest.mark.parametrize("name", ["self", "an area", "clients", "either", "a group from outside"])
def test_a_single_record_is_found_only_in_scope(name, cast, books, reader):
    place = PLACES[name]
    client = reader(place, *ALL)

    for kind in ("matters", "activities", "bills", "line_items", "payments", "trust_transactions", "calendar_entries"):
        everything = visible(books, PLACES["whole firm"], kind)
        met = {each for each in everything if client.get(address(cast.firm, f"{kind}/{each}")).status_code == 200}
        assert met == visible(books, place, kind), kind


def test_a_bill_is_cut_to_the_lines_in_scope(cast, books, reader):
    met = {True: 0, False: 0}

    for place in (PLACES["two people"], PLACES["an area"], PLACES["self in the circle"], PLACES["clients"]):
        for bill in read_all(reader(place, *ALL), cast.firm, "bills"):
            lines = lines_of(books, bill["id"])
            seen = [line for line in lines if line_seen(books, place, line)]
            met[bill["is_cut"]] += 1
            assert bill["is_cut"] is (len(seen) < len(lines))
            if not bill["is_cut"]:
                assert (bill["total"], bill["balance"], bill["memo"]) == ("1000.00", "10.00", "Dear Mr. Client")
                continue
            assert Decimal(bill["sub_total"]) == sum(line["sub_total"] for line in seen)
            assert Decimal(bill["total"]) == sum(line["total"] for line in seen)
            assert Decimal(bill["total_tax"]) == sum(line["tax"] for line in seen)
            assert (bill["balance"], bill["due"], bill["memo"]) == (None, None, None)
    assert min(met.values()) > 2


@pytest.mark.parametrize("name", ["whole firm", "an area", "clients", "self"])
def test_a_payment_is_cut_to_the_matters_in_scope(name, cast, books, reader):
    place = PLACES[name]

    for payment in read_all(reader(place, *ALL), cast.firm, "payments"):
        expected = amount_seen(books, place, payment["id"])
        assert (None if payment["amount"] is None else Decimal(payment["amount"])) == expected
        live = [each for each in payment["allocations"] if each["voided_at"] is None]
        assert sum(Decimal(each["amount"]) for each in live) == (expected or 0)


def test_a_filter_of_payments_tells_nothing_of_what_is_out_of_scope(cast, books, reader):
    place = PLACES["an area"]
    client, owner = reader(place, *ALL), reader(None, *ALL)
    hidden = sorted(visible(books, PLACES["whole firm"], "matters") - visible(books, place, "matters"))
    behind = ",".join(map(str, hidden))

    assert get(owner, cast.firm, "payments", matter_id=behind)["results"] != []
    shown = [
        each["matter_id"]
        for payment in get(client, cast.firm, "payments", matter_id=behind)["results"]
        for each in payment["allocations"]
    ]
    assert set(shown) & set(hidden) == set()


@pytest.mark.parametrize(
    ("me", "inside"), [(None, {None, EVERYBODY}), (4, {None, EVERYBODY}), (3, {None, EVERYBODY, CIRCLE})]
)
def test_a_restricted_matter_is_seen_from_inside_its_group_only(me, inside, cast, books, reader):
    with tenant(cast.firm.firm_id):
        for matter_id, group_id in ((201, None), (202, EVERYBODY), (203, CIRCLE), (204, EMPTY), (205, 39)):
            Matter.objects.filter(firm_id=cast.firm.firm_id, clio_id=matter_id).update(
                client_id=108, practice_area_id=11, group_id=group_id
            )
        Matter.objects.filter(firm_id=cast.firm.firm_id, clio_id__gt=205).delete()
    place = Place(SUBSET, me=me, grants=(Grant(client_ids=(108,), practice_area_ids=(11,)),))

    assert {row["group_id"] for row in read_all(reader(place), cast.firm, "matters")} == inside


def test_nobody_at_work_means_that_no_group_is_everybody(cast, books, reader):
    with tenant(cast.firm.firm_id):
        ClioUser.objects.filter(firm_id=cast.firm.firm_id).update(enabled=False)
        Matter.objects.filter(firm_id=cast.firm.firm_id).update(group_id=EVERYBODY)
    place = Place(SUBSET, grants=(Grant(practice_area_ids=(11, 12, 13)),))

    assert read_all(reader(place), cast.firm, "matters") == []


def test_strangers_find_nothing(cast, books, api):
    for kind, one in (("matters", 201), ("activities", 1001), ("calendar_entries", "4001"), ("payments", 3001)):
        assert api(cast.stranger).get(address(cast.firm, kind)).status_code == 404
        assert api(cast.stranger).get(address(cast.firm, f"{kind}/{one}")).status_code == 404
        own = api(cast.stranger).get(address(cast.strangers_firm, kind))
        assert (own.status_code, own.json()["results"]) == (200, [])
        answer = api(cast.stranger).get(address(cast.strangers_firm, f"{kind}/{one}"))
        assert (answer.status_code, answer.json()["code"]) == (404, "clio.record_not_found")
