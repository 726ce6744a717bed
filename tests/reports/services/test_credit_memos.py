"""Who granted a credit, and why, in the log of credits: kept in step with Clio, told to whom it may be told."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.core.access import Extra
from apps.core.person_names import shown_person_name
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.contracts import Dimension, Query
from apps.reports.services.compute_answer import compute_answer
from tests.reports.services.test_state import Watched

pytestmark = pytest.mark.django_db
EVERY = frozenset(Extra)
DETAILS = ("allocation.granted_by", "allocation.note")


def log(watched: Watched, scope: Scope, permissions: frozenset[Extra]) -> list[dict[str, Any]]:
    query = Query(("credits",), "2025-03", (Dimension.ALLOCATION,), details=DETAILS)
    with tenant(watched.firm_id):
        now = datetime(2025, 4, 20, tzinfo=UTC)
        answer = compute_answer(scope=scope, query=query, now=now, permissions=permissions)
    return [dict(row.details) for row in answer.rows]


@pytest.fixture
def watched(cast: Any) -> Watched:
    return Watched(cast.firm)


def test_tells_who_granted_it_and_why_and_follows_changes(watched: Watched) -> None:
    scope = Scope.whole_firm(watched.firm_id)
    watched.build("2025-04-01")
    first = log(watched, scope, frozenset(Extra))

    watched.change("credit_memos", "2025-04-10", 5001, description="Goodwill", user={"id": 102})
    is_whole = watched.build("2025-04-10")

    assert [row["allocation.note"] for row in first] == ["Write-off"]
    assert [row["allocation.granted_by"] for row in first] == ["Ada Archer"]
    assert not is_whole
    (after,) = log(watched, scope, frozenset(Extra))
    assert after["allocation.note"] == "Goodwill"
    assert after["allocation.granted_by"] != "Ada Archer"


def test_a_note_is_told_to_who_sees_all_it_was_granted_for(watched: Watched) -> None:
    watched.build("2025-04-01")

    def notes(*people: int) -> list[Any]:
        scope = Scope(watched.firm_id, ScopeKind.SUBSET, None, (Grant(timekeeper_ids=people),))
        return [(row["allocation.note"], bool(row["allocation.granted_by"])) for row in log(watched, scope, EVERY)]

    # The memo is of one bill, with work of Ada and of Ben.
    assert notes(102) == [(None, True)]
    assert notes(101, 102) == [("Write-off", True)]


def test_keeps_names_and_free_text_back(watched: Watched) -> None:
    watched.build("2025-04-01")
    scope = replace(Scope.whole_firm(watched.firm_id), hides_client_names=True)

    (row,) = log(watched, scope, frozenset())

    nobody = shown_person_name(scope=scope, clio_user_id=101, name="Ada Archer", tells_people=False)
    assert row == {"allocation.granted_by": nobody, "allocation.note": None}
    assert nobody.startswith("Colleague ")
