"""Trust money gets a ledger, and what Clio tells of it a check."""

import django.db.models.deletion
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0021_rates_and_working_times"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerTrustCheck",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "kind", "record_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("bank_account", "Bank Account"), ("matter", "Matter")], max_length=12),
                ),
                ("record_id", models.BigIntegerField()),
                ("ours", models.BigIntegerField()),
                ("clios", models.BigIntegerField(null=True)),
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
                "db_table": "reports_trust_check",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LedgerTrust",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "transaction_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("transaction_id", models.BigIntegerField()),
                ("moved_on", models.DateField(null=True)),
                ("bank_account_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("client_id", models.BigIntegerField(null=True)),
                ("bill_id", models.BigIntegerField(null=True)),
                ("allocation_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("amount", models.BigIntegerField(default=0)),
                ("source", models.TextField(default="")),
                ("description", models.TextField(default="")),
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
                "db_table": "reports_trust",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "moved_on"], name="reports_trust_moved_on"),
                    models.Index(fields=["firm", "matter_id", "moved_on"], name="reports_trust_of_matter"),
                    models.Index(fields=["firm", "bank_account_id", "moved_on"], name="reports_trust_of_account"),
                ],
            },
        ),
        TenantWall("reports_trust"),
        TenantWall("reports_trust_check"),
    ]
