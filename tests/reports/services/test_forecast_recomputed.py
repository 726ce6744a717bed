"""The forecast of collections to the cent against fractions, over generated firms, scopes and currencies (K45)."""

from collections import Counter
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from apps.core.tenancy import tenant
from apps.reports.contracts.forecast import Forecast
from apps.reports.services.compute_forecast import compute_forecast
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.clio.sandbox.server import running_sandbox
from tests.reports.comparing import scope_of
from tests.reports.mirror import SYNCED, TABLES, fill_mirror
from tests.reports.recompute import Books, Viewer
from tests.reports.recompute.forecast import Forecaster
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import build_wild

pytestmark = pytest.mark.django_db
SUMMER, WINTER = date(2025, 7, 15), date(2025, 12, 31)


def ours(firm_id: int, code: str, on: date, viewer: Viewer) -> Forecast:
    with tenant(firm_id, read_only=True):
        return compute_forecast(scope=scope_of(firm_id, viewer), currency=code, now=datetime.combine(on, time(12), UTC))


@pytest.mark.parametrize(("seed", "on"), [(300, SUMMER), (301, SUMMER), (305, WINTER), (303, WINTER)])
def test_every_week_equals_the_recomputation_to_the_cent(cast: Any, seed: int, on: date) -> None:
    books = build_wild(cast, seed, on=on)
    has_band = False
    used: Counter[str] = Counter()
    amounts = 0
    for viewer in VIEWERS:
        for code in ("USD", "CAD", "JPY"):
            mine = ours(cast.firm.firm_id, code, on, viewer)
            told = Forecaster(books, code, viewer).tell(on)

            assert told is not None
            found = [(x.from_receivables, x.from_unbilled, x.total, x.low, x.high) for x in mine.weeks]
            assert found == told.weeks, (viewer, code)
            assert [(x.made_on, x.expected, x.came_in) for x in mine.past] == told.past, (viewer, code)
            used += told.curves
            has_band |= mine.weeks[0].low is not None
            amounts += sum(1 for week in found for each in week if each)
    assert set(used) == {"client", "area", "firm"}
    assert amounts > 100
    assert has_band is (on is WINTER)


def test_the_sandboxs_firm_equals_the_recomputation(cast: Any) -> None:
    with running_sandbox() as sandbox:
        records = {name: sandbox.list_all(name) for name in TABLES}
    on = date(2027, 2, 28)  # a year after its first bills
    fill_mirror(cast.firm.firm_id, records)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=datetime.combine(on, time(), UTC))
    books = Books(records, currency="USD", zone="UTC", first_synced=SYNCED)

    mine, told = ours(cast.firm.firm_id, "USD", on, Viewer()), Forecaster(books, "USD", Viewer()).tell(on)

    assert told is not None
    assert [(x.from_receivables, x.from_unbilled, x.total, x.low, x.high) for x in mine.weeks] == told.weeks
    assert any(week.from_receivables for week in mine.weeks)
    assert any(week.from_unbilled for week in mine.weeks)


def test_too_short_for_both(cast: Any) -> None:
    books = build_wild(cast, 304, on=date(2024, 12, 1))

    assert ours(cast.firm.firm_id, "USD", date(2024, 12, 1), Viewer()).status == "too_short"
    assert Forecaster(books, "USD", Viewer()).tell(date(2024, 12, 1)) is None
