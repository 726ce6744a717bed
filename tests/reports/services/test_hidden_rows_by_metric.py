"""R13, KPI by KPI: which figures meet a redacted row, as read from the formulas of kpis.md."""

import copy
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.services.set_target_hours import set_target_hours
from apps.core.scope import Scope, ScopeKind
from apps.reports.contracts import Source
from apps.reports.metrics.catalogue import RESTATED
from apps.reports.metrics.hidden import HIDES
from apps.reports.queries.sources import READABLE
from apps.reports.rules import kept_tables
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.asking import ask
from tests.reports.conftest import NOON, golden
from tests.reports.keeping import keep

pytestmark = pytest.mark.django_db
MARCH, PERIOD = date(2025, 3, 31), "2025-02-01..2025-03-31"
ADA, BEN = 101, 102
_HOURS = {"quantity_redacted": True, "quantity": None, "rounded_quantity": None}
_MONEY = {"total": None}
_OF_RECORDED_TIME = {"recorded_hours", "billable_share", "capture", "work_date_funnel", "cost_rates", "contribution"}
_OF_BILLABLE_TIME = {"utilization", "target_attainment", "plan_variance", "worked_value", "overall_realization"}
_OF_COST_ON_MATTERS = {"matter_profit", "matter_profit_of_period", "client_value", "mix"}
_OF_UNBILLED_WORK = {"unbilled", "unbilled_aging", "lockup", "trust_exposure", "trust_minimum"}
_OF_THE_VALUE_OF_TIME = {
    "worked_value", "work_date_funnel", "overall_realization", "matter_budget", "matter_profit",
    "matter_profit_of_period",
}  # fmt: skip
_OF_WORTH_OF_FEE_LINES = {"realization", "reductions", "days_to_bill"}
_OF_EXPENSES = {"expenses", "matter_profit", "matter_profit_of_period", "client_value", "mix"}
_CASES: dict[str, tuple[int, dict[str, Any], set[str]]] = {
    "hours of unbilled work on a matter": (
        1004,
        _HOURS,
        _OF_RECORDED_TIME | _OF_BILLABLE_TIME | _OF_COST_ON_MATTERS | {"matter_rate", "unbilled_hours"},
    ),
    "hours of billed work on a matter": (
        1001,
        _HOURS,
        _OF_RECORDED_TIME | _OF_BILLABLE_TIME | _OF_COST_ON_MATTERS | {"matter_rate"},
    ),
    "hours without charge on a matter": (1007, _HOURS, _OF_RECORDED_TIME | _OF_COST_ON_MATTERS | {"matter_rate"}),
    "hours that are nobody's matter": (1006, _HOURS, _OF_RECORDED_TIME),
    "money of unbilled time": (1004, _MONEY, _OF_THE_VALUE_OF_TIME | _OF_UNBILLED_WORK),
    "money of time on a draft": (
        1005,
        _MONEY,
        # Its matter has neither a budget nor a minimum.
        (_OF_THE_VALUE_OF_TIME | _OF_UNBILLED_WORK) - {"matter_budget", "trust_minimum"},
    ),
    "money of billed time": (1001, _MONEY, _OF_THE_VALUE_OF_TIME | _OF_WORTH_OF_FEE_LINES),
    "money of an unbilled expense": (1008, _MONEY, _OF_EXPENSES | _OF_UNBILLED_WORK | {"matter_budget"}),
    "money of a billed expense": (1003, _MONEY, _OF_EXPENSES | {"reductions", "matter_budget"}),
    "money of an expense the firm bears": (1009, {"non_billable_total": None}, _OF_EXPENSES),
    "money of time the firm bears": (1006, {"non_billable_total": None}, set()),
    "no hours of an agreed fee": (1010, _HOURS, set()),
}


@pytest.fixture
def see(cast: Any, build: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that hides a field of an entry and tells which metrics say that they are incomplete."""

    def hide_and_see(entry: int = 0, hidden: dict[str, Any] | None = None, scope: Scope | None = None) -> set[str]:
        records = copy.deepcopy(golden("march"))
        records["matters"][0] |= {
            "matter_budget": {"budget": 9000, "include_expenses": True},
            "evergreen_retainer": {"minimum_threshold": 500},
        }
        plain = {key: value for key, value in records["activities"][2].items() if key != "bill"}
        of_march = plain | {"date": "2025-03-11", "billed": False, "on_bill": False}
        time = records["activities"][3]
        records["activities"] += [
            of_march | {"id": 1008, "total": Decimal(50)},
            of_march | {"id": 1009, "total": Decimal(0), "non_billable": True, "non_billable_total": Decimal(70)},
            time | {"id": 1010, "flat_rate": True, "total": Decimal(90)},
        ]
        for record in records["activities"]:
            if record["id"] == entry:
                record |= hidden or {}
        build(records)
        for person in (ADA, BEN):
            _plan(cast, person)
        assert rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON).status == "built"
        return {
            name
            for name in (metric.name for metric in RESTATED)
            if ask(cast.firm.firm_id, name, period=PERIOD, on=MARCH, scope=scope).incomplete
        }

    return hide_and_see


def _plan(cast: Any, person: int) -> None:
    rate = {"timekeeper_id": person, "starts_on": "2025-01-01", "pay": "90000", "expected_hours": "1500"}
    keep(cast, kept_tables.COST_RATES, rate)
    starts = date(2025, 1, 1)
    who: dict[str, Any] = {"firm_id": cast.firm.firm_id, "actor_id": cast.owner.pk, "timekeeper_id": person}
    set_target_hours(**who, starts_on=starts, monthly_hours=Decimal(100), now=NOON)


def test_nothing_hidden_leaves_every_figure_complete(see: Callable[..., Any]) -> None:
    assert see() == set()


@pytest.mark.parametrize("case", _CASES)
def test_what_meets_a_hidden_row_says_so_and_nothing_else(see: Callable[..., Any], case: str) -> None:
    entry, hidden, marked = _CASES[case]

    assert see(entry, hidden) == marked


def test_a_colleagues_hidden_hours_are_not_met_by_ones_own_figures(cast: Any, see: Callable[..., Any]) -> None:
    assert see(1004, _HOURS, Scope(cast.firm.firm_id, ScopeKind.SELF, BEN)) == set()


def test_every_column_made_of_what_clio_may_hide_tells_when_it_does() -> None:
    made = {
        (source, name)
        for source, readable in READABLE.items()
        for name, expression in getattr(readable, "columns", {}).items()
        # What a year costs is the firm's own figure.
        if re.search(r"\br\.(seconds|value|standard|cost|worked)\b", expression) and source is not Source.PAID_DAYS
    }

    assert len(made) > 30
    assert {(source, name) for source, name in made if name not in HIDES.get(source, {})} == set()
