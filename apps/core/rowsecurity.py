"""Migration operations that build the tenant wall: policies, and named functions that answer before a firm is known.

Every firm-owned table gets `TenantWall` in the migration that creates it; a test fails on any that has none.
The direct `nullif(current_setting(...))` form is meant: as a sub-select its value is unknown to the planner
(measured 2.7 to 3.9 times slower on a skewed table).
"""

from typing import Any

from django.db import migrations

APPLICATION = "smarterfirms_app"
OWNER = "smarterfirms_owner"
RESOLVER = "smarterfirms_resolver"
STAFF = "smarterfirms_staff"
FIRM = "nullif(current_setting('app.firm_id', true), '')::bigint"
USER = "nullif(current_setting('app.user_id', true), '')::bigint"


class TenantWall(migrations.RunSQL):
    """Show and accept only rows of the transaction's firm. `condition` replaces the plain comparison where named."""

    def __init__(self, table: str, *, condition: str = "", column: str = "firm_id") -> None:
        self.table, self.condition, self.column = table, condition, column
        visible = condition or f"{column} = {FIRM}"
        super().__init__(
            sql=[
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
                f"CREATE POLICY tenant ON {table} TO {APPLICATION} USING ({visible}) WITH CHECK ({visible})",
                f"CREATE POLICY migrator ON {table} TO {OWNER} USING (true) WITH CHECK (true)",
            ],
            reverse_sql=[
                f"DROP POLICY tenant ON {table}",
                f"DROP POLICY migrator ON {table}",
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            ],
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return what recreates this operation."""
        return self.__class__.__qualname__, [self.table], {"condition": self.condition, "column": self.column}

    def describe(self) -> str:
        """Return the line `migrate` prints."""
        return f"Put {self.table} behind the tenant wall"


class Policy(migrations.RunSQL):
    """Add one more policy for the application's role, such as "a person sees their own memberships"."""

    def __init__(
        self, table: str, name: str, visible: str, *, command: str = "SELECT", role: str = APPLICATION
    ) -> None:
        check = f" WITH CHECK ({visible})" if command in ("ALL", "INSERT", "UPDATE") else ""
        using = "" if command == "INSERT" else f" USING ({visible})"
        super().__init__(
            sql=f"CREATE POLICY {name} ON {table} FOR {command} TO {role}{using}{check}",
            reverse_sql=f"DROP POLICY {name} ON {table}",
        )


class ResolverFunction(migrations.RunSQL):
    """Create `resolve_<name>`: SECURITY DEFINER, owned by a role that cannot log in, with a fixed search path.

    body: one SQL query. reads: `{table: "column, column"}`, all the resolver may ever read of those tables.
    """

    def __init__(self, name: str, arguments: str, returns: str, body: str, *, reads: dict[str, str]) -> None:
        if not name.startswith("resolve_"):
            raise ValueError("a resolver's name begins with resolve_")
        signature = f"{name}({arguments})"
        super().__init__(
            sql=[
                *[f"GRANT SELECT ({columns}) ON {table} TO {RESOLVER}" for table, columns in reads.items()],
                (
                    f"CREATE FUNCTION {signature} RETURNS {returns} LANGUAGE sql STABLE SECURITY DEFINER "
                    f"SET search_path = pg_catalog, public AS $${body}$$"
                ),
                f"GRANT CREATE ON SCHEMA public TO {RESOLVER}",
                f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
                f"GRANT EXECUTE ON FUNCTION {signature} TO {APPLICATION}",
                f"ALTER FUNCTION {signature} OWNER TO {RESOLVER}",
                f"REVOKE CREATE ON SCHEMA public FROM {RESOLVER}",
            ],
            reverse_sql=[f"DROP FUNCTION {signature}"],
        )


class StaffMayRead(migrations.RunSQL):
    """Show staff these columns of every row of a table, inside `core.staff.staff_view` and nowhere else.

    columns: what staff may see, `"id, status, reason"`; leave out whatever is sealed, a body, a code or an address.
    update: the few columns that staff's buttons change.
    """

    def __init__(self, table: str, columns: str, *, update: str = "") -> None:
        sql: list[Any] = [
            f"GRANT SELECT ({columns}) ON {table} TO {STAFF}",
            f"CREATE POLICY staff ON {table} FOR SELECT TO {STAFF} USING (true)",
        ]
        reverse: list[Any] = [
            f"DROP POLICY staff ON {table}",
            f"REVOKE SELECT ({columns}) ON {table} FROM {STAFF}",  # noqa: S608 - no query, and the names are ours
        ]
        if update:
            sql += [
                f"GRANT UPDATE ({update}) ON {table} TO {STAFF}",
                f"CREATE POLICY staff_change ON {table} FOR UPDATE TO {STAFF} USING (true) WITH CHECK (true)",
            ]
            reverse.append(f"DROP POLICY staff_change ON {table}")
            reverse.append(f"REVOKE UPDATE ({update}) ON {table} FROM {STAFF}")
        super().__init__(sql=sql, reverse_sql=reverse)


class AppendOnly(migrations.RunSQL):
    """Let the database itself refuse to change or remove rows of a table, whoever asks."""

    def __init__(self, table: str) -> None:
        super().__init__(
            sql=[
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION}",
                (
                    f"CREATE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
                ),
                (
                    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                    f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse_change()"
                ),
            ],
            reverse_sql=[
                f"DROP TRIGGER {table}_append_only ON {table}",
                f"DROP FUNCTION {table}_refuse_change()",
                f"GRANT UPDATE, DELETE ON {table} TO {APPLICATION}",
            ],
        )


class RetentionMayRemove(migrations.RunSQL):
    """Let the retention job, inside `core.retention.pruning` and nowhere else, see and remove rows that are too old.

    old: a condition on a row alone, `"expires_at < now() - interval '30 days'"`. The database refuses every other row,
    whatever the job asks for, so a mistake in it cannot remove what is still needed.
    """

    def __init__(self, table: str, old: str) -> None:
        condition = f"current_setting('app.pruning', true) = 'on' AND ({old})"
        super().__init__(
            sql=[
                f"CREATE POLICY old ON {table} FOR SELECT TO {APPLICATION} USING ({condition})",
                f"CREATE POLICY old_gone ON {table} FOR DELETE TO {APPLICATION} USING ({condition})",
            ],
            reverse_sql=[f"DROP POLICY old ON {table}", f"DROP POLICY old_gone ON {table}"],
        )
