"""What figures are broken down by gets names, and matters their stage, status and billing method."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_getting_in"),
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="ledgermatter",
            name="billing_method",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="name",
            field=models.TextField(default="", help_text="display number and description"),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="stage_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="ledgermatter",
            name="status",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="ledgerstate",
            name="currencies",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], help_text="of all money in the ledger", size=None
            ),
        ),
        migrations.CreateModel(
            name="LedgerName",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "kind", "record_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("contact", "Contact"), ("practice_area", "Practice Area")], max_length=20
                    ),
                ),
                ("record_id", models.BigIntegerField()),
                ("name", models.TextField()),
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
                "db_table": "reports_name",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LedgerPerson",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "timekeeper_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("timekeeper_id", models.BigIntegerField()),
                ("name", models.TextField()),
                ("role", models.TextField(null=True)),
                ("is_active", models.BooleanField()),
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
                "db_table": "reports_person",
                "abstract": False,
            },
        ),
        TenantWall("reports_person"),
        TenantWall("reports_name"),
    ]
