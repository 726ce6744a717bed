"""Trust requests get a ledger: what was asked for, and what came of it (K41)."""

import django.db.models.deletion
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0046_forecast_weeks"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerTrustRequest",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "bill_id", "event_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("bill_id", models.BigIntegerField()),
                ("event_id", models.BigIntegerField()),
                ("happened_on", models.DateField()),
                ("issued_on", models.DateField()),
                ("matter_id", models.BigIntegerField(null=True)),
                ("payer_id", models.BigIntegerField(null=True)),
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
                "db_table": "reports_trust_request",
                "abstract": False,
                "indexes": [models.Index(fields=["firm", "happened_on"], name="reports_trust_request_on")],
            },
        ),
        TenantWall("reports_trust_request"),
    ]
