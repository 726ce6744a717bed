"""Ledgers are built by parts and in steps; matters, entries and lines get what more metrics ask of them."""

import django.db.models.deletion
from django.db import migrations, models

import apps.reports.models.derived
from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0020_kept_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerCategory",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "category_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("category_id", models.BigIntegerField()),
                ("name", models.TextField()),
                ("utbms_task_id", models.BigIntegerField(null=True)),
                ("utbms_activity_id", models.BigIntegerField(null=True)),
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
                "db_table": "reports_category",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LedgerProgress",
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
                (
                    "stage",
                    models.CharField(
                        choices=[("activities", "Activities"), ("bills", "Bills")], default="activities", max_length=10
                    ),
                ),
                ("after_id", models.BigIntegerField(default=0, help_text="the last record that is built")),
                ("mirror_version", models.BigIntegerField()),
                ("revision", models.IntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("time_zone", models.CharField(max_length=64)),
                ("built_for", models.DateField()),
            ],
            options={
                "db_table": "reports_ledger_progress",
            },
        ),
        migrations.AddField(
            model_name="ledgerexpense",
            name="category_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="ledgerline",
            name="category_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="ledgerline",
            name="cost_kind",
            field=models.CharField(
                choices=[("hard", "Hard"), ("soft", "Soft"), ("plain", "Plain")], max_length=5, null=True
            ),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="billable",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="budget",
            field=models.BigIntegerField(help_text="minor units", null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="budget_includes_expenses",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="closed_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="created_on",
            field=models.DateField(help_text="in the firm's time zone", null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="currency",
            field=models.TextField(db_default="", help_text="of budget and minimum: the matter's, else the firm's"),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="evergreen_minimum",
            field=models.BigIntegerField(help_text="minor units", null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="has_open_date",
            field=models.BooleanField(db_default=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="last_entry_on",
            field=models.DateField(help_text="as Clio has it", null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="opened_on",
            field=models.DateField(help_text="missing: made in Clio; of a pending matter: not opened yet", null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="originating_share",
            field=apps.reports.models.derived.Numeric(help_text="percent", null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="pending_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="responsible_share",
            field=apps.reports.models.derived.Numeric(help_text="percent", null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="stage_since",
            field=models.DateField(help_text="in the firm's time zone", null=True),
        ),
        migrations.AddField(
            model_name="ledgername",
            name="company_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="ledgersettlement",
            name="category_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="ledgersettlement",
            name="cost_kind",
            field=models.CharField(
                choices=[("hard", "Hard"), ("soft", "Soft"), ("plain", "Plain")], max_length=5, null=True
            ),
        ),
        migrations.AddField(
            model_name="ledgerstate",
            name="built_for",
            field=models.DateField(help_text="the day that was today at the build", null=True),
        ),
        migrations.AddField(
            model_name="ledgertime",
            name="category_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="ledgername",
            name="kind",
            field=models.CharField(
                choices=[
                    ("contact", "Contact"),
                    ("practice_area", "Practice Area"),
                    ("group", "Group"),
                    ("stage", "Stage"),
                    ("bank_account", "Bank Account"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerbill",
            index=models.Index(
                condition=models.Q(
                    models.Q(("unreconciled", 0), _negated=True), ("is_balanced", False), _connector="OR"
                ),
                fields=["firm"],
                name="reports_bill_faulty",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerexpense",
            index=models.Index(
                condition=models.Q(("value__isnull", True)), fields=["firm"], name="reports_expense_hidden"
            ),
        ),
        migrations.AddIndex(
            model_name="ledgermatter",
            index=models.Index(fields=["firm", "client_id"], name="reports_matter_client"),
        ),
        migrations.AddIndex(
            model_name="ledgertime",
            index=models.Index(fields=["firm", "timekeeper_id", "worked_on"], name="reports_time_of_person"),
        ),
        migrations.AddIndex(
            model_name="ledgertime",
            index=models.Index(
                condition=models.Q(("seconds__isnull", True), ("value__isnull", True), _connector="OR"),
                fields=["firm"],
                name="reports_time_hidden",
            ),
        ),
        TenantWall("reports_category"),
        TenantWall("reports_ledger_progress"),
    ]
