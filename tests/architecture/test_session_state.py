"""What the suite refuses to send through a pool; tests/session_state.py asks this of every statement of every test."""

import pytest
from django.db import connection, transaction

from tests.session_state import keeps_session_state


@pytest.mark.parametrize(
    "statement",
    [
        "SET app.firm_id = '7'",
        "set role smarterfirms_staff",
        "SET SESSION statement_timeout = 0",
        "RESET ROLE",
        "SELECT set_config('app.firm_id', '7', false)",
        "SELECT set_config(%s, %s, FALSE)",
        "LISTEN jobs",
        "PREPARE plan AS SELECT 1",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock(1, 2)",
        "DECLARE rows CURSOR WITH HOLD FOR SELECT 1",
        "CREATE TEMPORARY TABLE batch (id bigint)",
        "CREATE TEMP TABLE batch AS SELECT 1",
        "DISCARD ALL",
    ],
)
def test_recognizes_what_a_session_would_keep(statement):
    assert keeps_session_state(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SET LOCAL synchronous_commit = off",
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT set_config('app.firm_id', '7', true)",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "SELECT pg_try_advisory_xact_lock(5021, 7)",
        "CREATE TEMPORARY TABLE batch (id bigint) ON COMMIT DROP",
        "CREATE TEMP TABLE parts ON COMMIT DROP AS SELECT 1",
        "DECLARE rows NO SCROLL CURSOR FOR SELECT 1",
        "UPDATE core_job SET status = 'done'",
        "INSERT INTO a (b) VALUES (1) ON CONFLICT (b) DO UPDATE SET b = 1",
    ],
)
def test_lets_pass_what_ends_with_the_transaction(statement):
    assert not keeps_session_state(statement)


@pytest.mark.django_db
def test_every_test_is_watched():
    with pytest.raises(AssertionError, match="pooled session"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET search_path = public")
