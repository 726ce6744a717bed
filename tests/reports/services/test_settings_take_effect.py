"""What a firm keeps changes its figures: rules at once, what the ledger is made with after its rebuild."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import Firm
from apps.core.tenancy import tenant
from apps.reports.contracts.kept import AgingBasis, CapacityBasis
from apps.reports.errors import KeptRowsNotValid
from apps.reports.rules import kept_tables
from apps.reports.services.change_rules import change_rules
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.save_kept_rows import save_rows
from tests.reports.asking import Items, ask, rows_of, total_of
from tests.reports.conftest import NOON
from tests.reports.keeping import keep

pytestmark = pytest.mark.django_db
D = Decimal
MARCH = date(2025, 3, 31)
ADA, BEN = 101, 102


@pytest.fixture
def cast(cast_of_march: Any) -> Any:
    """The cast of every test here: its firm has the golden month."""
    return cast_of_march


@pytest.fixture
def see(cast: Any) -> Callable[..., Items]:

    def look(metric: str, period: str = "2025-03", **more: Any) -> Items:
        return total_of(ask(cast.firm.firm_id, metric, period=period, on=MARCH, **more), metric)

    return look


def rule(cast: Any, **changes: Any) -> None:
    change_rules(firm_id=cast.firm.firm_id, actor_id=cast.owner.pk, changes=changes, if_version=None, now=NOON)


def by_person(cast: Any, metric: str, item: str) -> dict[Any, Any]:
    answer = ask(cast.firm.firm_id, metric, period="2025-03", on=MARCH, dimensions=("timekeeper",))
    return {key: items[item] for key, items in rows_of(answer, metric).items()}


def test_hours_without_charge_may_be_billable(cast: Any, see: Callable[..., Items]) -> None:
    assert see("recorded_hours")["billable"] == D("11.00")

    rule(cast, counts_no_charge_as_billable=True)

    assert see("recorded_hours") == {
        "billable": D("13.00"),
        "non_billable": D("3.00"),
        "no_charge": D("2.00"),
        "total": D("16.00"),
        "agreed_fees": D("0"),
    }
    assert see("billable_share") == {"rate": D("81.3")}
    assert see("utilization") == {"rate": D("3.9")}


def test_receivables_may_age_from_issue(cast: Any, see: Callable[..., Items]) -> None:
    """Issued on 3 March, due on the 17th: 28 days old, 14 of them past due."""
    assert (see("aging")["days_1_30"], see("aging", "2025-03-01..2025-03-25")["days_1_30"]) == (
        D("1480.00"),
        D("1480.00"),
    )
    assert see("aging", "2025-03-01..2025-03-10")["current"] == D("3700.00")

    rule(cast, aging_basis=AgingBasis.ISSUED)

    assert see("aging", "2025-03-01..2025-03-10")["current"] == D("0.00")
    assert see("aging", "2025-03-01..2025-03-10")["days_1_30"] == D("3700.00")


def test_holidays_working_days_and_hours_of_the_firm(cast: Any, see: Callable[..., Items]) -> None:
    assert see("available_hours") == {"total": D("336.00")}

    with tenant(cast.firm.firm_id):
        Firm.objects.filter(pk=cast.firm.firm_id).update(
            working_days=[1, 2, 3, 4],
            holidays={"2025-03-17": "St Patrick's", "2025-03-22": "a Saturday"},
            daily_hours=7,
        )

    assert see("available_hours") == {"total": D("224.00")}  # 17 days less 1, two people, 7 hours


def test_leave_is_no_capacity(cast: Any, see: Callable[..., Items]) -> None:
    keep(
        cast,
        kept_tables.LEAVES,
        {"timekeeper_id": ADA, "starts_on": "2025-03-03", "ends_on": "2025-03-07"},
        {"timekeeper_id": BEN, "starts_on": "2025-03-14", "ends_on": "2025-03-17", "percent": "50"},
    )

    assert by_person(cast, "available_hours", "total") == {ADA: D("128.00"), BEN: D("160.00")}
    assert see("available_hours") == {"total": D("288.00")}


def test_working_times_and_employment_after_a_rebuild(cast: Any, see: Callable[..., Items]) -> None:
    keep(
        cast,
        kept_tables.WORKING_TIMES,
        {"timekeeper_id": ADA, "starts_on": "2025-03-10", "fte": "0.5"},
        {"timekeeper_id": ADA, "starts_on": "2025-03-24", "fte": "1", "daily_hours": "6", "working_days": [1, 2]},
    )
    keep(cast, kept_tables.EMPLOYMENTS, {"timekeeper_id": BEN, "starts_on": "2025-01-01", "ends_on": "2025-03-05"})
    outcome = rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    assert (outcome.status, outcome.is_whole) == ("built", True)
    # Ada: 5 days of 8, 10 days of 4, 3 Mondays and Tuesdays of 6; Ben: 3 days.
    assert by_person(cast, "available_hours", "total") == {ADA: D("98.00"), BEN: D("24.00")}
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON).status == "current"


def test_no_full_time_share_takes_a_person_out(cast: Any, see: Callable[..., Items]) -> None:
    keep(cast, kept_tables.WORKING_TIMES, {"timekeeper_id": BEN, "starts_on": "2020-01-01", "fte": "0"})
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    rates = by_person(cast, "utilization", "rate")
    assert (rates[ADA], rates.get(BEN)) == (D("6.5"), None)
    assert see("available_hours") == {"total": D("168.00")}


def test_available_hours_as_clio_counts_them(cast: Any, see: Callable[..., Items]) -> None:
    """8 hours on 260 days a year: 173.33 a month, for who has an entry in it."""
    rule(cast, capacity_basis=CapacityBasis.CLIO)

    assert see("available_hours") == {"total": D("346.67")}
    assert see("available_hours", "2025-01-01..2025-03-31") == {"total": D("693.33")}
    assert see("available_hours", "2025-03-01..2025-03-15") == {"total": D("167.74")}  # 15 of 31 days


def test_the_standard_rate_of_the_day(cast: Any, see: Callable[..., Items]) -> None:
    """March: 6 and 5 hours of Ada's at 300, before; the firm keeps 400 from the 6th on."""
    assert see("worked_value") == {"worked": D("3300.00"), "standard": D("3300.00"), "rate": D("100.0")}

    keep(cast, kept_tables.STANDARD_RATES, {"timekeeper_id": ADA, "starts_on": "2025-03-06", "rate": "400"})
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    assert see("worked_value") == {"worked": D("3300.00"), "standard": D("3800.00"), "rate": D("86.8")}


def test_a_rate_that_changed_in_clio_holds_from_that_day(cast: Any, see: Callable[..., Items]) -> None:
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO clio_history (firm_id, entity, record_id, attribute, value, seen_from) VALUES "
            "(%(firm)s, 'users', 101, 'rate', '300', '2025-01-31T12:00:00Z'),"
            "(%(firm)s, 'users', 101, 'rate', '330', '2025-03-06T12:00:00Z')",
            {"firm": cast.firm.firm_id},
        )
        cursor.execute("UPDATE clio_users SET rate = 330 WHERE clio_id = 101")
        cursor.execute("UPDATE clio_mirror_versions SET version = version + 1 RETURNING version")
        cursor.execute(
            "INSERT INTO clio_changes (firm_id, version, entity, record_id, columns) VALUES (%s, %s, 'users', 101, %s)",
            [cast.firm.firm_id, cursor.fetchone()[0], ["rate"]],
        )
    rebuild_ledger(firm_id=cast.firm.firm_id, now=datetime(2025, 3, 31, 17, tzinfo=UTC))

    assert see("worked_value", "2025-03")["standard"] == D("3450.00")  # 6 hours at 300, 5 at 330
    assert see("worked_value", "2025-02")["standard"] == D("3600.00")


def test_a_faulty_change_changes_no_figure(cast: Any, see: Callable[..., Items]) -> None:
    with pytest.raises(KeptRowsNotValid):
        save_rows(
            firm_id=cast.firm.firm_id,
            actor_id=cast.owner.pk,
            table=kept_tables.STANDARD_RATES,
            rows=[{"timekeeper_id": ADA, "starts_on": "2025-03-06", "rate": "400"}, {}],
            if_version=None,
            now=NOON,
        )

    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON).status == "current"
