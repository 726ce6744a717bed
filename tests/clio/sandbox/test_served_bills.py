"""The bill check of the KPI page, over what the API serves and nothing else."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from apps.clio.sandbox.changes import ExactNumber
from apps.clio.sandbox.store import store_firm
from tests.clio.sandbox.server import RunningSandbox, running_sandbox, small_firm

CENT = Decimal("0.01")
Records = list[dict[str, Any]]


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(store_firm(small_firm(11, 6, 2))) as running:
        yield running


def money(value: Any) -> Decimal:
    return Decimal(f"{value:.2f}")


def by_bill(records: Records) -> dict[int, Records]:
    found: dict[int, Records] = defaultdict(list)
    for record in records:
        found[record["bill"]["id"]].append(record)
    return found


def reduction(base: Decimal, discount: dict[str, Any] | None) -> Decimal:
    if discount is None:
        return Decimal(0)
    if discount["type"] == "money":
        return money(discount["rate"])
    return (base * money(discount["rate"]) / 100).quantize(CENT, ROUND_HALF_UP)


def test_every_approved_bill_ties_out(served: RunningSandbox) -> None:
    lines, charges = by_bill(served.list_all("line_items")), by_bill(served.list_all("interest_charges"))
    allocations = by_bill(served.list_all("allocations"))
    bills = [bill for bill in served.list_all("bills") if bill["state"] in ("awaiting_payment", "paid")]
    checked = 0
    for bill in bills:
        live = [each for each in allocations[bill["id"]] if each["voided_at"] is None]
        paid = sum((money(each["amount"]) for each in live if each["parent"]["type"] == "Payment"), Decimal(0))
        credited = sum((money(each["amount"]) for each in live if each["parent"]["type"] == "CreditMemo"), Decimal(0))
        assert (paid, credited) == (money(bill["paid"]), money(bill["credits_issued"]))
        assert money(bill["due"]) - paid - credited == money(bill["balance"])
        assert (bill["state"] == "paid") == (bill["balance"] <= 0)
        if bill["kind"] == "trust_kind":
            continue
        checked += 1
        assert owed(bill, lines[bill["id"]], charges[bill["id"]]) == money(bill["due"]), bill["number"]
    assert checked > 300


def owed(bill: dict[str, Any], lines: Records, charges: Records) -> Decimal:
    bases = {}
    for line in lines:
        gross = money(line["sub_total"])
        bases[line["id"]] = gross - reduction(gross, line["discount"])
        assert bases[line["id"]] == money(line["total"])
    eligible = [line for line in lines if bill["discount_services_only"] != "true" or line["kind"] == "Service"]
    less = reduction(sum((bases[line["id"]] for line in eligible), Decimal(0)), bill["discount"])
    taxes = sum((money(line["tax"]) + money(line["secondary_tax"]) for line in lines), Decimal(0))
    interest = sum((money(charge["total"]) for charge in charges), Decimal(0))
    assert taxes == money(bill["total_tax"])
    return sum(bases.values(), Decimal(0)) - less + taxes + interest


def test_credit_memos_and_their_allocations_agree(served: RunningSandbox) -> None:
    allocations = {each["id"]: each for each in served.list_all("allocations")}
    for memo in served.list_all("credit_memos"):
        assert sum((money(each["amount"]) for each in memo["allocations"]), Decimal(0)) == money(memo["amount"])
        for each in memo["allocations"]:
            assert allocations[each["id"]]["parent"]["id"] == memo["id"]
            assert (each["voided_at"] is None) == (memo["voided_at"] is None)


def test_line_quantities_are_hours_and_activities_seconds(served: RunningSandbox) -> None:
    activities = {each["id"]: each for each in served.list_all("activities")}
    unchanged = 0
    for line in served.list_all("line_items"):
        if line["type"] == "ActivityLineItem" and line["kind"] == "Service":
            activity = activities[line["activity"]["id"]]
            unchanged += line["quantity"] * 3600 == pytest.approx(activity["rounded_quantity"])
    assert unchanged > 1_000


def test_numbers_keep_their_digits() -> None:
    assert ExactNumber("10.10").text == "10.10"
