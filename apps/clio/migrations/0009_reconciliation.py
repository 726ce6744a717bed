"""The mirror is compared with Clio by ids; its health is seen by the firm and by staff."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from apps.core.rowsecurity import RESOLVER, Policy, ResolverFunction, StaffMayRead, TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_getting_in"),
        ("clio", "0008_farewells"),
    ]

    operations = [
        migrations.CreateModel(
            name="HealthAlert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("begun_at", models.DateTimeField(help_text="since when it was not well")),
                ("told_at", models.DateTimeField()),
            ],
            options={
                "db_table": "clio_health_alerts",
            },
        ),
        migrations.CreateModel(
            name="HeldRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entity", models.CharField(max_length=40)),
                ("record_key", models.TextField()),
                (
                    "reason",
                    models.CharField(
                        choices=[("other_user", "Other User"), ("many_at_once", "Many At Once")], max_length=20
                    ),
                ),
                ("held_since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "accepted_at",
                    models.DateTimeField(help_text="since when an administrator takes it for deleted", null=True),
                ),
            ],
            options={
                "db_table": "clio_held_records",
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("nightly", "Nightly"), ("weekly", "Weekly"), ("asked", "Asked")], max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("detail", models.TextField(blank=True, default="", help_text="why it failed, in words for people")),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "clio_user_since",
                    models.DateTimeField(help_text="whose sight it compares with: the Clio user connected since then"),
                ),
            ],
            options={
                "db_table": "clio_reconciliations",
            },
        ),
        migrations.CreateModel(
            name="ReconciliationCare",
            fields=[
                (
                    "firm",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.firm",
                    ),
                ),
                ("due_at", models.DateTimeField()),
                (
                    "wholly_at",
                    models.DateTimeField(
                        help_text="start of the last one of everything that came to its end", null=True
                    ),
                ),
            ],
            options={
                "db_table": "clio_reconciliation_care",
            },
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("entity", models.CharField(max_length=40)),
                (
                    "is_whole",
                    models.BooleanField(help_text="all of the entity, not only what is looked at every night"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("reading", "Reading"),
                            ("mending", "Mending"),
                            ("done", "Done"),
                            ("unsure", "Unsure"),
                            ("refused", "Refused"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, default="", help_text="code of what refused it", max_length=60),
                ),
                (
                    "detail",
                    models.TextField(
                        blank=True, default="", help_text="what is to be known of it, in words for people"
                    ),
                ),
                ("in_order", models.BooleanField(default=True)),
                (
                    "is_short",
                    models.BooleanField(default=False, help_text="a list ended before all that Clio had promised"),
                ),
                ("list_number", models.PositiveSmallIntegerField(default=0)),
                ("cursor", models.TextField(blank=True, default="", help_text="address of the next page")),
                ("last_id", models.BigIntegerField(help_text="the greatest id of this list so far", null=True)),
                ("seen", models.BigIntegerField(default=0, help_text="records of this list so far")),
                (
                    "promised",
                    models.BigIntegerField(
                        help_text="records of this list, as Clio told with its first page", null=True
                    ),
                ),
                ("restarts", models.PositiveSmallIntegerField(default=0)),
                ("pages", models.BigIntegerField(default=0)),
                ("listed", models.BigIntegerField(default=0, help_text="records of all its lists")),
                ("known", models.BigIntegerField(default=0, help_text="rows of ours that were compared")),
                ("missing", models.BigIntegerField(default=0, help_text="rows of ours that Clio's list lacks")),
                ("gone", models.BigIntegerField(default=0, help_text="of those, confirmed by their ids and marked")),
                ("held", models.BigIntegerField(default=0, help_text="of those, kept because Clio may only hide them")),
                ("extra", models.BigIntegerField(default=0, help_text="records of Clio's that were not here")),
                ("stale", models.BigIntegerField(default=0, help_text="records that differ from ours")),
                ("back", models.BigIntegerField(default=0, help_text="records marked as gone that Clio shows")),
                ("missed", models.BigIntegerField(default=0)),
                ("mended", models.BigIntegerField(default=0, help_text="of the extra, stale and back ones, read anew")),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "clio_sweeps",
            },
        ),
        migrations.CreateModel(
            name="SweepFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_key", models.TextField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("missing", "Missing"), ("extra", "Extra"), ("stale", "Stale"), ("back", "Back")],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "db_table": "clio_sweep_findings",
            },
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("gone_at__isnull", True), ("quantity_redacted", True)),
                fields=["firm"],
                name="clio_activities_redacted",
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(
                    ("gone_at__isnull", True), ("price__isnull", True), ("total__isnull", True), ("type", "TimeEntry")
                ),
                fields=["firm"],
                name="clio_activities_unpriced",
            ),
        ),
        migrations.AddField(
            model_name="healthalert",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="heldrecord",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="reconciliation",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="sweep",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="sweep",
            name="reconciliation",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sweeps",
                to="clio.reconciliation",
            ),
        ),
        migrations.AddField(
            model_name="sweepfinding",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="sweepfinding",
            name="sweep",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="findings",
                to="clio.sweep",
            ),
        ),
        migrations.AddConstraint(
            model_name="healthalert",
            constraint=models.UniqueConstraint(fields=("firm", "kind"), name="clio_health_alert_once"),
        ),
        migrations.AddConstraint(
            model_name="heldrecord",
            constraint=models.UniqueConstraint(fields=("firm", "entity", "record_key"), name="clio_held_record_once"),
        ),
        migrations.AddIndex(
            model_name="reconciliation",
            index=models.Index(fields=["firm", "-started_at"], name="clio_reconciliation_latest"),
        ),
        migrations.AddConstraint(
            model_name="reconciliation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)), fields=("firm",), name="clio_reconciliation_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="reconciliation",
            constraint=models.UniqueConstraint(fields=("firm", "id"), name="clio_reconciliation_of_firm"),
        ),
        migrations.AddConstraint(
            model_name="sweep",
            constraint=models.UniqueConstraint(fields=("firm", "reconciliation", "entity"), name="clio_sweep_once"),
        ),
        migrations.AddConstraint(
            model_name="sweep",
            constraint=models.UniqueConstraint(fields=("firm", "id"), name="clio_sweep_of_firm"),
        ),
        migrations.AddConstraint(
            model_name="sweepfinding",
            constraint=models.UniqueConstraint(fields=("firm", "sweep", "record_key"), name="clio_sweep_finding_once"),
        ),
        # A sweep belongs to a reconciliation of its own firm, a finding to a sweep of it.
        migrations.RunSQL(
            sql="ALTER TABLE clio_sweeps ADD CONSTRAINT clio_sweep_reconciliation FOREIGN KEY "
            "(firm_id, reconciliation_id) REFERENCES clio_reconciliations (firm_id, id) ON DELETE CASCADE "
            "DEFERRABLE INITIALLY DEFERRED",
            reverse_sql="ALTER TABLE clio_sweeps DROP CONSTRAINT clio_sweep_reconciliation",
        ),
        migrations.RunSQL(
            sql="ALTER TABLE clio_sweep_findings ADD CONSTRAINT clio_sweep_finding_sweep FOREIGN KEY "
            "(firm_id, sweep_id) REFERENCES clio_sweeps (firm_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
            reverse_sql="ALTER TABLE clio_sweep_findings DROP CONSTRAINT clio_sweep_finding_sweep",
        ),
        *[
            TenantWall(table)
            for table in (
                "clio_reconciliations",
                "clio_sweeps",
                "clio_sweep_findings",
                "clio_held_records",
                "clio_reconciliation_care",
                "clio_health_alerts",
            )
        ],
        # Connected firms whose mirror is to be compared with Clio: never planned yet, due, or left open by a worker.
        Policy("clio_reconciliation_care", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_clio_reconciliations_due",
            "due_before timestamptz",
            "TABLE (firm_id bigint)",
            """
            SELECT connection.firm_id FROM public.clio_connections connection
            LEFT JOIN public.clio_reconciliation_care care USING (firm_id)
            WHERE connection.status = 'connected' AND (care.firm_id IS NULL OR care.due_at <= due_before)
            ORDER BY connection.firm_id
            """,
            reads={"clio_connections": "firm_id, status", "clio_reconciliation_care": "firm_id, due_at"},
        ),
        # Firms with a connection that is meant to work: their health is looked after.
        ResolverFunction(
            "resolve_clio_firms",
            "",
            "TABLE (firm_id bigint)",
            """
            SELECT connection.firm_id FROM public.clio_connections connection
            WHERE connection.status <> 'disconnected' ORDER BY connection.firm_id
            """,
            reads={"clio_connections": "firm_id, status"},
        ),
        # Staff look after syncs of every firm: states, counts and times; no token, no record, nobody's name.
        StaffMayRead(
            "clio_connections",
            "id, firm_id, region, status, status_changed_at, connected_at, clio_user_since, expires_at",
        ),
        StaffMayRead(
            "clio_sync_runs",
            "id, firm_id, kind, state, reason, detail, started_at, finished_at, held_until, goes_on_at, failures",
        ),
        StaffMayRead(
            "clio_synced_entities",
            "id, firm_id, entity, first_completed_at, last_completed_at, records, read_from, refused, in_each_run",
        ),
        StaffMayRead(
            "clio_webhooks",
            "id, firm_id, model, clio_webhook_id, state, detail, opened_at, renewed_at, expires_at",
        ),
        StaffMayRead("clio_reconciliations", "id, firm_id, kind, state, detail, started_at, finished_at"),
        StaffMayRead(
            "clio_sweeps",
            "id, firm_id, reconciliation_id, position, entity, is_whole, state, reason, detail, pages, listed, known, "
            "missing, gone, held, extra, stale, back, missed, mended, started_at, finished_at",
        ),
        StaffMayRead("clio_reconciliation_care", "firm_id, due_at, wholly_at"),
        StaffMayRead("clio_health_alerts", "id, firm_id, kind, begun_at, told_at"),
    ]
