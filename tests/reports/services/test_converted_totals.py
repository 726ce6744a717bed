"""R11: money of several currencies as one, each row at the firm's own rate of the day that places it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.core.access import Extra
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.contracts import Comparison, Dimension, Grain, Mode, Order, Query, Source
from apps.reports.contracts.conversion import AskedCurrency, read_currency
from apps.reports.contracts.explanation import Cell, RowKind
from apps.reports.errors import QuestionNotUnderstood
from apps.reports.metrics.catalogue import CATALOGUE
from apps.reports.metrics.converted import NOT_CONVERTED, converted
from apps.reports.models import ExchangeRate
from apps.reports.models.derived import Derived
from apps.reports.queries.sources.converted import AMOUNTS, CONVERTIBLE, WITHOUT_MONEY
from apps.reports.rules import kept_tables
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.accounts.factories import make_firm
from tests.reports.asking import ask, by, rows_of, total_of
from tests.reports.keeping import keep
from tests.reports.mirror import fill_mirror
from tests.reports.services.test_explained_rows import assert_adds_up, explain_whole

pytestmark = pytest.mark.django_db
TODAY, YEAR = date(2025, 6, 30), "2025-01-01..2025-06-30"
IN_USD: dict[str, Any] = {"currency": "converted:USD"}


def bill(number: int, code: str, issued: str, net: float, *, matter: int = 1, worked: str = "2025-01-10") -> Any:
    """Return bill, entry and line of one piece of work."""
    return (
        {
            "id": number,
            "state": "awaiting_payment",
            "kind": "revenue_kind",
            "issued_at": issued,
            "due_at": issued,
            "due": net,
            "matters": [{"id": matter}],
            "client": {"id": 30 + matter},
            "currency": {"id": 1, "code": code},
        },
        {
            "id": number + 1,
            "type": "TimeEntry",
            "date": worked,
            "quantity": 3600,
            "rounded_quantity": 3600,
            "total": net,
            "user": {"id": 4 + matter},
            "matter": {"id": matter},
            "bill": {"id": number},
        },
        {
            "id": number + 2,
            "type": "ActivityLineItem",
            "kind": "Service",
            "sub_total": net,
            "quantity": 1,
            "bill": {"id": number},
            "activity": {"id": number + 1},
            "matter": {"id": matter},
        },
    )


def paid(number: int, of: int, on: str, amount: float) -> Any:
    """Return a payment on a bill."""
    parent = {"id": number + 500, "type": "Payment"}
    return {"id": number, "date": on, "amount": amount, "bill": {"id": of}, "parent": parent, "created_at": f"{on}T00Z"}


@pytest.fixture
def firm(cast: Any) -> Any:
    """Return a firm in dollars with a bill of 100 USD, 200 EUR, 30000 JPY and 50 EUR, in that order by the month."""
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_firm SET time_zone = 'UTC', currency = 'USD' WHERE id = %s", [cast.firm.firm_id]
        )
    pieces = [
        bill(100, "USD", "2025-01-15", 100),
        bill(200, "EUR", "2025-02-15", 200, matter=2),
        bill(300, "JPY", "2025-03-15", 30000),
        bill(400, "EUR", "2025-04-15", 50),
    ]
    records: dict[str, list[Any]] = {
        "users": [{"id": each, "name": f"P{each}", "enabled": True} for each in (5, 6)],
        "contacts": [{"id": 31, "name": "C1", "type": "Person"}, {"id": 32, "name": "C2", "type": "Person"}],
        "matters": [{"id": each, "billable": True, "client": {"id": 30 + each}} for each in (1, 2)],
        "bills": [piece[0] for piece in pieces],
        "activities": [piece[1] for piece in pieces],
        "line_items": [piece[2] for piece in pieces],
        "allocations": [paid(900, 200, "2025-02-28", 80), paid(901, 200, "2025-03-01", 120)],
    }
    for record in records["activities"]:
        record |= {"non_billable": False, "no_charge": False, "flat_rate": False, "contingency_fee": False}
    fill_mirror(cast.firm.firm_id, records)
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=datetime(2025, 6, 30, 12, tzinfo=UTC)).status == "built"
    return cast.firm


def rate(on: str, code: str, worth: str, into: str = "USD") -> dict[str, Any]:
    """Return a row of the table."""
    return {"on_date": on, "currency": code, "quote_currency": into, "rate": worth}


def keep_rates(cast: Any, *rows: dict[str, Any]) -> None:
    """Put rates into the firm's table."""
    keep(cast, kept_tables.EXCHANGE_RATES, *rows)


ALL = (
    rate("2025-01-01", "EUR", "1.1"),
    rate("2025-03-01", "EUR", "1.2"),
    rate("2025-04-10", "EUR", "1.35"),
    rate("2025-01-01", "JPY", "0.007"),
)


def billed(firm: Any, **more: Any) -> Any:
    return total_of(ask(firm.firm_id, "billed", period=YEAR, on=TODAY, **{**IN_USD, **more}), "billed")["total"]


def test_each_row_takes_the_rate_of_its_own_day(cast: Any, firm: Any) -> None:
    keep_rates(cast, *ALL)

    answer = ask(firm.firm_id, "billed", "collected", period=YEAR, on=TODAY, grain=Grain.MONTH, **IN_USD)

    series = {row.keys[0]: row.figures["billed.fees"] for row in answer.rows}
    assert series["2025-01-01"] == Decimal("100.00")
    assert series["2025-02-01"] == Decimal("220.00")  # 200 at 1.1
    assert series["2025-03-01"] == Decimal("210.00")  # 30000 yen at 0.007
    assert series["2025-04-01"] == Decimal("67.50")  # 50 at 1.35
    assert total_of(answer, "billed")["fees"] == Decimal("597.50")
    assert (answer.currency, answer.incomplete, answer.flags) == ("USD", (), ())


def test_the_rate_changes_between_two_days(cast: Any, firm: Any) -> None:
    keep_rates(cast, *ALL)

    answer = ask(firm.firm_id, "collected", period="2025-02-28..2025-03-01", on=TODAY, grain=Grain.DAY, **IN_USD)

    assert [(row.keys[0], row.figures["collected.fees"]) for row in answer.rows] == [
        ("2025-02-28", Decimal("88.00")),  # 80 at 1.1
        ("2025-03-01", Decimal("144.00")),  # 120 at 1.2
    ]


def test_what_is_told_of_bills_takes_the_rate_of_their_issue(cast: Any, firm: Any) -> None:
    keep_rates(cast, *ALL)

    answer = ask(firm.firm_id, "bills_issued", "collection_rate", "receivable", period=YEAR, on=TODAY, **IN_USD)

    assert total_of(answer, "bills_issued") == {
        "total": Decimal("597.50"),
        "tax": Decimal("0.00"),
        "paid": Decimal("220.00"),  # 80 and 120, both at 1.1: the bill is paid, and nothing of it open
        "credited": Decimal("0.00"),
        "open": Decimal("377.50"),
    }
    assert total_of(answer, "receivable")["total"] == Decimal("377.50")
    assert total_of(answer, "collection_rate")["rate"] == Decimal("36.8")


def test_a_row_without_a_rate_is_left_out_and_named(cast: Any, firm: Any) -> None:
    keep_rates(cast, rate("2025-03-01", "EUR", "1.2"))

    answer = ask(firm.firm_id, "billed", "collected", "recorded_hours", period=YEAR, on=TODAY, **IN_USD)

    assert total_of(answer, "billed")["total"] == Decimal("160.00")  # 100 USD, and 50 EUR at 1.2
    assert total_of(answer, "collected")["total"] == Decimal("144.00")
    assert answer.incomplete == ("billed", "collected")
    flags = {flag.text.partition(" is kept for ")[0]: (flag.code, flag.count, flag.text) for flag in answer.flags}
    assert list(flags) == ["No exchange rate of EUR in USD", "No exchange rate of JPY in USD"]
    assert flags["No exchange rate of EUR in USD"][:2] == ("missing_exchange_rate", 2)
    assert "2025-02-15, 2025-02-28:" in flags["No exchange rate of EUR in USD"][2]
    assert "2025-03-15:" in flags["No exchange rate of JPY in USD"][2]
    assert answer.other_currencies == ("JPY",)


def test_a_missing_rate_of_another_period_or_figure_is_not_told(cast: Any, firm: Any) -> None:
    keep_rates(cast, rate("2025-03-01", "EUR", "1.2"))

    april = ask(firm.firm_id, "billed", period="2025-04", on=TODAY, **IN_USD)
    compared = ask(firm.firm_id, "billed", period="2025-04", on=TODAY, comparison=Comparison.PRIOR_PERIOD, **IN_USD)
    hours = ask(firm.firm_id, "recorded_hours", period=YEAR, on=TODAY, **IN_USD)

    assert (april.incomplete, april.flags) == ((), ())
    assert compared.incomplete == ("billed",)  # March has yen
    assert (hours.incomplete, hours.flags) == ((), ())
    assert total_of(hours, "recorded_hours")["total"] == Decimal("4.00")


def test_into_a_currency_without_cents(cast: Any, firm: Any) -> None:
    keep_rates(cast, rate("2025-01-01", "USD", "150", "JPY"), rate("2025-01-01", "EUR", "160.333", "JPY"))

    answer = ask(firm.firm_id, "billed", period=YEAR, on=TODAY, currency="converted:JPY")

    # 15000 + 32066.6 + 30000 + 8016.65 = 85083.25
    assert total_of(answer, "billed")["total"] == Decimal("85083")
    rows = ask(firm.firm_id, "billed", period=YEAR, on=TODAY, currency="converted:JPY", **by("matter"))
    assert rows_of(rows, "billed")[1]["total"] == Decimal("53017")  # 53016.65
    assert rows_of(rows, "billed")[2]["total"] == Decimal("32067")


def test_sums_are_rounded_once_at_the_end(cast: Any, firm: Any) -> None:
    keep_rates(cast, rate("2025-01-01", "EUR", "1.00003"), rate("2025-01-01", "JPY", "0.000000001"))

    # 200.006 + 50.0015 + 0.00003 + 100, not 200.01 + 50.00 + 0.00 + 100
    assert billed(firm) == Decimal("350.01")
    parts = rows_of(ask(firm.firm_id, "billed", period=YEAR, on=TODAY, **IN_USD, **by("bill")), "billed")
    assert [parts[each]["total"] for each in (200, 400)] == [Decimal("200.01"), Decimal("50.00")]


def test_rates_are_not_turned_around_nor_chained(cast: Any, firm: Any) -> None:
    keep_rates(cast, rate("2025-01-01", "USD", "0.9", "EUR"), rate("2025-01-01", "JPY", "0.007"))

    answer = ask(firm.firm_id, "billed", period=YEAR, on=TODAY, **IN_USD)

    assert total_of(answer, "billed")["total"] == Decimal("310.00")
    assert [flag.text.partition(" is ")[0] for flag in answer.flags] == ["No exchange rate of EUR in USD"]


def test_own_currency_is_unchanged_to_the_cent(cast: Any, firm: Any) -> None:
    keep_rates(cast, *ALL)
    only = {Dimension.BILL: (100,)}

    plain = ask(firm.firm_id, "billed", "bills_issued", "realization", period=YEAR, on=TODAY, filters=only)
    same = ask(firm.firm_id, "billed", "bills_issued", "realization", period=YEAR, on=TODAY, filters=only, **IN_USD)

    assert plain.total is not None
    assert same.total is not None
    assert same.total.figures == plain.total.figures
    assert same.total.figures["billed.total"] == Decimal("100.00")


def test_another_firms_rates_are_never_read(cast: Any, firm: Any) -> None:
    keep_rates(cast, *ALL)
    other = make_firm(cast.stranger)
    with tenant(other.firm_id):
        ExchangeRate.objects.create(
            firm_id=other.firm_id, on_date="2025-02-01", currency="EUR", quote_currency="USD", rate="9"
        )

    assert billed(firm) == Decimal("597.50")


def test_no_rates_at_all_are_refused_with_what_to_do(firm: Any) -> None:
    with pytest.raises(QuestionNotUnderstood) as refused:
        billed(firm)

    (fault,) = refused.value.faults
    assert (fault.pointer, fault.code) == ("/currency", "no_exchange_rates")
    assert "exchange-rates" in fault.detail


def test_a_part_reader_is_not_told_that_others_bill_in_another_currency(firm: Any) -> None:
    reader = Scope(firm.firm_id, ScopeKind.SUBSET, grants=(Grant(timekeeper_ids=(7,)),))

    answer = ask(firm.firm_id, "billed", period=YEAR, on=TODAY, scope=reader, **IN_USD)

    assert total_of(answer, "billed")["total"] == Decimal("0.00")
    assert (answer.flags, answer.other_currencies) == ((), ())
    with pytest.raises(QuestionNotUnderstood):
        ask(firm.firm_id, "billed", period=YEAR, on=TODAY, scope=reader, currency="converted:GBP")


def test_rates_that_begin_after_today_are_no_rates(cast: Any, firm: Any) -> None:
    keep_rates(cast, rate("2025-07-01", "EUR", "1.2"))

    with pytest.raises(QuestionNotUnderstood):
        billed(firm)


@pytest.mark.parametrize("more", [{"mode": Mode.AS_REPORTED}, {"comparison": Comparison.CLOSED}])
def test_what_was_kept_is_not_converted(cast: Any, firm: Any, more: dict[str, Any]) -> None:
    keep_rates(cast, *ALL)

    with pytest.raises(QuestionNotUnderstood) as refused:
        ask(firm.firm_id, "billed", period="2025-03", on=TODAY, **IN_USD, **more)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/currency", "not_converted")]


@pytest.mark.parametrize("metric", ["trust_balance", "matter_budget"])
def test_what_stands_in_its_own_currency_is_refused_with_the_reason(cast: Any, firm: Any, metric: str) -> None:
    keep_rates(cast, *ALL)

    with pytest.raises(QuestionNotUnderstood, match="own currency"):
        ask(firm.firm_id, metric, period=YEAR, on=TODAY, **IN_USD)


def test_parts_add_up_to_the_whole(cast: Any, firm: Any) -> None:
    keep_rates(cast, *ALL)

    for dimension in ("client", "matter", "timekeeper", "bill", "practice_area", "originating"):
        answer = ask(firm.firm_id, "billed", period=YEAR, on=TODAY, **IN_USD, **by(dimension))
        parts = [items["total"] or 0 for items in rows_of(answer, "billed").values()]
        assert sum(parts) == Decimal("597.50"), dimension


def test_a_part_reader_sees_the_part_converted(cast: Any, firm: Any) -> None:
    keep_rates(cast, rate("2025-04-01", "EUR", "1.35"))
    person = Scope(firm.firm_id, ScopeKind.SUBSET, grants=(Grant(timekeeper_ids=(6,)),))
    other = Scope(firm.firm_id, ScopeKind.SUBSET, grants=(Grant(timekeeper_ids=(5,)),))

    theirs = ask(firm.firm_id, "billed", period=YEAR, on=TODAY, scope=person, **IN_USD)
    others = ask(firm.firm_id, "billed", period=YEAR, on=TODAY, scope=other, **IN_USD)

    assert total_of(theirs, "billed")["total"] == Decimal("0.00")
    assert [(flag.count, flag.text.split(" is ")[0]) for flag in theirs.flags] == [
        (1, "No exchange rate of EUR in USD")
    ]
    assert total_of(others, "billed")["total"] == Decimal("167.50")  # 100 and 50 at 1.35; yen have no rate
    assert [flag.text.split(" is ")[0] for flag in others.flags] == ["No exchange rate of JPY in USD"]


def test_an_explained_figure_shows_what_its_rows_were_before(cast: Any, firm: Any) -> None:
    keep_rates(cast, *ALL)
    scope, query = Scope.whole_firm(firm.firm_id), Query(("billed",), YEAR, **IN_USD)

    explanation, rows = explain_whole(firm.firm_id, scope, query, Cell("billed.fees"), TODAY)

    assert_adds_up(explanation, rows, Decimal("597.50"))
    (key,) = [each.key for each in explanation.sums if each.total]
    told = {
        row.row_id: (each.currency, each.amounts[key], each.rate, each.rate_since, each.converted_on)
        for row in rows
        for each in row.originals
    }
    assert told == {
        102: ("USD", Decimal(100), None, None, None),
        202: ("EUR", Decimal(200), Decimal("1.1"), date(2025, 1, 1), date(2025, 2, 15)),
        302: ("JPY", Decimal(30000), Decimal("0.007"), date(2025, 1, 1), date(2025, 3, 15)),
        402: ("EUR", Decimal(50), Decimal("1.35"), date(2025, 4, 10), date(2025, 4, 15)),
    }
    assert {row.row_id: row.contributions[key] for row in rows}[402] == Decimal("67.5")
    assert explanation.conversion is not None
    assert explanation.tie_out is None


def test_what_a_reader_sees_as_a_sum_only_is_not_taken_apart_by_rates(cast: Any, firm: Any) -> None:
    keep_rates(cast, *ALL)
    scope = Scope.whole_firm(firm.firm_id)
    query, cell = Query(("worked_value",), YEAR, **IN_USD), Cell("worked_value.worked")

    _, rows = explain_whole(firm.firm_id, scope, query, cell, TODAY, frozenset({Extra.NAMES}))
    _, told = explain_whole(firm.firm_id, scope, query, cell, TODAY)

    assert {row.kind for row in rows} == {RowKind.OTHERS}
    assert sum(len(row.originals) for row in rows) == 0
    assert sum(len(row.originals) for row in told) == 4


def test_an_earlier_period_is_converted_at_its_own_days(cast: Any, firm: Any) -> None:
    keep_rates(cast, *ALL)
    more: dict[str, Any] = {"comparison": Comparison.PRIOR_PERIOD, "dimensions": (Dimension.MATTER,), **IN_USD}

    answer = ask(firm.firm_id, "billed", period="2025-03-01..2025-04-30", on=TODAY, **more)

    (row,) = [row for row in answer.rows if row.keys == (1,)]
    assert (row.figures["billed.fees"], row.compared["billed.fees"]) == (Decimal("277.50"), Decimal("100.00"))
    assert answer.total is not None
    assert answer.total.compared["billed.fees"] == Decimal("320.00")  # 100 and 200 at 1.1 of February
    assert answer.total.changes["billed.fees"] == Decimal("-13.3")


def test_rows_come_in_the_order_of_converted_money(cast: Any, firm: Any) -> None:
    keep_rates(cast, *ALL)
    more: dict[str, Any] = {"dimensions": (Dimension.CLIENT, Dimension.BILL), "subtotals": True, **IN_USD}

    answer = ask(firm.firm_id, "billed", period=YEAR, on=TODAY, order=Order("billed.total"), **more)

    assert [row.keys for row in answer.rows] == [(31, 300), (31, 100), (31, 400), (32, 200)]
    assert [row.figures["billed.total"] for row in answer.subtotals] == [Decimal("377.50"), Decimal("220.00")]


def test_cost_is_converted_from_the_firms_currency(cast: Any, firm: Any) -> None:
    year = {"timekeeper_id": 5, "starts_on": "2024-01-01", "pay": "100000", "expected_hours": "1000"}
    keep(cast, kept_tables.COST_RATES, year)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=datetime(2025, 6, 30, 12, tzinfo=UTC))
    keep_rates(cast, rate("2025-01-01", "USD", "0.9", "EUR"), rate("2025-01-01", "JPY", "0.006", "EUR"))

    answer = ask(firm.firm_id, "matter_profit_of_period", period=YEAR, on=TODAY, currency="converted:EUR")

    items = total_of(answer, "matter_profit_of_period")
    assert items["cost"] == Decimal("270.00")  # three hours at 100 dollars, on a day of 0.9
    assert items["billed"] == Decimal("520.00")  # 90 and 200 and 180 and 50


def test_the_answer_says_by_which_rates(cast: Any, firm: Any) -> None:
    keep_rates(cast, *ALL, rate("2025-01-01", "EUR", "0.8", "GBP"), rate("2026-01-01", "EUR", "2"))

    conversion = ask(firm.firm_id, "billed", period=YEAR, on=TODAY, **IN_USD).conversion

    assert conversion is not None
    assert conversion.into == "USD"
    assert [(each.currency, each.first_on, each.last_on, each.count) for each in conversion.rates] == [
        ("EUR", date(2025, 1, 1), date(2025, 4, 10), 3),
        ("JPY", date(2025, 1, 1), date(2025, 1, 1), 1),
    ]
    assert ask(firm.firm_id, "billed", period=YEAR, on=TODAY).conversion is None


@pytest.mark.parametrize(
    ("text", "read"),
    [("", AskedCurrency()), ("USD", AskedCurrency("USD")), ("converted:JPY", AskedCurrency("JPY", is_converted=True))],
)
def test_how_a_currency_is_asked_for(text: str, read: AskedCurrency) -> None:
    assert read_currency(text) == read


@pytest.mark.parametrize("text", ["usd", "converted:", "converted:usd", "USD:converted", "converted:USD ", "US"])
def test_what_is_no_currency(text: str) -> None:
    with pytest.raises(ValueError, match="three capital letters"):
        read_currency(text)


def test_every_source_is_converted_or_has_no_money_or_a_reason() -> None:
    kinds = [frozenset(CONVERTIBLE), WITHOUT_MONEY, frozenset(NOT_CONVERTED)]

    assert sum(len(kind) for kind in kinds) == len(Source)
    assert frozenset[Source]().union(*kinds) == frozenset(Source)


def test_every_column_of_money_is_converted() -> None:
    """A column in minor units that nobody listed would be added up in its own currency."""
    for table, amounts in AMOUNTS.items():
        assert issubclass(table, Derived)
        money = {field.name for field in table._meta.local_concrete_fields if field.default == 0}
        assert money <= amounts, table


def test_nearly_all_of_the_catalogue_can_be_converted() -> None:
    left_out = {metric.name for metric in CATALOGUE if not converted(metric).items}
    in_part = {
        metric.name: sorted(set(metric.items) - set(converted(metric).items))
        for metric in CATALOGUE
        if metric.name not in left_out and converted(metric) != metric
    }

    assert left_out == {"trust_balance", "trust_exposure", "trust_minimum", "matter_budget", "wip_written_off"}
    assert {name: len(items) for name, items in in_part.items()} == {
        "trust_risk": 6,  # balances; what was asked for stays
        "cost_rates": 2,  # by the day; by the hour stays
        "plan_variance": 8,  # money; hours and matters stay
    }
