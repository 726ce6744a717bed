"""Lists read several at once: in order, in windows where that helps, and nothing lost or asked for in vain."""

import threading
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.clio.mirror import ENTITIES, ENTITY_BY_NAME
from apps.clio.models import SyncedEntity, SyncRun
from apps.clio.queries.syncs import find_progress, find_sync_state
from apps.clio.rules.sync_plan import SplitRule, cut_into_windows, is_due, is_night_work_due
from apps.clio.services.open_run import open_run
from apps.clio.services.read_lists import LISTS_AT_ONCE
from apps.clio.services.sync_firm import sync_firm
from apps.clio.signals import mirror_changed
from apps.core.tenancy import tenant
from tests.clio.factories import differences, fetch, mirrored, one, start, sync

NAMES = [entity.name for entity in ENTITIES]


class Slowly:
    """A Clio that takes its time over each page; counts how many it is at, at most."""

    def __init__(self, clio: Any, monkeypatch: Any, seconds: float) -> None:
        self.seen: list[tuple[str, str]] = []
        self.most = self._now = 0
        self._lock, self._seconds, self._usual = threading.Lock(), seconds, clio.sandbox.answer
        monkeypatch.setattr(clio.sandbox, "answer", self)

    def __call__(self, request: Any) -> Any:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            self.seen.append((request.path, request.query))
        try:
            if request.path.startswith("/api/"):
                time.sleep(self._seconds)
            return self._usual(request)
        finally:
            with self._lock:
                self._now -= 1

    def queries(self, entity: str) -> list[str]:
        return [query for path, query in self.seen if path == f"/api/v4/{entity}.json"]


def first_times(clio: Slowly) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, (path, query) in enumerate(clio.seen):
        if "limit=1&" not in f"{query}&":  # what is asked before a list is read
            places.setdefault(path.removeprefix("/api/v4/").removesuffix(".json"), place)
    return places


def test_reads_several_lists_at_once_and_none_before_what_it_needs(firm, clio, monkeypatch):
    slowly = Slowly(clio, monkeypatch, 0.02)

    sync(firm)

    assert 1 < slowly.most <= LISTS_AT_ONCE
    begun = first_times(slowly)
    for entity in ENTITIES:
        for needed in (ENTITY_BY_NAME[name] for name in entity.needs):
            if needed.endpoint != entity.endpoint:
                assert begun[needed.endpoint] < begun[entity.endpoint], (needed.name, entity.name)
    assert {name: differences(firm, clio, name) for name in NAMES} == {name: [] for name in NAMES}


def test_tells_of_each_entity_as_soon_as_it_is_read(firm, clio):
    heard: list[tuple[str, int]] = []

    def hear(entities: frozenset[str], **_: Any) -> None:
        with tenant(firm.firm_id), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM clio_synced_entities")
            heard.extend((name, cursor.fetchone()[0]) for name in entities)

    mirror_changed.connect(hear)
    sync(firm)
    mirror_changed.disconnect(hear)

    assert sorted(name for name, _ in heard) == sorted(NAMES)
    assert [count for _, count in heard] == list(range(1, len(NAMES) + 1))  # not all of them at the end


def test_one_entity_clio_does_not_answer_for_holds_up_no_other(firm, clio):
    clio.control("faults", {"next": [{"kind": "500", "path": "/api/v4/contacts.json", "times": 3}]})
    start(firm)

    assert sync_firm(firm_id=firm.firm_id) is not None

    progress = find_progress(firm_id=firm.firm_id)
    assert progress is not None
    waiting = {step.entity for step in progress.entities if step.state != "done"}
    assert waiting == {"contacts"} | {each.name for each in ENTITIES if "contacts" in each.needs}
    assert sync_firm(firm_id=firm.firm_id) is None
    assert differences(firm, clio, "contacts") == []


EAGER = SplitRule(worth_pages=3, slow_seconds=0.01)


def sync_eagerly(firm: Any, slice_seconds: float = 45) -> int:
    """Read all activities and bills, in windows wherever that is possible; return how many slices it took."""
    open_run(firm_id=firm.firm_id, full=False, entities=["activities", "bills"])
    slices = 1
    while sync_firm(firm_id=firm.firm_id, slice_seconds=slice_seconds, split=EAGER) is not None:
        slices += 1
    return slices


def test_cuts_a_long_list_into_windows_and_reads_it_once(firm, clio, monkeypatch):
    slowly = Slowly(clio, monkeypatch, 0.03)

    sync_eagerly(firm)

    queries = slowly.queries("activities")
    assert any("start_date=" in each for each in queries)
    chains = fetch(
        firm,
        "SELECT filters ? 'start_date' OR filters ? 'end_date', chain.state, chain.pages, chain.cursor <> '' "
        "FROM clio_sync_chains chain JOIN clio_sync_steps step ON step.id = chain.step_id "
        "WHERE entity = 'activities' AND variant = 0 ORDER BY number",
    )
    assert [state for _, state, _, _ in chains] == ["done"] * 5
    assert [is_window for is_window, _, _, _ in chains] == [False, True, True, True, True]
    assert chains[0][3]  # the list beside the windows was not read to its end: they hold everything
    assert differences(firm, clio, "activities") == []


@pytest.mark.parametrize("dated", ["no date at all", "moved while it is read"])
def test_loses_no_record_to_the_windows(firm, clio, monkeypatch, dated):
    number = sorted(clio.store.tables["activities"].ids)[-1]
    if dated == "no date at all":
        clio.control(f"records/activities/{number}", {"date": None}, "PATCH")
    slowly = Slowly(clio, monkeypatch, 0.03)
    if dated != "no date at all":
        usual = slowly._usual
        moved: list[bool] = []

        def move(request: Any) -> Any:
            if "end_date=" in request.query and not moved:
                moved.append(True)
                later = (timezone.now() + timedelta(seconds=5)).isoformat()
                clio.control(f"records/activities/{number}", {"date": "2001-01-01", "updated_at": later}, "PATCH")
            return usual(request)

        slowly._usual = move

    sync_eagerly(firm)
    if dated != "no date at all":
        sync(firm)  # what changed while it was read is among the changes of the next run

    assert any("start_date=" in each for each in slowly.queries("activities"))
    assert number in mirrored(firm, "activities")
    assert differences(firm, clio, "activities") == []


def test_goes_on_in_the_middle_of_windows(firm, clio, monkeypatch):
    Slowly(clio, monkeypatch, 0.03)

    assert sync_eagerly(firm, slice_seconds=0.1) > 1

    assert differences(firm, clio, "activities") == []
    assert differences(firm, clio, "bills") == []


def quiet(firm: Any) -> None:
    """Let nothing nightly be due."""
    with tenant(firm.firm_id):
        SyncedEntity.objects.update(open_read_at=timezone.now())


def test_a_run_without_changes_costs_one_call_a_list(firm, clio):
    sync(firm)
    quiet(firm)
    clio.control("requests", method="DELETE")

    sync(firm)

    read = [entity for entity in ENTITIES if not entity.every_hours]
    calls = clio.control("requests", method="GET")
    assert sum(calls.values()) == sum(len(entity.variants) for entity in read)
    assert sum(calls.values()) <= 32


def test_what_tells_no_changes_is_read_by_its_own_cadence(firm, clio):
    sync(firm)
    seldom = [entity.name for entity in ENTITIES if entity.every_hours]
    assert seldom
    sync(firm)
    assert one(firm, "SELECT count(*) FROM clio_sync_steps WHERE entity = ANY(%s)", seldom) == len(seldom)
    with tenant(firm.firm_id):
        SyncedEntity.objects.filter(entity=seldom[0]).update(read_from=timezone.now() - timedelta(days=2))

    sync(firm)

    assert one(firm, "SELECT count(*) FROM clio_sync_steps WHERE entity = %s", seldom[0]) == 2
    assert find_sync_state(firm_id=firm.firm_id).is_complete


def test_reads_a_bill_again_that_a_changed_allocation_names(firm, clio):
    sync(firm)
    quiet(firm)
    number, row = next((n, r) for n, r in mirrored(firm, "allocations").items() if r["bill_id"])
    bill = row["bill_id"]
    later = (timezone.now() + timedelta(seconds=5)).isoformat()
    before = mirrored(firm, "bills")[bill]
    # The payment moves what the bill shows, and not its updated_at.
    unmoved = before["updated_at"].isoformat()
    clio.control(f"records/bills/{bill}", {"balance": 1.25, "updated_at": unmoved}, "PATCH")
    clio.control(f"records/allocations/{number}", {"amount": 0.75, "updated_at": later}, "PATCH")

    sync(firm)

    assert differences(firm, clio, "allocations") == []
    assert differences(firm, clio, "bills") == []
    clio.control("requests", method="DELETE")
    sync(firm)
    assert clio.control("requests", method="GET")["/api/v4/bills.json"] == len(ENTITY_BY_NAME["bills"].variants)


def test_reads_open_bills_again_at_night(firm, clio):
    sync(firm)
    bill = next(n for n, r in mirrored(firm, "bills").items() if r["state"] == "awaiting_payment")
    unmoved = mirrored(firm, "bills")[bill]["updated_at"].isoformat()
    clio.control(f"records/bills/{bill}", {"balance": 7.5, "updated_at": unmoved}, "PATCH")
    quiet(firm)
    sync(firm)
    assert differences(firm, clio, "bills") != []
    with tenant(firm.firm_id):
        SyncedEntity.objects.filter(entity="bills").update(open_read_at=timezone.now() - timedelta(hours=31))

    sync(firm)

    assert differences(firm, clio, "bills") == []
    assert one(firm, "SELECT open_read_at > now() - interval '1 hour' FROM clio_synced_entities WHERE entity = 'bills'")


def test_a_page_that_names_another_host_is_asked_for_again_later(firm, clio, monkeypatch):
    usual = clio.sandbox.answer
    spoiled: list[bool] = []

    def elsewhere(request: Any) -> Any:
        answered = usual(request)
        if request.path == "/api/v4/line_items.json" and not spoiled:
            spoiled.append(True)
            answered.body = answered.body.replace(b'"next":"http://127.0.0.1', b'"next":"http://127.0.0.2')
        return answered

    monkeypatch.setattr(clio.sandbox, "answer", elsewhere)
    start(firm)

    assert sync_firm(firm_id=firm.firm_id) is not None
    assert one(firm, "SELECT count(*) FROM clio_line_items") == 0
    assert sync_firm(firm_id=firm.firm_id) is None

    assert differences(firm, clio, "line_items") == []


def test_a_place_on_a_host_of_former_times_is_not_used(firm, clio):
    start(firm)
    sync_firm(firm_id=firm.firm_id, slice_seconds=0.01)
    with tenant(firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE clio_sync_chains SET cursor = 'https://old.example.com/x' WHERE state = 'pending'")

    while sync_firm(firm_id=firm.firm_id) is not None:
        pass

    assert {name: differences(firm, clio, name) for name in NAMES} == {name: [] for name in NAMES}


def test_reads_one_entity_again_and_leaves_the_others_alone(firm, clio):
    sync(firm)
    state = find_sync_state(firm_id=firm.firm_id)
    with tenant(firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE clio_bills SET memo = 'spoiled'")
    clio.control("requests", method="DELETE")

    open_run(firm_id=firm.firm_id, full=False, entities=["bills"])
    assert sync_firm(firm_id=firm.firm_id) is None

    assert differences(firm, clio, "bills") == []
    assert set(clio.control("requests", method="GET")) == {"/api/v4/bills.json"}
    with tenant(firm.firm_id):
        assert SyncRun.objects.order_by("-id").values_list("kind", flat=True).first() == "entities"
    after = find_sync_state(firm_id=firm.firm_id)
    assert (after.is_complete, after.data_as_of) == (True, state.data_as_of)


@pytest.mark.parametrize("parts", [1, 2, 4, 9])
@pytest.mark.parametrize("days", [0, 1, 3, 400])
def test_windows_hold_every_day_once(parts, days):
    first = date(2024, 2, 27)
    windows = cut_into_windows(first=first, last=first + timedelta(days=days), parts=parts)

    for day in (first + timedelta(days=number) for number in range(-5, days + 5)):
        held = [w for w in windows if (w[0] is None or w[0] <= day) and (w[1] is None or day <= w[1])]
        assert len(held) == 1
    assert (windows[0][0], windows[-1][1]) == (None, None)


@pytest.mark.parametrize(
    ("pages_left", "seconds", "allowed", "helps"),
    [
        (500, 0.5, 50, False),  # at the peak limit one list alone nearly uses it up
        (500, 0.5, 1000, True),
        (39, 0.5, 1000, False),
        (500, 0.05, 1000, False),
        (500, 0.5, None, False),
    ],
)
def test_splits_only_where_latency_binds(pages_left, seconds, allowed, helps):
    asked = {"pages_left": pages_left, "seconds_per_page": seconds, "allowed_per_minute": allowed}

    assert SplitRule().helps(**asked, lists_at_once=1) is helps


@pytest.mark.parametrize(("hours", "hour", "due"), [(17, 3, False), (19, 3, True), (19, 14, False), (31, 14, True)])
def test_nightly_means_at_night_or_as_soon_as_a_night_was_missed(hours, hour, due):
    now = timezone.now()

    assert is_night_work_due(last_at=now - timedelta(hours=hours), now=now, local_hour=hour) is due


def test_an_entity_is_due_by_its_cadence():
    now = timezone.now()

    assert is_due(every_hours=0, read_from=now, now=now)
    assert is_due(every_hours=24, read_from=None, now=now)
    assert not is_due(every_hours=24, read_from=now - timedelta(hours=23), now=now)
    assert is_due(every_hours=24, read_from=now - timedelta(hours=24), now=now)
