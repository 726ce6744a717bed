"""STATE: what attributes were when something happened, and what was first seen of bills (R6, edge cases 4 and 6)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from apps.core.tenancy import tenant
from apps.reports.models import LedgerBillLife, LedgerMatterSpan
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.clio.mirror.writing import completed, write
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db


class Watched:
    """The golden firm in the mirror, looked at on chosen days."""

    def __init__(self, firm: Any) -> None:
        self.firm, self.firm_id = firm, firm.firm_id
        self.records, self.minute = golden("march"), 0
        with tenant(self.firm_id), connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_firm SET time_zone = 'America/New_York' WHERE id = %s", [self.firm_id])
        for name, found in self.records.items():
            self._write(name, *found)
        completed(firm, *self.records)
        self._looked_on("2025-01-10")
        self.build("2025-01-10")

    def change(self, name: str, on: str, number: int, **values: Any) -> None:
        """Change a record of an entity and let it be seen on a day, after what was changed before."""
        record = next(each for each in self.records[name] if each["id"] == number)
        record.update(values)
        self._write(name, record)
        self._seen_on(on)

    def build(self, on: str) -> bool:
        """Bring the ledger up to the mirror on a day; tell whether all of it was built."""
        now = datetime.fromisoformat(f"{on}T17:00:00+00:00")
        outcome = rebuild_ledger(firm_id=self.firm_id, now=now)
        assert outcome.status == "built"
        return outcome.is_whole

    def spans(self, matter_id: int, *columns: str) -> list[tuple[Any, ...]]:
        with tenant(self.firm_id):
            rows = LedgerMatterSpan.objects.filter(matter_id=matter_id).order_by("id")
            return list(rows.values_list("starts_on", "ends_before", *columns))

    def life(self, bill_id: int) -> tuple[Any, ...] | None:
        with tenant(self.firm_id):
            found = LedgerBillLife.objects.filter(bill_id=bill_id)
            return found.values_list("approved_on", "voided_on", "was_approved_at_first").first()

    def _write(self, name: str, *records: dict[str, Any]) -> None:
        write(self.firm, name, *[_plain(each) for each in records])

    def _looked_on(self, on: str) -> None:
        with tenant(self.firm_id), connection.cursor() as cursor:
            for table in ("matters", "bills"):
                cursor.execute(f"UPDATE clio_{table} SET first_synced_at = %s", [f"{on}T17:00:00Z"])

    def _seen_on(self, on: str) -> None:
        self.minute += 1
        seen = f"{on}T17:{self.minute:02d}:00Z"
        with tenant(self.firm_id), connection.cursor() as cursor:
            cursor.execute("UPDATE clio_history SET seen_from = %s WHERE seen_from > '2025-06-01'", [seen])


def _plain(record: Any) -> Any:
    if isinstance(record, dict):
        return {name: _plain(value) for name, value in record.items()}
    if isinstance(record, list):
        return [_plain(value) for value in record]
    return float(record) if type(record).__name__ == "Decimal" else record


@pytest.fixture
def watched(cast: Any) -> Watched:
    return Watched(cast.firm)


def test_a_matter_never_seen_changed_has_one_span(watched: Watched) -> None:
    matter = watched.records["matters"][0]

    assert watched.spans(matter["id"], "practice_area_id") == [(None, None, matter["practice_area"]["id"])]


def test_attributes_are_what_they_were_on_the_day(watched: Watched) -> None:
    """The originator cannot be given back in Clio (case 20), nor an area's former name be asked for (case 36)."""
    matter = watched.records["matters"][0]
    number, area = matter["id"], matter["practice_area"]["id"]
    originator = matter["originating_attorney"]["id"]
    watched.change("matters", "2025-02-03", number, practice_area={"id": 99, "name": "Tax"})
    watched.change("matters", "2025-03-05", number, originating_attorney=None, status="Closed")
    watched.change("matters", "2025-03-05", number, status="Open")

    assert not watched.build("2025-03-06")

    first, second, third = date(2025, 2, 3), date(2025, 3, 5), None
    assert watched.spans(number, "practice_area_id", "originating_id", "status") == [
        (None, first, area, originator, matter["status"]),
        (first, second, 99, originator, matter["status"]),
        (second, third, 99, None, "Open"),
    ]


def test_every_day_has_one_value(watched: Watched) -> None:
    number = watched.records["matters"][1]["id"]
    for day, stage in (("2025-02-01", 5), ("2025-02-01", 6), ("2025-02-09", None), ("2025-02-11", 5)):
        watched.change("matters", day, number, matter_stage=stage and {"id": stage, "name": "Stage"})
    watched.build("2025-03-01")

    ends = [(starts_on, ends_before) for starts_on, ends_before in watched.spans(number)]
    assert (ends[0][0], ends[-1][1]) == (None, None)
    assert [before for _, before in ends[:-1]] == [starts_on for starts_on, _ in ends[1:]]
    assert [row[2] for row in watched.spans(number, "stage_id")] == [None, 6, None, 5]


def test_a_bill_approved_and_voided_under_our_eyes_has_the_days_we_saw_it(watched: Watched) -> None:
    draft = next(each for each in watched.records["bills"] if each["state"] == "draft")["id"]
    assert watched.life(draft) is None

    watched.change("bills", "2025-03-12", draft, state="awaiting_payment", issued_at="2025-03-01")
    watched.build("2025-03-12")
    assert watched.life(draft) == (date(2025, 3, 12), None, False)

    watched.change("bills", "2025-03-20", draft, state="void")
    watched.build("2025-03-20")
    assert watched.life(draft) == (date(2025, 3, 12), date(2025, 3, 20), False)


def test_a_bill_approved_before_we_looked_has_its_day_of_issue(watched: Watched) -> None:
    bill = next(each for each in watched.records["bills"] if each["state"] != "draft")

    assert watched.life(bill["id"]) == (date.fromisoformat(bill["issued_at"]), None, True)


def test_the_day_is_the_firms(watched: Watched) -> None:
    number = watched.records["matters"][0]["id"]
    watched.change("matters", "2025-02-03", number, group={"id": 7, "name": "Team"})
    with tenant(watched.firm_id), connection.cursor() as cursor:
        late = datetime(2025, 2, 4, 4, 30, tzinfo=UTC)  # 23:30 of the day before in New York
        cursor.execute("UPDATE clio_history SET seen_from = %s WHERE attribute = 'group_id' AND value = '7'", [late])
    watched.build("2025-02-05")

    assert watched.spans(number, "group_id")[1] == (date(2025, 2, 3), None, 7)
