"""The clio app's tables and views behind the tenant wall."""

from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction

from apps.clio.mirror import ENTITIES
from apps.core.tenancy import tenant
from tests.clio.factories import connect, mirrored, sync
from tests.clio.mirror.writing import finish, gone, write

RELATIONS = "SELECT relname, relkind::text FROM pg_class WHERE relname LIKE 'clio\\_%%' AND relkind IN ('r', 'v')"


def relations() -> Any:
    with connection.cursor() as cursor:
        cursor.execute(RELATIONS)
        return cursor.fetchall()


def test_shows_nothing_without_a_firm_or_to_another(cast, clio):
    connect(cast.firm, clio)
    sync(cast.firm)
    first, second, *_ = mirrored(cast.firm, "activities")
    write(cast.firm, "written_off_activities", {"id": first}, reading=0)
    finish(cast.firm, "written_off_activities", 0)
    gone(cast.firm, "activities", second)
    gone(cast.firm, "matters", [*mirrored(cast.firm, "matters")][-1])
    names = [name for name, _ in relations()]
    assert {"clio_activities", "clio_out_activities", "clio_connections", "clio_out_sync"} <= set(names)

    def counts() -> dict[str, int]:
        found = {}
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute(f"SELECT count(*) FROM {name}")
                found[name] = cursor.fetchone()[0]
        return found

    with tenant(cast.firm.firm_id):
        filled = {name for name, count in counts().items() if count}
        mirror = {entity.table for entity in ENTITIES} | {name for name in names if name.startswith("clio_out_")}
        assert mirror | {"clio_connections", "clio_history", "clio_changes", "clio_sync_runs"} <= filled
    assert set(counts().values()) == {0}
    with tenant(cast.strangers_firm.firm_id):
        assert set(counts().values()) == {0}


def test_every_view_asks_as_its_reader_and_takes_no_writes(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reloptions FROM pg_class WHERE relkind = 'v' AND relname LIKE 'clio\\_%%'")
        views = dict(cursor.fetchall())
    assert len(views) == 34
    assert all("security_invoker=true" in (options or []) for options in views.values())
    for name in views:
        with pytest.raises((ProgrammingError, OperationalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {name} SET firm_id = firm_id")


def test_refuses_a_row_of_another_firm(cast):
    with pytest.raises(ProgrammingError), tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("INSERT INTO clio_bills (firm_id, clio_id) VALUES (%s, 1)", [cast.strangers_firm.firm_id])
