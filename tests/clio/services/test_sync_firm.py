"""The sync of a firm: everything arrives, exactly, whatever goes wrong on the way."""

import base64
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.billing.models import Subscription
from apps.clio.errors import ClioGrantRevoked, ClioNotConnected, RunHeldElsewhere, RunLost
from apps.clio.mirror import ENTITIES, ENTITY_BY_NAME
from apps.clio.models import ClioConnection, SyncChain, SyncRun, SyncStep
from apps.clio.queries.optional_fields import list_taken_fields
from apps.clio.queries.syncs import find_progress, find_sync_state, get_mirror_version
from apps.clio.services import hold_run as runs
from apps.clio.services.access_token import get_grant
from apps.clio.services.read_lists import RunLists
from apps.clio.services.sync_firm import sync_firm
from apps.clio.signals import mirror_changed, sync_completed
from apps.core.tenancy import tenant
from tests.clio.factories import ENDPOINTS, connect, differences, fetch, mirrored, one, start, sync

NAMES = [entity.name for entity in ENTITIES]


def progress_of(firm: Any) -> Any:
    progress = find_progress(firm_id=firm.firm_id)
    assert progress is not None
    return progress


def step_of(firm: Any, entity: str) -> Any:
    return next(step for step in progress_of(firm).entities if step.entity == entity)


def requests_of(clio: Any, entity: str) -> Any:
    return clio.control("requests", method="GET").get(f"/api/v4/{entity}.json", 0)


def test_mirrors_every_field_of_every_record(firm, clio):
    sync(firm)

    assert {name: differences(firm, clio, name) for name in NAMES} == {name: [] for name in NAMES}


def test_counts_and_sums_equal_the_sandboxs(firm, clio):
    sync(firm)

    names = {endpoint: entity for entity, endpoint in ENDPOINTS.items()}
    for endpoint, expected in clio.control("counts", method="GET").items():
        entity = names.get(endpoint, endpoint)
        assert one(firm, f"SELECT count(*) FROM clio_{entity}") == expected.pop("count")
        for name, total in expected.items():
            column = name.removeprefix("sum_")
            assert one(firm, f"SELECT coalesce(sum({column}), 0) FROM clio_{entity}") == Decimal(total), name


def test_tells_how_it_went(firm, clio):
    sync(firm)

    progress = progress_of(firm)
    assert (progress.kind, progress.state, progress.detail) == ("full", "done", "")
    assert [step.entity for step in progress.entities] == NAMES
    activities = step_of(firm, "activities")
    count = clio.control("counts", method="GET")["activities"]["count"]
    assert (activities.records, activities.expected, activities.changed) == (count, count, count)
    assert activities.pages == -(-count // 200) + 1  # and those written off
    state = find_sync_state(firm_id=firm.firm_id)
    assert state.is_complete
    assert state.data_as_of is not None
    assert dict(fetch(firm, "SELECT entity, records FROM clio_out_sync"))["activities"] == count


def test_announces_what_changed_and_raises_the_version(firm, clio):
    heard: list[Any] = []
    completed: list[str] = []

    def hear(entities: frozenset[str], firm_id: int, **_: Any) -> None:
        heard.append((firm_id, entities))

    def complete(kind: str, **_: Any) -> None:
        completed.append(kind)

    mirror_changed.connect(hear)
    sync_completed.connect(complete)
    sync(firm)
    version = get_mirror_version(firm_id=firm.firm_id)
    sync(firm, full=True)
    mirror_changed.disconnect(hear)
    sync_completed.disconnect(complete)

    assert {firm_id for firm_id, _ in heard} == {firm.firm_id}
    assert sorted(name for _, names in heard for name in names) == sorted(NAMES)  # each as soon as it was read
    assert completed == ["full", "full"]
    assert version > 0
    assert get_mirror_version(firm_id=firm.firm_id) == version


def test_reads_only_what_changed_the_second_time(firm, clio):
    sync(firm)
    (number, before) = next(iter(mirrored(firm, "activities").items()))
    later = (timezone.now() + timedelta(seconds=5)).isoformat()
    clio.control(f"records/activities/{number}", {"note": "Reviewed\tthe\nfile \\ twice", "updated_at": later}, "PATCH")
    clio.control("requests", method="DELETE")

    sync(firm)

    assert progress_of(firm).kind == "incremental"
    assert mirrored(firm, "activities")[number]["note"] == "Reviewed\tthe\nfile \\ twice" != before["note"]
    assert (step_of(firm, "activities").records, step_of(firm, "activities").changed) == (1, 1)
    assert requests_of(clio, "activities") == 2  # those written off are a list of their own
    assert differences(firm, clio, "activities") == []


def test_reads_everything_again_when_asked(firm, clio):
    sync(firm)
    with tenant(firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE clio_bills SET total = total + 1, memo = 'spoiled'")
        cursor.execute("DELETE FROM clio_line_items WHERE clio_id % 2 = 0")

    sync(firm, full=True)

    assert differences(firm, clio, "bills") == []
    assert differences(firm, clio, "line_items") == []


@pytest.mark.parametrize("kind", ["500", "503", "html500", "drop", "truncate", "timeout"])
def test_loses_nothing_to_a_failing_clio(firm, clio, kind):
    clio.control("faults", {"next": [{"kind": kind, "path": "/api/v4/activities.json", "after": 3, "times": 2}]})

    assert sync(firm) == 1

    assert differences(firm, clio, "activities") == []


def test_comes_back_later_when_clio_keeps_failing(firm, clio):
    clio.control("faults", {"next": [{"kind": "503", "path": "/api/v4/line_items.json", "after": 3, "times": 3}]})
    start(firm)

    goes_on_at = sync_firm(firm_id=firm.firm_id)

    assert goes_on_at is not None
    assert goes_on_at > timezone.now()
    progress = progress_of(firm)
    assert (progress.state, progress.detail) == ("running", "Clio answered 503.")
    assert step_of(firm, "line_items").pages == 3
    assert one(firm, "SELECT count(*) FROM clio_line_items") == 600
    assert [step.entity for step in progress.entities if step.state != "done"] == ["line_items"]  # the others went on
    assert sync_firm(firm_id=firm.firm_id) is None
    assert differences(firm, clio, "line_items") == []


def test_gives_up_in_words_after_many_failures_in_a_row(firm, clio):
    clio.control("faults", {"odds": "503:1"})
    start(firm)
    with tenant(firm.firm_id):
        SyncRun.objects.filter(firm_id=firm.firm_id).update(failures=39)

    assert sync_firm(firm_id=firm.firm_id) is None

    assert (progress_of(firm).state, progress_of(firm).reason) == ("failed", "core.vendor_unavailable")


def test_waits_as_long_as_a_429_says(firm, clio):
    clio.control("faults", {"next": [{"kind": "429", "path": "/api/v4/line_items.json", "after": 2, "seconds": 50}]})
    start(firm)
    begun = timezone.now()

    goes_on_at = sync_firm(firm_id=firm.firm_id)

    assert goes_on_at is not None
    assert begun <= goes_on_at - timedelta(seconds=50) <= timezone.now()
    assert one(firm, "SELECT count(*) FROM clio_line_items") == 400


def test_stops_at_the_limit_without_asking_once_too_often(firm, clio, settings):
    clio.control("rate-limit", {"limit": 9})
    start(firm)

    first = sync_firm(firm_id=firm.firm_id)
    second = sync_firm(firm_id=firm.firm_id)

    assert first is not None
    assert second is not None
    assert sum(clio.control("requests", method="GET").values()) == 9
    assert 0 < sum(step.pages for step in progress_of(firm).entities) <= 9  # optional fields are asked for once
    clio.control("rate-limit", {"limit": 0})
    settings.REDIS_KEY_PREFIX += "next-window:"
    assert sync_firm(firm_id=firm.firm_id) is None
    assert {name: differences(firm, clio, name) for name in NAMES} == {name: [] for name in NAMES}


def test_goes_on_in_slices_from_where_it_stopped(firm, clio):
    start(firm)

    slices = 0
    while sync_firm(firm_id=firm.firm_id, slice_seconds=0.02) is not None:
        slices += 1

    assert slices > 2
    assert {name: differences(firm, clio, name) for name in NAMES} == {name: [] for name in NAMES}
    assert step_of(firm, "activities").records == clio.control("counts", method="GET")["activities"]["count"]


def test_restarts_an_entity_whose_place_was_refused(firm, clio):
    clio.control("faults", {"next": [{"kind": "422", "path": "/api/v4/line_items.json", "after": 4}]})

    sync(firm)

    assert progress_of(firm).state == "done"
    assert one(firm, "SELECT restarts FROM clio_sync_steps WHERE entity = 'line_items'") == 1
    assert differences(firm, clio, "line_items") == []
    assert step_of(firm, "line_items").records == clio.control("counts", method="GET")["line_items"]["count"]


def test_fails_in_words_when_clio_refuses_the_first_page(firm, clio):
    clio.control("faults", {"next": [{"kind": "400", "path": "/api/v4/contacts.json", "times": 9}]})
    start(firm)

    assert sync_firm(firm_id=firm.firm_id) is None

    progress = progress_of(firm)
    assert (progress.state, progress.reason) == ("failed", "clio.request_refused")
    assert "400" in progress.detail


def spoil(clio: Any, monkeypatch: Any, raw: bytes) -> int:
    """Let the sandbox send raw bytes in the note of one activity; return its id."""
    number = sorted(clio.store.tables["activities"].ids)[900]
    clio.control(f"records/activities/{number}", {"note": "ODD TEXT"}, "PATCH")
    answer = clio.sandbox.answer

    def spoiled(request: Any) -> Any:
        answered = answer(request)
        answered.body = answered.body.replace(b"ODD TEXT", raw)
        return answered

    monkeypatch.setattr(clio.sandbox, "answer", spoiled)
    return int(number)


def assert_refused_only_activities(firm: Any, sentence: str) -> None:
    progress = progress_of(firm)
    assert (progress.state, progress.reason, progress.detail) == ("done", "clio.record_unknown", sentence)
    assert [step.entity for step in progress.entities if step.state != "done"] == ["activities"]
    assert (step_of(firm, "activities").state, step_of(firm, "activities").detail) == ("refused", sentence)
    assert one(firm, "SELECT count(*) FROM clio_activities") == 800  # the four pages before the one it is in
    assert find_sync_state(firm_id=firm.firm_id).refused == ("activities",)
    assert fetch(firm, "SELECT held_by, held_until FROM clio_sync_runs") == [(None, None)]


def test_leaves_out_from_a_record_that_does_not_fit_on(firm, clio):
    number = sorted(clio.store.tables["activities"].ids)[900]
    clio.control(f"records/activities/{number}", {"date": "someday"}, "PATCH")

    sync(firm)

    assert_refused_only_activities(firm, f"Record {number} of the activities holds a value that does not fit date.")


@pytest.mark.parametrize("raw", [b"\\ud800 half a pair", b"\\ud800", b"\\udc00", b"a\xffb"])
def test_leaves_out_from_a_record_on_whose_text_is_not_unicode(firm, clio, monkeypatch, raw):
    number = spoil(clio, monkeypatch, raw)

    sync(firm)

    assert_refused_only_activities(firm, f"Record {number} of the activities holds text that is not Unicode.")


def test_leaves_out_from_a_record_of_unknown_form_on(firm, clio):
    number = sorted(clio.store.tables["activities"].ids)[900]
    clio.control(f"records/activities/{number}", {"non_billable": "perhaps"}, "PATCH")

    sync(firm)

    assert_refused_only_activities(firm, f"Record {number} of the activities has no known form.")


def test_an_error_of_ours_leaves_the_run_with_a_reason_and_free(firm):
    start(firm)
    with tenant(firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE clio_sync_steps SET entity = 'nonsense' WHERE entity = 'contacts'")

    with pytest.raises(KeyError):
        sync_firm(firm_id=firm.firm_id)

    progress = progress_of(firm)
    assert (progress.state, progress.detail) == ("running", "An error of ours stopped the sync; it is tried again")
    assert progress.goes_on_at is not None
    assert one(firm, "SELECT held_by IS NULL AND failures = 1 FROM clio_sync_runs")


def test_stops_when_the_firm_was_disconnected_though_clio_still_answers(firm):
    start(firm)
    grant = get_grant(firm_id=firm.firm_id)
    held = runs.hold_run(firm_id=firm.firm_id)
    assert held is not None
    with tenant(firm.firm_id):
        ClioConnection.objects.update(status="disconnected", access_token="", refresh_token="")
    changed: set[str] = set()

    with pytest.raises(ClioNotConnected):
        RunLists(held, grant, until=time.monotonic() + 45, changed=changed).read()

    assert (changed, one(firm, "SELECT count(*) FROM clio_users")) == (set(), 0)


@pytest.mark.parametrize("is_early", [False, True])
def test_only_a_try_at_its_time_counts_as_a_failure(firm, clio, is_early):
    clio.control("faults", {"odds": "503:1"})
    start(firm)
    waits = timezone.now() + timedelta(minutes=15 if is_early else -1)
    with tenant(firm.firm_id):
        SyncRun.objects.filter(firm_id=firm.firm_id).update(failures=38, goes_on_at=waits)
    start(firm)

    assert sync_firm(firm_id=firm.firm_id) is not None

    assert one(firm, "SELECT failures FROM clio_sync_runs") == (38 if is_early else 39)
    assert one(firm, "SELECT goes_on_at > now() + interval '2 minutes' FROM clio_sync_runs")


def test_a_parked_run_that_is_taken_up_says_so(firm, clio):
    start(firm)
    held = runs.hold_run(firm_id=firm.firm_id)
    assert held is not None
    runs.park(held, reason="clio.grant_revoked", detail="Connect again")

    start(firm)

    progress = progress_of(firm)
    assert (progress.state, progress.reason, progress.detail, progress.goes_on_at) == ("running", "", "", None)


def test_leaves_out_what_the_connected_user_may_not_read(firm, clio):
    clio.control("faults", {"next": [{"kind": "403", "path": "/api/v4/bills.json", "times": 9}]})

    sync(firm)

    progress = progress_of(firm)
    assert (progress.state, progress.reason) == ("done", "clio.forbidden")
    assert "bills" in progress.detail
    assert step_of(firm, "bills").state == "refused"
    assert step_of(firm, "allocations").state == "done"
    state = find_sync_state(firm_id=firm.firm_id)
    assert (state.is_complete, state.refused) == (True, ("bills",))
    assert state.data_as_of == one(firm, "SELECT min(read_from) FROM clio_synced_entities")
    published = (
        "SELECT first_completed_at IS NULL, last_completed_at IS NULL, records, settled, refused FROM clio_out_sync"
    )
    assert fetch(firm, f"{published} WHERE entity = 'bills'") == [(True, True, 0, True, True)]
    assert fetch(firm, f"{published} WHERE entity = 'users'")[0][3:] == (True, False)


def test_a_refusal_counts_once_its_run_has_finished_and_until_the_entity_is_read(firm, clio):
    away = {"kind": "503", "path": "/api/v4/practice_areas.json", "times": 3}
    clio.control("faults", {"next": [{"kind": "403", "path": "/api/v4/users.json"}, away]})
    start(firm)
    sync_firm(firm_id=firm.firm_id)
    assert step_of(firm, "users").state == "refused"
    assert fetch(firm, "SELECT entity FROM clio_out_sync WHERE entity = 'users'") == []
    assert find_sync_state(firm_id=firm.firm_id).refused == ()
    sync(firm)
    assert find_sync_state(firm_id=firm.firm_id).refused == ("users",)

    sync(firm)

    state = find_sync_state(firm_id=firm.firm_id)
    assert (progress_of(firm).kind, state.is_complete, state.refused) == ("incremental", True, ())
    assert differences(firm, clio, "users") == []


def test_a_later_refusal_keeps_what_was_read_before(firm, clio):
    sync(firm)
    before = find_sync_state(firm_id=firm.firm_id).data_as_of
    clio.control("faults", {"next": [{"kind": "403", "path": "/api/v4/users.json", "times": 9}]})

    sync(firm)

    state = find_sync_state(firm_id=firm.firm_id)
    assert (state.is_complete, state.refused, progress_of(firm).kind) == (True, ("users",), "incremental")
    assert before is not None
    assert state.data_as_of == one(firm, "SELECT read_from FROM clio_synced_entities WHERE entity = 'users'")
    assert fetch(firm, "SELECT settled, refused FROM clio_out_sync WHERE entity = 'users'") == [(True, True)]


def test_refreshes_an_expired_token_once_on_the_way(firm, clio):
    clio.control("faults", {"next": [{"kind": "401", "path": "/api/v4/activities.json", "after": 5}]})

    sync(firm)

    assert clio.control("requests", method="GET")["/oauth/token"] == 1
    assert differences(firm, clio, "activities") == []


def test_parks_the_run_when_the_grant_is_revoked(cast, clio):
    granted = connect(cast.firm, clio)
    start(cast.firm)
    clio.control("revoke", {"token": granted["refresh_token"]})

    assert sync_firm(firm_id=cast.firm.firm_id) is None

    assert (progress_of(cast.firm).state, progress_of(cast.firm).reason) == ("parked", "clio.grant_revoked")
    assert one(cast.firm, "SELECT status FROM clio_connections") == "revoked"
    assert one(cast.firm, "SELECT access_token || refresh_token FROM clio_connections") == ""
    assert one(cast.firm, "SELECT count(*) FROM core_auditentry WHERE action = 'clio.grant_revoked'") == 1
    with pytest.raises(ClioGrantRevoked):
        get_grant(firm_id=cast.firm.firm_id)


def test_parks_the_run_when_a_fresh_token_is_refused_too(firm, clio):
    clio.control("faults", {"next": [{"kind": "401", "path": "/api/v4/activities.json", "times": 9}]})
    start(firm)

    assert sync_firm(firm_id=firm.firm_id) is None

    assert progress_of(firm).reason == "clio.grant_revoked"
    assert clio.control("requests", method="GET")["/oauth/token"] == 1


def test_parks_the_run_when_the_plan_forbids_it(firm, clio):
    start(firm)
    now = timezone.now()
    with tenant(firm.firm_id):
        trial = {"trial_started_at": now - timedelta(30), "trial_ends_at": now - timedelta(16)}
        Subscription.objects.update_or_create(firm_id=firm.firm_id, defaults={"state": "suspended", **trial})

    assert sync_firm(firm_id=firm.firm_id) is None

    assert (progress_of(firm).state, progress_of(firm).reason) == ("parked", "clio.sync_not_in_plan")
    assert clio.control("requests", method="GET") == {}


def test_needs_a_connection(cast):
    with pytest.raises(ClioNotConnected):
        start(cast.firm)


def test_is_worked_on_by_one_at_a_time(firm, clio):
    start(firm)
    first = runs.hold_run(firm_id=firm.firm_id)
    assert first is not None

    with pytest.raises(RunHeldElsewhere):
        runs.hold_run(firm_id=firm.firm_id)
    begun = timezone.now()
    goes_on_at = sync_firm(firm_id=firm.firm_id)

    assert goes_on_at is not None
    held_until = one(firm, "SELECT held_until FROM clio_sync_runs")
    assert held_until <= goes_on_at <= held_until + (timezone.now() - begun)
    assert clio.control("requests", method="GET") == {}


def test_stops_when_another_worker_has_taken_over(firm):
    start(firm)
    first = runs.hold_run(firm_id=firm.firm_id)
    assert first is not None
    with tenant(firm.firm_id):
        SyncRun.objects.filter(firm_id=firm.firm_id).update(held_until=timezone.now() - timedelta(seconds=1))
    assert runs.hold_run(firm_id=firm.firm_id) is not None

    with pytest.raises(RunLost):
        runs.keep_holding(first, made_progress=True)


def test_mirrors_pages_the_same_whatever_their_order(firm, clio):
    sync(firm)
    once = mirrored(firm, "activities")
    version = get_mirror_version(firm_id=firm.firm_id)
    start(firm, full=True)
    with tenant(firm.firm_id):
        activities = SyncStep.objects.filter(firm_id=firm.firm_id, entity="activities", state="pending")
        others = SyncStep.objects.filter(firm_id=firm.firm_id, state="pending").exclude(entity="activities")
        assert (activities.count(), others.update(state="done")) == (1, len(NAMES) - 1)
    entity = ENTITY_BY_NAME["activities"]
    taken = list_taken_fields(firm_id=firm.firm_id, entity="activities", asked=entity.optional_fields)
    query = f"fields={entity.asked_fields(taken)}"
    clio.control("requests", method="DELETE")
    for after in (3000, 400, 3000, 0):  # pages in any order, some of them twice
        seal = base64.urlsafe_b64encode(f"after:{sorted(once)[after]}".encode()).decode().rstrip("=")
        cursor = f"{clio.base_url}/api/v4/activities.json?limit=200&order=id(asc)&{query}&page_token={seal}"
        with tenant(firm.firm_id):
            step = SyncStep.objects.get(firm_id=firm.firm_id, entity="activities", finished_at=None)
            place = {"cursor": cursor, "state": "pending"}
            SyncChain.objects.update_or_create(firm_id=firm.firm_id, step=step, number=0, defaults=place)
        sync_firm(firm_id=firm.firm_id, slice_seconds=0.001)

    assert requests_of(clio, "activities") >= 4
    assert mirrored(firm, "activities") == once
    assert get_mirror_version(firm_id=firm.firm_id) == version


def test_keeps_the_connection_of_a_firm_out_of_anothers_sight(firm, cast):
    with tenant(cast.strangers_firm.firm_id):
        assert not ClioConnection.objects.exists()
