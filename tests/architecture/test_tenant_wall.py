"""The database itself keeps firms apart: read from its catalog, so that no new table can forget it."""

from typing import Any

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

# Every function that answers before a firm is known. A new one is added here on purpose.
RESOLVERS = {
    "resolve_api_key",
    "resolve_clio_connect_attempt",
    "resolve_clio_connections_named",
    "resolve_clio_deliveries_due",
    "resolve_clio_firms",
    "resolve_clio_reconciliations_due",
    "resolve_clio_syncs_due",
    "resolve_clio_webhook",
    "resolve_clio_webhooks_due",
    "resolve_clio_webhooks_lapsing",
    "resolve_dead_deliveries",
    "resolve_delivery_by_key",
    "resolve_due_account_deletions",
    "resolve_due_deliveries",
    "resolve_due_digests",
    "resolve_due_events",
    "resolve_due_factor_resets",
    "resolve_due_jobs",
    "resolve_firm_by_public_id",
    "resolve_firm_ids",
    "resolve_identity",
    "resolve_invitation",
    "resolve_mailed_token",
    "resolve_membership",
    "resolve_my_firm_ids",
    "resolve_session",
}
# Tables without a firm or an owner, and why they need no wall.
SHARED = {
    "accounts_erasureproof": "what stays of an erased firm; it names nobody",
    "accounts_user": "a person may belong to many firms; firms reach people through memberships",
    "accounts_user_groups": "staff only",
    "accounts_user_user_permissions": "staff only",
    "auth_group": "staff only",
    "auth_group_permissions": "staff only",
    "auth_permission": "names of rights",
    "core_periodicrun": "slots of platform jobs",
    "django_admin_log": "staff only",
    "django_content_type": "names of models",
    "django_migrations": "names of migrations",
    "django_session": "cookies of our pages: each names a row of accounts_session, which decides",
    "notifications_wordingversion": "words of messages, one set for every firm; only the staff role writes them",
    "notifications_usedtoken": "digests of random tokens of callbacks",
}
# What our own staff may see across firms, and which columns their buttons change.
STAFF_SEES = {
    "clio_connections": (),
    "clio_health_alerts": (),
    "clio_reconciliation_care": (),
    "clio_reconciliations": (),
    "clio_sweeps": (),
    "clio_sync_runs": (),
    "clio_synced_entities": (),
    "clio_webhooks": (),
    "accounts_factorreset": (),
    "notifications_delivery": (),
    "notifications_notification": (),
    "notifications_providerevent": (),
    "notifications_suppression": ("released_at", "released_by_id"),
    "notifications_wordingversion": ("state", "approver_id", "approved_at", "retired_at"),
}


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def test_every_table_is_behind_the_wall_or_named_as_shared():
    walled = """
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND NOT (relrowsecurity AND relforcerowsecurity
                   AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'tenant'))
    """

    open_tables = {name for (name,) in _rows(walled)}

    assert open_tables == set(SHARED)


def test_every_table_with_a_firm_has_a_policy_that_names_the_firm():
    unguarded = """
        SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'firm_id'
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'tenant'
                          AND pg_get_expr(polqual, polrelid) LIKE '%%firm_id%%app.firm_id%%'
                          AND pg_get_expr(polwithcheck, polrelid) LIKE '%%firm_id%%app.firm_id%%')
    """

    assert _rows(unguarded) == []


def test_every_view_runs_with_the_rights_of_its_reader():
    owners_views = """
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
          AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)
    """

    assert _rows(owners_views) == []


def test_only_the_named_functions_see_over_the_wall():
    definers = """
        SELECT proname, pg_get_userbyid(proowner), proconfig::text, has_function_privilege('public', oid, 'EXECUTE')
        FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
    """

    found = _rows(definers)

    assert {name for name, *_ in found} == RESOLVERS
    for _, owner, configuration, public in found:
        assert owner == "smarterfirms_resolver"
        assert "search_path=pg_catalog, public" in configuration
        assert public is False


def test_the_resolver_cannot_log_in_and_nobody_bypasses_the_wall():
    roles = "SELECT rolname, rolcanlogin, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname LIKE 'smarterfirms%%'"

    assert sorted(_rows(roles)) == [
        ("smarterfirms_app", True, False),
        ("smarterfirms_owner", True, False),
        ("smarterfirms_resolver", False, False),
        ("smarterfirms_staff", False, False),
    ]


def test_staff_see_named_tables_and_nothing_sealed():
    columns = """
        SELECT relname, attname, has_column_privilege('smarterfirms_staff', pg_class.oid, attnum, 'UPDATE')
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
          AND has_column_privilege('smarterfirms_staff', pg_class.oid, attnum, 'SELECT')
    """

    seen = _rows(columns)

    assert {table for table, *_ in seen} == set(STAFF_SEES)
    secret = ("sealed", "secret", "token", "password", "email", "phone", "context", "body")
    assert [(table, column) for table, column, _ in seen if any(word in column for word in secret)] == []
    changed = {table: {column for named, column, may in seen if named == table and may} for table in STAFF_SEES}
    assert changed == {table: set(columns) for table, columns in STAFF_SEES.items()}


def test_staff_s_role_is_taken_on_and_never_inherited():
    members = """
        SELECT member::regrole::text, inherit_option, set_option FROM pg_auth_members
        WHERE roleid = 'smarterfirms_staff'::regrole AND member::regrole::text LIKE 'smarterfirms%%'
    """

    assert _rows(members) == [("smarterfirms_app", False, True)]


def test_the_application_owns_nothing():
    owned = "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = 'smarterfirms_app'"

    assert _rows(owned) == []


def test_a_table_made_from_now_on_shows_nothing_without_a_firm(cast):
    with connection.cursor() as cursor:
        for (table,) in _rows(
            "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'firm_id' "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"
        ):
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE firm_id IS NOT NULL')
            assert cursor.fetchone() == (0,), table
