"""Reports that people of a firm make, with every version of them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import apps.core.uuids
from apps.core.rowsecurity import TenantWall

# A foreign key looks over the wall; this one compares the firm too.
SAME_FIRM = """
ALTER TABLE reports_customreportversion ADD CONSTRAINT reports_customreportversion_same_firm
    FOREIGN KEY (firm_id, report_id) REFERENCES reports_customreport (firm_id, id) ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0010_monthly_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(db_default=apps.core.uuids.UuidV7(), editable=False, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("definition", models.JSONField()),
                ("is_shared", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["firm", "title"], name="reports_customreport_firm")],
                "constraints": [models.UniqueConstraint(fields=("firm", "id"), name="reports_customreport_of_firm")],
            },
        ),
        migrations.CreateModel(
            name="CustomReportVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("definition", models.JSONField()),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reports.customreport"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "report", "version"), name="reports_customreportversion_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            SAME_FIRM,
            "ALTER TABLE reports_customreportversion DROP CONSTRAINT reports_customreportversion_same_firm",
        ),
        TenantWall("reports_customreport"),
        TenantWall("reports_customreportversion"),
    ]
