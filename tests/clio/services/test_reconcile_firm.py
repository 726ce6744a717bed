"""The mirror is compared with Clio by ids: silent deletes are found, and what may only be hidden stays."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.clio.models import (
    ClioConnection,
    HeldRecord,
    LineItem,
    Reconciliation,
    ReconciliationCare,
    Sweep,
    SyncedEntity,
    SyncRun,
)
from apps.clio.services.open_reconciliation import open_reconciliation
from apps.clio.services.reconcile_firm import reconcile_firm
from apps.clio.services.start_due_reconciliations import start_due_reconciliations
from apps.clio.services.turns import turn_at
from apps.core.errors import VendorUnavailable
from apps.core.models import Job
from apps.core.tenancy import tenant
from tests.clio.factories import differences, mirrored, one, sandbox_records, sync

pytestmark = pytest.mark.django_db
LINES, ACTIVITIES, MATTERS = (f"/api/v4/{name}.json" for name in ("line_items", "activities", "matters"))


@pytest.fixture
def synced(firm: Any, clio: Any) -> Any:
    """The firm after its first sync, by the user who has been connected from the first."""
    with tenant(firm.firm_id):
        ClioConnection.objects.update(clio_user_since=timezone.now() - timedelta(days=30))
    sync(firm, full=True)
    clio.control("requests", method="DELETE")
    return firm


def reconcile(firm: Any, *, whole: bool = True, entities: tuple[str, ...] = (), slices: int = 30) -> dict[str, Sweep]:
    """Open a comparison and work on it to its end; return what came of it by entity."""
    opened = open_reconciliation(firm_id=firm.firm_id, is_whole=whole, entities=entities)
    for _ in range(slices):
        if reconcile_firm(firm_id=firm.firm_id) is None:
            return sweeps_of(firm, opened.pk)
    raise AssertionError("the comparison did not end")


def sweeps_of(firm: Any, reconciliation_id: int) -> dict[str, Sweep]:
    with tenant(firm.firm_id):
        found = Sweep.objects.filter(reconciliation_id=reconciliation_id)
        return {each.entity: each for each in found}


def week_is_young(firm: Any) -> None:
    """Let the last comparison of everything be of yesterday."""
    with tenant(firm.firm_id):
        yesterday = timezone.now() - timedelta(days=1)
        ReconciliationCare.objects.update_or_create(
            firm_id=firm.firm_id, defaults={"due_at": yesterday, "wholly_at": yesterday}
        )


def gone(firm: Any, entity: str) -> set[Any]:
    return {key for key, row in mirrored(firm, entity).items() if row["gone_at"] is not None}


def delete(clio: Any, entity: str, count: int = 1) -> list[int]:
    """Let records vanish from Clio without a word; return their ids."""
    ids = sorted(sandbox_records(clio, entity))[:count]
    for number in ids:
        clio.control(f"records/{entity}/{number}", method="DELETE")
    return ids


def held(firm: Any) -> dict[str, int]:
    with tenant(firm.firm_id):
        entities = list(HeldRecord.objects.values_list("entity", flat=True))
    return {name: entities.count(name) for name in set(entities)}


def test_finds_nothing_where_nothing_differs(synced, clio):
    version = one(synced, "SELECT version FROM clio_mirror_versions")

    sweeps = reconcile(synced)

    with tenant(synced.firm_id):
        assert Reconciliation.objects.get().state == "done"
    found = {each.entity: (each.missing, each.extra, each.stale, each.back) for each in sweeps.values()}
    assert set(found.values()) == {(0, 0, 0, 0)}, found
    assert {each.state for each in sweeps.values()} == {"done"}
    assert sweeps["activities"].listed >= sweeps["activities"].known > 0
    assert one(synced, "SELECT version FROM clio_mirror_versions") == version


@pytest.mark.parametrize(
    "entity",
    ["activities", "line_items", "allocations", "matters", "contacts", "tasks", "calendar_entries", "relationships"],
)
def test_finds_what_vanished_without_a_word(synced, clio, entity):
    vanished = delete(clio, entity, 2)

    sweep = reconcile(synced)[entity]

    assert gone(synced, entity) >= set(vanished)
    assert (sweep.missing, sweep.gone) == (len(gone(synced, entity)), len(gone(synced, entity)))
    assert differs_only_by(synced, clio, entity, gone(synced, entity))


def test_expense_categories_are_confirmed_by_a_second_reading(synced, clio):
    vanished = delete(clio, "expense_categories", 1)

    sweep = reconcile(synced)["expense_categories"]

    assert gone(synced, "expense_categories") == set(vanished)
    assert sweep.gone == 1


def test_case_22_a_silent_delete_is_found_in_the_night_among_young_money_and_open_matters(synced, clio):
    week_is_young(synced)
    young = added(synced, clio, "activities")
    open_matter = next(number for number, each in sandbox_records(clio, "matters").items() if each["status"] == "Open")
    clio.control(f"records/activities/{young}", method="DELETE")
    clio.control(f"records/matters/{open_matter}", method="DELETE")

    sweeps = reconcile(synced, whole=False)

    assert not sweeps["activities"].is_whole
    assert young in gone(synced, "activities")
    assert open_matter in gone(synced, "matters")
    assert set(sweeps) == {
        *("matters", "activities", "bills", "line_items", "allocations", "credit_memos", "interest_charges"),
        *("bank_transactions", "trust_line_items"),
    }


def test_an_old_record_waits_for_the_week(synced, clio):
    week_is_young(synced)
    number = min(mirrored(synced, "tasks"))
    clio.control(f"records/tasks/{number}", method="DELETE")

    reconcile(synced, whole=False)
    first = gone(synced, "tasks")
    with tenant(synced.firm_id):
        ReconciliationCare.objects.update(wholly_at=timezone.now() - timedelta(days=7))
    reconcile(synced, whole=False)

    assert first == set()
    assert gone(synced, "tasks") == {number}
    with tenant(synced.firm_id):
        kinds = list(Reconciliation.objects.order_by("id").values_list("kind", flat=True))
        assert kinds == ["nightly", "weekly"]
        assert ReconciliationCare.objects.get().wholly_at == Reconciliation.objects.latest("id").started_at


def test_a_missed_update_is_read_anew_and_counted(synced, clio):
    number = min(sandbox_records(clio, "activities"))
    with tenant(synced.firm_id):  # the sync is sure it has read beyond the change
        SyncedEntity.objects.update(read_from=timezone.now() + timedelta(days=4000))
    clio.control(f"records/activities/{number}", {"note": "nobody announced this"}, method="PATCH")

    sweep = reconcile(synced)["activities"]

    assert mirrored(synced, "activities")[number]["note"] == "nobody announced this"
    assert (sweep.stale, sweep.missed, sweep.mended) == (1, 1, 1)


def test_a_change_younger_than_the_last_sync_is_no_drift(synced, clio):
    number = min(sandbox_records(clio, "activities"))
    with tenant(synced.firm_id):
        SyncedEntity.objects.update(read_from=datetime(2000, 1, 1, tzinfo=UTC))
    clio.control(f"records/activities/{number}", {"note": "a minute ago"}, method="PATCH")

    sweep = reconcile(synced)["activities"]

    assert (sweep.stale, sweep.missed, sweep.mended) == (1, 0, 1)


def test_a_record_the_mirror_never_got_is_read(synced, clio):
    with tenant(synced.firm_id):
        SyncedEntity.objects.update(read_from=timezone.now() + timedelta(days=4000))
        lost = LineItem.objects.order_by("clio_id").values_list("clio_id", flat=True)[3]
        LineItem.objects.filter(clio_id=lost).delete()

    sweep = reconcile(synced)["line_items"]

    assert (sweep.extra, sweep.missed) == (1, 1)
    assert differences(synced, clio, "line_items") == []


def test_a_record_that_is_shown_again_comes_back(synced, clio):
    number = delete(clio, "activities", 1)[0]
    before = mirrored(synced, "activities")[number]
    reconcile(synced)
    assert gone(synced, "activities") == {number}

    clio.control("records/activities", {**shape_of(before), "id": number})
    sweep = reconcile(synced)["activities"]

    assert gone(synced, "activities") == set()
    assert (sweep.back, sweep.missed) == (1, 0)


def test_a_void_bill_the_plain_list_hides_is_neither_missing_nor_asked_for(synced, clio):
    bills = sorted(sandbox_records(clio, "bills"))[:2]
    for number, state in zip(bills, ("void", "deleted"), strict=True):
        clio.control(f"records/bills/{number}", {"state": state}, method="PATCH")

    sweep = reconcile(synced)["bills"]

    assert (sweep.missing, sweep.gone, sweep.stale) == (0, 0, 2)
    assert [mirrored(synced, "bills")[number]["state"] for number in bills] == ["void", "deleted"]


def test_nothing_is_gone_where_clio_forbids(synced, clio):
    delete(clio, "line_items", 2)
    clio.control("access", {"denied": ["Billing"]}, method="PATCH")

    sweeps = reconcile(synced)

    assert (sweeps["line_items"].state, sweeps["line_items"].reason) == ("refused", "clio.forbidden")
    assert gone(synced, "line_items") == set()
    assert gone(synced, "bills") == set()
    assert sweeps["activities"].state == "done"


def test_nothing_is_gone_where_clio_forbids_the_second_question(synced, clio):
    delete(clio, "line_items", 2)
    pages = -(-len(mirrored(synced, "line_items")) // 200)
    clio.control("faults", {"next": [{"path": LINES, "kind": "403", "after": pages, "times": 1}]})

    sweep = reconcile(synced, entities=("line_items",))["line_items"]

    assert sweep.state == "refused"
    assert gone(synced, "line_items") == set()


def test_nothing_is_gone_on_a_list_that_ends_too_early(synced, clio):
    """A list without its next page: what Clio promised with the first one is not there."""
    delete(clio, "activities", 3)

    with cut_lists(clio):
        sweep = reconcile(synced, entities=("activities",))["activities"]

    assert sweep.state == "unsure"
    assert sweep.listed < sweep.known
    assert "ended before" in sweep.detail
    assert gone(synced, "activities") == set()
    assert reconcile(synced, entities=("activities",))["activities"].gone == 3


def test_what_vanishes_in_a_great_number_is_kept(synced, clio):
    """The right to some matters is lost: no 403, only silence."""
    everything = sorted(sandbox_records(clio, "activities"))
    for number in everything[: len(everything) // 4]:
        clio.control(f"records/activities/{number}", method="DELETE")

    first = reconcile(synced)["activities"]
    late = everything[-1]
    clio.control(f"records/activities/{late}", method="DELETE")
    second = reconcile(synced)["activities"]

    assert (first.missing, first.gone, first.held) == (len(everything) // 4, 0, len(everything) // 4)
    assert held(synced) == {"activities": len(everything) // 4}
    assert (second.missing, second.gone, second.held) == (1, 1, 0)
    assert gone(synced, "activities") == {late}


def test_what_another_user_does_not_see_is_kept(synced, clio):
    vanished = delete(clio, "activities", 2)
    with tenant(synced.firm_id):
        ClioConnection.objects.update(clio_user_id=2, clio_user_since=timezone.now())

    first = reconcile(synced)["activities"]
    later = delete(clio, "activities", 1)
    second = reconcile(synced)["activities"]

    assert (first.missing, first.gone, first.held) == (2, 0, 2)
    assert (second.missing, second.gone) == (1, 1)
    assert gone(synced, "activities") == set(later)
    assert not gone(synced, "activities") & set(vanished)


def test_a_night_compares_wholly_where_another_user_was_connected(synced, clio):
    week_is_young(synced)
    with tenant(synced.firm_id):
        ClioConnection.objects.update(clio_user_since=timezone.now())

    sweeps = reconcile(synced, whole=False)

    assert sweeps["tasks"].is_whole
    assert "tasks" not in reconcile(synced, whole=False)


def test_a_user_connected_in_between_ends_it(synced, clio):
    vanished = delete(clio, "activities", 2)
    open_reconciliation(firm_id=synced.firm_id, is_whole=True)
    assert reconcile_firm(firm_id=synced.firm_id, slice_seconds=0.000_1) is not None
    with tenant(synced.firm_id):
        ClioConnection.objects.update(clio_user_since=timezone.now())

    assert reconcile_firm(firm_id=synced.firm_id) is None

    with tenant(synced.firm_id):
        ended = Reconciliation.objects.get()
    assert ended.state == "failed"
    assert "Another Clio user" in ended.detail
    assert not gone(synced, "activities") & set(vanished)


def test_what_is_shown_again_is_no_longer_held(synced, clio):
    number = delete(clio, "tasks", 1)[0]
    before = mirrored(synced, "tasks")[number]
    with tenant(synced.firm_id):
        ClioConnection.objects.update(clio_user_since=timezone.now())
    reconcile(synced)
    assert held(synced) == {"tasks": 1}

    clio.control("records/tasks", {"id": number, "name": before["name"]})
    reconcile(synced)

    assert held(synced) == {}
    assert gone(synced, "tasks") == set()


def test_goes_on_at_the_page_it_was_at(synced, clio):
    delete(clio, "activities", 2)
    open_reconciliation(firm_id=synced.firm_id, entities=("activities",))
    rounds = 0
    while reconcile_firm(firm_id=synced.firm_id, slice_seconds=0.000_1) is not None:
        rounds += 1

    pages = -(-len(sandbox_records(clio, "activities")) // 200)
    with tenant(synced.firm_id):
        sweep = Sweep.objects.get()
    assert rounds >= pages
    assert (sweep.gone, sweep.pages) == (2, pages + 1)  # the list of written-off ones is one more


def test_only_one_worker_is_at_it(synced, clio):
    open_reconciliation(firm_id=synced.firm_id)

    with turn_at("reconciliation", firm_id=synced.firm_id):
        again_at = reconcile_firm(firm_id=synced.firm_id)

    assert again_at is not None
    assert again_at > timezone.now()
    assert clio.control("requests", method="GET") == {}


def test_stands_back_while_everything_is_read(synced, clio):
    open_reconciliation(firm_id=synced.firm_id)
    with tenant(synced.firm_id):
        SyncRun.objects.create(firm_id=synced.firm_id, kind="full")

    again_at = reconcile_firm(firm_id=synced.firm_id)

    assert again_at is not None
    assert again_at > timezone.now() + timedelta(minutes=5)


def test_waits_while_clio_is_away_and_goes_on(synced, clio):
    vanished = delete(clio, "activities", 1)
    open_reconciliation(firm_id=synced.firm_id, entities=("activities",))
    clio.control("faults", {"next": [{"path": ACTIVITIES, "kind": "500", "times": 9}]})

    with pytest.raises(VendorUnavailable):
        reconcile_firm(firm_id=synced.firm_id)
    clio.control("faults", method="DELETE")
    reconcile_firm(firm_id=synced.firm_id)

    assert gone(synced, "activities") == set(vanished)


def test_each_firm_has_its_place_in_its_night(synced):
    now = timezone.now()

    assert start_due_reconciliations(now=now) == 0  # met for the first time: it is given a place
    with tenant(synced.firm_id):
        due = ReconciliationCare.objects.get().due_at
    assert now < due < now + timedelta(days=1, hours=1)
    assert start_due_reconciliations(now=due - timedelta(minutes=1)) == 0
    assert start_due_reconciliations(now=due + timedelta(minutes=4)) == 1
    assert start_due_reconciliations(now=due + timedelta(minutes=9)) == 0

    with tenant(synced.firm_id):
        assert Job.objects.filter(name="clio.reconcile_firm").count() == 1
        assert Reconciliation.objects.get().finished_at is None
        assert ReconciliationCare.objects.get().due_at > due


# --- what the tests above are made of


def added(firm: Any, clio: Any, entity: str) -> int:
    """Add a record of today to Clio, let a sync bring it, and return its id."""
    like = mirrored(firm, entity)[max(mirrored(firm, entity))]
    number = int(like["clio_id"]) + 1
    clio.control(f"records/{entity}", {**shape_of(like), "id": number})
    sync(firm)
    assert mirrored(firm, entity)[number]["created_at"] > timezone.now() - timedelta(days=1)
    return number


def shape_of(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": row["type"],
        "date": row["date"].isoformat(),
        "note": row["note"],
        "user": {"id": row["user_id"]},
        "matter": {"id": row["matter_id"]},
    }


def differs_only_by(firm: Any, clio: Any, entity: str, ids: set[Any]) -> bool:
    return set(differences(firm, clio, entity)) == {f"only in one: {number}" for number in ids}


@contextmanager
def cut_lists(clio: Any) -> Iterator[None]:
    """Let every list end with its first page while the block runs, as if nothing came after it."""

    def cut(_: Any, answer: Any) -> None:
        answer.body = re.sub(rb',?"next":"[^"]*"', b"", answer.body)

    clio.sandbox.observers.append(cut)
    yield
    clio.sandbox.observers.remove(cut)


def test_brings_what_changed_inside_records_without_moving_their_etag(synced, clio):
    renamed = next(iter(sandbox_records(clio, "users")))
    clio.control(f"records/users/{renamed}", {"name": "Another Name"}, method="PATCH")
    sync(synced)
    naming = ("activities", "matters", "line_items", "bills")
    assert any(differences(synced, clio, entity) for entity in naming)

    sweeps = reconcile(synced)

    assert {entity: differences(synced, clio, entity) for entity in naming} == {entity: [] for entity in naming}
    assert {sweeps[entity].stale for entity in naming} == {0}


def test_place_kept_from_when_only_ids_were_asked_for_changes_no_record(synced, clio):
    before = mirrored(synced, "tasks")
    opened = open_reconciliation(firm_id=synced.firm_id, entities=("tasks",))
    with tenant(synced.firm_id):
        cursor = f"{clio.base_url}/api/v4/tasks.json?fields=id,etag&limit=200"
        Sweep.objects.filter(reconciliation=opened).update(cursor=cursor, state="reading")

    sweeps = reconcile(synced, entities=("tasks",))

    assert sweeps["tasks"].state == "done"
    assert mirrored(synced, "tasks") == before


@pytest.mark.parametrize(("denied", "kind"), [(["Tasks"], "weekly"), ([], "nightly")])
def test_compares_everything_in_the_night_after_a_right_came_back(synced, clio, denied, kind):
    week_is_young(synced)
    clio.control("access", {"denied": denied}, method="PATCH")
    sync(synced)
    clio.control("access", {"denied": []}, method="PATCH")
    sync(synced)

    opened = open_reconciliation(firm_id=synced.firm_id)

    assert opened.kind == kind


def test_keeps_hours_known_before_they_were_hidden_and_gets_back_those_read_hidden(synced, clio):
    before = mirrored(synced, "activities")
    clio.control("acts/hours_hidden")
    reconcile(synced)
    kept = mirrored(synced, "activities")
    sync(synced, full=True)
    hidden = sum(row["quantity_redacted"] or False for row in mirrored(synced, "activities").values())
    clio.control("acts/hours_hidden")
    sync(synced)

    reconcile(synced)

    assert kept == before
    assert hidden > 0
    assert differences(synced, clio, "activities") == []
