"""Lines and money added up within each bill. Until a ledger is built anew its own rows answer, without any facts."""

import django.db.models.deletion
from django.db import migrations, models

import apps.reports.models.derived
from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
        ("reports", "0060_merges"),
    ]

    operations = [
        migrations.RunSQL("DELETE FROM reports_facts_state", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="LinesOfBill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depth", models.SmallIntegerField()),
                ("bill_id", models.BigIntegerField(null=True)),
                (
                    "item",
                    models.CharField(
                        choices=[
                            ("fee", "Fee"),
                            ("expense", "Expense"),
                            ("unreconciled", "Unreconciled"),
                            ("interest", "Interest"),
                            ("credit", "Credit"),
                        ],
                        max_length=12,
                    ),
                ),
                ("is_hourly", models.BooleanField()),
                ("category_id", models.BigIntegerField(null=True)),
                (
                    "cost_kind",
                    models.CharField(
                        choices=[("hard", "Hard"), ("soft", "Soft"), ("plain", "Plain")], max_length=5, null=True
                    ),
                ),
                ("issued_on", models.DateField(null=True)),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("payer_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("net", models.BigIntegerField(default=0)),
                ("tax", models.BigIntegerField(default=0)),
                ("secondary_tax", models.BigIntegerField(default=0)),
                ("entries", models.BigIntegerField()),
                ("is_no_charge", models.BooleanField()),
                ("billing_method", models.TextField(null=True)),
                ("hours", apps.reports.models.derived.Numeric(null=True)),
                ("line_discount", models.BigIntegerField(default=0)),
                ("bill_discount", models.BigIntegerField(default=0)),
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
                "db_table": "reports_bill_lines",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "depth", "issued_on"], name="reports_bill_lines_issued_on"),
                    models.Index(fields=["firm", "bill_id"], name="reports_bill_lines_bill"),
                    models.Index(
                        condition=models.Q(("depth", 3)),
                        fields=["firm", "timekeeper_id", "issued_on"],
                        name="reports_bill_lines_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MoneyOfBill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depth", models.SmallIntegerField()),
                ("bill_id", models.BigIntegerField(null=True)),
                (
                    "item",
                    models.CharField(
                        choices=[
                            ("fee", "Fee"),
                            ("expense", "Expense"),
                            ("unreconciled", "Unreconciled"),
                            ("interest", "Interest"),
                            ("credit", "Credit"),
                        ],
                        max_length=12,
                    ),
                ),
                ("is_hourly", models.BooleanField()),
                ("category_id", models.BigIntegerField(null=True)),
                (
                    "cost_kind",
                    models.CharField(
                        choices=[("hard", "Hard"), ("soft", "Soft"), ("plain", "Plain")], max_length=5, null=True
                    ),
                ),
                ("issued_on", models.DateField(null=True)),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("payer_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("net", models.BigIntegerField(default=0)),
                ("tax", models.BigIntegerField(default=0)),
                ("secondary_tax", models.BigIntegerField(default=0)),
                ("entries", models.BigIntegerField()),
                ("allocation_id", models.BigIntegerField()),
                ("payment_id", models.BigIntegerField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("payment", "Payment"), ("write_off", "Write Off"), ("discount", "Discount")],
                        max_length=10,
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("trust", "Trust"),
                            ("card", "Card"),
                            ("echeck", "Echeck"),
                            ("operating", "Operating"),
                            ("direct", "Direct"),
                        ],
                        max_length=10,
                        null=True,
                    ),
                ),
                ("settled_on", models.DateField(null=True)),
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
                "db_table": "reports_bill_money",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "depth", "settled_on"], name="reports_bill_money_settled_on"),
                    models.Index(fields=["firm", "depth", "issued_on"], name="reports_bill_money_issued_on"),
                    models.Index(fields=["firm", "bill_id"], name="reports_bill_money_bill"),
                    models.Index(fields=["firm", "allocation_id"], name="reports_bill_money_allocation"),
                    models.Index(
                        condition=models.Q(("depth", 3)),
                        fields=["firm", "timekeeper_id", "settled_on"],
                        name="reports_bill_money_person",
                    ),
                ],
            },
        ),
        TenantWall("reports_bill_lines"),
        TenantWall("reports_bill_money"),
    ]
