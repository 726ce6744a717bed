"""Every metric that is recomputed, over two hundred firms: each as one person sees one period in one currency."""

from collections.abc import Collection, Iterator
from typing import Any

import pytest

from tests.reports.asking import ask, total_of
from tests.reports.comparing import differences, ours, scope_of, theirs
from tests.reports.recompute.answers import METRICS, Question, recompute, recompute_by_key
from tests.reports.recompute.kept import kept_metrics
from tests.reports.services.test_kept_recomputed import build_kept
from tests.reports.services.test_positions_recomputed import DECLARED
from tests.reports.services.test_rare_cases_recomputed import PERIODS, VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY

pytestmark = pytest.mark.django_db


def some_at_once(seed: int, metrics: Collection[str]) -> Iterator[list[str]]:
    """Yield the metrics seven at a time, cut elsewhere for each firm.

    All fifty in one statement take the database twice as long, most of it for planning; with fewer it is as slow.
    """
    first = seed % len(metrics)
    names = [*metrics][first:] + [*metrics][:first]
    for start in range(0, len(names), 7):
        yield names[start : start + 7]


@pytest.mark.generated(1000, 200)
def test_every_metric_equals_the_recomputation(cast: Any, seed: int) -> None:
    books, tables = build_kept(cast, seed, bills=12)
    viewer, (first, last), code = VIEWERS[seed % 6], PERIODS[seed // 6 % 3], ("USD", "CAD", "JPY")[seed // 18 % 3]
    question, kept = Question(books, code, first, last, TODAY, viewer), kept_metrics(tables)
    scope = scope_of(cast.firm.firm_id, viewer)
    recomputed = {name: recompute(name, question)[""] for name in METRICS}
    recomputed |= {name: recompute_by_key(found, question)[""] for name, found in (DECLARED | kept).items()}

    for names in some_at_once(seed, recomputed):
        answer = ask(cast.firm.firm_id, *names, period=f"{first}..{last}", on=TODAY, scope=scope, currency=code)
        for name in names:
            mine = total_of(answer, name)
            assert mine == mine | recomputed[name], (name, viewer, first, code)

    mine, other = ours(cast.firm.firm_id, first, last, TODAY, viewer), theirs(books, first, last, TODAY, viewer)
    assert differences(mine, other) == {}, (viewer, first)
