"""kpis.md section 8 and the rules R1 to R14, one case at a time, on variations of the golden March."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import Firm
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.contracts import Overview
from apps.reports.models import LedgerBill, LedgerLine
from apps.reports.services.compute_overview import compute_overview
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.conftest import NOON, golden
from tests.reports.mirror import fill_mirror

pytestmark = pytest.mark.django_db
D = Decimal
Change = Callable[[dict[str, list[dict[str, Any]]]], None]
See = Callable[..., Overview]


@pytest.fixture
def see(cast: Any, build: Callable[..., Any]) -> See:
    """Return a function that changes the golden records and gives the overview of a period on 31 March."""

    def change_and_see(*changes: Change, period: str = "2025-03", scope: Scope | None = None) -> Overview:
        records = copy.deepcopy(golden("march"))
        for change in changes:
            change(records)
        build(records)
        with tenant(cast.firm.firm_id):
            seen = scope or Scope.whole_firm(cast.firm.firm_id)
            return compute_overview(scope=seen, period=period, now=datetime(2025, 3, 31, 16, tzinfo=UTC))

    return change_and_see


def setting(entity: str, at: int, **values: Any) -> Change:
    """A change of one record's fields, by its place in the file."""

    def change(records: dict[str, list[dict[str, Any]]]) -> None:
        records[entity][at].update(values)

    return change


def figures(overview: Overview, currency: str = "USD") -> Any:
    return next(each.metrics for each in overview.currencies if each.currency == currency)


def test_redacted_hours_are_hidden_not_zero(see: See) -> None:
    overview = see(setting("activities", 3, quantity_redacted=True, quantity=None, rounded_quantity=None))

    assert overview.time["recorded_hours"]["billable"] == D("5.00")
    assert overview.hidden_rows == 1
    assert overview.incomplete == ["K1", "K3"]
    assert [(flag.code, flag.count) for flag in overview.flags] == [("hidden_rows", 1)]


def test_an_entry_that_hides_hours_and_money_is_one_hidden_row(see: See) -> None:
    nothing: dict[str, Any] = {"quantity_redacted": True, "quantity": None, "rounded_quantity": None, "total": None}

    overview = see(
        setting("activities", 3, **nothing), setting("activities", 1, **nothing), period="2025-02-01..2025-03-31"
    )

    assert overview.hidden_rows == 2
    assert overview.incomplete == ["K1", "K3", "K10", "K22"]


def test_hours_are_rounded_after_they_are_added(see: See) -> None:
    seconds = {"quantity": D("8.996"), "rounded_quantity": D("8.996")}

    overview = see(
        *[setting("activities", at, **seconds, non_billable=False) for at in (3, 4)],
        *[setting("line_items", at, quantity=D("0.00245")) for at in (0, 1)],
    )

    assert overview.time["recorded_hours"]["billable"] == D("0.00")
    assert figures(overview)["billed_hours"]["total"] == D("0.00")


def test_a_redacted_amount_leaves_both_sides_of_realization(see: See) -> None:
    overview = see(setting("activities", 1, total=None))

    assert figures(overview)["realization"]["rate"] == D("90.0")
    assert figures(overview)["billed"]["fees"] == D("3300.00")
    assert overview.incomplete == ["K10"]


def test_a_redacted_amount_makes_unbilled_work_incomplete(see: See) -> None:
    overview = see(setting("activities", 3, total=None))

    assert figures(overview)["unbilled"]["fees"] == D("1500.00")
    assert overview.incomplete == ["K22"]


def test_time_on_a_non_billable_matter_is_non_billable(see: See) -> None:
    overview = see(setting("matters", 1, billable=False))

    assert overview.time["recorded_hours"]["billable"] == D("6.00")
    assert figures(overview)["unbilled"]["fees"] == D("1800.00")


def test_agreed_fees_have_no_hours_but_a_value(see: See) -> None:
    overview = see(setting("activities", 3, flat_rate=True), setting("activities", 4, contingency_fee=True))

    assert overview.time["recorded_hours"]["billable"] == D("0.00")
    assert figures(overview)["unbilled"] == {
        "fees": D("1800.00"), "expenses": D("0.00"), "total": D("1800.00"), "contingency_fees": D("1500.00"),
    }  # fmt: skip


def test_time_on_a_contingency_matter_is_never_unbilled_work(see: See) -> None:
    overview = see(setting("matters", 0, billing_method="contingency"), period="2025-02")

    assert figures(overview)["unbilled"]["fees"] == D("0.00")
    assert figures(overview)["unbilled"]["expenses"] == D("400.00")


def test_an_entry_written_off_waits_for_no_bill(cast: Any) -> None:
    fill_mirror(cast.firm.firm_id, golden("march"))
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE clio_activities SET written_off = true WHERE date = '2025-03-05'")
        assert cursor.rowcount == 1

    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    with tenant(cast.firm.firm_id, read_only=True):
        overview = compute_overview(scope=Scope.whole_firm(cast.firm.firm_id), period="2025-03", now=NOON)
    assert figures(overview)["unbilled"]["total"] == Decimal("1500.00")
    assert overview.time is not None
    assert overview.time["recorded_hours"]["billable"] == Decimal("11.00")


def test_realization_of_a_flat_matter_stands_apart(see: See) -> None:
    overview = see(setting("matters", 0, billing_method="flat"))

    assert figures(overview)["realization"] == {"rate": None, "flat": D("91.7"), "contingency": None}


def test_worked_value_is_what_the_entry_was_before_it_was_billed(see: See) -> None:
    overview = see(setting("activities", 0, unbilled_total=D("3600")))

    assert figures(overview)["realization"]["rate"] == D("78.6")


def test_an_entry_split_between_payers_is_worth_no_more_than_once(cast: Any, see: See) -> None:
    def split(records: dict[str, list[dict[str, Any]]]) -> None:
        twin = copy.deepcopy(records["bills"][0]) | {"id": 2999, "due": D("600"), "balance": D("600"), "paid": D(0)}
        records["bills"].append(twin | {"credits_issued": D(0)})
        line = copy.deepcopy(records["line_items"][1]) | {"id": 3999, "bill": {"id": 2999}}
        records["line_items"].append(line)

    overview = see(split)

    with tenant(cast.firm.firm_id):
        halves = LedgerLine.objects.filter(activity_id=1002).order_by("line_id").values_list("worked", flat=True)
        assert list(halves) == [30000, 30000]
    assert figures(overview)["billed"]["fees"] == D("3900.00")


@pytest.mark.parametrize("state", ["draft", "awaiting_approval", "void", "deleted"])
def test_only_approved_bills_count(see: See, state: str) -> None:
    overview = see(setting("bills", 0, state=state))

    assert figures(overview)["billed"]["total"] == figures(overview)["collected"]["total"] == D("0.00")
    assert figures(overview)["receivable"]["total"] == D("0.00")
    assert figures(overview)["unbilled"]["total"] == D("7300.00")


def test_a_trust_request_is_no_revenue(see: See) -> None:
    overview = see(setting("bills", 0, kind="trust_kind"))

    assert figures(overview)["billed"]["total"] == D("0.00")
    assert figures(overview)["receivable"]["total"] == D("0.00")


def test_a_bill_that_does_not_tie_out_shows_the_gap(cast: Any, see: See) -> None:
    overview = see(setting("bills", 0, due=D("3750"), balance=D("1530")))

    assert figures(overview)["billed"]["unreconciled"] == D("50.00")
    assert figures(overview)["billed"]["total"] == D("3750.00")
    assert figures(overview)["receivable"]["total"] == D("1530.00")
    assert [(flag.code, flag.count) for flag in overview.flags] == [("unreconciled_bills", 1)]
    with tenant(cast.firm.firm_id):
        assert LedgerBill.objects.get(bill_id=2001).unreconciled == 5000


def test_a_gap_of_a_cent_per_line_is_rounding(cast: Any, see: See) -> None:
    overview = see(setting("bills", 0, due=D("3700.03"), balance=D("1480.03")))

    assert figures(overview)["billed"]["fees"] == D("3300.03")
    assert overview.flags == []
    with tenant(cast.firm.firm_id):
        assert LedgerLine.objects.get(rounding__gt=0).line_id == 3001


def test_a_balance_that_is_not_due_less_paid_is_flagged(see: See) -> None:
    overview = see(setting("bills", 0, balance=D("1")))

    assert [(flag.code, flag.count) for flag in overview.flags] == [("unbalanced_bills", 1)]


def test_a_voided_memo_voids_its_allocations(see: See) -> None:
    overview = see(setting("credit_memos", 0, voided_at="2025-03-21T12:00:00-04:00"))

    assert figures(overview)["receivable"]["total"] == D("1850.00")
    assert figures(overview)["collected"]["total"] == D("1850.00")


def test_a_voided_payment_never_came(see: See) -> None:
    overview = see(setting("allocations", 1, voided_at="2025-03-25T12:00:00-04:00"))

    assert figures(overview)["collected"]["total"] == D("0.00")
    assert figures(overview)["receivable"]["total"] == D("3330.00")


def test_too_much_money_is_credit_and_not_revenue(see: See) -> None:
    overview = see(setting("allocations", 1, amount=D("5000")))

    assert figures(overview)["collected"]["total"] == D("3330.00")
    assert figures(overview)["receivable"] == {"total": D("0.00"), "overpaid": D("1670.00")}


def test_interest_money_back_comes_off_the_credit_first(see: See) -> None:
    def charge_and_overpay(records: dict[str, list[dict[str, Any]]]) -> None:
        paid = records["allocations"].pop()
        records["allocations"].clear()
        records["interest_charges"].append(
            {"id": 7001, "date": "2025-03-10", "total": D(10), "bill": {"id": 2001}, "matters": [{"id": 301}]}
        )
        records["bills"][0] |= {"due": D(3710), "balance": D(-15), "paid": D(3725), "credits_issued": D(0)}
        for at, (amount, interest) in enumerate([(3720, False), (10, True), (-5, True)]):
            day = f"2025-03-{21 + at}"
            records["allocations"].append(
                paid | {"id": 4100 + at, "date": day, "created_at": f"{day}T12:00:00-04:00", "amount": D(amount)}
                | {"interest": interest}
            )  # fmt: skip

    overview = see(charge_and_overpay)

    assert figures(overview)["collected"]["interest"] == D("10.00")
    assert figures(overview)["collected"]["total"] == D("3700.00")
    assert figures(overview)["receivable"] == {"total": D("0.00"), "overpaid": D("15.00")}


def test_interest_without_a_bill_counts_as_interest(see: See) -> None:
    overview = see(setting("allocations", 1, bill=None, interest=True, amount=D("7.50")))

    assert figures(overview)["collected"]["interest"] == D("7.50")
    assert figures(overview)["collected"]["total"] == D("0.00")


def test_other_money_without_a_bill_counts_nowhere(see: See) -> None:
    collected = figures(see(setting("allocations", 1, bill=None)))["collected"]

    assert set(collected.values()) == {D("0.00")}


def test_rows_after_today_are_left_out_and_listed(see: See) -> None:
    overview = see(
        setting("activities", 3, date="2025-04-02"), setting("allocations", 1, date="2025-04-01"), period="this_year"
    )

    assert overview.time["recorded_hours"]["billable"] == D("19.00")
    assert figures(overview)["collected"]["total"] == D("0.00")
    assert figures(overview)["unbilled"]["fees"] == D("1500.00")
    assert [(flag.code, flag.count) for flag in overview.flags] == [("future_rows", 2)]


def test_currencies_are_never_added_up(see: See) -> None:
    overview = see(setting("bills", 0, currency={"id": 2, "code": "CAD"}))

    assert [each.currency for each in overview.currencies] == ["USD", "CAD"]
    assert figures(overview)["billed"]["total"] == D("0.00")
    assert figures(overview, "CAD")["billed"]["total"] == D("3700.00")
    assert overview.time["recorded_hours"]["total"] == D("16.00")


def test_a_currency_without_cents(see: See) -> None:
    overview = see(setting("bills", 0, currency={"id": 3, "code": "JPY"}))

    assert str(figures(overview, "JPY")["billed"]["fees"]) == "3300"


def test_a_bill_without_a_due_date_ages_from_its_issue(see: See) -> None:
    aging = figures(see(setting("bills", 0, due_at=None, issued_at="2025-02-01")))["aging"]

    assert aging["days_31_60"] == D("1480.00")


def test_somebody_disabled_before_the_first_sync_leaves_with_the_last_entry(see: See) -> None:
    overview = see(setting("users", 1, enabled=False, disabled_seen_at="2025-01-31T12:00:00+00:00"))

    assert overview.time["available_hours"]["total"] == D((21 + 6) * 8)


def test_disabled_before_the_first_sync_is_told_by_the_instant_not_by_the_day(cast: Any) -> None:
    first_sync = datetime(2025, 2, 1, 3, tzinfo=UTC)  # the evening of 31 January in Los Angeles
    records = golden("march")
    records["users"][1] |= {"enabled": False, "disabled_seen_at": first_sync.isoformat()}
    with tenant(cast.firm.firm_id):
        Firm.objects.filter(pk=cast.firm.firm_id).update(time_zone="America/Los_Angeles")
    fill_mirror(cast.firm.firm_id, records, synced_at=first_sync)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    with tenant(cast.firm.firm_id):
        overview = compute_overview(scope=Scope.whole_firm(cast.firm.firm_id), period="2025-03", now=NOON)

    assert overview.time["available_hours"]["total"] == D((21 + 6) * 8)


def test_the_day_first_seen_disabled_is_the_firms(cast: Any, see: See) -> None:
    with tenant(cast.firm.firm_id):
        Firm.objects.filter(pk=cast.firm.firm_id).update(time_zone="America/Los_Angeles")

    overview = see(setting("users", 1, enabled=False, disabled_seen_at="2025-03-15T03:00:00+00:00"))

    assert overview.time["available_hours"]["total"] == D((21 + 10) * 8)


def test_an_entry_dated_ahead_stretches_no_employment(see: See) -> None:
    overview = see(setting("users", 1, enabled=False), setting("activities", 3, date="2026-01-05", user={"id": 102}))

    assert overview.time["available_hours"]["total"] == D((21 + 6) * 8)


def test_somebody_disabled_later_leaves_on_that_day(see: See) -> None:
    overview = see(setting("users", 1, enabled=False, disabled_seen_at="2025-03-14T16:00:00+00:00"))

    assert overview.time["available_hours"]["total"] == D((21 + 10) * 8)


def test_a_client_login_is_no_timekeeper_and_leaves_utilization(see: See) -> None:
    overview = see(setting("users", 0, clio_connect=True))

    assert overview.time["available_hours"]["total"] == D(168)
    assert overview.time["utilization"]["rate"] == D("0.0")
    assert overview.time["recorded_hours"]["billable"] == D("11.00")


def test_a_non_attorney_counts_from_the_first_entry_on(see: See) -> None:
    overview = see(setting("users", 1, subscription_type="NonAttorney"), period="2025-02")

    assert overview.time["available_hours"]["total"] == D((20 + 7) * 8)


def test_case_2_today_and_employment_are_in_the_firms_zone(cast: Any, see: See) -> None:
    with tenant(cast.firm.firm_id):
        Firm.objects.filter(pk=cast.firm.firm_id).update(time_zone="Pacific/Auckland")

    overview = see(setting("users", 1, created_at="2025-03-30T12:00:00+00:00"), period="2025-04")

    assert overview.period.today.isoformat() == "2025-04-01"
    assert overview.period.ends_on.isoformat() == "2025-04-01"
    assert overview.time["available_hours"]["total"] == D(16)


def test_no_bill_no_rate(see: See) -> None:
    overview = see(period="2025-01")

    assert figures(overview)["realization"]["rate"] is None
    assert figures(overview)["collection_rate"]["rate"] is None
    assert overview.time["utilization"]["rate"] == D("0.0")


def test_capacity_is_not_offered_by_practice_area(cast: Any, see: See) -> None:
    scope = Scope(cast.firm.firm_id, ScopeKind.SUBSET, grants=(Grant(practice_area_ids=(401,)),))

    overview = see(scope=scope)

    assert overview.time["recorded_hours"]["billable"] == D("6.00")
    assert overview.time["available_hours"]["total"] is None
    assert overview.time["utilization"]["rate"] is None
    assert [month.time["utilization"]["rate"] for month in overview.months] == [None]


def test_a_grant_that_names_nothing_shows_nothing(cast: Any, see: See) -> None:
    overview = see(scope=Scope(cast.firm.firm_id, ScopeKind.SUBSET, grants=(Grant(),)))

    assert overview.time["recorded_hours"]["total"] == D("0.00")
    assert figures(overview)["billed"]["total"] == D("0.00")
    assert overview.flags == []


def test_all_conditions_of_a_grant_hold_and_any_grant_is_enough(cast: Any, see: See) -> None:
    both = Grant(practice_area_ids=(401,), timekeeper_ids=(102,))
    firm_id = cast.firm.firm_id

    narrow = see(scope=Scope(firm_id, ScopeKind.SUBSET, grants=(both,)))
    wide = see(scope=Scope(firm_id, ScopeKind.SUBSET, grants=(both, Grant(client_ids=(202,)))))

    assert figures(narrow)["billed"]["fees"] == D("600.00")
    assert narrow.time["recorded_hours"]["total"] == D("0.00")
    assert wide.time["recorded_hours"]["total"] == D("7.00")


def test_a_responsible_person_sees_the_matter(cast: Any, see: See) -> None:
    overview = see(
        setting("matters", 0, responsible_attorney={"id": 102}),
        scope=Scope(cast.firm.firm_id, ScopeKind.SELF, clio_user_id=102),
    )

    assert figures(overview)["billed"]["total"] == D("3700.00")
    assert figures(overview)["receivable"]["total"] == D("1480.00")
    assert overview.time["available_hours"]["total"] == D(168)


def test_a_person_without_a_clio_user_sees_nothing(cast: Any, see: See) -> None:
    overview = see(scope=Scope(cast.firm.firm_id, ScopeKind.SELF))

    assert overview.time["recorded_hours"]["total"] == D("0.00")
    assert figures(overview)["receivable"]["total"] == D("0.00")
