"""Golden March: lockup, matters, clients, expenses, mix, budgets and trust; and the edge cases that touch them."""

import copy
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.core.scope import Scope, ScopeKind
from apps.reports.contracts import Answer
from tests.reports.asking import Items, ask, by, rows_of, total_of
from tests.reports.conftest import golden
from tests.reports.services.test_edge_cases import setting
from tests.reports.services.test_edge_cases_of_work_and_cash import Change, Records, adding

pytestmark = pytest.mark.django_db
D = Decimal
MARCH = date(2025, 3, 31)
See = Callable[..., Items]


@pytest.fixture
def given(cast: Any, build: Callable[..., Any]) -> Callable[..., See]:
    """Return a function that changes the golden records, and returns one that gives a metric's items."""

    def changed(*changes: Change) -> See:
        records = copy.deepcopy(golden("march"))
        for change in changes:
            change(records)
        build(records)
        return lambda metric, period="2025-03", **more: total_of(
            ask(cast.firm.firm_id, metric, period=period, **{"on": MARCH, **more}), metric
        )

    return changed


def an_earlier_bill(records: Records) -> None:
    """A bill of a year ago that brings the year's collections to 36,500."""
    bill = {**records["bills"][0], "id": 2100, "issued_at": "2024-04-01", "due_at": "2024-05-01", "due": D(34650)}
    records["bills"].append({**bill, "paid": D(34650), "credits_issued": D(0), "balance": D(0), "state": "paid"})
    line = {**records["line_items"][0], "id": 3100, "bill": {"id": 2100}, "activity": None, "discount": None}
    records["line_items"].append({**line, "type": "LineItem", "sub_total": D(34650), "total": D(34650)})
    records["allocations"].append(
        {**records["allocations"][1], "id": 4100, "bill": {"id": 2100}, "amount": D(34650), "date": "2024-06-01"}
    )


def test_lockup_if_trailing_collections_were_36500(given: Callable[..., See]) -> None:
    found = given(an_earlier_bill)("lockup")

    assert (found["unbilled"], found["receivable"], found["total"]) == (D("33.0"), D("14.8"), D("47.8"))


def test_clios_basis_divides_by_the_fiscal_year_before(given: Callable[..., See]) -> None:
    """34,650 came in in 2024."""
    found = given(an_earlier_bill)("lockup")

    assert (found["clio_unbilled"], found["clio_receivable"], found["clio_total"]) == (D("34.8"), D("15.6"), D("50.4"))


def test_days_of_receivables(given: Callable[..., See]) -> None:
    """1,480 is owed, 38,350 was billed in the year."""
    assert given(an_earlier_bill)("days_of_receivables") == {"days": D("14.1")}


def test_less_than_90_days_of_history_give_no_days(given: Callable[..., See]) -> None:
    see = given()

    assert see("days_of_receivables") == {"days": None}
    assert see("lockup")["total"] is None


def test_less_than_a_year_of_history_counts_the_days_there_are(given: Callable[..., See]) -> None:
    """From 1 January the firm has 90 days: 1,480 x 90 / 3,700."""
    see = given(adding("activities", 3, id=1099, date="2025-01-01", matter=None))

    assert see("days_of_receivables") == {"days": D("36.0")}


def test_shares_of_what_came_in_by_person(cast: Any, given: Callable[..., See]) -> None:
    """1,350 and 300 of 1,650 in fees; of all 1,850 the cost's 200 are the first one's."""
    given()

    answer = ask(cast.firm.firm_id, "collected_share", period="2025-03", on=MARCH, **by("timekeeper"))

    found = rows_of(answer, "collected_share")
    assert {person: items["fees"] for person, items in found.items()} == {101: D("81.8"), 102: D("18.2")}
    assert {person: items["total"] for person, items in found.items()} == {101: D("83.8"), 102: D("16.2")}


def test_days_without_time(given: Callable[..., See]) -> None:
    """March has 21 working days; one person wrote on three of them, the other on one."""
    assert given()("timesheet_gaps") == {"missing_days": D(38), "days": D(42)}


def test_receivables_by_what_is_owed(given: Callable[..., See]) -> None:
    """1,480 of 3,700: a tenth was written off, half was paid."""
    found = given()("receivable_parts")

    assert (found["fees"], found["expenses"], found["total"]) == (D(1320), D(160), D(1480))
    assert {found[name] for name in ("tax", "interest", "credit", "unreconciled")} == {D(0)}


def test_the_oldest_receivables_are_split_at_120_days(given: Callable[..., See]) -> None:
    """Due on 17 March: 14 days over at its end, 120 on 15 July, 121 on the 16th."""
    see = given()

    for on, bucket in ((date(2025, 6, 15), "days_61_90"), (date(2025, 6, 16), "days_91_120")):
        assert see("aging_to_120", f"2025-03-01..{on}", on=on)[bucket] == D(1480)
    assert see("aging_to_120", "2025-03-01..2025-07-15", on=date(2025, 7, 15))["days_91_120"] == D(1480)
    assert see("aging_to_120", "2025-03-01..2025-07-16", on=date(2025, 7, 16))["days_121_plus"] == D(1480)
    assert see("aging_to_120") == see("aging_to_120") | {"total": D(1480), "days_1_30": D(1480)}


def test_case_14_interest_is_in_neither_side_of_dso(given: Callable[..., See]) -> None:
    def charge(records: Records) -> None:
        records["interest_charges"].append(
            {"id": 1, "date": "2025-03-18", "total": 100, "bill": {"id": 2001}, "matters": []}
        )
        records["bills"][0]["due"] = D(3800)

    assert given(an_earlier_bill, charge)("days_of_receivables") == {"days": D("14.1")}


def test_case_15_tax_is_in_dso_and_out_of_lockup(given: Callable[..., See]) -> None:
    """370 of tax on the first line: a tenth of what is owed and billed is tax."""

    def tax(records: Records) -> None:
        records["line_items"][0]["tax"] = D(370)
        records["bills"][0]["due"] = D(4070)
        records["allocations"][:] = [each for each in records["allocations"] if each["id"] == 4100]

    see = given(an_earlier_bill, tax)

    assert see("days_of_receivables") == {"days": D("38.4")}
    assert see("lockup")["receivable"] == D("39.0")


def test_matters_opened_and_open(given: Callable[..., See]) -> None:
    assert given()("matters", "this_year") == {
        "opened": D(2),
        "closed": D(0),
        "net": D(2),
        "clearance": D("0.0"),
        "open": D(2),
    }


def test_a_matter_without_opening_date_counts_from_the_day_it_was_made(given: Callable[..., See]) -> None:
    see = given(setting("matters", 0, open_date=None), setting("matters", 1, open_date=None, status="Pending"))

    assert see("matters", "2025-01")["opened"] == D(1)
    assert see("matters")["open"] == D(1)


def test_a_matter_closed_before_it_was_opened_lasted_nothing(given: Callable[..., See]) -> None:
    see = given(
        setting("matters", 0, status="Closed", close_date="2025-03-07"),
        setting("matters", 1, status="Closed", close_date="2025-01-02"),
    )

    assert see("matters", "this_year")["closed"] == D(2)
    found = see("matter_days", "this_year")
    assert (found["duration_median"], found["duration_mean"], found["duration_p90"]) == (D("60.0"),) * 3
    assert found["age_median"] is None


def test_a_matter_is_open_until_the_day_it_is_closed(given: Callable[..., See]) -> None:
    see = given(setting("matters", 0, status="Closed", close_date="2025-03-07"))

    assert see("matters", "2025-03-01..2025-03-06")["open"] == D(2)
    assert see("matters", "2025-03-01..2025-03-07")["open"] == D(1)


def test_a_reopened_matter_is_no_longer_closed(given: Callable[..., See]) -> None:
    see = given(setting("matters", 0, status="Open", close_date="2025-03-07"))

    assert (see("matters")["closed"], see("matters")["open"]) == (D(0), D(2))


def test_revenue_of_closed_matters_is_of_their_whole_life(given: Callable[..., See]) -> None:
    see = given(
        setting("matters", 0, status="Closed", close_date="2025-03-10"),
        setting("matters", 1, status="Closed", close_date="2025-03-11"),
    )

    assert see("revenue_per_matter") == {"average": D("825.00"), "collected": D("1650.00"), "matters": D(2)}


def test_client_value(cast: Any, given: Callable[..., See]) -> None:
    given()
    answer = ask(cast.firm.firm_id, "client_value", period="2025-03", on=MARCH, **by("client"))

    assert rows_of(answer, "client_value")[201] == {
        "collected_12_months": D("1850.00"),
        "collected_lifetime": D("1850.00"),
        "tenure": D("84.0"),
        "matters_open": D(1),
        "matters_opened": D(1),
        "lifetime_per_matter": D("1850.00"),
        "collection_rate": D("50.0"),
        "days_to_pay": D("21.0"),
        "owed_91_plus": D("0.00"),
        "profit": D("1450.00"),
    }


def test_one_client_is_all_of_the_income(given: Callable[..., See]) -> None:
    found = given()("concentration")

    assert found["collected_top_1"] == found["collected_top_10"] == D("100.0")
    assert found["collected_hhi"] == D(10000)


def test_clients_of_zero_or_less_are_left_out_of_shares(given: Callable[..., See]) -> None:
    """The other client had more back than it paid."""
    refund = adding("allocations", 1, id=4099, bill={"id": 2100}, matter={"id": 302}, amount=D(-50))

    def others(records: Records) -> None:
        an_earlier_bill(records)
        records["bills"][-1].update(client={"id": 202}, matters=[{"id": 302}])
        records["line_items"][-1]["matter"] = {"id": 302}
        records["allocations"][-1].update(amount=D(40), date="2024-06-01", matter={"id": 302})

    found = given(others, refund)("concentration")
    assert (found["collected_top_1"], found["collected_hhi"]) == (D("100.0"), D(10000))
    assert (found["billed_top_1"], found["billed_top_5"]) == (D("90.4"), D("100.0"))


def test_case_27_concentration_looks_at_one_currency(given: Callable[..., See]) -> None:
    see = given()

    assert see("concentration", currency="CAD")["collected_hhi"] is None


def test_new_and_returning_clients(given: Callable[..., See]) -> None:
    again = adding("matters", 0, id=303, open_date="2025-03-05")

    see = given(again)

    assert (see("clients", "2025-01")["new"], see("clients", "2025-01")["returning"]) == (D(2), D(0))
    assert (see("clients")["new"], see("clients")["returning"]) == (D(0), D(1))


def test_a_client_is_dormant_a_year_after_the_last_work(given: Callable[..., See]) -> None:
    """The second client's matter was closed long ago; its last entry is of 31 March 2024, or a day later."""

    def long_ago(entry_on: str) -> Change:
        def change(records: Records) -> None:
            records["matters"][1].update(status="Closed", open_date="2023-01-02", close_date="2024-02-01")
            for entry in records["activities"]:
                if (entry["matter"] or {}).get("id") == 302:
                    entry.update(date=entry_on, bill=None)

        return change

    assert given(long_ago("2024-03-31"))("clients")["dormant"] == D(1)


def test_a_client_with_work_in_the_year_is_not_dormant(given: Callable[..., See]) -> None:
    see = given(setting("matters", 1, status="Closed", open_date="2023-01-02", close_date="2024-02-01"))

    assert see("clients")["dormant"] == D(0)


def test_retention_is_of_those_billed_the_year_before(given: Callable[..., See]) -> None:
    """The first client was billed in both years, the second in the earlier only."""

    def before(records: Records) -> None:
        an_earlier_bill(records)
        records["bills"][-1]["issued_at"] = "2024-03-31"
        other = {**records["bills"][-1], "id": 2101, "client": {"id": 202}, "matters": [{"id": 302}]}
        records["bills"].append(other)
        line = {**records["line_items"][-1], "id": 3101, "bill": {"id": 2101}, "matter": {"id": 302}}
        records["line_items"].append(line)

    found = given(before)("clients")
    assert (found["retention"], found["billed_before"], found["retained"]) == (D("50.0"), D(2), D(1))


def test_expenses_by_work_date(given: Callable[..., See]) -> None:
    see = given()

    assert see("expenses", "2025-02") == {
        "incurred": D("400.00"),
        "absorbed": D("0.00"),
        "billed": D("0.00"),
        "collected": D("0.00"),
        "unbilled": D("400.00"),
        "written_off": D("0.00"),
        "recovered": D("200.00"),
        "recovery": D("50.0"),
    }
    march = see("expenses")
    assert (march["billed"], march["collected"], march["written_off"]) == (D("400.00"), D("200.00"), D("40.00"))
    assert (march["incurred"], march["recovery"]) == (D("0.00"), None)


def test_non_billable_expenses_are_absorbed(cast: Any, given: Callable[..., See]) -> None:
    see = given(adding("activities", 2, id=1098, non_billable=True, total=D(0), non_billable_total=D(75), bill=None))

    found = see("expenses", "2025-02")
    assert (found["incurred"], found["absorbed"], found["recovery"]) == (D("475.00"), D("75.00"), D("42.1"))
    answer = ask(cast.firm.firm_id, "expenses", period="2025-02", on=MARCH, **by("cost_kind"))
    assert {key: items["incurred"] for key, items in rows_of(answer, "expenses").items()} == {"hard": D("475.00")}


def test_a_hidden_expense_makes_the_figure_incomplete(cast: Any, given: Callable[..., See]) -> None:
    given(setting("activities", 2, total=None))

    answer = ask(cast.firm.firm_id, "expenses", period="2025-02", on=MARCH)
    assert answer.incomplete == ("expenses",)
    assert total_of(answer, "expenses")["incurred"] == D("0.00")


ALL, NONE = {"profit": D("100.0")}, {"profit": D("0.0")}


def mix_of(answer: Answer) -> dict[Any, Items]:
    return rows_of(answer, "mix")


def test_mix_of_practice_areas(cast: Any, given: Callable[..., See]) -> None:
    """11 billable hours, 6 of them Litigation; all cash is, and without cost rates all profit; one matter of two."""
    given()
    answer = ask(cast.firm.firm_id, "mix", period="2025-03", on=MARCH, **by("practice_area"))

    assert mix_of(answer) == {
        401: {"hours": D("54.5"), "billed": D("100.0"), "collected": D("100.0"), "open_matters": D("50.0"), **ALL},
        None: {"hours": D("45.5"), "billed": D("0.0"), "collected": D("0.0"), "open_matters": D("50.0"), **NONE},
    }
    assert set(total_of(answer, "mix").values()) == {D("100.0")}


def test_mix_of_nothing_has_no_shares(given: Callable[..., See]) -> None:
    assert given()("mix", "2025-01")["billed"] is None


def test_budget_counts_expenses_only_if_it_includes_them(given: Callable[..., See]) -> None:
    """M1: 3,000 + 600 + 1,800 of time, 400 of cost; in the weeks of 3 to 30 March 1,800, 450 a week."""
    without = setting("matters", 0, matter_budget={"id": 1, "budget": D(6750), "include_expenses": False})

    assert given(without)("matter_budget") == {
        "percent": D("80.0"),
        "budget": D("6750.00"),
        "used": D("5400.00"),
        "left": D("1350.00"),
        "burn": D("450.00"),
        "weeks_left": D("3.0"),
        "alerts_reached": D(0),
        "alerts_set": D(0),
    }


@pytest.mark.parametrize(("threshold", "reached"), [(80, 1), (81, 0)])
def test_a_budgets_alert_is_reached_at_its_percent(given: Callable[..., See], threshold: int, reached: int) -> None:
    """5,400 of 6,750 is 80%."""
    budget = {"id": 1, "budget": D(6750), "include_expenses": False, "notification_threshold": threshold}

    found = given(setting("matters", 0, matter_budget=budget))("matter_budget")

    assert (found["alerts_reached"], found["alerts_set"]) == (D(reached), D(1))


def test_budget_with_expenses_is_overdrawn(given: Callable[..., See]) -> None:
    found = given(setting("matters", 0, matter_budget={"id": 1, "budget": D(5000), "include_expenses": True}))(
        "matter_budget"
    )

    assert (found["percent"], found["left"], found["weeks_left"]) == (D("116.0"), D("-800.00"), D("-1.8"))


def test_a_budget_without_recent_work_lasts_no_known_time(given: Callable[..., See]) -> None:
    found = given(
        setting("matters", 0, matter_budget={"id": 1, "budget": D(5000), "include_expenses": False}),
        setting("activities", 3, date="2025-02-27"),
    )("matter_budget")

    assert (found["burn"], found["weeks_left"]) == (D("0.00"), None)


def moved(number: int, on: str, amount: int, **values: Any) -> dict[str, Any]:
    money = {"funds_in": max(amount, 0), "funds_out": max(-amount, 0)}
    account = {"bank_account": {"id": 71, "type": "Trust"}}
    return {"id": number, "date": on, "matter": {"id": 301}, "client": {"id": 201}, **account, **money, **values}


def trust(*movements: dict[str, Any]) -> Change:
    def add(records: Records) -> None:
        records["bank_accounts"] = [{"id": 71, "name": "IOLTA", "type": "Trust", "balance": 0}]
        records["bank_transactions"] = list(movements)

    return add


def test_trust_balance_tells_matters_and_clients_apart(given: Callable[..., See]) -> None:
    see = given(
        trust(moved(1, "2025-02-03", 1000), moved(2, "2025-03-24", -300), moved(3, "2025-03-05", 50, matter=None))
    )

    assert see("trust_balance") == {"total": D("750.00"), "of_matters": D("700.00"), "of_clients": D("50.00")}
    assert see("trust_balance", "2025-02")["total"] == D("1000.00")


def test_exposure_is_floored_matter_by_matter(given: Callable[..., See]) -> None:
    """M1: 1,800 unbilled + 1,480 owed - 4,000 held; M2: 1,500 unbilled."""
    see = given(trust(moved(1, "2025-02-03", 4000)))

    assert see("trust_exposure") == {"net": D("780.00"), "unfunded": D("1500.00")}


def test_shortfall_counts_the_matters_own_money_only(given: Callable[..., See]) -> None:
    minimum = setting("matters", 0, evergreen_retainer={"id": 1, "minimum_threshold": D(500)})

    see = given(minimum, trust(moved(1, "2025-02-03", 400), moved(2, "2025-02-03", 900, matter=None)))

    assert see("trust_minimum") == {
        "shortfall": D("100.00"),
        "shortfall_after_billing": D("3380.00"),
        "minimum": D("500.00"),
        "held": D("400.00"),
        "matters_below": D(1),
        "available": D("900.00"),
    }


def test_a_ledger_below_zero_on_one_day_is_told(given: Callable[..., See]) -> None:
    """The matter was at -200 from the 4th to the 6th; its client had 300 besides."""
    see = given(
        trust(
            moved(1, "2025-03-04", -200),
            moved(2, "2025-03-07", 200),
            moved(3, "2025-02-10", 300, matter=None),
        )
    )

    found = see("trust_risk")
    assert (found["matters_below_zero"], found["clients_below_zero"], found["lowest"]) == (D(1), D(0), D("-200.00"))
    assert see("trust_risk", "2025-03-07..2025-03-31")["matters_below_zero"] == D(0)
    assert see("trust_risk", "2025-03-06..2025-03-06")["matters_below_zero"] == D(1)


def test_money_on_closed_matters_and_money_at_rest(given: Callable[..., See]) -> None:
    see = given(
        setting("matters", 0, status="Closed", close_date="2025-03-10"),
        trust(moved(1, "2024-03-31", 120), moved(2, "2025-01-10", 80, matter={"id": 302})),
    )

    found = see("trust_risk")
    assert (found["on_closed_matters"], found["resting"]) == (D("120.00"), D("120.00"))
    assert found["owed_while_held"] == D("120.00")


def test_who_is_responsible_sees_the_matters_trust(cast: Any, given: Callable[..., See]) -> None:
    see = given(trust(moved(1, "2025-02-03", 1000), moved(3, "2025-03-05", 50, matter=None)))

    ada, ben = (Scope(cast.firm.firm_id, ScopeKind.SELF, person) for person in (101, 102))
    assert see("trust_balance", scope=ada)["total"] == D("1000.00")
    assert see("trust_balance", scope=ben)["total"] == D("0.00")


def requested(amount: int, balance: int, *paid: tuple[str, int]) -> Callable[[Records], None]:
    """Ask for trust money on 1 March."""

    def change(records: Records) -> None:
        bill = records["bills"][0]
        asked = {"id": 5100, "kind": "trust_kind", "issued_at": "2025-03-01", "due_at": "2025-03-15"}
        records["bills"].append({**bill, **asked, "due": amount, "balance": balance, "paid_at": None})
        for number, (on, part) in enumerate(paid):
            own = {"id": 7100 + number, "bill": {"id": 5100}, "date": on, "amount": part}
            payment = {"id": 8100 + number, "type": "Payment"}
            records["allocations"].append({**records["allocations"][1], **own, "parent": payment})

    return change


def test_unpaid_trust_requests_with_their_age(given: Callable[..., See]) -> None:
    """Of 1,000 asked for on the 1st 400 came on the 10th and the rest on the 29th of April."""
    see = given(requested(1000, 0, ("2025-03-10", 400), ("2025-04-29", 600)))

    def told(period: str) -> list[Any]:
        found = see("trust_risk", period)
        return [found[name] for name in ("requests_unpaid", "requested_unpaid", "requested_age", "requested_oldest")]

    assert told("2025-02-01..2025-02-28") == [D(0), D("0.00"), None, None]
    assert told("2025-03-01..2025-03-09") == [D(1), D("1000.00"), D("8.0"), D("8.0")]
    assert told("2025-03-01..2025-03-31") == [D(1), D("600.00"), D("30.0"), D("30.0")]
    assert see("receivable")["total"] == D("1480.00")


def test_a_trust_request_stands_at_clios_balance_where_no_allocation_tells(given: Callable[..., See]) -> None:
    found = given(requested(1000, 250))("trust_risk")

    assert (found["requests_unpaid"], found["requested_unpaid"]) == (D(1), D("250.00"))
