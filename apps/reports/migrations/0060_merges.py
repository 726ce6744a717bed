"""Users of Clio who are one person, and practice areas that are one, as a firm says."""

import django.db.models.deletion
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0057_cost_in_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name="MergedPracticeArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("practice_area_id", models.BigIntegerField()),
                ("main_practice_area_id", models.BigIntegerField()),
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
                "db_table": "reports_merged_practice_area",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "practice_area_id"),
                        name="reports_merged_practice_area_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("practice_area_id", models.F("main_practice_area_id")), _negated=True),
                        name="reports_merged_practice_area_other",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MergedTimekeeper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("timekeeper_id", models.BigIntegerField()),
                ("main_timekeeper_id", models.BigIntegerField()),
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
                "db_table": "reports_merged_timekeeper",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "timekeeper_id"), name="reports_merged_timekeeper_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("timekeeper_id", models.F("main_timekeeper_id")), _negated=True),
                        name="reports_merged_timekeeper_other",
                    ),
                ],
            },
        ),
        TenantWall("reports_merged_practice_area"),
        TenantWall("reports_merged_timekeeper"),
    ]
