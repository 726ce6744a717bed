"""What the daily checks of the ledger found."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0005_trust"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checked_on", models.DateField(help_text="in the firm's time zone")),
                (
                    "kind",
                    models.CharField(
                        choices=[("receivable", "Receivable"), ("bill", "Bill"), ("trust", "Trust")], max_length=10
                    ),
                ),
                ("currency", models.TextField(default="", help_text="of receivables")),
                ("ours", models.BigIntegerField(null=True)),
                ("clios", models.BigIntegerField(null=True)),
                ("explained", models.BigIntegerField(null=True)),
                ("faults", models.BigIntegerField()),
                ("mirror_version", models.BigIntegerField()),
                ("checked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
            options={
                "db_table": "reports_ledger_check",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "checked_on", "kind", "currency"), name="reports_ledger_check_once_a_day"
                    )
                ],
            },
        ),
        TenantWall("reports_ledger_check"),
    ]
