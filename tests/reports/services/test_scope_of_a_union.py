"""Who holds two grants sees what either of them shows and nothing else: the scope of a union is the union of scopes."""

import random
from typing import Any

import pytest

from apps.core.scope import Scope
from apps.reports.contracts import Query
from apps.reports.contracts.explanation import Cell
from tests.reports.comparing import scope_of
from tests.reports.recompute import Viewer
from tests.reports.services.test_explained_rows import PERIOD, explain_whole
from tests.reports.services.test_work_and_cash_recomputed import TODAY, build_wild
from tests.reports.wild import CLIENTS, PEOPLE

pytestmark = pytest.mark.django_db
# Of each ledger one figure whose rows are seen or not, each by itself; those of bills show the part that is in scope.
WHOLE_ROWS = (
    ("recorded_hours", "total"),
    ("billed", "fees"),
    ("collected", "fees"),
    ("write_offs", "total"),
    ("unbilled", "fees"),
    ("expenses", "incurred"),
    ("trust_balance", "total"),
)
PARTS_OF_ROWS = (("receivable", "total"),)
Rows = dict[tuple[Any, ...], Any]


def some_grant(dice: random.Random) -> dict[str, list[int]]:
    """Return a grant that names one kind of thing, or two at once."""
    named = {
        "people": dice.sample(list(PEOPLE), 2),
        "areas": [dice.choice([21, 22])],
        "clients": dice.sample(list(CLIENTS), 3),
        "groups": [dice.choice([61, 62])],
    }
    return {kind: named[kind] for kind in dice.sample(sorted(named), dice.choice([1, 1, 2]))}


def rows_seen(firm_id: int, scope: Scope, metric: str, item: str) -> Rows:
    query = Query(metrics=(metric,), period=PERIOD)
    _, rows = explain_whole(firm_id, scope, query, Cell(f"{metric}.{item}"), TODAY)
    return {(row.kind, row.row_id, row.part): row.contributions for row in rows}


@pytest.mark.generated(400, 3)
def test_the_scope_of_a_union_is_the_union_of_scopes(cast: Any, seed: int) -> None:
    build_wild(cast, seed, bills=60)
    firm_id, dice, seen = cast.firm.firm_id, random.Random(seed), 0
    for _ in range(3):
        first, second = some_grant(dice), some_grant(dice)
        scopes = [
            scope_of(firm_id, Viewer("subset", me=12, grants=grants)) for grants in ([first], [second], [first, second])
        ]
        for metric, item in (*WHOLE_ROWS, *PARTS_OF_ROWS):
            one, other, both = (rows_seen(firm_id, scope, metric, item) for scope in scopes)
            assert both.keys() == one.keys() | other.keys(), (metric, first, second)
            assert (metric, item) in PARTS_OF_ROWS or both == one | other, (metric, first, second)
            seen += len(both)
    assert seen > 100
