"""The database of a test process: a copy of one that was migrated once, because migrating takes sixty times as long.

The migrated database is kept beside the tests' own under a name made of everything migrations are made of, so that
a changed migration or model is migrated anew from nothing.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from apps.core.database_owner import owner_connection

_ROOT = Path(__file__).resolve().parents[1]
_TEMPLATE = "test_smarterfirms_migrated_"
# Filled by `migrate` itself; everything else is empty between tests.
_KEPT = ("django_content_type", "auth_permission", "django_migrations")
# What decides how the tables come out; tests/architecture/test_migrations.py holds that migrations use nothing else.
INGREDIENTS = (
    "apps/*/migrations/*.py",
    "apps/*/models.py",
    "apps/*/models/**/*.py",
    "apps/core/rowsecurity.py",
    "apps/core/uuids.py",
    "apps/core/database_owner.py",
    "apps/core/numeric.py",
    "deploy/postgres/roles.sql",
    "requirements.txt",
)
_EVERY_TABLE = """
SELECT relname, EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND tgname = relname || '_append_only')
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
"""


def copy_migrated_database(name: str) -> None:
    """Create a database by copying the migrated one, which is made first if there is none. Needs `owner_connection`.

    One process at a time, so that two that start together migrate once.
    """
    template = f"{_TEMPLATE}{_digest()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [_TEMPLATE])
        if template not in _databases(cursor):
            _migrate(cursor, template)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        # What the machine's own fall would lose of it is gone at the end anyway; so no commit waits for the disk.
        cursor.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')


def _digest() -> str:
    found = hashlib.sha256()
    for path in _ingredients():
        found.update(f"{path.relative_to(_ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def _ingredients() -> Iterator[Path]:
    for pattern in INGREDIENTS:
        yield from sorted(_ROOT.glob(pattern))


def _databases(cursor: CursorWrapper) -> set[str]:
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_TEMPLATE])
    return {name for (name,) in cursor.fetchall()}


def _migrate(cursor: CursorWrapper, template: str) -> None:
    """Make the migrated database under another name and rename it: one cut off halfway is never copied."""
    for outdated in _databases(cursor):
        cursor.execute(f'DROP DATABASE "{outdated}"')
    building = f"{_TEMPLATE}building"
    cursor.execute(f'CREATE DATABASE "{building}"')
    kept = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = building
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = kept
    cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{template}"')


def empty_written_tables(_: object = None) -> None:
    """Remove what a test committed, from those tables alone that hold rows: TRUNCATE of all takes twenty times as long.

    Takes the place of Django's flush after a test with transactions of its own.
    """
    with owner_connection(), transaction.atomic(), connection.cursor() as cursor:
        tables, append_only = _tables()
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables))
        written = {name for (name,) in cursor.fetchall()}
        if unchangeable := written & append_only:
            cursor.execute(f"TRUNCATE {', '.join(unchangeable)}")
        if written - append_only:
            # One statement, at whose end foreign keys are looked at: so the order does not matter.
            gone = ", ".join(f"{name}_rows AS (DELETE FROM {name})" for name in sorted(written - append_only))
            cursor.execute(f"WITH {gone} SELECT")


@cache
def _tables() -> tuple[list[str], set[str]]:
    """Return the tables tests write to, and those of them that refuse to be changed."""
    with connection.cursor() as cursor:
        cursor.execute(_EVERY_TABLE)
        found = {name: refuses for name, refuses in cursor.fetchall() if name not in _KEPT}
    return sorted(found), {name for name, refuses in found.items() if refuses}
