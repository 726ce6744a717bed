"""The four ways to spread money over the lines of a bill (kpis.md section 2), each against a plain recomputation."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from apps.core.tenancy import tenant
from apps.reports.contracts.kept import PaymentAllocation
from apps.reports.models import LedgerSettlement
from apps.reports.services.change_rules import change_rules
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.mirror import fill_mirror
from tests.reports.recompute import Books
from tests.reports.wild import WildFirm

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 3, 31, 12, tzinfo=UTC)
RULES = [each.value for each in PaymentAllocation]


@pytest.fixture
def choose(cast: Any) -> Callable[[str], None]:
    """Return a function by which the firm chooses a rule."""

    def chosen(rule: str) -> None:
        change_rules(
            firm_id=cast.firm.firm_id,
            actor_id=cast.owner.pk,
            changes={"payment_allocation": PaymentAllocation(rule)},
            if_version=None,
            now=NOON,
        )

    return chosen


def settled(firm_id: int) -> Counter[Any]:
    """Return net, tax 1 and tax 2 by allocation, item, line and matter."""
    found: Counter[Any] = Counter()
    with tenant(firm_id):
        for row in LedgerSettlement.objects.filter(firm_id=firm_id):
            line = row.line_id if row.item in ("fee", "expense") else None
            for part, amount in enumerate((row.net, row.tax, row.secondary_tax)):
                found[row.allocation_id, row.item, line, row.matter_id, part] += amount
    return found


def recomputed(records: dict[str, Any], rule: str) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for piece in Books(records, currency="USD", zone="UTC", rule=rule).settled:
        line = piece.line.id if piece.line and piece.item in ("fee", "expense") else None
        for part, amount in enumerate(piece.amounts):
            found[piece.record["id"], piece.item, line, piece.matter, part] += amount
    return found


def nonzero(found: Counter[Any]) -> dict[Any, int]:
    return {key: amount for key, amount in found.items() if amount}


@pytest.mark.generated(0, 3)
def test_every_rule_equals_the_recomputation(cast: Any, choose: Callable[[str], None], seed: int) -> None:
    records, firm_id = WildFirm(seed, bills=90).records, cast.firm.firm_id
    fill_mirror(firm_id, records)
    found = {}
    for rule in RULES:
        choose(rule)
        assert rebuild_ledger(firm_id=firm_id, now=NOON).is_whole
        found[rule] = nonzero(settled(firm_id))

        assert found[rule] == nonzero(recomputed(records, rule)), rule

    by_allocation = []
    for pieces in found.values():
        sums: Counter[Any] = Counter()
        for key, amount in pieces.items():
            sums[key[0]] += amount
        by_allocation.append(nonzero(sums))
    assert by_allocation[0] == by_allocation[1] == by_allocation[2] == by_allocation[3]
    assert len({frozenset(pieces.items()) for pieces in found.values()}) == len(RULES)


def bill_of(*lines: tuple[str, float], discount: float, payment: float, tax: float = 0) -> dict[str, Any]:
    """Return the records of a bill whose lines are of one day each, a credit and a payment after it."""
    due = sum(amount + tax for _, amount in lines)
    first = date(2025, 1, 10)
    return {
        "users": [{"id": 1, "name": "A", "enabled": True}],
        "matters": [{"id": 5, "status": "Open"}],
        "bills": [
            {"id": 9, "state": "awaiting_payment", "kind": "revenue_kind", "issued_at": "2025-02-01", "due": due,
             "balance": due, "paid": 0, "credits_issued": 0, "matters": [{"id": 5}], "client": {"id": 3}},
        ],
        "line_items": [
            {"id": 100 + at, "type": "LineItem", "kind": kind, "bill": {"id": 9}, "sub_total": amount, "tax": tax,
             "date": (first - timedelta(days=at)).isoformat(), "user": {"id": 1}, "price": amount, "quantity": 1}
            for at, (kind, amount) in enumerate(lines)
        ],
        "credit_memos": [{"id": 20, "discount": False, "voided_at": None}],
        "allocations": [
            {"id": number, "date": day, "created_at": f"{day}T10:00:00+00:00", "amount": amount, "interest": False,
             "voided_at": None, "bill": {"id": 9}, "matter": {"id": 5}, "parent": parent}
            for number, day, amount, parent in (
                (30, "2025-02-10", discount, {"id": 20, "type": "CreditMemo"}),
                (31, "2025-02-20", payment, {"id": 21, "type": "Payment"}),
            ) if amount
        ],
    }  # fmt: skip


def paid(firm_id: int, *columns: str) -> list[Any]:
    with tenant(firm_id):
        rows = LedgerSettlement.objects.filter(kind="payment").order_by("line_id")
        return list(rows.values_list("line_id", *(columns or ("net",))))


S51 = {
    "proportional": [(100, 36364), (101, 13636)],
    # The second line is the older one.
    "oldest_first": [(100, 50000)],
    "expenses_first_proportional": [(100, 36364), (101, 13636)],
    "expenses_first_oldest": [(100, 50000)],
}


@pytest.mark.parametrize("rule", RULES)
def test_two_fees_a_credit_and_a_payment(
    cast: Any, build: Callable[..., Any], choose: Callable[[str], None], rule: str
) -> None:
    """The walk-through of S51: 800 and 300, credit 300, payment 500."""
    choose(rule)
    build(bill_of(("Service", 800), ("Service", 300), discount=300, payment=500))

    assert paid(cast.firm.firm_id) == S51[rule]


S52 = {
    "proportional": [(100, 80000), (101, 20000)],
    "oldest_first": [(100, 100000)],
    "expenses_first_proportional": [(100, 100000)],
    "expenses_first_oldest": [(100, 100000)],
}


@pytest.mark.parametrize("rule", RULES)
def test_a_fee_an_expense_a_credit_and_a_payment(
    cast: Any, build: Callable[..., Any], choose: Callable[[str], None], rule: str
) -> None:
    """Clio's own example S52: 1000 and 250, credit 250, payment 1000."""
    choose(rule)
    build(bill_of(("Service", 1000), ("Expense", 250), discount=250, payment=1000))

    assert paid(cast.firm.firm_id) == S52[rule]


def test_the_last_line_filled_is_cut_between_net_and_tax(
    cast: Any, build: Callable[..., Any], choose: Callable[[str], None]
) -> None:
    choose("oldest_first")
    build(bill_of(("Service", 100), ("Expense", 100), ("Service", 100), discount=0, payment=240, tax=10))

    assert paid(cast.firm.firm_id, "net", "tax") == [(100, 1818, 182), (101, 10000, 1000), (102, 10000, 1000)]

    choose("expenses_first_oldest")
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    assert paid(cast.firm.firm_id, "net", "tax") == [(100, 1818, 182), (101, 10000, 1000), (102, 10000, 1000)]

    choose("expenses_first_proportional")
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    assert paid(cast.firm.firm_id, "net", "tax") == [(100, 5909, 591), (101, 10000, 1000), (102, 5909, 591)]
