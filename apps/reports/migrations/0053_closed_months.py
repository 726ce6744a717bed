"""Closed months: the closings, and the rows their figures were made of."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.core.uuids
from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0050_snapshots"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PeriodClose",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(db_default=apps.core.uuids.UuidV7(), editable=False, unique=True)),
                ("month", models.DateField(help_text="its first day")),
                ("version", models.PositiveIntegerField()),
                ("closed_at", models.DateTimeField()),
                ("closed_on", models.DateField(help_text="in the firm's time zone")),
                ("generation", models.BigIntegerField()),
                ("mirror_version", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("counts_no_charge_as_billable", models.BooleanField()),
                ("row_count", models.BigIntegerField(default=0)),
                ("checksum", models.CharField(default="", max_length=64)),
                ("checked_at", models.DateTimeField(null=True)),
                ("is_sound", models.BooleanField(default=True)),
                ("reopened_at", models.DateTimeField(null=True)),
                ("reopen_reason", models.TextField(default="")),
                (
                    "closed_by",
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
                    "reopened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FrozenRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("family", models.CharField(max_length=24)),
                ("row_id", models.BigIntegerField(null=True)),
                ("row_part", models.TextField(default="")),
                ("placed_on", models.DateField()),
                ("currency", models.TextField(null=True)),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("payer_id", models.BigIntegerField(null=True)),
                ("keys", models.JSONField()),
                ("figures", models.JSONField()),
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
                (
                    "close",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="reports.periodclose",
                    ),
                ),
            ],
            options={
                "db_table": "reports_frozen_row",
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="periodclose",
            constraint=models.UniqueConstraint(fields=("firm", "month", "version"), name="reports_periodclose_version"),
        ),
        migrations.AddConstraint(
            model_name="periodclose",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reopened_at__isnull", True)),
                fields=("firm", "month"),
                name="reports_periodclose_once",
            ),
        ),
        migrations.AddIndex(
            model_name="frozenrow",
            index=models.Index(fields=["firm", "family", "placed_on", "close"], name="reports_frozen_row_placed"),
        ),
        TenantWall("reports_periodclose"),
        TenantWall("reports_frozen_row"),
    ]
