"""What "their own work" is: with the matters a person answers for, or, where the firm wants it so, without them."""

from typing import Any

import pytest

from apps.accounts.queries.firms import find_firm_access
from apps.core.scope import ScopeKind
from tests.accounts.factories import join, make_user
from tests.reports.asking import ask, total_of
from tests.reports.comparing import scope_of
from tests.reports.recompute import Viewer
from tests.reports.recompute.answers import METRICS, Question, recompute
from tests.reports.recompute.matters import MATTERS
from tests.reports.services.test_rare_cases_recomputed import PERIODS
from tests.reports.services.test_work_and_cash_recomputed import TODAY, build_wild

pytestmark = pytest.mark.django_db
OF_WORK = ("recorded_hours", "billed", "collected", "utilization", "write_offs")


def test_without_their_matters_people_see_what_they_did_themselves(cast: Any) -> None:
    books = build_wild(cast, seed=80)
    first, last = PERIODS[1]
    seen = []
    for own_matters in (True, False):
        viewer = Viewer("self", me=12, own_matters=own_matters)
        asked: Any = {"period": f"{first}..{last}", "on": TODAY, "scope": scope_of(cast.firm.firm_id, viewer)}
        answer = ask(cast.firm.firm_id, *OF_WORK, "matters", **asked)
        question = Question(books, "USD", first, last, TODAY, viewer)
        for name in OF_WORK:
            assert total_of(answer, name) == recompute(name, question)[""], (name, own_matters)
        seen.append(total_of(answer, "recorded_hours")["total"] or 0)
        gathered, figure = MATTERS["matters"]
        assert total_of(answer, "matters") == figure(gathered(question), question)
    assert seen[0] > seen[1] > 0
    assert set(OF_WORK) <= set(METRICS)


def test_the_firms_choice_is_a_persons_scope_from_the_next_request_on(cast: Any, api: Any) -> None:
    person = make_user()
    join(person, cast.firm, scope=ScopeKind.SELF, clio_user_id=102)
    address = f"/api/v1/firms/{cast.firm.public_id}"

    before = find_firm_access(user_id=person.pk, firm_public_id=cast.firm.public_id)
    changed = api(cast.owner).patch(address, {"own_work_includes_matters": False}, format="json")
    after = find_firm_access(user_id=person.pk, firm_public_id=cast.firm.public_id)

    assert changed.status_code == 200, changed.json()
    assert changed.json()["own_work_includes_matters"] is False
    assert before is not None
    assert after is not None
    assert (before.scope.sees_own_matters, after.scope.sees_own_matters) == (True, False)
    assert before.scope.digest() != after.scope.digest()
