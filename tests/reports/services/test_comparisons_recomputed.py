"""Changes against earlier periods equal those of exact figures: months, leap quarters, running periods (K46)."""

from datetime import date
from typing import Any

import pytest

from apps.reports.contracts import Comparison, Dimension
from apps.reports.metrics.catalogue import BY_NAME
from tests.reports.asking import ask
from tests.reports.comparing import scope_of
from tests.reports.recompute import Viewer
from tests.reports.recompute.answers import METRICS, Question
from tests.reports.recompute.comparisons import changes, month_before, year_before
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import build_wild

pytestmark = pytest.mark.django_db
TODAY = date(2025, 7, 15)
YEAR, PRIOR = Comparison.PRIOR_YEAR, Comparison.PRIOR_PERIOD
ASKED = [
    ("2025-02", date(2025, 2, 1), date(2025, 2, 28), TODAY, YEAR),
    ("2025-01-01..2025-03-31", date(2025, 1, 1), date(2025, 3, 31), TODAY, YEAR),
    ("2025-02-10..2025-03-05", date(2025, 2, 10), date(2025, 3, 5), TODAY, YEAR),
    ("this_quarter", date(2025, 1, 1), date(2025, 3, 31), date(2025, 3, 15), YEAR),
    ("this_month", date(2025, 3, 1), date(2025, 3, 31), date(2025, 3, 30), PRIOR),
    ("2024-03", date(2024, 3, 1), date(2024, 3, 31), TODAY, PRIOR),
]


@pytest.mark.parametrize(("seed", "asked"), list(enumerate(ASKED, start=200)))
def test_totals_change_as_exact_figures_do(cast: Any, seed: int, asked: Any) -> None:
    text, first, last, today, comparison = asked
    books, names = build_wild(cast, seed, on=today), tuple(METRICS)
    earlier = (year_before if comparison is YEAR else month_before)(first, last, today)
    for viewer, code in ((Viewer(), "USD"), (VIEWERS[3], "USD"), (Viewer(), "JPY")):
        scope = scope_of(cast.firm.firm_id, viewer)
        more: dict[str, Any] = {"comparison": comparison, "currency": code, "scope": scope}
        answer = ask(cast.firm.firm_id, *names, period=text, on=today, **more)

        assert [(each.starts_on, each.ends_on) for each in answer.compared_periods] == [earlier]
        now = Question(books, code, first, last, today, viewer)
        then = Question(books, code, *earlier, today, viewer)
        assert answer.total is not None
        found = {(name, item): answer.total.changes[f"{name}.{item}"] for name in names for item in BY_NAME[name].items}
        expected = {(name, at[1]): each for name in names for at, each in changes(name, now, then).items()}
        assert found == expected, (viewer, code)


@pytest.mark.parametrize("name", ["recorded_hours", "billed", "days_to_pay", "effective_rate", "collection_rate"])
def test_rows_change_as_exact_figures_do(cast: Any, name: str) -> None:
    books = build_wild(cast, 202)
    text, first, last, today, comparison = ASKED[1]
    answer = ask(
        cast.firm.firm_id,
        name,
        period=text,
        on=today,
        comparison=comparison,
        dimensions=(Dimension.PRACTICE_AREA,),
    )

    now = Question(books, "USD", first, last, today, Viewer())
    then = Question(books, "USD", *year_before(first, last, today), today, Viewer())
    expected = changes(name, now, then, "practice_area")
    found = {(row.keys[0], item): row.changes[f"{name}.{item}"] for row in answer.rows for item in BY_NAME[name].items}
    assert expected
    assert {at: found[at] for at in expected} == expected
