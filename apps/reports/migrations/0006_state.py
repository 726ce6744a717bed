"""What attributes of matters were and what bills went through gets tables."""

import django.db.models.deletion
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0030_ledger_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerBillLife",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "bill_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("bill_id", models.BigIntegerField()),
                ("approved_on", models.DateField(null=True)),
                ("voided_on", models.DateField(null=True)),
                ("was_approved_at_first", models.BooleanField(db_default=False)),
                ("was_void_at_first", models.BooleanField(db_default=False)),
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
                "db_table": "reports_bill_life",
                "abstract": False,
                "indexes": [models.Index(fields=["firm", "approved_on"], name="reports_bill_life_approved_on")],
            },
        ),
        migrations.CreateModel(
            name="LedgerMatterSpan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("matter_id", models.BigIntegerField()),
                ("starts_on", models.DateField(null=True)),
                ("ends_before", models.DateField(null=True)),
                ("client_id", models.BigIntegerField(null=True)),
                ("practice_area_id", models.BigIntegerField(null=True)),
                ("responsible_id", models.BigIntegerField(null=True)),
                ("originating_id", models.BigIntegerField(null=True)),
                ("group_id", models.BigIntegerField(null=True)),
                ("stage_id", models.BigIntegerField(null=True)),
                ("status", models.TextField(null=True)),
                ("billing_method", models.TextField(null=True)),
                ("opened_on", models.DateField(help_text="as Clio had it", null=True)),
                ("pending_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("budget", models.DecimalField(decimal_places=4, max_digits=20, null=True)),
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
                "db_table": "reports_matter_span",
                "abstract": False,
                "indexes": [models.Index(fields=["firm", "matter_id", "starts_on"], name="reports_matter_span_from")],
            },
        ),
        TenantWall("reports_matter_span"),
        TenantWall("reports_bill_life"),
    ]
