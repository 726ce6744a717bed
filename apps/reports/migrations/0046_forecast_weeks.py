"""Forecasts of collections as they were made, scored when their weeks are over."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0042_former_kept_rows"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForecastWeekKept",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.TextField()),
                ("made_on", models.DateField(help_text="in the firm's time zone")),
                ("starts_on", models.DateField()),
                ("method_version", models.PositiveSmallIntegerField()),
                ("from_receivables", models.BigIntegerField()),
                ("from_unbilled", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("low", models.BigIntegerField(null=True)),
                ("high", models.BigIntegerField(null=True)),
                ("came_in", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("scored_at", models.DateTimeField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
            options={
                "db_table": "reports_forecast_week",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "currency", "made_on", "starts_on"), name="reports_forecast_week_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("came_in__isnull", True), ("scored_at__isnull", True)),
                            models.Q(("came_in__isnull", False), ("scored_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="reports_forecast_week_scored",
                    ),
                ],
            },
        ),
        TenantWall("reports_forecast_week"),
    ]
