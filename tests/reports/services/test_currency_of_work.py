"""R11 and case 27: the currency of work is its bill's, else its own or its matter's, else the firm's."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.core.tenancy import tenant
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.clio.mirror.writing import completed, gone, write
from tests.reports.asking import ask, total_of
from tests.reports.conftest import NOON
from tests.reports.wild import ENTITIES

pytestmark = pytest.mark.django_db
CAD, EUR, USD = ({"id": at, "code": code} for at, code in enumerate(("CAD", "EUR", "USD"), 1))
WORKED, LATER = datetime(2025, 3, 5, tzinfo=UTC).date(), NOON
LISTS = ("groups", "matter_stages", "activity_descriptions", "expense_categories", "bank_accounts", "bank_transactions")


class Firm:
    """A firm with one matter and one unbilled entry of 100.00; every write is one a sync would make."""

    def __init__(self, firm: Any, *, matter: Any = None, entry: Any = None) -> None:
        self._firm = firm
        self.matter = {"id": 1, "billable": True, "status": "Open", "currency": matter}
        self.entry = self._entry(10, currency=entry)
        write(firm, "users", {"id": 5, "name": "A", "enabled": True})
        write(firm, "matters", self.matter)
        write(firm, "activities", self.entry)
        completed(firm, *ENTITIES, *LISTS)

    def _entry(self, number: int, **more: Any) -> dict[str, Any]:
        worked = {"type": "TimeEntry", "date": "2025-03-05", "quantity": 3600, "rounded_quantity": 3600, "total": 100}
        return {"id": number, **worked, "user": {"id": 5}, "matter": {"id": 1}, **more}

    def bill(self, number: int, currency: Any, *, state: str = "awaiting_payment") -> None:
        """Bill another entry of the matter."""
        bill = {"id": number, "state": state, "kind": "revenue_kind", "issued_at": "2025-03-10", "due": 50}
        write(self._firm, "bills", bill | {"matters": [{"id": 1}], "currency": currency})
        write(self._firm, "activities", self._entry(number + 1, total=50, bill={"id": number}))
        line = {"id": number + 2, "type": "ActivityLineItem", "kind": "Service", "sub_total": 50, "matter": {"id": 1}}
        write(self._firm, "line_items", line | {"bill": {"id": number}, "activity": {"id": number + 1}})

    def write(self, entity: str, record: dict[str, Any]) -> None:
        write(self._firm, entity, record)

    def gone(self, entity: str, record_id: int) -> None:
        gone(self._firm, entity, record_id)

    def unbilled(self) -> dict[str, Decimal]:
        """Return unbilled fees by currency, after a rebuild of what changed."""
        rebuild_ledger(firm_id=self._firm.firm_id, now=NOON)
        found = {}
        for code in ("USD", "CAD", "EUR"):
            answer = ask(self._firm.firm_id, "unbilled", period="2025-03", on=NOON.date(), currency=code)
            fees = total_of(answer, "unbilled")["fees"]
            if fees:
                found[code] = fees
        return found


@pytest.fixture
def firm(cast: Any) -> Any:
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_firm SET time_zone = 'UTC', currency = 'USD' WHERE id = %s", [cast.firm.firm_id]
        )
    return cast.firm


@pytest.mark.parametrize(
    ("matter", "entry", "taken"),
    [(None, None, "USD"), (CAD, None, "CAD"), (None, EUR, "EUR"), (CAD, EUR, "EUR"), (CAD, USD, "USD")],
)
def test_work_on_no_bill_takes_its_own_or_its_matters_currency(firm: Any, matter: Any, entry: Any, taken: str) -> None:
    assert Firm(firm, matter=matter, entry=entry).unbilled() == {taken: Decimal(100)}


def test_a_draft_counts_as_its_bill(firm: Any) -> None:
    books = Firm(firm, matter=CAD, entry=CAD)
    books.write("bills", {"id": 90, "state": "draft", "kind": "revenue_kind", "currency": EUR})
    books.write("activities", books.entry | {"bill": {"id": 90}})

    assert books.unbilled() == {"EUR": Decimal(100)}


@pytest.mark.parametrize("entry", [None, CAD])
def test_on_a_matter_billed_in_two_currencies_it_is_the_firms(firm: Any, entry: Any) -> None:
    books = Firm(firm, matter=CAD, entry=entry)
    books.bill(100, CAD)
    assert books.unbilled() == {"CAD": Decimal(100)}

    books.bill(200, EUR)

    assert books.unbilled() == {"USD": Decimal(100)}


def test_drafts_make_no_matter_one_of_two_currencies(firm: Any) -> None:
    books = Firm(firm, matter=CAD)
    books.bill(100, CAD)
    books.bill(200, EUR, state="draft")

    assert books.unbilled() == {"CAD": Decimal(100), "EUR": Decimal(50)}


@pytest.mark.parametrize("how", ["voided", "gone", "moved", "named"])
def test_when_the_bills_agree_again_it_is_the_matters(firm: Any, how: str) -> None:
    books = Firm(firm, matter=CAD)
    books.bill(100, CAD)
    books.bill(200, EUR)
    assert books.unbilled() == {"USD": Decimal(100)}

    if how == "gone":
        books.gone("bills", 200)
        books.gone("activities", 201)
        books.gone("line_items", 202)
    elif how == "moved":
        books.write(
            "line_items", {"id": 202, "kind": "Service", "sub_total": 50, "matter": {"id": 2}, "bill": {"id": 200}}
        )
    else:
        state, code = ("void", EUR) if how == "voided" else ("awaiting_payment", CAD)
        bill = {"id": 200, "state": state, "kind": "revenue_kind", "issued_at": "2025-03-10", "due": 50}
        books.write("bills", bill | {"matters": [{"id": 1}], "currency": code})
        books.gone("activities", 201)

    assert books.unbilled() == {"CAD": Decimal(100)}


def test_a_matters_new_currency_reaches_its_unbilled_work(firm: Any) -> None:
    books = Firm(firm, matter=CAD)
    books.bill(100, CAD)
    assert books.unbilled() == {"CAD": Decimal(100)}

    books.write("matters", books.matter | {"currency": EUR})

    assert books.unbilled() == {"EUR": Decimal(100)}
