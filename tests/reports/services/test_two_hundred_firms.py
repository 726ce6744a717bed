"""Every metric that is recomputed, over two hundred firms: each as one person sees one period in one currency."""

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


@pytest.mark.generated(1000, 200)
def test_every_metric_equals_the_recomputation(cast: Any, seed: int) -> None:
    books, tables = build_kept(cast, seed, bills=12)
    viewer, (first, last), code = VIEWERS[seed % 6], PERIODS[seed // 6 % 3], ("USD", "CAD", "JPY")[seed // 18 % 3]
    question, kept = Question(books, code, first, last, TODAY, viewer), kept_metrics(tables)
    scope = scope_of(cast.firm.firm_id, viewer)
    recomputed = {name: recompute(name, question)[""] for name in METRICS}
    recomputed |= {name: recompute_by_key(found, question)[""] for name, found in (DECLARED | kept).items()}

    answer = ask(cast.firm.firm_id, *recomputed, period=f"{first}..{last}", on=TODAY, scope=scope, currency=code)

    for name, figures in recomputed.items():
        mine = total_of(answer, name)
        assert mine == mine | figures, (name, viewer, first, code)
    mine, other = ours(cast.firm.firm_id, first, last, TODAY, viewer), theirs(books, first, last, TODAY, viewer)
    assert differences(mine, other) == {}, (viewer, first)
