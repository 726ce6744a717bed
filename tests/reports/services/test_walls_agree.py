"""The same rows are open in reports and among the records, whatever becomes of matters, groups and people in Clio."""

from typing import Any

import pytest
from django.db import connection

from apps.clio.queries.records.reach import Reach, rows_of
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.queries.scoping import matters_in, rows_in
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.changing import ChangingFirm
from tests.reports.services.test_rebuild_by_parts import NOON

pytestmark = pytest.mark.django_db
PEOPLE = Grant(timekeeper_ids=(11, 12, 13, 14, 15))


def scopes(firm_id: int) -> list[Scope]:
    parts = [Scope(firm_id, ScopeKind.SUBSET, me, (PEOPLE, Grant(group_ids=(61, 62)))) for me in (None, 11, 12, 13, 14)]
    return [*parts, *(Scope(firm_id, ScopeKind.SELF, me) for me in (11, 12, 13, 14))]


def found(statement: str, values: dict[str, Any]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {row[0] for row in cursor.fetchall()}


def matters_of_records(scope: Scope) -> set[int]:
    test = rows_of(Reach(matter="r.clio_id", row="r", by_attorney=True))(scope)
    statement = f"SELECT r.clio_id FROM clio_matters r {test.joins} WHERE r.gone_at IS NULL AND {test.condition}"
    return found(statement, {"firm": scope.firm_id, **test.values})


def matters_of_reports(scope: Scope) -> set[int]:
    test = matters_in(scope)
    statement = f"SELECT r.matter_id FROM reports_matter r {test.join} WHERE {test.condition}"
    return found(statement, {"firm": scope.firm_id, **test.values})


def entries_of_records(scope: Scope) -> set[int]:
    """Of people's own alone: what else a matter that is gone says of itself, reports do not know."""
    test = rows_of(Reach(timekeeper="r.user_id"))(scope)
    statement = f"""SELECT r.clio_id FROM clio_activities r {test.joins}
        WHERE r.gone_at IS NULL AND r.type = 'TimeEntry' AND {test.condition}"""
    return found(statement, {"firm": scope.firm_id, **test.values})


def entries_of_reports(scope: Scope) -> set[int]:
    test = rows_in(scope)
    statement = f"SELECT r.activity_id FROM reports_time r {test.join} WHERE {test.condition}"
    return found(statement, {"firm": scope.firm_id, **test.values})


def of_people(firm_id: int) -> list[Scope]:
    return [Scope(firm_id, ScopeKind.SUBSET, me, (PEOPLE,)) for me in (None, 11, 12, 13, 14)]


@pytest.mark.parametrize("seed", range(200, 204))
def test_reports_and_records_keep_the_same_from_the_same_people(cast: Any, seed: int) -> None:
    firm, firm_id = ChangingFirm(cast.firm, seed, bills=10), cast.firm.firm_id
    sizes = set()
    for _ in range(8):
        rebuild_ledger(firm_id=firm_id, now=NOON)
        with tenant(firm_id):
            for scope in scopes(firm_id):
                assert matters_of_reports(scope) == matters_of_records(scope), scope
                sizes.add(len(matters_of_reports(scope)))
            for scope in of_people(firm_id):
                assert entries_of_reports(scope) == entries_of_records(scope), scope
        firm.change(12)
        firm.change_walls(4)

    assert len(sizes) > 3
