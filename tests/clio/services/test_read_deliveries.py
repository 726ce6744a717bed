"""What Clio announced is read anew: many records in a question, in any order, each in the end as Clio has it."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.billing.models import Subscription
from apps.clio.models import ClioConnection, WebhookDelivery
from apps.clio.services.read_deliveries import read_deliveries
from apps.clio.services.sweep_deliveries import forget_deliveries, sweep_deliveries
from apps.clio.services.turns import turn_at
from apps.clio.services.waiting_deliveries import next_batch, settle
from apps.core.errors import VendorUnavailable
from apps.core.models import Job
from apps.core.tenancy import tenant
from tests.clio.factories import mirrored, sandbox_records, start

pytestmark = pytest.mark.django_db
ACTIVITIES = "/api/v4/activities.json"


def announce(
    firm: Any,
    record_ids: Iterable[object],
    *,
    model: str = "activity",
    event: str = "updated",
    age: float = 60,
    **more: Any,
) -> None:
    """Put deliveries into the inbox, as old as is said in seconds."""
    at = timezone.now() - timedelta(seconds=age)
    with tenant(firm.firm_id):
        count = WebhookDelivery.objects.count()
        WebhookDelivery.objects.bulk_create(
            WebhookDelivery(
                firm_id=firm.firm_id,
                model=model,
                event=event,
                record_id=str(each),
                digest=hashlib.sha256(f"{count + place}".encode()).digest(),
                **{"received_at": at, "available_at": at, "attempts": 0, "outcome": "", **more},
            )
            for place, each in enumerate(record_ids)
        )


def outcomes(firm: Any) -> list[str]:
    with tenant(firm.firm_id):
        rows = WebhookDelivery.objects.order_by("id").values_list("outcome", "handled_at")
        return [outcome if handled else "waits" for outcome, handled in rows]


def requests(clio: Any) -> dict[str, int]:
    return dict(clio.control("requests", method="GET"))


def ids_of(clio: Any, entity: str) -> list[int]:
    return sorted(sandbox_records(clio, entity))


def fail(clio: Any, kind: str, path: str = ACTIVITIES, times: int = 9) -> None:
    clio.control("faults", {"next": [{"path": path, "kind": kind, "times": times}]})


def read(firm: Any) -> Any:
    return read_deliveries(firm_id=firm.firm_id)


def test_reads_what_was_announced(firm, clio):
    ids = ids_of(clio, "activities")[:3]
    announce(firm, ids)

    assert read(firm) is None

    assert set(mirrored(firm, "activities")) == set(ids)
    assert outcomes(firm) == ["read"] * 3


def test_reads_a_record_once_however_often_it_was_announced(firm, clio):
    ids = ids_of(clio, "activities")[:2]
    announce(firm, ids * 20)
    clio.control("requests", method="DELETE")

    read(firm)

    assert requests(clio) == {ACTIVITIES: 1}
    assert outcomes(firm) == ["read"] * 40


def test_a_burst_of_ten_thousand_costs_a_hundred_questions_at_most(firm, clio):
    known = ids_of(clio, "activities")
    announce(firm, (known * (10_000 // len(known) + 1))[:10_000], age=0)
    clio.control("requests", method="DELETE")

    assert read(firm) is None

    asked = requests(clio)[ACTIVITIES]
    assert asked == -(-len(known) // 100)
    assert asked <= 100
    assert set(mirrored(firm, "activities")) == set(known)
    assert set(outcomes(firm)) == {"read"}


def test_a_batch_that_is_not_full_waits_for_more_while_they_come(firm, clio):
    due = timezone.now()
    announce(firm, ids_of(clio, "activities")[:5], age=-600, available_at=due)  # still coming, however long this takes
    assert next_batch(firm_id=firm.firm_id) == ([], True)

    announce(firm, [ids_of(clio, "activities")[6]], age=2.5)
    batch, _ = next_batch(firm_id=firm.firm_id)

    assert len(batch) == 6


def test_believes_clio_and_not_the_order_in_which_it_told(firm, clio):
    kept, removed = ids_of(clio, "activities")[:2]
    announce(firm, [kept, removed])
    read(firm)
    clio.control(f"records/activities/{removed}", method="DELETE")
    announce(firm, [kept, removed], event="deleted")
    announce(firm, [kept, removed])

    read(firm)

    rows = mirrored(firm, "activities")
    assert (rows[kept]["gone_at"], rows[removed]["gone_at"] is not None) == (None, True)


def test_looks_once_more_for_what_went_while_a_sync_may_still_write_it(firm, clio):
    removed, kept = ids_of(clio, "activities")[:2]
    announce(firm, [removed, kept])
    clio.control(f"records/activities/{removed}", method="DELETE")
    start(firm)

    read(firm)

    assert outcomes(firm) == ["waits", "read"]
    with tenant(firm.firm_id):
        WebhookDelivery.objects.filter(handled_at=None).update(available_at=timezone.now() - timedelta(minutes=1))
    read(firm)
    assert outcomes(firm) == ["read", "read"]


def test_a_few_records_do_not_wait_for_the_end_of_a_burst(firm):
    announce(firm, range(1, 301))
    announce(firm, [5], model="bill")

    batch, _ = next_batch(firm_id=firm.firm_id)

    assert [(each.model, each.record_id) for each in batch] == [("bill", "5")]


def test_what_is_announced_while_it_is_read_is_read_again(firm, clio):
    number = ids_of(clio, "activities")[0]
    announce(firm, [number])
    batch, _ = next_batch(firm_id=firm.firm_id)
    announce(firm, [number])

    settle(batch, firm_id=firm.firm_id, outcome="read")

    assert outcomes(firm) == ["read", "waits"]


def test_a_bill_brings_its_lines_and_allocations(firm, clio):
    allocation = next(each for each in sandbox_records(clio, "allocations").values() if each["bill"])
    bill = allocation["bill"]["id"]
    announce(firm, [bill], model="bill")

    read(firm)

    def of_bill(entity: str) -> set[int]:
        return {
            number for number, each in sandbox_records(clio, entity).items() if (each["bill"] or {}).get("id") == bill
        }

    assert set(mirrored(firm, "bills")) == {bill}
    assert set(mirrored(firm, "line_items")) == of_bill("line_items") != set()
    assert set(mirrored(firm, "allocations")) == of_bill("allocations") != set()


def test_settles_what_is_no_record_of_ours(firm, clio):
    announce(firm, ["12-x", "9223372036854775808", "٣"])
    announce(firm, [1], model="document")
    clio.control("requests", method="DELETE")

    assert read(firm) is None

    assert outcomes(firm) == ["not_ours"] * 4
    assert requests(clio) == {}


def test_settles_what_the_connected_user_may_not_read(firm, clio):
    announce(firm, ids_of(clio, "activities")[:2])
    fail(clio, "403")

    read(firm)

    assert outcomes(firm) == ["forbidden"] * 2
    assert mirrored(firm, "activities") == {}


def test_an_odd_record_holds_no_other_up_and_is_given_up_in_the_end(firm, clio):
    clio.sandbox.observers.clear()  # what it sends is against the contract on purpose
    ids = ids_of(clio, "activities")[:10]
    clio.control(f"records/activities/{ids[4]}", {"date": "someday"}, "PATCH")
    clio.control(f"records/activities/{ids[7]}", {"non_billable": "perhaps"}, "PATCH")
    announce(firm, ids)

    read(firm)

    assert set(mirrored(firm, "activities")) == set(ids) - {ids[4], ids[7]}
    assert [place for place, outcome in enumerate(outcomes(firm)) if outcome == "waits"] == [4, 7]
    for _ in range(6):
        with tenant(firm.firm_id):
            WebhookDelivery.objects.filter(handled_at=None).update(available_at=timezone.now() - timedelta(minutes=1))
        read(firm)
    assert [place for place, outcome in enumerate(outcomes(firm)) if outcome == "given_up"] == [4, 7]


def test_what_clio_refuses_is_tried_in_ever_smaller_batches(firm, clio):
    announce(firm, ids_of(clio, "activities")[:30])
    fail(clio, "409", times=1)

    read(firm)

    assert outcomes(firm) == ["waits"] * 30
    with tenant(firm.firm_id):
        assert set(WebhookDelivery.objects.values_list("attempts", flat=True)) == {1}
        WebhookDelivery.objects.update(available_at=timezone.now() - timedelta(minutes=1))
    clio.control("requests", method="DELETE")
    read(firm)
    assert requests(clio) == {ACTIVITIES: 2}  # 25 and 5
    assert outcomes(firm) == ["read"] * 30


def test_keeps_everything_while_clio_is_away(firm, clio):
    announce(firm, ids_of(clio, "activities")[:2])
    fail(clio, "503")

    with pytest.raises(VendorUnavailable):
        read(firm)

    assert outcomes(firm) == ["waits"] * 2
    clio.control("faults", method="DELETE")


def test_comes_back_when_the_minute_s_requests_are_spent(firm, clio):
    announce(firm, ids_of(clio, "activities")[:2])
    fail(clio, "429", times=1)

    goes_on_at = read(firm)

    assert goes_on_at is not None
    assert goes_on_at > timezone.now()
    assert outcomes(firm) == ["waits"] * 2


def test_waits_for_the_firm_to_be_connected_again(firm, clio):
    announce(firm, ids_of(clio, "activities")[:2])
    set_status(firm, "revoked")

    assert read(firm) is None
    assert outcomes(firm) == ["waits"] * 2
    assert sweep_deliveries() == 0
    set_status(firm, "connected")

    assert sweep_deliveries() == 1


def test_waits_for_the_plan_to_allow_it(firm, clio):
    announce(firm, ids_of(clio, "activities")[:2])
    trial = {"trial_started_at": timezone.now() - timedelta(30), "trial_ends_at": timezone.now() - timedelta(16)}
    with tenant(firm.firm_id):
        Subscription.objects.update_or_create(firm_id=firm.firm_id, defaults={"state": "suspended", **trial})
    clio.control("requests", method="DELETE")

    assert read(firm) is None

    assert outcomes(firm) == ["waits"] * 2
    assert requests(clio) == {}
    assert sweep_deliveries() == 0


def test_one_reads_at_a_time(firm, clio):
    announce(firm, ids_of(clio, "activities")[:2])
    clio.control("requests", method="DELETE")

    with turn_at("deliveries", firm_id=firm.firm_id):
        goes_on_at = read(firm)

    assert goes_on_at is not None
    assert requests(clio) == {}
    assert read(firm) is None


def test_the_sweeper_wakes_a_reader_for_what_was_left_behind(firm, cast, settings):
    settings.REDIS_KEY_PREFIX += "sweeper:"
    announce(firm, [1], age=5)
    assert sweep_deliveries() == 0
    announce(firm, [2], age=15)

    assert sweep_deliveries() == 1

    with tenant(firm.firm_id):
        assert Job.objects.filter(name="clio.read_deliveries", status="pending").count() == 1


def test_forgets_what_was_handled_long_ago(firm):
    week = 7 * 86_400
    announce(firm, [1], age=week + 60, handled_at=timezone.now(), outcome="read")
    announce(firm, [2], age=week - 60, handled_at=timezone.now(), outcome="read")
    announce(firm, [3], age=week + 60)
    announce(firm, [4], age=5 * week + 60)

    assert forget_deliveries(firm.firm_id) == 2

    with tenant(firm.firm_id):
        assert list(WebhookDelivery.objects.order_by("id").values_list("record_id", flat=True)) == ["2", "3"]


def set_status(firm: Any, status: str) -> None:
    with tenant(firm.firm_id):
        ClioConnection.objects.update(status=status)
