"""What bills owe, from day to day."""

import django.db.models.deletion
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0054_last_allocation"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerOwed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depth", models.SmallIntegerField()),
                ("bill_id", models.BigIntegerField()),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField()),
                ("issued_on", models.DateField()),
                ("due_on", models.DateField(null=True)),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("payer_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("balance", models.BigIntegerField(default=0)),
                ("amount", models.BigIntegerField(default=0)),
                ("tax", models.BigIntegerField(default=0)),
                ("interest", models.BigIntegerField(default=0)),
                ("fees", models.BigIntegerField(default=0)),
                ("expenses", models.BigIntegerField(default=0)),
                ("unreconciled", models.BigIntegerField(default=0)),
                ("credit", models.BigIntegerField(default=0)),
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
                "db_table": "reports_owed",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "depth", "ends_before"], name="reports_owed_until"),
                    models.Index(
                        condition=models.Q(("depth", 3)),
                        fields=["firm", "timekeeper_id", "ends_before"],
                        name="reports_owed_of_person",
                    ),
                    models.Index(fields=["firm", "bill_id"], name="reports_owed_of_bill"),
                ],
            },
        ),
        TenantWall("reports_owed"),
    ]
