"""Who granted credits, and why, gets a table."""

import django.db.models.deletion
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0048_budget_threshold"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerCreditMemo",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "memo_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("memo_id", models.BigIntegerField()),
                ("granted_by_id", models.BigIntegerField(null=True)),
                ("note", models.TextField(default="")),
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
                "db_table": "reports_credit_memo",
                "abstract": False,
            },
        ),
        TenantWall("reports_credit_memo"),
    ]
