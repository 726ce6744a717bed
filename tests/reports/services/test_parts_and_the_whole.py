"""R7: for every metric there is and everything it can be broken down by, the rows add up to the whole."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.reports.contracts import Unit
from apps.reports.metrics.catalogue import RESTATED
from apps.reports.metrics.declaration import Metric, Sum
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.asking import ask, rows_of, total_of
from tests.reports.comparing import scope_of
from tests.reports.mirror import fill_mirror
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.wild import WildFirm

TODAY = date(2025, 7, 15)
HALF = {Unit.HOURS: Decimal("0.005"), Unit.MONEY: Decimal("0.005"), Unit.DAYS: Decimal("0.05")}


def adds_up_exactly(item: Sum) -> bool:
    """Tell whether rows are sums of whole cents; hours and standard values are rounded row by row."""
    return item.unit in (Unit.MONEY, Unit.COUNT) and not any(" / " in each.expression for each in item.measures)


@pytest.mark.django_db
@pytest.mark.generated(41, 1)
def test_rows_add_up_to_the_total(cast: Any, seed: int) -> None:
    firm_id = cast.firm.firm_id
    fill_mirror(firm_id, WildFirm(seed).records)
    rebuild_ledger(firm_id=firm_id, now=datetime(2025, 7, 15, tzinfo=UTC))
    checked = 0
    for viewer in (VIEWERS[0], VIEWERS[1], VIEWERS[3]):
        for metric in RESTATED:
            for dimension in sorted(metric.dims):
                answer = ask(
                    firm_id,
                    metric.name,
                    period="2024-03-01..2025-05-31",
                    on=TODAY,
                    scope=scope_of(firm_id, viewer),
                    dimensions=(dimension,),
                )
                checked += compare_items(metric, rows_of(answer, metric.name), total_of(answer, metric.name))
    assert checked > len(RESTATED)


def compare_items(metric: Metric, rows: dict[Any, Any], total: Any) -> int:
    """Compare every sum of a metric and return how many there were."""
    sums = {name: item for name, item in metric.items.items() if isinstance(item, Sum)}
    for name, item in sums.items():
        values = [row[name] for row in rows.values()]
        if total[name] is None:
            assert set(values) <= {None}, (metric.name, name)
            continue
        allowed = 0 if adds_up_exactly(item) else HALF[item.unit] * (len(values) + 1)
        assert abs(sum(value or 0 for value in values) - total[name]) <= allowed, (metric.name, name, rows)
    return len(sums)
