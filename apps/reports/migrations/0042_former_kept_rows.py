"""Rows a firm kept about records of a Clio account it let go of."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0041_gone_matters"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerKeptRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table_name", models.CharField(max_length=40)),
                ("row", models.JSONField()),
                (
                    "put_away_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "reports_former_kept_row",
                "indexes": [models.Index(fields=["firm", "table_name"], name="reports_former_kept_row_firm")],
            },
        ),
        TenantWall("reports_former_kept_row"),
    ]
