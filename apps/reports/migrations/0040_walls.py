"""The ledger learns who is in which group, so that a matter restricted in Clio is seen from inside its group only."""

import django.db.models.deletion
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0006_state"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerGroupAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group_id", models.BigIntegerField()),
                ("timekeeper_id", models.BigIntegerField(null=True)),
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
                "db_table": "reports_group_access",
                "abstract": False,
                "indexes": [models.Index(fields=["firm", "timekeeper_id"], name="reports_group_access_person")],
            },
        ),
        TenantWall("reports_group_access"),
    ]
