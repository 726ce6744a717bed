"""Rows of the ledger added up by calendar month."""

import django.db.models.deletion
from django.db import migrations, models

import apps.reports.models.derived
from apps.core.rowsecurity import TenantWall

TABLES = (
    "reports_facts_state",
    "reports_time_facts",
    "reports_line_facts",
    "reports_settle_facts",
    "reports_cohort_facts",
    "reports_work_billed_facts",
    "reports_work_collected_facts",
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0004_parts_and_attributes"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactsState",
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
                ("built_for", models.DateField()),
                ("due_on", models.DateField(null=True)),
            ],
            options={
                "db_table": "reports_facts_state",
            },
        ),
        migrations.CreateModel(
            name="CohortFacts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depth", models.SmallIntegerField()),
                ("month", models.DateField(help_text="its first day")),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("entries", models.BigIntegerField()),
                ("payer_id", models.BigIntegerField(null=True)),
                ("item", models.TextField()),
                ("kind", models.TextField()),
                ("is_hourly", models.BooleanField()),
                ("is_within_90_days", models.BooleanField(null=True)),
                ("net", apps.reports.models.derived.Numeric(null=True)),
                ("taxes", apps.reports.models.derived.Numeric(null=True)),
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
                "db_table": "reports_cohort_facts",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "depth", "month"], name="reports_cohort_facts_month"),
                    models.Index(
                        fields=["firm", "depth", "timekeeper_id", "month"], name="reports_cohort_facts_person"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineFacts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depth", models.SmallIntegerField()),
                ("month", models.DateField(help_text="its first day")),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("entries", models.BigIntegerField()),
                ("payer_id", models.BigIntegerField(null=True)),
                ("item", models.TextField()),
                ("is_no_charge", models.BooleanField()),
                ("is_hourly", models.BooleanField()),
                ("lacks_worth", models.BooleanField()),
                ("billing_method", models.TextField(null=True)),
                ("net", apps.reports.models.derived.Numeric(null=True)),
                ("taxes", apps.reports.models.derived.Numeric(null=True)),
                ("hours", apps.reports.models.derived.Numeric(null=True)),
                ("worked", apps.reports.models.derived.Numeric(null=True)),
                ("written_down", apps.reports.models.derived.Numeric(null=True)),
                ("line_discount", apps.reports.models.derived.Numeric(null=True)),
                ("bill_discount", apps.reports.models.derived.Numeric(null=True)),
                ("waited_for", apps.reports.models.derived.Numeric(null=True)),
                ("worth_days", apps.reports.models.derived.Numeric(null=True)),
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
                "db_table": "reports_line_facts",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "depth", "month"], name="reports_line_facts_month"),
                    models.Index(fields=["firm", "depth", "timekeeper_id", "month"], name="reports_line_facts_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettleFacts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depth", models.SmallIntegerField()),
                ("month", models.DateField(help_text="its first day")),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("entries", models.BigIntegerField()),
                ("payer_id", models.BigIntegerField(null=True)),
                ("item", models.TextField()),
                ("kind", models.TextField()),
                ("method", models.TextField(null=True)),
                ("is_hourly", models.BooleanField()),
                ("net", apps.reports.models.derived.Numeric(null=True)),
                ("taxes", apps.reports.models.derived.Numeric(null=True)),
                ("aged", apps.reports.models.derived.Numeric(null=True)),
                ("money_days", apps.reports.models.derived.Numeric(null=True)),
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
                "db_table": "reports_settle_facts",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "depth", "month"], name="reports_settle_facts_month"),
                    models.Index(
                        fields=["firm", "depth", "timekeeper_id", "month"], name="reports_settle_facts_person"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TimeFacts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depth", models.SmallIntegerField()),
                ("month", models.DateField(help_text="its first day")),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("entries", models.BigIntegerField()),
                ("work_class", models.TextField()),
                ("is_agreed_fee", models.BooleanField()),
                ("lacks_hours", models.BooleanField()),
                ("lacks_value", models.BooleanField()),
                ("is_priced", models.BooleanField()),
                ("seconds", apps.reports.models.derived.Numeric(null=True)),
                ("dated_seconds", apps.reports.models.derived.Numeric(null=True)),
                ("late_seconds", apps.reports.models.derived.Numeric(null=True)),
                ("value", apps.reports.models.derived.Numeric(null=True)),
                ("standard", apps.reports.models.derived.Numeric(null=True)),
                ("billed_value", apps.reports.models.derived.Numeric(null=True)),
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
                "db_table": "reports_time_facts",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "depth", "month"], name="reports_time_facts_month"),
                    models.Index(fields=["firm", "depth", "timekeeper_id", "month"], name="reports_time_facts_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkBilledFacts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depth", models.SmallIntegerField()),
                ("month", models.DateField(help_text="its first day")),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("entries", models.BigIntegerField()),
                ("is_priced", models.BooleanField()),
                ("net", apps.reports.models.derived.Numeric(null=True)),
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
                "db_table": "reports_work_billed_facts",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "depth", "month"], name="reports_wbilled_facts_month"),
                    models.Index(
                        fields=["firm", "depth", "timekeeper_id", "month"], name="reports_wbilled_facts_person"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkCollectedFacts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depth", models.SmallIntegerField()),
                ("month", models.DateField(help_text="its first day")),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("entries", models.BigIntegerField()),
                ("is_priced", models.BooleanField()),
                ("net", apps.reports.models.derived.Numeric(null=True)),
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
                "db_table": "reports_work_collected_facts",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "depth", "month"], name="reports_wpaid_facts_month"),
                    models.Index(fields=["firm", "depth", "timekeeper_id", "month"], name="reports_wpaid_facts_person"),
                ],
            },
        ),
        *[TenantWall(table) for table in TABLES],
    ]
