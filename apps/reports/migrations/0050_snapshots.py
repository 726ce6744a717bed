"""What was known at the end of each day, kept for ever."""

import django.db.models.deletion
from django.db import migrations, models

import apps.reports.models.derived
from apps.core.rowsecurity import TenantWall

TABLES = (
    "reports_snapshot",
    "reports_snapshot_unbilled",
    "reports_snapshot_receivable",
    "reports_snapshot_trust",
    "reports_snapshot_matter",
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0049_credit_memos"),
    ]

    operations = [
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(help_text="in the firm's time zone")),
                ("status", models.CharField(choices=[("taken", "Taken"), ("missing", "Missing")], max_length=7)),
                (
                    "reason",
                    models.CharField(
                        choices=[("", "None"), ("stale", "Stale"), ("not_taken", "Not Taken")], default="", max_length=9
                    ),
                ),
                ("taken_at", models.DateTimeField(null=True)),
                ("is_end_of_day", models.BooleanField(default=False)),
                ("mirror_version", models.BigIntegerField(null=True)),
                ("last_synced_at", models.DateTimeField(help_text="how old Clio's data were", null=True)),
                ("rows", models.BigIntegerField(default=0, help_text="that stood on the day")),
                ("checksum", models.CharField(default="", max_length=64)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
            options={
                "db_table": "reports_snapshot",
                "constraints": [
                    models.UniqueConstraint(fields=("firm", "day"), name="reports_snapshot_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("status", "taken"), ("taken_at__isnull", False)),
                            models.Q(
                                ("status", "missing"), ("taken_at", None), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="reports_snapshot_taken_or_why_not",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SnapshotMatter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_from", models.DateField()),
                ("seen_until", models.DateField(null=True)),
                ("matter_id", models.BigIntegerField()),
                ("status", models.TextField(null=True)),
                ("opened_on", models.DateField(null=True)),
                ("pending_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("stage_since", models.DateField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "reports_snapshot_matter",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "seen_until", "seen_from"], name="reports_snapshot_matter_seen")
                ],
            },
        ),
        migrations.CreateModel(
            name="SnapshotReceivable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_from", models.DateField()),
                ("seen_until", models.DateField(null=True)),
                ("bill_id", models.BigIntegerField()),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("payer_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("issued_on", models.DateField(null=True)),
                ("aged_from", models.DateField(null=True)),
                ("amount", models.BigIntegerField(default=0)),
                ("tax", models.BigIntegerField(default=0)),
                ("interest", models.BigIntegerField(default=0)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "reports_snapshot_receivable",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "seen_until", "seen_from"], name="reports_snapshot_owed_seen"),
                    models.Index(fields=["firm", "bill_id"], name="reports_snapshot_owed_of"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SnapshotTrust",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_from", models.DateField()),
                ("seen_until", models.DateField(null=True)),
                ("bank_account_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("client_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("amount", models.BigIntegerField(default=0)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "reports_snapshot_trust",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "seen_until", "seen_from"], name="reports_snapshot_trust_seen")
                ],
            },
        ),
        migrations.CreateModel(
            name="SnapshotUnbilled",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_from", models.DateField()),
                ("seen_until", models.DateField(null=True)),
                ("activity_id", models.BigIntegerField()),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("unbilled_as", models.CharField(max_length=16)),
                ("worked_on", models.DateField(null=True)),
                ("value", models.BigIntegerField(help_text="minor units; NULL: hidden", null=True)),
                ("seconds", apps.reports.models.derived.Numeric(null=True)),
                (
                    "left_as",
                    models.CharField(
                        choices=[
                            ("billed", "Billed"),
                            ("changed", "Changed"),
                            ("deleted", "Deleted"),
                            ("moved", "Moved"),
                            ("non_billable", "Non Billable"),
                            ("written_off", "Written Off"),
                        ],
                        max_length=12,
                        null=True,
                    ),
                ),
                ("became", models.BigIntegerField(help_text="minor units", null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "reports_snapshot_unbilled",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "seen_until", "seen_from"], name="reports_snapshot_unbilled_seen"),
                    models.Index(fields=["firm", "activity_id"], name="reports_snapshot_unbilled_of"),
                ],
            },
        ),
        *[TenantWall(table) for table in TABLES],
    ]
