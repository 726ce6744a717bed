"""Nothing may stay in a database session: behind PgBouncer in transaction mode the next to use it is another firm.

Every statement of every test passes `refuse_session_state`; after a pooled run `end_pooled_sessions` looks at the
server connections themselves.
"""

import os
import re
from collections.abc import Callable
from typing import Any

import psycopg2
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from smarterfirms.embedded.pgbouncer import Bouncer
from smarterfirms.settings.addresses import says_pgbouncer

# How many server connections one database gets in `make test-pooled`: few, so that firms share them all the time.
POOL_SIZE = 3
IS_POOLED = says_pgbouncer(os.environ.get("DATABASE_URL", ""))
_KEPT_BY_ITS_BEGINNING = re.compile(
    r"""\s*(?:
        (?:SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)|RESET\b|LISTEN\b|PREPARE\b|LOAD\b|DISCARD\b)
      | CREATE\s+(?:LOCAL\s+)?TEMP(?:ORARY)?\s+TABLE\b(?!.*\bON\s+COMMIT\s+DROP\b)
    )""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_KEPT_BY_A_PART = re.compile(
    r"""\bset_config\s*\([^)]*,\s*(?:false|'off'|'f')\s*\)
      | \bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(
      | \bWITH\s+HOLD\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Looked for first: the expression takes milliseconds for a statement of a report, words take none.
_WORDS_OF_A_PART = ("set_config", "advisory_lock", " hold", "\nhold", "\thold")
_LEFT_BEHIND = """
SELECT pg_backend_pid(), array_remove(ARRAY[
    nullif(current_setting('app.firm_id', true), ''),
    nullif(current_setting('app.user_id', true), ''),
    nullif(current_setting('app.address_digest', true), ''),
    nullif(current_user::text, session_user::text),
    nullif(current_setting('transaction_read_only'), 'off'),
    nullif(current_setting('default_transaction_isolation'), 'read committed'),
    (SELECT string_agg(name, ' ') FROM pg_prepared_statements),
    (SELECT string_agg(channel, ' ') FROM pg_listening_channels() AS channel),
    (SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'),
    (SELECT 'advisory lock' FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() LIMIT 1)
], NULL)
"""


def keeps_session_state(statement: str) -> bool:
    """Tell whether a statement leaves something in the session that outlives its transaction."""
    if _KEPT_BY_ITS_BEGINNING.match(statement):
        return True
    lowered = statement.lower()
    return any(word in lowered for word in _WORDS_OF_A_PART) and _KEPT_BY_A_PART.search(statement) is not None


def watch_statements() -> None:
    """From now on refuse such statements on every connection that is not the owner's."""
    connection_created.connect(_watch, dispatch_uid="tests.session_state")


def _watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if refuse_session_state not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, refuse_session_state)


def refuse_session_state(
    execute: Callable[..., Any], statement: Any, parameters: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Let a statement through unless it would leave something in the session."""
    connection = context["connection"]
    as_owner = connection.settings_dict["USER"] == settings.DATABASE_OWNER["USER"]
    if not as_owner:
        text = statement if isinstance(statement, str) else statement.as_string(connection.connection)
        if keeps_session_state(text):
            raise AssertionError(f"A pooled session would keep this for the next firm: {text}")
    return execute(statement, parameters, many, context)


def end_pooled_sessions(database: dict[str, Any]) -> dict[int, list[str]]:
    """Return `left_behind(database)`, then let the pool forget the database, so that it can be dropped."""
    found = left_behind(database)
    Bouncer(database["HOST"]).forget(database["NAME"])
    return found


def left_behind(database: dict[str, Any]) -> dict[int, list[str]]:
    """Return by server process what was left behind in the pool's connections of a database; empty lists are clean.

    database: Django's settings of it. Holds POOL_SIZE transactions open at once, so each is another server connection.
    """
    address = {"host": database["HOST"], "dbname": database["NAME"], "user": database["USER"]}
    sessions = [psycopg2.connect(**address) for _ in range(POOL_SIZE)]
    found: dict[int, list[str]] = {}
    try:
        for session in sessions:
            with session.cursor() as cursor:
                cursor.execute(_LEFT_BEHIND)
                process_id, left = cursor.fetchone()
                found[process_id] = left
    finally:
        for session in sessions:
            session.close()
    return found
