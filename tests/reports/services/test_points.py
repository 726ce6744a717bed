"""Figures as of a day, taken at the end of every piece of a period, are those of each day asked for by itself."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from apps.reports.contracts import Dimension, Grain
from apps.reports.rules.periods import add_months
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.asking import ask
from tests.reports.comparing import scope_of
from tests.reports.mirror import fill_mirror
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.wild import WildFirm

TODAY = date(2025, 6, 18)
METRICS = ("unbilled", "receivable", "aging", "matter_rate")


@pytest.mark.django_db
@pytest.mark.parametrize("viewer", [VIEWERS[0], VIEWERS[1], VIEWERS[3]])
@pytest.mark.parametrize("dimension", [None, "client", "responsible"])
def test_points_in_a_row_equal_each_point_alone(cast: Any, viewer: Any, dimension: str | None) -> None:
    firm_id = cast.firm.firm_id
    fill_mirror(firm_id, WildFirm(81).records)
    rebuild_ledger(firm_id=firm_id, now=datetime.combine(TODAY, datetime.min.time(), UTC))
    more: dict[str, Any] = {"scope": scope_of(firm_id, viewer), "on": TODAY}
    more["dimensions"] = (Dimension(dimension),) if dimension else ()
    metrics = METRICS if dimension else METRICS[:3]

    row = ask(firm_id, *metrics, period=f"2024-06-10..{TODAY}", grain=Grain.MONTH, **more)

    compared = 0
    for place in range(0, 13, 3):
        month = add_months(date(2024, 6, 1), place)
        day = min(add_months(month, 1) - timedelta(days=1), TODAY)
        alone = ask(firm_id, *metrics, period=f"{month}..{day}", **more)
        if dimension is None:
            in_a_row = {each.keys[0]: each.figures for each in row.rows}[month.isoformat()]
            assert alone.total is not None
            assert in_a_row == alone.total.figures, month
            compared += 1
        by_key = {each.keys: each.series.get(month) for each in row.rows}
        for each in alone.rows if dimension else ():
            assert by_key[each.keys] == each.figures, (month, each.keys)
            compared += 1
    assert compared > 4
