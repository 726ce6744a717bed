"""Named records are brought up to date by their ids, and those that are gone are marked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from apps.clio import errors
from apps.clio.services.call_clio import calling_clio
from apps.clio.services.reread_bill_parts import reread_bill_parts
from apps.clio.services.reread_records import reread_records
from apps.clio.signals import mirror_changed
from apps.core.encryption import decrypt
from tests.clio.factories import differences, mirrored, one, sandbox_records

pytestmark = pytest.mark.django_db
ACTIVITIES = "/api/v4/activities.json"


def requests_of(clio: Any, path: str) -> int:
    return int(clio.control("requests", method="GET").get(path, 0))


def reread(firm: Any, entity: str, ids: Any) -> Any:
    return reread_records(firm_id=firm.firm_id, entity_name=entity, ids=list(ids))


def some(clio: Any, entity: str, count: int) -> list[int]:
    return sorted(sandbox_records(clio, entity))[:count]


def gone(firm: Any, entity: str) -> set[int]:
    return {number for number, row in mirrored(firm, entity).items() if row["gone_at"] is not None}


def bill_with_lines(clio: Any) -> tuple[int, list[int]]:
    lines = sandbox_records(clio, "line_items")
    bill = next(line["bill"]["id"] for line in lines.values() if line["bill"])
    return bill, [number for number, line in lines.items() if line["bill"] and line["bill"]["id"] == bill]


def test_reads_a_hundred_records_in_a_question(firm, clio):
    ids = some(clio, "activities", 250)
    clio.control("requests", method="DELETE")

    outcome = reread(firm, "activities", ids)

    assert (outcome.found, outcome.gone, outcome.odd) == (frozenset(ids), frozenset(), {})
    assert requests_of(clio, ACTIVITIES) == 3
    assert set(mirrored(firm, "activities")) == set(ids)


def test_the_mirror_then_is_what_clio_has(firm, clio):
    for entity in ("users", "contacts", "matters", "practice_areas", "credit_memos", "interest_charges"):
        reread(firm, entity, sandbox_records(clio, entity))

        assert differences(firm, clio, entity) == []


def test_reading_again_changes_nothing_and_announces_nothing(firm, clio):
    ids = some(clio, "activities", 5)
    first = reread(firm, "activities", ids)
    version = one(firm, "SELECT version FROM clio_mirror_versions")

    with announcements() as heard:
        second = reread(firm, "activities", ids)

    assert (first.has_changed, second.has_changed) == (True, False)
    assert one(firm, "SELECT version FROM clio_mirror_versions") == version
    assert heard == []


def test_announces_what_changed(firm, clio):
    with announcements() as heard:
        reread(firm, "activities", some(clio, "activities", 2))

    assert heard == [(firm.firm_id, frozenset({"activities"}))]


def test_brings_a_changed_record_up_to_date(firm, clio):
    number = some(clio, "activities", 1)[0]
    reread(firm, "activities", [number])
    clio.control(f"records/activities/{number}", {"note": "drafted the answer"}, method="PATCH")

    assert reread(firm, "activities", [number]).has_changed

    assert mirrored(firm, "activities")[number]["note"] == "drafted the answer"


def test_marks_what_clio_no_longer_has(firm, clio):
    ids = some(clio, "activities", 3)
    reread(firm, "activities", ids)
    clio.control(f"records/activities/{ids[1]}", method="DELETE")

    outcome = reread(firm, "activities", ids)

    assert outcome.gone == {ids[1]}
    assert gone(firm, "activities") == {ids[1]}


def test_a_bill_in_a_state_the_plain_list_hides_is_not_gone(firm, clio):
    bills = some(clio, "bills", 2)
    for number, state in zip(bills, ("void", "deleted"), strict=True):
        clio.control(f"records/bills/{number}", {"state": state}, method="PATCH")

    outcome = reread(firm, "bills", bills)

    assert outcome.gone == frozenset()
    assert [mirrored(firm, "bills")[number]["state"] for number in bills] == ["void", "deleted"]


def test_nothing_is_marked_gone_where_clio_forbids(firm, clio):
    ids = some(clio, "activities", 2)
    reread(firm, "activities", ids)
    clio.control("faults", {"next": [{"path": ACTIVITIES, "kind": "403", "times": 9}]})

    with pytest.raises(errors.ClioForbids):
        reread(firm, "activities", ids)

    assert gone(firm, "activities") == set()


def test_asks_for_fewer_where_clio_takes_no_more(firm, clio):
    ids = some(clio, "activities", 150)
    clio.control("requests", method="DELETE")
    clio.control("faults", {"next": [{"path": ACTIVITIES, "kind": "422", "times": 2}]})

    outcome = reread(firm, "activities", ids)

    assert outcome.found == frozenset(ids)
    assert requests_of(clio, ACTIVITIES) == 2 + 6  # 100 and 50 refused, 25 at once from then on


def test_tells_which_entity_cannot_be_read_by_id(firm):
    with pytest.raises(errors.NotReadableById):
        reread(firm, "expense_categories", [1])


def test_goes_on_with_a_fresh_token(firm, clio):
    ids = some(clio, "activities", 1)
    clio.control("expire")

    assert reread(firm, "activities", ids).found == frozenset(ids)


def test_tells_that_the_grant_is_revoked(firm, clio):
    ids = some(clio, "activities", 1)
    clio.control("revoke", {"token": decrypt(one(firm, "SELECT refresh_token FROM clio_connections"))})

    with pytest.raises(errors.ClioGrantRevoked):
        reread(firm, "activities", ids)

    assert one(firm, "SELECT status FROM clio_connections") == "revoked"


def test_what_was_written_before_the_budget_ran_out_stays(firm, clio):
    ids = some(clio, "activities", 150)
    clio.control("faults", {"next": [{"path": ACTIVITIES, "kind": "429", "after": 1}]})

    with pytest.raises(errors.ClioBudgetSpent):
        reread(firm, "activities", ids)

    assert len(mirrored(firm, "activities")) == 100


@pytest.mark.parametrize("others", [0, 9])
def test_lines_and_allocations_come_with_their_bill(firm, clio, others):
    bill, lines = bill_with_lines(clio)
    more = [number for number in some(clio, "bills", 20) if number != bill][:others]
    reread(firm, "line_items", sandbox_records(clio, "line_items"))
    read_parts(firm, [bill, *more])
    clio.control(f"records/line_items/{lines[0]}", {"description": "as agreed"}, method="PATCH")
    clio.control(f"records/line_items/{lines[1]}", method="DELETE")
    added = clio.control(
        "records/line_items", {**new_line(clio, lines[0]), "id": max(sandbox_records(clio, "line_items")) + 1}
    )["data"]["id"]

    assert read_parts(firm, [bill, *more])

    rows = mirrored(firm, "line_items")
    assert rows[lines[0]]["description"] == "as agreed"
    assert gone(firm, "line_items") == {lines[1]}
    assert added in rows
    assert not read_parts(firm, [bill, *more])


def test_a_line_that_moved_to_another_bill_is_not_gone(firm, clio):
    bill, lines = bill_with_lines(clio)
    other = next(number for number in some(clio, "bills", 20) if number != bill)
    read_parts(firm, [bill])
    clio.control(f"records/line_items/{lines[0]}", {"bill": {"id": other}}, method="PATCH")

    read_parts(firm, [bill])

    assert gone(firm, "line_items") == set()
    assert mirrored(firm, "line_items")[lines[0]]["bill_id"] == other


def read_parts(firm: Any, bills: list[int]) -> bool:
    reread(firm, "bills", bills)
    with calling_clio(firm_id=firm.firm_id) as caller:
        return reread_bill_parts(caller=caller, bill_ids=bills)


def new_line(clio: Any, like: int) -> dict[str, Any]:
    line = sandbox_records(clio, "line_items")[like]
    return {"bill": {"id": line["bill"]["id"]}, "type": line["type"], "kind": line["kind"], "description": "copied"}


@contextmanager
def announcements() -> Iterator[list[tuple[int, frozenset[str]]]]:
    """Collect what `mirror_changed` tells while the block runs."""
    heard: list[tuple[int, frozenset[str]]] = []

    def hear(*, firm_id: int, entities: frozenset[str], **_: Any) -> None:
        heard.append((firm_id, entities))

    mirror_changed.connect(hear)
    yield heard
    mirror_changed.disconnect(hear)
