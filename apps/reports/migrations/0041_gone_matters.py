"""The ledger keeps the groups of matters that are gone from Clio, for the work on them that is not."""

import django.db.models.deletion
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0040_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerGoneMatter",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "matter_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("matter_id", models.BigIntegerField()),
                ("group_id", models.BigIntegerField(null=True)),
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
            options={"db_table": "reports_gone_matter", "abstract": False},
        ),
        TenantWall("reports_gone_matter"),
    ]
